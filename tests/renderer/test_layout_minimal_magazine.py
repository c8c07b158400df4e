"""What makes the minimal and the magazine layout themselves, on a firm's site and on a blog."""

from __future__ import annotations

import gzip
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from selectolax.lexbor import LexborHTMLParser
from small_site import PAGES, ROOT, SITE, page, snapshot

from igny8.renderer import load_layout, render
from igny8.sitebuilder.types import Image, MenuItem, Menus, Page, PageKind, SiteFacts

BUDGET = 20_000  # bytes of a page with its stylesheet, as a host sends them


def posts(count: int) -> tuple[Page, ...]:
    first = date(2026, 6, 30)
    return tuple(
        page(
            f"p{n:02}",
            f"/notes/p{n:02}/",
            PageKind.POST,
            parent_id="notes",
            title=f"Story {n:02}",
            summary="What happened, in one line.",
            published_on=first - timedelta(days=n),
            reading_minutes=4,
        )
        for n in range(count)
    )


def blog(count: int) -> tuple[Page, ...]:
    return (
        page("home", "/", PageKind.HOME, title=SITE.name, summary="Notes from the workshop."),
        page("notes", "/notes/", PageKind.LISTING, parent_id="home"),
        *posts(count),
    )


def built(layout: str, *pages: Page, site: SiteFacts = SITE) -> dict[str, str]:
    loaded = load_layout(layout, [ROOT / "layouts"], [ROOT / "templates"])
    files = render(snapshot(*pages, site=replace(site, layout=layout)), loaded)
    return {each.path: each.content.decode() for each in files}


def texts(html: str, selector: str) -> list[str]:
    return [node.text().strip() for node in LexborHTMLParser(html).css(selector)]


def test_minimal_draws_nothing() -> None:
    for path, html in built("minimal").items():
        if path.endswith("index.html"):
            tree = LexborHTMLParser(html)
            drawn = [
                node
                for node in tree.css("body svg")
                if node.parent is not None and node.parent.attributes.get("class") != "cta-art"
            ]
            assert not drawn, path


def test_minimal_needs_no_menu_button_and_opens_the_section_that_the_page_is_in() -> None:
    menu = Menus(
        header=(
            MenuItem("Services", "services", children=(MenuItem("Punctures", "puncture"),)),
            MenuItem("Guides", "guides", children=(MenuItem("Chains", "chain"),)),
        )
    )
    files = built("minimal", site=replace(SITE, menus=menu))
    assert texts(files["contact/index.html"], "header a")[1:] == ["Services", "Guides"]
    inside = files["services/puncture/index.html"]
    assert texts(inside, "header a")[1:] == ["Services", "Guides", "Punctures"]
    assert texts(inside, ".nav-section [aria-current=page]") == ["Punctures"]
    assert not texts(inside, "header details")


def test_minimal_lists_a_topic_by_year_and_a_section_with_its_dates_beside_it() -> None:
    tagged = [replace(each, terms=(("tags", "Winter"),)) for each in posts(3)]
    topic = page("winter", "/topics/winter/", PageKind.TAXONOMY, title="Winter")
    files = built("minimal", *blog(0), *tagged, topic)
    assert texts(files["topics/winter/index.html"], ".year") == ["2026"]
    assert len(texts(files["notes/index.html"], "div.section .stream-meta time")) == 3


def test_magazine_leads_its_front_page_with_the_newest_story() -> None:
    html = built("magazine", *blog(20))["index.html"]
    assert texts(html, ".is-lead :is(h2, h3)") == ["Story 00"]
    assert texts(html, ".card :is(h2, h3)") == [f"Story {n:02}" for n in range(13)]
    assert html.index("is-lead") < html.index("</main>")


def test_magazine_leads_every_page_of_a_section_front_with_one_story() -> None:
    files = built("magazine", *blog(25))
    assert texts(files["notes/index.html"], ".is-lead :is(h2, h3)") == ["Story 00"]
    assert texts(files["notes/page/2/index.html"], ".is-lead :is(h2, h3)") == ["Story 19"]


def test_a_heading_that_repeats_the_masthead_is_marked_and_any_other_is_not() -> None:
    repeated = built("magazine", *blog(1))["index.html"]
    assert texts(repeated, ".hero.is-name h1") == [SITE.name]
    own = built("magazine", replace(blog(0)[0], title="Slow news"), *blog(1)[1:])["index.html"]
    assert texts(own, ".hero:not(.is-name) h1") == ["Slow news"]


def test_magazine_keeps_the_whole_menu_behind_a_button_that_needs_no_script() -> None:
    html = built("magazine")["index.html"]
    assert texts(html, "header details nav li > a") == ["Services", "Guides"]
    assert "<script" not in html.replace('<script type="application/ld+json">', "")


@pytest.mark.parametrize("layout", ["minimal", "magazine"])
def test_a_blog_alone_has_no_heading_over_nothing(layout: str) -> None:
    for path, html in built(layout, *blog(0)).items():
        if path.endswith("index.html"):
            assert not texts(html, "main h2"), path
    for heading in ("What we do", "From the shop"):
        assert heading not in built(layout, *blog(5))["index.html"]


@pytest.mark.parametrize("layout", ["minimal", "magazine"])
def test_a_full_front_page_stays_within_its_weight(layout: str) -> None:
    files = built(layout, *blog(30), *PAGES[1:])
    (css,) = [text for path, text in files.items() if path.endswith(".css")]
    for path in ("index.html", "notes/index.html", "guides/chain/index.html"):
        sent = [gzip.compress(text.encode()) for text in (files[path], css)]
        assert sum(map(len, sent)) <= BUDGET, path


@pytest.mark.parametrize("layout", ["minimal", "magazine"])
def test_every_class_that_the_layout_styles_is_written_by_some_template(layout: str) -> None:
    css = (ROOT / "layouts" / layout / f"{layout}.css").read_text("utf-8")
    css = re.sub(r"/\*.*?\*/|\{[^{}]*\}", " ", css, flags=re.DOTALL)
    folders = [ROOT / "layouts" / name for name in (layout, "_frame", "_blocks")]
    written = "".join(
        path.read_text("utf-8")
        for path in [each for folder in folders for each in folder.glob("*.html")]
        + [ROOT / "igny8" / "renderer" / "art.py"]
    )
    made = {"kind", "style", "tone", "hero", "count", "card"}  # class="kind-{{ page.kind }}"
    for name in sorted(set(re.findall(r"\.([a-z][a-z-]+)", css))):
        assert name in written or name.partition("-")[0] in made, name


@pytest.mark.parametrize("layout", ["minimal", "magazine"])
def test_a_story_shows_its_own_picture_from_its_own_site(layout: str) -> None:
    picture = Image("/media/weir.jpg", "The weir", 1600, 900)
    story = replace(posts(1)[0], image=picture)
    html = built(layout, *blog(0), story)["notes/p00/index.html"]
    (shown,) = LexborHTMLParser(html).css("main img.page-image")
    assert shown.attributes["src"] == "/media/weir.jpg"
    assert (shown.attributes["width"], shown.attributes["height"]) == ("1600", "900")
