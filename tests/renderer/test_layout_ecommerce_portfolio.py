"""What makes the ecommerce and the portfolio layout themselves, on a shop's and a studio's site."""

from __future__ import annotations

import gzip
import re
from dataclasses import replace

import pytest
from selectolax.lexbor import LexborHTMLParser
from small_site import PAGES, ROOT, SITE, page, snapshot

from igny8.renderer import layout_names, load_layout, render
from igny8.sitebuilder.types import Block, Business, Image, Page, PageKind, SiteFacts

BUDGET = 20_000  # bytes of a page with its stylesheet, as a host sends them
OWN = ("ecommerce", "portfolio")
PHYSICAL = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border)-(?:left|right)|left|right|width|height)\s*:"
)


def shop(count: int, **home: object) -> tuple[Page, ...]:
    states = ("in_stock", "out_of_stock", "preorder")
    goods = (
        page(
            f"mug{n:02}",
            f"/shop/mug{n:02}/",
            PageKind.PRODUCT,
            parent_id="shop",
            title=f"Mug {n:02}",
            summary="For tea by the pint.",
            structure_data={"price": 28 + n, "currency": "GBP", "availability": states[n % 3]},
            body_html="<p>Thrown in one sitting.</p>",
        )
        for n in range(count)
    )
    return (
        page("home", "/", PageKind.HOME, title="Stoneware", summary="Made in a barn.", **home),
        page("shop", "/shop/", PageKind.LISTING, parent_id="home"),
        *goods,
    )


def studio(count: int, image: Image | None = None) -> tuple[Page, ...]:
    chosen = {"source": "pages", "pages": [f"house{n}" for n in range(count)], "card": "project"}
    return (
        page(
            "home",
            "/",
            PageKind.HOME,
            title="Buildings",
            summary="A studio of five.",
            blocks=(Block("card_grid", {**chosen, "title": "Selected work"}),),
        ),
        page("work", "/work/", PageKind.LISTING, parent_id="home", template="projects"),
        *(
            page(
                f"house{n}",
                f"/work/house{n}/",
                parent_id="work",
                template="project",
                title=f"House {n}",
                summary="Brick and larch.",
                body_html="<p>By moving the stair the plan opens.</p>",
                structure_data={"client": "Private", "year": 2020 + n, "specs": {"Area": "164 m²"}},
                image=image,
            )
            for n in range(count)
        ),
    )


def built(layout: str, *pages: Page, site: SiteFacts = SITE) -> dict[str, str]:
    loaded = load_layout(layout, [ROOT / "layouts"], [ROOT / "templates"])
    files = render(snapshot(*pages, site=replace(site, layout=layout)), loaded)
    return {each.path: each.content.decode() for each in files}


def texts(html: str, selector: str) -> list[str]:
    return [node.text().strip() for node in LexborHTMLParser(html).css(selector)]


def css_of(files: dict[str, str]) -> str:
    return next(text for path, text in files.items() if path.endswith(".css"))


def test_a_shop_shows_its_goods_right_after_the_opening() -> None:
    home = built("ecommerce", *shop(12))["index.html"]
    sections = LexborHTMLParser(home).css("main > .section, main > .hero")
    assert "hero" in str(sections[0].attributes["class"])
    assert len(sections[1].css(".card-product")) == 8


def test_a_shelf_tells_price_and_what_cannot_be_taken_home_today() -> None:
    shelf = built("ecommerce", *shop(3))["shop/index.html"]
    assert texts(shelf, ".card-facts strong") == ["£28", "£29", "£30"]
    assert texts(shelf, ".card-badge") == ["Out of stock", "Made to order"]


def test_an_empty_shelf_says_so() -> None:
    shelf = built("ecommerce", *shop(0))["shop/index.html"]
    assert texts(shelf, ".empty") == ["Nothing here just now."]


def test_a_product_is_read_as_name_picture_price_and_then_its_story() -> None:
    html = built("ecommerce", *shop(1))["shop/mug00/index.html"]
    places = [html.index(mark) for mark in ("<h1", "page-art", "fact-price", "one sitting")]
    assert places == sorted(places)


