"""From items and blueprint to snapshot and built site: what is taken in, and what is left out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from igny8 import accounts, billing, renderer, sitebuilder, writer
from igny8.ai.fake import FakeProvider
from igny8.app import App, Who
from igny8.context import Context
from igny8.core.errors import AIOutputError, InvalidInput, NotFound
from igny8.sitebuilder import blueprint as blueprints
from igny8.sitebuilder.ai import PlannedPage, StructureReply
from igny8.writer import Content, Status

SITE = "fernhill"
Add = Callable[..., Content]
TREE = """pages:
- {slug: '', title: Fernhill, template: home}
- {slug: advice, title: Advice, template: listing, collect: post}
- {slug: about, content: about-us, template: about}
"""


def _paths(ctx: Context) -> list[str]:
    return [page.path for page in sitebuilder.pages(ctx, SITE)]


def _html(ctx: Context, path: str) -> str:
    return (renderer.output_folder(ctx, SITE) / path / "index.html").read_text()


def test_a_site_without_a_blueprint_gets_the_pages_its_content_calls_for(
    ctx: Context, add: Add
) -> None:
    add("wheels")
    add("truing", type="service")
    add("about-us", type="page")
    assert _paths(ctx) == [
        "/",
        "/services/",
        "/services/truing/",
        "/advice/",
        "/advice/wheels/",
        "/about/",
        "/contact/",
    ]


def test_applying_twice_is_one_version(ctx: Context, add: Add, blueprint: Path) -> None:
    add("about-us", type="page")
    blueprint.write_text(TREE)
    first, is_new = sitebuilder.apply(ctx, SITE)
    assert (first.version, is_new) == (1, True)
    assert sitebuilder.apply(ctx, SITE) == (first, False)
    blueprint.write_text(
        "# The same, laid out otherwise.\n" + TREE.replace("template: about", "template: 'about'")
    )
    assert sitebuilder.apply(ctx, SITE) == (first, False)
    blueprint.write_text(TREE.replace("title: Advice", "title: Tips"))
    second, is_new = sitebuilder.apply(ctx, SITE)
    assert (second.version, is_new) == (2, True)


def test_a_page_that_moved_is_a_new_version(ctx: Context, site: object, blueprint: Path) -> None:
    blueprint.write_text("pages:\n- {slug: '', title: Home}\n- {slug: a/b, title: B}\n")
    sitebuilder.apply(ctx, SITE)
    blueprint.write_text("pages:\n- {slug: '', title: Home}\n- {slug: b, title: B}\n")
    assert sitebuilder.apply(ctx, SITE)[1]
    assert _paths(ctx) == ["/", "/b/"]


def test_a_build_takes_the_version_that_was_applied_not_the_edited_file(
    ctx: Context, add: Add, blueprint: Path
) -> None:
    add("about-us", type="page")
    blueprint.write_text(TREE)
    sitebuilder.apply(ctx, SITE)
    before = _paths(ctx)
    blueprint.write_text("this: is: no blueprint")
    renderer.build(ctx, SITE)
    assert _paths(ctx) == before == ["/", "/advice/", "/about/"]
    blueprint.unlink()
    assert _paths(ctx) == before


def test_a_blueprint_that_does_not_fit_is_not_applied(
    ctx: Context, add: Add, blueprint: Path
) -> None:
    add("about-us", type="page")
    with pytest.raises(NotFound, match=r"no blueprint\.yaml") as missing:
        sitebuilder.apply(ctx, SITE)
    assert f"sitebuilder generate --site {SITE}" in str(missing.value.hint)
    for line, text, said, hint in (
        (4, TREE.replace("about-us", "about-su"), "content `about-su`", "did you mean `about-us`?"),
        (3, TREE.replace("listing", "lsting"), "no template `lsting`", "did you mean `listing`?"),
        (3, TREE.replace("collect", "colect"), "no key `colect`", "did you mean `collect`?"),
        (5, TREE + "menus: {header: [advise]}", "names `advise`", "did you mean `advice`?"),
        (
            2,
            TREE.replace("Fernhill, ", "F, blocks: [{faqs: {}}], "),
            "block type",
            "did you mean `faq`?",
        ),
    ):
        blueprint.write_text(text)
        with pytest.raises(InvalidInput, match=said) as caught:
            sitebuilder.apply(ctx, SITE)
        assert str(caught.value).startswith(f"{blueprint}:{line}: ")
        assert caught.value.hint == hint
    blueprint.write_bytes(TREE.encode("utf-16"))
    with pytest.raises(InvalidInput, match="not UTF-8"):
        sitebuilder.apply(ctx, SITE)
    assert _paths(ctx)[0] == "/"
    blueprint.write_text(TREE)
    assert sitebuilder.apply(ctx, SITE)[0].version == 1


def test_only_items_of_the_chosen_statuses_and_of_today_or_before_are_built(
    ctx: Context, add: Add
) -> None:
    today = ctx.clock.now().date()
    for status in Status:
        add(status.replace("_", "-"), status=status.value)
    add("today", date=today.isoformat())
    add("tomorrow", date=(today + timedelta(days=2)).isoformat())
    titles = {page.path for page in sitebuilder.pages(ctx, SITE) if page.path.count("/") == 3}
    assert titles == {"/advice/approved/", "/advice/published/", "/advice/today/"}
    accounts.set_site(ctx, SITE, "build.statuses", "draft")
    fresh = {page.path for page in sitebuilder.pages(ctx, SITE)}
    assert "/advice/draft/" in fresh
    assert "/advice/approved/" not in fresh


def test_a_page_whose_item_is_not_built_is_left_out_with_its_menu_entry(
    ctx: Context, add: Add, blueprint: Path
) -> None:
    add("about-us", type="page", status="draft")
    blueprint.write_text(TREE + "menus: {header: [advice, about]}")
    sitebuilder.apply(ctx, SITE)
    snapshot = sitebuilder.take_snapshot(ctx, SITE)
    assert [page.path for page in snapshot.pages] == ["/", "/advice/"]
    assert [entry.label for entry in snapshot.site.menus.header] == ["Advice"]


def test_a_link_to_a_page_that_is_not_built_reads_as_text_until_it_is(
    ctx: Context, add: Add
) -> None:
    target = add("tyres", status="draft")
    add("wheels", f"See [our tyres](igny8:{target.id}) first.")
    built = renderer.build(ctx, SITE)
    assert [link.target for link in built.unresolved] == [target.id]
    page = _html(ctx, "advice/wheels")
    assert "See our tyres first." in page
    assert "igny8:" not in page
    writer.set_status(ctx, SITE, "tyres", Status.APPROVED)
    assert renderer.build(ctx, SITE).unresolved == ()
    assert 'See <a href="/advice/tyres/">our tyres</a> first.' in _html(ctx, "advice/wheels")


def test_a_folder_of_somebody_else_is_not_built_into(
    ctx: Context, add: Add, tmp_path: Path
) -> None:
    add("wheels")
    out = tmp_path / "photos"
    out.mkdir()
    (out / "cat.jpg").write_bytes(b"meow")
    with pytest.raises(InvalidInput, match=r"igny8 did not make.*cat\.jpg"):
        renderer.build(ctx, SITE, out=out)
    assert [path.name for path in out.iterdir()] == ["cat.jpg"]


def test_a_second_build_writes_nothing_and_the_same_bytes_come_out_elsewhere(
    ctx: Context, add: Add, tmp_path: Path
) -> None:
    add("wheels", "# Wheels\n\nText.", date="2024-05-01")
    first = renderer.build(ctx, SITE)
    assert first.written.written_count > 5
    assert renderer.build(ctx, SITE).written.written_count == 0
    other = renderer.build(ctx, SITE, out=tmp_path / "other")
    for path in first.written.written:
        assert (first.output_dir / path).read_bytes() == (other.output_dir / path).read_bytes()


def test_a_blueprint_is_generated_once_and_paid_once(
    ctx: Context, add: Add, blueprint: Path
) -> None:
    add("wheels")
    add("about-us", type="page")
    at_most = sitebuilder.estimate(ctx, SITE)[2]
    made = sitebuilder.generate(ctx, SITE)
    assert (made.path, made.is_new) == (blueprint, True)
    assert billing.balance(ctx).spent == at_most > 0
    text = blueprint.read_text() + "# my own words\n"
    blueprint.write_text(text)
    assert not sitebuilder.generate(ctx, SITE).is_new
    assert blueprint.read_text() == text
    assert sitebuilder.estimate(ctx, SITE)[0] == 0
    sitebuilder.generate(ctx, SITE, again=True)
    assert "# my own words" not in blueprint.read_text()
    proof = billing.prove(ctx)
    assert (proof.faults, proof.open_holds) == ((), 0)
    assert proof.balance.spent == 2 * at_most
    assert sitebuilder.apply(ctx, SITE)[1]
    assert "/advice/wheels/" in _paths(ctx)


def _planned(slug: str, parent: str = "", **fields: str) -> PlannedPage:
    blank = dict.fromkeys(("title", "template", "content", "collect", "description"), "")
    return PlannedPage(slug=slug, parent=parent, **{**blank, "title": "T", **fields})


@pytest.mark.parametrize(
    ("pages", "header", "said"),
    [
        ([_planned("a")], [], "no home page"),
        ([_planned(""), _planned("A b")], [], "`A b` is no slug"),
        ([_planned(""), _planned("a"), _planned("a")], [], "two pages want the path"),
        ([_planned(""), _planned("b", "a"), _planned("a")], [], "names a parent"),
        ([_planned(""), _planned("a", template="hom")], [], "no template `hom`"),
        ([_planned(""), _planned("a", content="nothing")], [], "names content `nothing`"),
        ([_planned("")], ["x"], "menu `header` names `x`"),
    ],
)
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_structure_that_makes_no_blueprint_is_refused_before_it_is_paid(
    app: App,
    site: object,
    blueprint: Path,
    pages: list[PlannedPage],
    header: list[str],
    said: str,
) -> None:
    reply = StructureReply(pages=pages, header=header, legal=[])
    good = StructureReply(pages=[_planned("")], header=[], legal=[])
    provider = FakeProvider(reply, reply, good)
    ctx = app.context(Who(email="owner@acme.example"), provider=provider)
    with pytest.raises(AIOutputError, match=said):
        sitebuilder.generate(ctx, SITE)
    assert not blueprint.exists()
    assert billing.balance(ctx).spent == 0
    assert sitebuilder.generate(ctx, SITE).page_count == 1


def test_a_version_comes_back_from_the_store_as_it_was(
    ctx: Context, add: Add, blueprint: Path
) -> None:
    add("about-us", type="page")
    blueprint.write_text(
        TREE + "- slug: help\n  title: Help\n  noindex: true\n  blocks:\n"
        "  - faq: {title: Asked, items: [{question: Why?, answer: Because.}]}\n"
        "  children: [{slug: deep, title: Deep, description: Below.}]\n"
        "menus: {header: [advice, help/deep], legal: [about]}\n"
        "redirects: [{from: /old/, to: /help/}]\n"
    )
    sitebuilder.apply(ctx, SITE)
    snapshot = sitebuilder.take_snapshot(ctx, SITE)
    pages = {page.path: page for page in snapshot.pages}
    assert list(pages) == ["/", "/advice/", "/about/", "/help/", "/help/deep/"]
    assert pages["/help/deep/"].parent_id == pages["/help/"].id
    assert pages["/help/"].is_noindex
    assert pages["/help/"].blocks[0].data["title"] == "Asked"
    assert [entry.page_id for entry in snapshot.site.menus.header][1] == pages["/help/deep/"].id
    assert [(r.from_path, r.to_path) for r in snapshot.redirects] == [("/old/", "/help/")]
    built = renderer.build(ctx, SITE)
    assert "Because." in (built.output_dir / "help" / "index.html").read_text()


def test_what_rules_make_reads_back_the_same(ctx: Context, add: Add, blueprint: Path) -> None:
    add("about-us", type="page")
    add("wheels")
    sitebuilder.generate(ctx, SITE)
    text = blueprint.read_text()
    tree = blueprints.parse(text, file="b", templates=("home", "listing", "about", "contact"))
    assert blueprints.dump(tree) == text


def test_a_generated_blueprint_that_was_lost_comes_back_and_is_not_paid_again(
    ctx: Context, blueprint: Path
) -> None:
    sitebuilder.generate(ctx, SITE)
    text, spent = blueprint.read_text(), billing.balance(ctx).spent
    blueprint.unlink()
    assert sitebuilder.generate(ctx, SITE).is_new
    assert (blueprint.read_text(), billing.balance(ctx).spent) == (text, spent)
