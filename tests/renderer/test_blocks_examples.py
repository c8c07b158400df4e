"""Every block's example in every layout, and what the newer blocks do with what a site has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser
from small_site import PAGES, ROOT, SITE, Build, page, snapshot

from igny8.core.errors import InvalidInput
from igny8.renderer import layout_names, load_layout, render
from igny8.safety import yaml
from igny8.sitebuilder import block_states
from igny8.sitebuilder.blocks import BLOCKS, parse_block
from igny8.sitebuilder.types import Block, Business, NewsletterForm, PageKind

LAYOUTS = layout_names([ROOT / "layouts"])
EXAMPLES: Mapping[str, dict[str, Any]] = yaml.load(  # type: ignore[assignment]
    (ROOT / "layouts" / "_blocks" / "examples.yaml").read_text("utf-8")
)
SEARCH = page("search", "/search/", PageKind.SEARCH, parent_id="home")
SITE_DAY = date(2026, 5, 1)
NEWSLETTER = NewsletterForm("https://letters.example:8443/in?list=1", "EMAIL")


def html_of(build: Build, block: Block, *more: object, site: object = SITE) -> str:
    """Return the page that holds the block alone, in the default layout."""
    one = page("one", "/one/", blocks=(block,), parent_id="home")
    return build(snapshot(*PAGES, one, *more, site=site))["one/index.html"]


def test_every_block_has_an_example_and_every_example_a_block() -> None:
    assert set(EXAMPLES) == set(BLOCKS) - {"slot"}


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_example_is_drawn_in_every_layout(name: str) -> None:
    layout = load_layout(name, [ROOT / "layouts"], [ROOT / "templates"])
    source = next(each for each in PAGES if each.id == "chain")
    pages = [
        replace(
            source,
            id=f"block-{type_}",
            path=f"/guides/{type_}/",
            kind=PageKind.SERVICE,
            blocks=(Block(type_, data),),
            structure_data={"price": "5", "currency": "GBP"},
            related=("puncture",),
            author=replace(source.author, bio="Mends."),  # type: ignore[type-var]
            body_html='<h2 id="a">A</h2><h2 id="b">B</h2><p>x</p>',
        )
        for type_, data in EXAMPLES.items()
    ]
    site = replace(SITE, layout=name, newsletter=NEWSLETTER)
    files = {
        each.path: each.content.decode()
        for each in render(snapshot(*PAGES, SEARCH, *pages, site=site), layout)
    }
    for type_, data in EXAMPLES.items():
        tree = LexborHTMLParser(files[f"guides/{type_}/index.html"])
        main = tree.css_first("main")
        assert main is not None
        shown = " ".join(main.text().split())
        for text in ("title", "intro", "note", "button", "text"):
            assert data.get(text, "") in shown, type_
        for item in data.get("items", ()):
            words = item.get("title") or item.get("name") or item.get("quote") or ""
            is_pictured = type_ == "logos" and "image" in item
            assert words in shown or is_pictured, type_


@pytest.mark.parametrize("type_", EXAMPLES)
def test_every_state_of_an_example_is_a_valid_block(type_: str) -> None:
    schema, data = BLOCKS[type_], EXAMPLES[type_]
    for change in (block_states.long_words, block_states.arabic):
        parse_block(type_, block_states.reworded(schema, data, change))
    for keep in (0, 1, 2):
        parse_block(type_, block_states.reduced(schema, data, keep))
    for field, choice in block_states.choices(schema):
        parse_block(type_, {**data, field: choice})


def test_a_reworded_block_keeps_its_links_and_choices() -> None:
    data = EXAMPLES["gallery"]
    changed = block_states.reworded(BLOCKS["gallery"], data, lambda text: "x")
    assert changed["title"] == "x"
    assert changed["shape"] == data["shape"]
    assert [one.get("image") for one in changed["items"]] == [
        one.get("image") for one in data["items"]
    ]
    html = block_states.reworded(BLOCKS["rich_text"], {"html": "<p>a <b>c</b></p>"}, str.upper)
    assert html == {"html": "<p>A <b>C</b></p>"}


def test_the_newsletter_form_posts_to_the_address_of_the_site_and_nowhere_else(
    build: Build,
) -> None:
    site = replace(SITE, newsletter=NEWSLETTER)
    block = Block("newsletter", EXAMPLES["newsletter"])
    form = LexborHTMLParser(html_of(build, block, site=site)).css_first("main form")
    assert form is not None
    assert form.attributes["action"] == NEWSLETTER.url
    assert form.css_first("input[type=email]").attributes["name"] == "EMAIL"  # type: ignore[union-attr]
    headers = build(snapshot(site=site))["_headers"]
    assert "form-action 'self' https://letters.example:8443;" in headers


@pytest.mark.parametrize(
    "url",
    [
        "http://letters.example/",
        "https://letters.example; script-src *",
        "https://letters.example' 'unsafe-inline",
        "https://user@evil.example/",
        "javascript:alert(1)",
        "https://*/",
    ],
)
def test_an_address_that_is_no_https_origin_opens_nothing(build: Build, url: str) -> None:
    site = replace(SITE, newsletter=NewsletterForm(url))
    html = html_of(build, Block("newsletter", {"title": "Letter"}), site=site)
    assert "<form" not in html
    assert "form-action 'self';" in build(snapshot(site=site))["_headers"]


def test_without_a_newsletter_address_a_reader_is_offered_what_the_site_has(build: Build) -> None:
    block = Block("newsletter", {"title": "Letter"})
    assert 'href="mailto:workshop@fernhill.example?subject=Newsletter"' in html_of(build, block)
    quiet = replace(SITE, business=Business())
    assert 'class="button primary" href="/feed.xml"' in html_of(build, block, site=quiet)
    alone = build(snapshot(PAGES[0], page("one", "/one/", blocks=(block,)), site=quiet))
    assert "Letter" not in alone["one/index.html"]


def test_a_search_leads_to_the_search_page_which_lists_the_site_without_script(
    build: Build,
) -> None:
    block = Block("search", {"title": "Find"})
    assert "<form" not in html_of(build, block)
    one = page("one", "/one/", blocks=(block,), parent_id="home")
    files = build(snapshot(*PAGES, SEARCH, one))
    form = LexborHTMLParser(files["one/index.html"]).css_first("main form")
    assert form is not None
    assert (form.attributes["method"], form.attributes["action"]) == ("get", "/search/")
    hidden = build(snapshot(*PAGES, replace(SEARCH, is_noindex=True), one))["one/index.html"]
    assert 'action="/search/"' in hidden
    found = LexborHTMLParser(files["search/index.html"]).css("main .site-list a")
    assert {"/services/", "/services/puncture/", "/guides/chain/", "/one/"} <= {
        each.attributes["href"] for each in found
    }


def test_the_pages_beside_a_page_are_those_of_its_listing(build: Build) -> None:
    posts = [
        page(f"p{n}", f"/guides/p{n}/", PageKind.POST, parent_id="guides", published_on=day, **own)
        for n, day, own in (
            (1, SITE_DAY.replace(day=1), {}),
            (2, SITE_DAY.replace(day=2), {"blocks": (Block("pagination"),)}),
            (3, SITE_DAY.replace(day=3), {}),
            (4, SITE_DAY.replace(day=4), {"is_noindex": True}),
        )
    ]
    listing = page("guides", "/guides/", PageKind.LISTING)
    files = build(snapshot(PAGES[0], listing, *posts))
    links = LexborHTMLParser(files["guides/p2/index.html"]).css(".neighbours a")
    assert [(each.attributes["rel"], each.attributes["href"]) for each in links] == [
        ("prev", "/guides/p3/"),
        ("next", "/guides/p1/"),
    ]


def test_a_map_is_drawn_here_and_links_to_the_place(build: Build) -> None:
    html = html_of(build, Block("map", {"latitude": -1.5, "longitude": 0}))
    tree = LexborHTMLParser(html)
    assert not tree.css("main :is(img, iframe, object, embed)")
    links = [each.attributes["href"] for each in tree.css(".map a")]
    assert links == [
        "https://www.openstreetmap.org/?mlat=-1.50000&mlon=0.00000#map=17/-1.50000/0.00000"
    ]
    own = html_of(build, Block("map", {"address": ["Kirkgate 1", "Leeds"]}))
    assert "https://www.openstreetmap.org/search?query=Kirkgate+1%2C+Leeds" in own
    homeless = replace(SITE, business=Business())
    assert 'class="map"' not in html_of(build, Block("map"), site=homeless)


def test_a_comparison_has_a_value_for_every_option() -> None:
    criteria = [{"label": "Trued", "values": [True]}]
    with pytest.raises(InvalidInput, match="`Trued` has 1 values for 2 options"):
        parse_block("comparison", {"options": [{"name": "A"}, {"name": "B"}], "criteria": criteria})


def test_a_grid_shows_pages_as_the_kind_of_card_it_is_told(build: Build) -> None:
    block = Block("card_grid", {"source": "pages", "pages": ["puncture"], "card": "project"})
    cards = LexborHTMLParser(html_of(build, block)).css("main .card")
    assert [each.attributes["class"] for each in cards] == ["card card-project"]


def test_a_product_that_is_sold_out_says_so_on_its_card(build: Build) -> None:
    gone = page(
        "gone", "/shop/gone/", PageKind.PRODUCT, structure_data={"availability": "out_of_stock"}
    )
    html = html_of(build, Block("card_grid", {"source": "products"}), gone)
    badges = [each.text() for each in LexborHTMLParser(html).css(".card-badge")]
    assert badges == ["Out of stock"]


def test_a_picture_comes_from_the_site_itself() -> None:
    for address in (
        "https://x.example/a.jpg",
        "//x.example/a.jpg",
        "data:image/svg+xml,x",
        "a.jpg",
    ):
        with pytest.raises(InvalidInput, match="a picture is a file of the site"):
            parse_block("gallery", {"items": [{"image": address}]})


def test_a_page_that_brings_its_own_grid_is_spread_as_that_grid_says(build: Build) -> None:
    posts = [
        page(f"p{n:02}", f"/guides/p{n:02}/", PageKind.POST, parent_id="guides") for n in range(45)
    ]

    def listing(**grid: object) -> set[str]:
        own = page("guides", "/guides/", PageKind.LISTING, blocks=(Block("card_grid", grid),))
        files = build(snapshot(PAGES[0], own, *posts))
        return {path for path in files if path.startswith("guides/page/")}

    assert listing(source="children") == set()
    assert listing(source="children", page_size=30) == {"guides/page/2/index.html"}
    assert listing(source="items", items=[{"title": "x"}], page_size=1) == set()
