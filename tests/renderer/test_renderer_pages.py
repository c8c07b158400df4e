from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree as ET

import pytest
from small_site import PAGES, ROOT, SITE, Build, hrefs, page, snapshot

from igny8.core.errors import InvalidInput, NotFound
from igny8.renderer import Layout, RenderReport, layout_names, load_layout, render
from igny8.sitebuilder.types import Block, Image, PageKind, Redirect, Theme

# A preset may set these; where it does not, the role's own default holds.
OPTIONAL_TOKENS = {
    f"--preset-{name}"
    for name in (
        "text",
        "display",
        "weight",
        "tracking",
        "line",
        "shadow",
        "radius",
        "radius-large",
    )
}


def json_ld(html: str) -> dict[str, dict[str, object]]:
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    return {node["@type"]: node for node in map(json.loads, found)}


def test_the_same_snapshot_gives_the_same_bytes(layout: Layout) -> None:
    assert list(render(snapshot(), layout)) == list(render(snapshot(), layout))


def test_every_page_stands_at_its_pretty_url(build: Build) -> None:
    files = build(snapshot())
    for each in PAGES:
        assert f"{each.path[1:]}index.html" in files
    assert "404.html" in files


def test_a_stored_link_becomes_the_url_of_its_page(build: Build) -> None:
    html = build(snapshot())["services/puncture/index.html"]
    assert '<a href="/guides/chain/#wear">chains</a>' in html
    assert "igny8:" not in html


def test_a_link_to_a_page_that_is_not_built_reads_as_text_and_is_reported(build: Build) -> None:
    report = RenderReport()
    kept = tuple(each for each in PAGES if each.id != "chain")
    html = build(snapshot(*kept), report)["services/puncture/index.html"]
    assert "<p>See chains.</p>" in html
    assert ("puncture", "chain#wear") in {(u.page_id, u.target) for u in report.unresolved}


def test_the_path_of_the_base_url_stands_before_every_local_link(build: Build) -> None:
    site = replace(SITE, base_url="https://host.example/repo/")
    files = build(snapshot(site=site))
    for path, html in files.items():
        if path.endswith(".html"):
            local = [href for href in hrefs(html) if href.startswith("/")]
            assert local
            assert all(href.startswith("/repo/") for href in local), path
    assert 'rel="canonical" href="https://host.example/repo/guides/"' in files["guides/index.html"]