def test_the_bar_above_the_door_stands_only_where_there_is_something_to_say() -> None:
    silent = replace(SITE, tagline="", business=Business())
    assert "counter" not in built("ecommerce", *shop(1), site=silent)["index.html"]
    assert texts(built("ecommerce", *shop(1))["index.html"], ".counter p") == [
        "Bicycle workshop in Leeds",
        "Mon–Fri 08:30–18:00",
    ]


@pytest.mark.parametrize("image", [None, Image("/media/house.jpg", "The garden front", 1600, 900)])
def test_a_project_stands_above_its_caption_with_or_without_a_photograph(
    image: Image | None,
) -> None:
    home = LexborHTMLParser(built("portfolio", *studio(3, image))["index.html"])
    cards = home.css(".card-project")
    titles = [node.text() for card in cards for node in card.css("h3")]
    assert titles == ["House 0", "House 1", "House 2"]
    for card in cards:
        picture, caption = card.css(".card-art, .card-image"), card.css(".card-text")
        assert len(picture) == len(caption) == 1
        inside = card.html or ""
        assert inside.index('class="card-text"') > inside.index('class="card-')
        assert not picture[0].css("h3, p")


def test_drawn_pictures_of_projects_have_the_frame_of_the_layout() -> None:
    files = built("portfolio", *studio(1))
    frame = re.search(r"--frame:\s*(\d+) ?/ ?(\d+)", css_of(files))
    drawing = re.search(r'card-art"><svg[^>]*viewBox="0 0 (\d+) (\d+)"', files["index.html"])
    assert frame and drawing
    assert int(frame[1]) * int(drawing[2]) == int(frame[2]) * int(drawing[1])


def test_a_portfolio_opens_with_the_chosen_work_and_lists_all_of_it() -> None:
    files = built("portfolio", *studio(4))
    assert texts(files["index.html"], "main > .section h2") == ["Selected work"]
    assert texts(files["work/index.html"], ".card-project .card-role") == [
        f"Private · {2020 + n}" for n in range(4)
    ]


def test_a_portfolio_ends_with_one_address_or_with_none() -> None:
    def last(business: Business) -> list[str]:
        site = replace(SITE, business=business)
        return texts(built("portfolio", *studio(1), site=site)["index.html"], ".footer-reach a")

    assert last(SITE.business) == ["workshop@fernhill.example"]
    assert last(Business(phone="0113 496 0142")) == ["0113 496 0142"]
    assert last(Business()) == []


def test_a_portfolio_moves_only_for_who_did_not_ask_for_less_motion() -> None:
    css = (ROOT / "layouts" / "portfolio" / "portfolio.css").read_text("utf-8")
    still, _, moving = css.partition("@media (prefers-reduced-motion: no-preference)")
    assert not re.search(r"transition|animation|view-transition", still)
    assert "@view-transition" in moving


@pytest.mark.parametrize("name", layout_names([ROOT / "layouts"]))
def test_a_page_of_a_project_keeps_working_in_every_layout(name: str) -> None:
    html = built(name, *studio(2))["work/house0/index.html"]
    assert texts(html, "h1") == ["House 0"]
    assert "By moving the stair" in html


@pytest.mark.parametrize("name", OWN)
def test_a_site_without_facts_pictures_or_words_has_no_empty_boxes(name: str) -> None:
    bare = replace(SITE, business=Business(), tagline="", menus=type(SITE.menus)())
    pages = [replace(each, summary="", body_html="", blocks=(), related=()) for each in PAGES]
    for path, html in built(name, *pages, site=bare).items():
        if path.endswith(".html"):
            for box in LexborHTMLParser(html).css("main section, header, footer p, ul, ol, dl, p"):
                assert box.text().strip(), (path, box.html)


@pytest.mark.parametrize("name", OWN)
def test_the_style_turns_with_the_direction_of_the_script(name: str) -> None:
    for path in (ROOT / "layouts" / name).glob("*.css"):
        assert not PHYSICAL.findall(re.sub(r"@media[^{]*", "", path.read_text("utf-8"))), path


@pytest.mark.parametrize("name", OWN)
def test_a_full_page_stays_light(name: str) -> None:
    files = built(name, *shop(30), *studio(0)[1:])
    style = len(gzip.compress(css_of(files).encode()))
    for path in ("index.html", "shop/index.html", "shop/mug00/index.html"):
        assert len(gzip.compress(files[path].encode())) + style < BUDGET, path
