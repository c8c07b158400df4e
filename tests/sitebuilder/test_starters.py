"""Ready page trees and the recipes they use: each fits, and a site begun with one has no gaps."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from igny8 import accounts, billing, renderer, sitebuilder
from igny8.context import Context
from igny8.core.errors import InvalidInput, NotFound
from igny8.core.resources import shipped
from igny8.renderer.layouts import layout_names
from igny8.sitebuilder import blueprint as blueprints
from igny8.sitebuilder.starters import Starter, parse_starter, started
from igny8.sitebuilder.structure import Known, Written
from igny8.sitebuilder.templates import load_template, template_names
from igny8.writer import Content

SITE = "fernhill"
Add = Callable[..., Content]
ROOTS = (shipped("templates"),)
RECIPES = template_names(ROOTS)
STARTERS = sorted((ROOTS[0] / "starters").glob("*.yaml"))
KNOWN = Known(({"name": "Ruth", "role": "", "text": ""},), ({"question": "Q?", "answer": "A."},))
KINDS = ("post", "page", "product", "service", "taxonomy")


def _starter(path: Path) -> Starter:
    return parse_starter(path.stem, path.read_text("utf-8"), file=str(path), templates=RECIPES)


@pytest.mark.parametrize("path", STARTERS, ids=lambda path: path.stem)
@pytest.mark.parametrize("known", [Known(), KNOWN], ids=["nothing", "people"])
@pytest.mark.parametrize("kinds", [(), ("post",), KINDS], ids=["bare", "posts", "all"])
def test_every_starter_gives_every_item_one_place_and_reads_back(
    path: Path, known: Known, kinds: tuple[str, ...]
) -> None:
    items = [Written(f"{kind}-{n}", f"T {n}", kind) for kind in kinds for n in range(2)]
    items += [Written("privacy", "Privacy", "page"), Written("about-ruth", "Ruth", "page")]
    made = started(_starter(path), name="F & Co", tagline="Bikes", items=items, known=known)
    tree = made.blueprint
    pages = {page.path: page for page in tree.walk()}
    placed = [page.content for page in tree.walk() if page.content]
    collected = [page.collect for page in tree.walk() if page.collect]
    for item in items:
        assert (item.slug in placed) + (item.entity_type in collected) == 1, item
    assert pages["/privacy/"].content == "privacy"
    assert pages["/about/"].content == "about-ruth"
    assert "/" in pages
    assert "{" not in blueprints.dump(tree).replace("{}", "")
    assert set(made.hints) <= set(pages)
    assert not set(made.left_out) & set(pages)
    text = blueprints.dump(tree)
    slugs = [item.slug for item in items]
    again = blueprints.parse(text, file="b", templates=RECIPES, contents=slugs)
    assert again.digest == tree.digest
    has = {block.type for page in tree.walk() for block in page.blocks}
    assert has == ({"people", "faq"} if known.people else set())


def test_the_shelf_is_as_full_as_promised() -> None:
    assert {path.stem for path in STARTERS} == {
        "agency",
        "blog",
        "local-business",
        "portfolio",
        "shop",
        "software",
    }
    assert len(RECIPES) >= 25
    layouts = layout_names([shipped("layouts")])
    starters = [_starter(path) for path in STARTERS]
    assert {starter.layout for starter in starters} <= set(layouts)
    assert all(starter.goal and starter.description for starter in starters)
    types = {kind for starter in starters for kind in starter.site_types}
    assert types == set(accounts.SiteType)


def test_every_recipe_has_room_for_a_page_s_own_blocks_and_its_text() -> None:
    for name in RECIPES:
        parts = [i.type for region in load_template(name, ROOTS).regions.values() for i in region]
        assert "slot" in parts, name
        assert "rich_text" in parts or name in ("search",), name


def test_what_is_not_wanted_is_left_out_with_what_it_would_list() -> None:
    starter = _starter(ROOTS[0] / "starters" / "local-business.yaml")
    items = [Written("wheels", "Wheels", "post"), Written("pump", "Pump", "product")]
    made = started(
        starter, name="F", tagline="", items=items, known=Known(), without=["/advice/", "/reviews/"]
    )
    paths = {page.path for page in made.blueprint.walk()}
    assert "/shop/" in paths
    assert not paths & {"/advice/", "/reviews/", "/questions/"}
    assert made.left_out == {"/questions/": "questions"}
    with pytest.raises(NotFound, match="no page named `/advise/`"):
        started(starter, name="F", tagline="", items=(), known=Known(), without=["/advise/"])
    with pytest.raises(InvalidInput, match="has a home page"):
        started(starter, name="F", tagline="", items=(), known=Known(), without=["/"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("pages:\n- {slug: '', title: H}\nlayot: x\n", "s.yaml:3: a starter has no key `layot`"),
        ("pages:\n- slug: a\n  title: H\n  needs: folk\n", "s.yaml:4: `needs` can't be `folk`"),
        ("pages:\n- slug: a\n  title: H\n  template: hom\n", "s.yaml:4: page `a`: there is no"),
        ("pages: x\n", "s.yaml:1: `pages` lists no page"),
        ("- x\n", "s.yaml:1: a starter is a mapping"),
        ("pages:\n- {slug: a, title: A}\nsite_types: shop\n", "s.yaml:3: `site_types` is a list"),
    ],
)
def test_a_starter_that_does_not_fit_is_refused_by_line(text: str, said: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_starter("s", text, file="s.yaml", templates=RECIPES)
    assert str(caught.value).startswith(said)


def test_a_site_begins_with_the_starter_of_its_type_and_pays_nothing(
    ctx: Context, add: Add, blueprint: Path
) -> None:
    add("wheels")
    begun = sitebuilder.start(ctx, SITE)
    assert (begun.starter, begun.is_new) == ("local-business", True)
    text = blueprint.read_text()
    assert "# Your own privacy notice goes here" in text
    assert billing.balance(ctx).spent == 0
    sitebuilder.apply(ctx, SITE)
    built = renderer.build(ctx, SITE)
    assert built.problems == ()
    assert (built.output_dir / "advice" / "wheels" / "index.html").exists()
    blueprint.write_text(text + "# mine\n")
    assert not sitebuilder.start(ctx, SITE, "shop").is_new
    assert blueprint.read_text().endswith("# mine\n")


def test_another_starter_leads_the_old_addresses_on(
    ctx: Context, add: Add, blueprint: Path
) -> None:
    add("wheels", date="2024-05-01")
    sitebuilder.start(ctx, SITE)
    sitebuilder.apply(ctx, SITE)
    dry = sitebuilder.start(ctx, SITE, "blog", again=True, dry_run=True)
    assert "local" not in dry.starter
    sitebuilder.start(ctx, SITE, "blog", again=True)
    sitebuilder.apply(ctx, SITE)
    built = renderer.build(ctx, SITE)
    lines = (built.output_dir / "_redirects").read_text().splitlines()
    assert "/advice/ /articles/ 301" in lines
    assert "/advice/wheels/ /articles/wheels/ 301" in lines
    assert built.problems == ()


def test_addresses_that_an_edit_by_hand_gave_up_are_named_and_kept_when_asked(
    ctx: Context, add: Add, blueprint: Path, igny8: Callable[..., Any]
) -> None:
    add("about-us", type="page")
    blueprint.write_text(
        "pages:\n- {slug: '', title: H}\n- {slug: a, title: A}\n- {slug: b, content: about-us}\n"
    )
    sitebuilder.apply(ctx, SITE)
    edited = "pages:\n- {slug: '', title: H}\n- {slug: us, content: about-us}  # mine\n"
    blueprint.write_text(edited)
    lost = sitebuilder.keep_addresses(ctx, SITE, dry_run=True)
    assert {(r.from_path, r.to_path) for r in lost.redirects} == {("/a/", "/"), ("/b/", "/us/")}
    assert blueprint.read_text() == edited
    ran = igny8("sitebuilder", "apply", "--redirect", "--site", SITE)
    assert "/b/ is gone; it leads to /us/" in ran.out
    assert "# mine" in blueprint.read_text()
    assert sitebuilder.keep_addresses(ctx, SITE).redirects == ()
    assert not sitebuilder.apply(ctx, SITE)[1]


def test_a_site_s_own_starter_and_recipe_go_before_the_shipped_ones(
    ctx: Context, site: accounts.Site, workspace: Path
) -> None:
    own = workspace / "sites" / SITE / "templates"
    (own / "starters").mkdir(parents=True)
    (own / "promo.yaml").write_text("title: Promo\nregions: {main: [slot]}\n")
    (workspace / "templates" / "starters").mkdir(parents=True)
    for folder, title in ((workspace / "templates", "Ours"), (own, "Mine")):
        (folder / "starters" / "shop.yaml").write_text(
            f"title: {title}\npages:\n- {{slug: '', title: '{{name}}', template: page}}\n"
        )
    (workspace / "templates" / "starters" / "club.yaml").write_text(
        "title: Club\npages:\n- {slug: '', title: H}\n"
    )
    found = {each.name: each.title for each in sitebuilder.starter_choices(ctx.config, SITE)}
    assert (found["shop"], found["club"], found["blog"]) == ("Mine", "Club", "Blog")
    origins = {c.name: c.origin for c in sitebuilder.template_choices(ctx.config, SITE)}
    assert (origins["promo"], origins["home"]) == ("site", "shipped")
    assert sitebuilder.start(ctx, SITE, "shop").page_count == 1
    with pytest.raises(NotFound) as missing:
        sitebuilder.start(ctx, SITE, "clubs", again=True)
    assert missing.value.hint == "did you mean `club`?"


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("layout", layout_names([shipped("layouts")]))
def test_every_recipe_makes_a_page_in_every_layout(
    ctx: Context, add: Add, blueprint: Path, layout: str
) -> None:
    add("wheels", "Text.\n\n## One\n\nA.\n\n## Two\n\nB.")
    pages = "".join(
        f"- {{slug: {name.replace('_', '-')}, title: The {name} page, template: {name}, "
        "blocks: [{notice: {text: Own block here}}]}\n"
        for name in RECIPES
    )
    blueprint.write_text(f"pages:\n- {{slug: '', title: Home, template: home}}\n{pages}")
    sitebuilder.apply(ctx, SITE)
    accounts.set_site(ctx, SITE, "layout", layout)
    built = renderer.build(ctx, SITE)
    assert built.problems == ()
    for name in RECIPES:
        path = "404.html" if name == "not_found" else f"{name.replace('_', '-')}/index.html"
        html = (built.output_dir / path).read_text()
        assert html.count("<h1") == 1, (layout, name)
        assert html.count("Own block here") == 1, (layout, name)