def test_text_from_outside_cannot_become_markup(build: Build) -> None:
    nasty = '"><script>alert(1)</script></title><img src=x onerror=alert(1)>'
    site = replace(
        SITE,
        name=nasty,
        tagline=nasty,
        business=replace(
            SITE.business, street=nasty, phone=nasty, email=nasty, opening_hours=(nasty,)
        ),
    )
    evil = [
        replace(
            each,
            title=nasty,
            summary=nasty,
            meta_description=nasty,
            terms=(("tags", nasty),),
            structure_data={"price": nasty, "currency": nasty, "specs": {nasty: nasty}},
            blocks=(
                Block("hero", {"title": nasty, "kicker": nasty}),
                Block("rich_text", {"html": nasty}),
                Block("faq", {"items": [{"question": nasty, "answer": nasty}]}),
                Block("stats", {"items": [{"value": nasty, "label": nasty}]}),
            ),
        )
        for each in PAGES
    ]

    class Scripts(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            given = dict(attrs)
            assert tag != "script" or given.get("type") == "application/ld+json"
            assert not any(name.startswith("on") for name in given)
            assert tag != "img" or given.get("src") != "x" or "onerror" not in given

    for path, text in build(snapshot(*evil, site=site)).items():
        if path.endswith(".html"):
            Scripts().feed(text)
            json_ld(text)
        elif path.endswith((".xml", ".svg")):
            ET.fromstring(text)


def test_each_kind_of_page_says_what_it_is_in_json_ld(build: Build) -> None:
    files = build(snapshot())
    expected = {
        "index.html": {"LocalBusiness", "WebSite"},
        "services/index.html": {"CollectionPage", "BreadcrumbList"},
        "services/puncture/index.html": {"Service", "FAQPage", "BreadcrumbList"},
        "shop/helmet/index.html": {"Product", "BreadcrumbList"},
        "guides/chain/index.html": {"BlogPosting", "BreadcrumbList"},
        "topics/winter/index.html": {"CollectionPage", "BreadcrumbList"},
        "contact/index.html": {"LocalBusiness", "BreadcrumbList"},
    }
    for path, types in expected.items():
        assert set(json_ld(files[path])) == types, path
    offer = json_ld(files["shop/helmet/index.html"])["Product"]["offers"]
    assert isinstance(offer, dict)
    assert offer["price"] == "55.50"
    assert offer["availability"] == "https://schema.org/InStock"
    article = json_ld(files["guides/chain/index.html"])["BlogPosting"]
    assert article["dateModified"] == "2026-04-02"
    assert json_ld(files["index.html"])["LocalBusiness"]["openingHours"] == [
        "Mo-Fr 08:30-18:00",
        "Sa 09:00-17:00",
    ]


def test_each_page_has_one_main_heading_and_no_script_or_inline_style(build: Build) -> None:
    for path, html in build(snapshot()).items():
        if path.endswith(".html"):
            assert html.count("<h1") == 1, path
            assert " style=" not in html
            assert "<style" not in html
            assert "<script>" not in html


def test_a_page_that_brings_its_own_opening_gets_no_second_one(build: Build) -> None:
    own = page("x", "/x/", blocks=(Block("hero", {"title": "Mine"}),), title="Recipe title")
    html = build(snapshot(PAGES[0], own))["x/index.html"]
    assert html.count("<h1") == 1
    assert "<h1>Mine</h1>" in html


def test_a_listing_is_spread_over_pages_that_name_each_other(build: Build) -> None:
    posts = [
        page(f"p{n:02}", f"/guides/p{n:02}/", PageKind.POST, parent_id="guides") for n in range(45)
    ]
    files = build(snapshot(PAGES[0], page("guides", "/guides/", PageKind.LISTING), *posts))
    second = files["guides/page/2/index.html"]
    assert 'rel="canonical" href="https://fernhill.example/guides/page/2/"' in second
    assert 'rel="prev" href="/guides/"' in second
    assert 'rel="next" href="/guides/page/3/"' in second
    assert "guides/page/4/index.html" not in files
    pages = [files["guides/index.html"], second, files["guides/page/3/index.html"]]
    counts = [html.count('class="card card-post') for html in pages]
    assert counts == [20, 20, 5]


def test_a_topic_lists_the_pages_that_carry_its_tag_and_they_link_back(build: Build) -> None:
    files = build(snapshot())
    assert "/guides/chain/" in hrefs(files["topics/winter/index.html"])
    assert "/topics/winter/" in hrefs(files["guides/chain/index.html"])


def test_the_menu_marks_the_page_or_the_section_that_holds_it(build: Build) -> None:
    files = build(snapshot())
    assert 'href="/services/" aria-current="page"' in files["services/index.html"]
    assert 'href="/services/" aria-current="true"' in files["services/puncture/index.html"]
    assert "aria-current" not in files["contact/index.html"]


def test_a_long_article_gets_a_table_of_contents_and_a_short_one_none(build: Build) -> None:
    body = "".join(f'<h2 id="h{n}">Part <em>{n}</em></h2><p>x</p>' for n in range(4))
    posts = (
        page("long", "/long/", PageKind.POST, body_html=body),
        page("short", "/short/", PageKind.POST, body_html='<h2 id="a">A</h2><p>x</p>'),
    )
    files = build(snapshot(PAGES[0], *posts))
    assert '<a href="#h2">Part 2</a>' in files["long/index.html"]
    assert 'class="toc"' not in files["short/index.html"]


def test_hidden_pages_stay_out_of_everything_that_search_engines_read(build: Build) -> None:
    pages = [replace(each, is_noindex=each.id == "chain") for each in PAGES]
    files = build(snapshot(*pages))
    assert '<meta name="robots" content="noindex">' in files["guides/chain/index.html"]
    assert "/guides/chain/" not in files["sitemap.xml"] + files["llms.txt"]
    assert "feed.xml" not in files


def test_the_sitemap_says_when_content_changed(build: Build) -> None:
    tree = ET.fromstring(build(snapshot())["sitemap.xml"])
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    days = {url.findtext(f"{space}loc"): url.findtext(f"{space}lastmod") for url in tree}
    assert days["https://fernhill.example/guides/chain/"] == "2026-04-02"
    assert days["https://fernhill.example/contact/"] is None
    assert not any("404" in str(loc) for loc in days)


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ("none", []),
        ("lead", ["/a&b.jpg"]),
        ("all", ["/a&b.jpg", "/files/one%20two.png", "/files/x.png?v=1&w=2"]),
    ],
)
def test_the_sitemap_names_the_pictures_that_are_wanted(
    build: Build, wanted: str, names: list[str]
) -> None:
    body = (
        '<p><img alt="a > b" src="/files/one two.png"><img src="/files/x.png?v=1&amp;w=2">'
        '<img src="/a&amp;b.jpg"><img src="https://other.example/y.png"><img src="//z.example/z">'
        '&lt;img src="/files/code.png"&gt;</p>'
    )
    post = page("p", "/p/", PageKind.POST, image=Image("/a&b.jpg"), body_html=body)
    hidden = page("q", "/q/", image=Image("/q.jpg"), is_noindex=True)
    site = replace(SITE, base_url="https://fernhill.example/shop", sitemap_images=wanted)
    text = build(snapshot(*PAGES, post, hidden, site=site))["sitemap.xml"]
    spaces = {
        "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
        "i": "http://www.google.com/schemas/sitemap-image/1.1",
    }
    found = {
        str(url.findtext("s:loc", "", spaces)): [
            each.text for each in url.iterfind("i:image/i:loc", spaces)
        ]
        for url in ET.fromstring(text).iterfind("s:url", spaces)
    }
    base = "https://fernhill.example/shop"
    assert found.pop(f"{base}/p/") == [base + name for name in names]
    assert not any(found.values())


