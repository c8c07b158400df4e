"""Pages as Markdown: beside each page, and all in llms-full.txt."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from small_site import PAGES, SITE, Build, page, snapshot

from igny8.renderer import RenderReport
from igny8.sitebuilder.types import PageKind

HIDDEN = page("secret", "/secret/", body_html="<p>Hidden words.</p>", is_noindex=True)
BROKEN = page("broken", "/broken/", body_html='<p>To <a href="igny8:nowhere">nowhere</a>.</p>')
WANTED = replace(
    SITE, base_url="https://fernhill.example/shop", markdown_pages=True, llms_full=True
)


@pytest.fixture
def files(build: Build) -> dict[str, str]:
    return build(snapshot(*PAGES, HIDDEN, BROKEN, site=WANTED))


def test_without_the_settings_there_is_no_markdown(build: Build) -> None:
    files = build(snapshot())
    assert not [path for path in files if path.endswith(".md") or path == "llms-full.txt"]
    assert "text/markdown" not in files["index.html"]
    assert ".md" not in files["llms.txt"]


def test_each_public_page_has_its_twin_and_names_it(files: dict[str, str]) -> None:
    public = {path for path in files if path.endswith("index.html") and "secret" not in path}
    twins = {path for path in files if path.endswith(".md")}
    assert twins == {f"{path}.md" for path in public if "/page/" not in path}
    for path in twins:
        html = files[path.removesuffix(".md")]
        link = f'<link rel="alternate" type="text/markdown" href="/shop/{path}">'
        assert link in html
    assert "text/markdown" not in files["secret/index.html"] + files["404.html"]


def test_a_twin_says_what_the_page_says_with_absolute_links(files: dict[str, str]) -> None:
    text = files["services/puncture/index.html.md"]
    assert text.startswith("# Puncture\n")
    assert "[chains](https://fernhill.example/shop/guides/chain/#wear)" in text
    assert "Twenty minutes." in text  # of a block, not of the body
    assert "£14" in text
    assert (
        re.findall(r"\]\((?!https://|tel:|mailto:)", "".join(files[p] for p in files if ".md" in p))
        == []
    )


def test_llms_txt_leads_to_the_twins_where_there_are_any(files: dict[str, str]) -> None:
    found = re.findall(r"\]\(https://fernhill\.example/shop/([^)]*)\)", files["llms.txt"])
    assert "guides/chain/index.html.md" in found
    assert set(found) <= files.keys()


def test_llms_full_holds_every_public_page_once_below_its_address(files: dict[str, str]) -> None:
    text = files["llms-full.txt"]
    addresses = re.findall(r"(?m)^Source: https://fernhill\.example/shop(/.*)$", text)
    assert sorted(addresses) == sorted(each.path for each in (*PAGES, BROKEN))
    for path in files:
        if path.endswith(".md"):
            assert files[path] in text
    assert "Hidden words" not in text


def test_a_dead_link_is_told_once_however_often_its_page_is_written(build: Build) -> None:
    report = RenderReport()
    build(snapshot(*PAGES, BROKEN, site=WANTED), report)
    assert [each.target for each in report.unresolved] == ["nowhere"]


def test_a_comment_in_code_is_no_title(build: Build) -> None:
    body = "<pre><code># not a title\n</code></pre>"
    files = build(snapshot(*PAGES, page("x", "/x/", PageKind.POST, body_html=body), site=WANTED))
    assert files["x/index.html.md"].startswith("# X\n")