@pytest.mark.parametrize(
    ("said", "trains", "answers"),
    [("allow", True, True), ("no-training", False, True), ("none", False, False)],
)
def test_robots_tells_ai_crawlers_that_train_from_those_that_answer(
    build: Build, said: str, trains: bool, answers: bool
) -> None:
    text = build(snapshot(site=replace(SITE, robots_ai=said)))["robots.txt"]
    rules = RobotFileParser()
    rules.parse(text.splitlines())
    page_url = "https://fernhill.example/guides/chain/"
    for name in ("GPTBot", "ClaudeBot", "CCBot", "Google-Extended", "Applebot-Extended"):
        assert rules.can_fetch(name, page_url) is trains, name
        assert (f"User-agent: {name}\n" in text) is (said != "allow")
    for name in ("OAI-SearchBot", "ChatGPT-User", "Claude-SearchBot", "PerplexityBot"):
        assert rules.can_fetch(name, page_url) is answers, name
    for name in ("Googlebot", "Bingbot", "Applebot"):
        assert rules.can_fetch(name, page_url), name
    assert rules.site_maps() == ["https://fernhill.example/sitemap.xml"]


def test_all_three_feeds_hold_the_posts_with_absolute_links(build: Build) -> None:
    files = build(snapshot())
    for name in ("feed.xml", "atom.xml"):
        text = "".join(ET.fromstring(files[name]).itertext())
        assert "Chains & wear" in text
        assert 'href="https://fernhill.example/services/"' in text
    item = json.loads(files["feed.json"])["items"][0]
    assert item["id"] == "tag:fernhill.example,2026-03-01:chain"
    assert item["url"] == "https://fernhill.example/guides/chain/"


def test_redirects_follow_their_chain_and_loops_are_left_out(build: Build) -> None:
    report = RenderReport()
    rules = (
        Redirect("/a/", "/b/"),
        Redirect("/b/", "/guides/"),
        Redirect("/x/", "/y/"),
        Redirect("/y/", "/x/"),
        Redirect("/contact/", "/guides/"),
        Redirect("/z/", "/nowhere/"),
        Redirect("/out/", "https://other.example/"),
    )
    files = build(snapshot(redirects=rules), report)
    assert files["_redirects"].splitlines() == [
        "/a/ /guides/ 301",
        "/b/ /guides/ 301",
        "/out/ https://other.example/ 301",
    ]
    assert 'content="0; url=/guides/"' in files["a/index.html"]
    assert {problem.where for problem in report.problems} == {"/x/", "/y/", "/contact/", "/z/"}


def test_the_policy_allows_no_script_and_the_stylesheet_is_named_by_its_content(
    build: Build,
) -> None:
    files = build(snapshot())
    policy = files["_headers"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "unsafe" not in policy
    (css,) = [path for path in files if path.endswith(".css")]
    other = replace(SITE, theme=Theme(brand="#aa2233"))
    (changed,) = [path for path in build(snapshot(site=other)) if path.endswith(".css")]
    assert css != changed
    assert f'href="/{css}"' in files["index.html"]


def test_every_preset_makes_a_stylesheet_and_an_unknown_one_names_the_nearest(
    build: Build,
) -> None:
    for preset in ("plain", "soft", "sharp", "editorial"):
        site = replace(SITE, theme=Theme(preset=preset))
        css = next(text for path, text in build(snapshot(site=site)).items() if ".css" in path)
        assert css.count("{") == css.count("}")
        assert "/*" not in css
    with pytest.raises(NotFound) as error:
        build(snapshot(site=replace(SITE, theme=Theme(preset="sfot"))))
    assert error.value.hint == "did you mean `soft`?"


@pytest.mark.parametrize("path", ["x/", "/x", "/../x/", "/a//b/", "/a?b/", "/a\\b/", ""])
def test_a_page_path_that_could_leave_the_folder_is_refused(build: Build, path: str) -> None:
    with pytest.raises(InvalidInput, match="not a path"):
        build(snapshot(PAGES[0], page("x", path)))


def test_two_pages_cannot_share_a_path(build: Build) -> None:
    with pytest.raises(InvalidInput, match="share"):
        build(snapshot(PAGES[0], page("x", "/x/"), page("y", "/x/")))


def test_an_empty_site_of_one_page_builds(build: Build) -> None:
    bare = replace(SITE, business=type(SITE.business)(), menus=type(SITE.menus)(), tagline="")
    files = build(snapshot(page("home", "/", PageKind.HOME), site=bare))
    assert "tel:" not in files["index.html"]
    assert "feed.xml" not in files


def test_an_image_keeps_its_dimensions_and_reaches_open_graph(build: Build) -> None:
    picture = Image("/media/a.jpg", "A bike", 1200, 800)
    files = build(snapshot(PAGES[0], page("p", "/p/", PageKind.POST, image=picture)))
    html = files["p/index.html"]
    assert 'alt="A bike" width="1200" height="800"' in html
    assert 'property="og:image" content="https://fernhill.example/media/a.jpg"' in html


def test_a_site_overrides_a_partial_and_still_reaches_the_shipped_one(tmp_path: Path) -> None:
    own = tmp_path / "layouts"
    (own / "default").mkdir(parents=True)
    (own / "default" / "footer.html").write_text(
        '<p>Ours</p>{% include "shipped/footer.html" %}', "utf-8"
    )
    layout = load_layout("default", [own, ROOT / "layouts"], [ROOT / "templates"])
    html = next(a for a in render(snapshot(), layout) if a.path == "index.html").content.decode()
    assert "<p>Ours</p>" in html
    assert "Fernhill Cycles Ltd" in html


def test_an_override_cannot_reach_into_the_interpreter(tmp_path: Path) -> None:
    from jinja2.exceptions import SecurityError

    own = tmp_path / "layouts"
    (own / "default").mkdir(parents=True)
    (own / "default" / "footer.html").write_text(
        "{{ site.__class__.__mro__[1].__subclasses__() }}", "utf-8"
    )
    layout = load_layout("default", [own, ROOT / "layouts"], [ROOT / "templates"])
    with pytest.raises(SecurityError):
        list(render(snapshot(), layout))


@pytest.mark.parametrize("name", layout_names([ROOT / "layouts"]))
def test_every_shipped_layout_renders_every_kind_of_page(name: str) -> None:
    layout = load_layout(name, [ROOT / "layouts"], [ROOT / "templates"])
    report = RenderReport()
    made = {each.path: each.content.decode() for each in render(snapshot(), layout, report)}
    for path, html in made.items():
        if path.endswith(".html"):
            assert html.count("<h1") == html.count("<main") == 1, path
            assert html.count("<header") == html.count("<footer") == 1, path
    assert "Chains &amp; wear" in made["guides/index.html"]
    assert not report.problems
    css = next(text for path, text in made.items() if path.endswith(".css"))
    used = set(re.findall(r"var\((--[\w-]+)", css))
    assert used <= set(re.findall(r"(--[\w-]+):", css)) | OPTIONAL_TOKENS


@pytest.mark.parametrize("name", layout_names([ROOT / "layouts"]))
def test_layouts_take_every_colour_from_the_palette(name: str) -> None:
    for path in (ROOT / "layouts" / name).glob("*.css"):
        text = path.read_text("utf-8")
        assert not re.search(r"#[0-9a-fA-F]{3,8}\b|\b(?:oklch|hsl)\(", text), path


def test_a_blog_sorts_its_archive_by_year() -> None:
    layout = load_layout("blog", [ROOT / "layouts"], [ROOT / "templates"])
    posts = [
        page(
            f"p{year}",
            f"/guides/p{year}/",
            PageKind.POST,
            parent_id="guides",
            published_on=date(year, 5, 6),
        )
        for year in (2024, 2026, 2025)
    ]
    site = snapshot(PAGES[0], page("guides", "/guides/", PageKind.LISTING), *posts)
    made = {each.path: each.content.decode() for each in render(site, layout)}
    years = re.findall(r'class="year">(\d+)<', made["guides/index.html"])
    assert years == ["2026", "2025", "2024"]
    assert '<time datetime="2026-05-06">6 May</time>' in made["guides/index.html"]


def test_an_unknown_layout_names_the_nearest() -> None:
    with pytest.raises(NotFound) as error:
        load_layout("defualt", [ROOT / "layouts"], [ROOT / "templates"])
    assert error.value.hint == "did you mean `default`?"
