"""Pages of a real site that are added, moved, removed and edited, and what a build makes of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from igny8 import accounts, renderer, sitebuilder, writer
from igny8.accounts import Role
from igny8.app import App, Who
from igny8.context import Context
from igny8.core.errors import AccessDenied, Conflict, InvalidInput, NotFound
from igny8.sitebuilder import Beside
from igny8.writer import Content, Status

SITE = "fernhill"
Add = Callable[..., Content]
TREE = """# Ask Mara.
pages:
- {slug: '', title: Fernhill, template: home}
- {slug: services, title: Services, template: listing, collect: service}
- {slug: advice, title: Advice, template: listing, collect: post}
- {slug: about, content: about-us, template: about}
menus: {header: [services, advice, about]}
"""


@pytest.fixture
def live(ctx: Context, add: Add, blueprint: Path) -> Path:
    """A site whose blueprint is applied, with a post and a service."""
    add("wheels", date="2024-05-01")
    add("truing", type="service", date="2024-05-01")
    add("about-us", type="page", date="2024-05-01")
    blueprint.write_text(TREE)
    sitebuilder.apply(ctx, SITE)
    return blueprint


def _redirects(ctx: Context) -> dict[str, str]:
    sitebuilder.apply(ctx, SITE)
    built = renderer.build(ctx, SITE)
    assert built.problems == ()
    path = built.output_dir / "_redirects"
    lines = path.read_text().splitlines() if path.exists() else []
    return {old: to for old, to, _ in (line.split() for line in lines)}


def test_a_page_is_added_with_a_comment_left_where_it_was(ctx: Context, live: Path) -> None:
    made = sitebuilder.add_page(ctx, SITE, "services/hire", title="Hire", menus=["footer"])
    assert (made.page, made.is_changed, made.redirects) == ("/services/hire/", True, ())
    assert live.read_text().startswith("# Ask Mara.\n")
    sitebuilder.apply(ctx, SITE)
    assert "/services/hire/" in {page.path for page in sitebuilder.pages(ctx, SITE)}


def test_a_section_that_moves_leaves_redirects_for_itself_and_every_item_in_it(
    ctx: Context, live: Path
) -> None:
    made = sitebuilder.move_page(ctx, SITE, "/advice/", "/guides/")
    assert [(r.from_path, r.to_path) for r in made.redirects] == [
        ("/advice/", "/guides/"),
        ("/advice/*", "/guides/*"),
    ]
    expected = {"/advice/": "/guides/", "/advice/wheels/": "/guides/wheels/"}
    assert _redirects(ctx) == expected
    sitebuilder.move_page(ctx, SITE, "/guides/", "/tips/")
    assert _redirects(ctx) == {
        "/advice/": "/tips/",
        "/advice/wheels/": "/tips/wheels/",
        "/guides/": "/tips/",
        "/guides/wheels/": "/tips/wheels/",
    }
    sitebuilder.move_page(ctx, SITE, "/tips/", "/advice/")
    back = _redirects(ctx)
    assert set(back.values()) == {"/advice/", "/advice/wheels/"}
    assert not {"/advice/", "/advice/wheels/"} & set(back)
    assert "menus:\n  header:\n  - services\n  - advice\n  - about\n" in live.read_text()


def test_a_removed_page_leads_to_the_page_above_it_with_the_items_that_lose_theirs(
    ctx: Context, live: Path
) -> None:
    sitebuilder.add_page(ctx, SITE, "/services/hire", title="Hire")
    sitebuilder.apply(ctx, SITE)
    sitebuilder.remove_page(ctx, SITE, "/services/hire/")
    assert _redirects(ctx) == {"/services/hire/": "/services/"}
    made = sitebuilder.remove_page(ctx, SITE, "/services")
    assert made.placeless_count == 1
    assert _redirects(ctx) == {"/services/hire/": "/", "/services/": "/", "/services/truing/": "/"}


def test_a_page_that_nobody_has_seen_leaves_no_redirect(ctx: Context, live: Path) -> None:
    sitebuilder.add_page(ctx, SITE, "/draft", title="Draft")
    assert sitebuilder.move_page(ctx, SITE, "/draft", "/sketch").redirects == ()
    assert sitebuilder.remove_page(ctx, SITE, "/sketch").redirects == ()
    assert _redirects(ctx) == {}


def test_redirects_can_be_left_out_and_end_when_their_path_is_a_page_again(
    ctx: Context, live: Path
) -> None:
    sitebuilder.move_page(ctx, SITE, "/about", "/us", keeps_address=False)
    assert _redirects(ctx) == {}
    sitebuilder.move_page(ctx, SITE, "/us", "/about")
    assert _redirects(ctx) == {"/us/": "/about/"}
    sitebuilder.add_page(ctx, SITE, "/us", title="The people")
    assert _redirects(ctx) == {}


def test_a_page_with_pages_below_it_is_removed_only_when_asked(ctx: Context, live: Path) -> None:
    sitebuilder.add_page(ctx, SITE, "/about/history", title="History")
    with pytest.raises(Conflict, match="1 page below it") as caught:
        sitebuilder.remove_page(ctx, SITE, "/about")
    assert "--recursive" in str(caught.value.hint)
    sitebuilder.remove_page(ctx, SITE, "/about", is_deep=True)
    assert "history" not in live.read_text()


def test_a_dry_run_says_the_same_and_leaves_the_file(ctx: Context, live: Path) -> None:
    said = sitebuilder.move_page(ctx, SITE, "/advice", "/guides", dry_run=True)
    assert live.read_text() == TREE
    assert sitebuilder.move_page(ctx, SITE, "/advice", "/guides") == said


def test_an_edit_that_changes_nothing_does_not_touch_the_file(ctx: Context, live: Path) -> None:
    assert not sitebuilder.set_fields(ctx, SITE, "/about", {"template": "about"}).is_changed
    assert not sitebuilder.set_template(ctx, SITE, "/about", "about").is_changed
    assert live.read_text() == TREE


def test_fields_and_templates_of_a_page_are_changed(ctx: Context, live: Path) -> None:
    sitebuilder.set_fields(ctx, SITE, "/about", {"title": "Who we are", "noindex": "true"})
    sitebuilder.set_template(ctx, SITE, "/about", "page")
    text = sitebuilder.page_text(ctx, SITE, "/about")
    assert "title: Who we are\ntemplate: page\ncontent: about-us\nnoindex: true\n" in text
    shorter = text.replace("noindex: true\n", "")
    sitebuilder.edit_page(ctx, SITE, "/about", shorter, file="f")
    assert "noindex" not in live.read_text()


def test_a_site_without_a_blueprint_is_edited_from_what_its_builds_show(
    ctx: Context, add: Add, blueprint: Path
) -> None:
    add("wheels")
    sitebuilder.add_page(ctx, SITE, "/hire", title="Hire", beside=Beside("/contact/"))
    sitebuilder.apply(ctx, SITE)
    paths = [page.path for page in sitebuilder.pages(ctx, SITE)]
    assert paths == ["/", "/advice/", "/advice/wheels/", "/contact/", "/hire/"]
    blueprint.unlink()
    sitebuilder.add_page(ctx, SITE, "/hire/e-bikes", title="E-bikes")
    sitebuilder.apply(ctx, SITE)
    assert [page.path for page in sitebuilder.pages(ctx, SITE)] == [*paths, "/hire/e-bikes/"]


def test_what_does_not_fit_is_refused_and_the_file_stays(ctx: Context, live: Path) -> None:
    slips: list[tuple[Callable[[], object], str]] = [
        (lambda: sitebuilder.add_page(ctx, SITE, "/x"), "neither `title` nor `content`"),
        (lambda: sitebuilder.add_page(ctx, SITE, "/x", content="whels"), "no content named"),
        (lambda: sitebuilder.add_page(ctx, SITE, "/x", title="X", template="hom"), "no template"),
        (lambda: sitebuilder.add_page(ctx, SITE, "/x", title="X", collect="post"), "two pages"),
        (lambda: sitebuilder.set_template(ctx, SITE, "/about", "abuot"), "no template named"),
        (lambda: sitebuilder.set_fields(ctx, SITE, "/about", {"content": "x"}), "no content"),
        (lambda: sitebuilder.move_page(ctx, SITE, "/nope", "/x"), "no page named"),
    ]
    for wrong, said in slips:
        with pytest.raises((InvalidInput, NotFound), match=said):
            wrong()
    assert live.read_text() == TREE
    live.write_text(TREE.replace("about-us,", "about-us, colect: post,"))
    with pytest.raises(InvalidInput, match=rf"{live}:6: .*no key `colect`"):
        sitebuilder.add_page(ctx, SITE, "/x", title="X")


def test_pages_are_edited_by_who_may_write_only(app: App, ctx: Context, live: Path) -> None:
    accounts.add_user(ctx, "ed@acme.example", Role.VIEWER)
    accounts.grant_access(ctx, "ed@acme.example", SITE)
    with pytest.raises(AccessDenied):
        sitebuilder.add_page(app.context(Who(email="ed@acme.example")), SITE, "/x", title="X")
    assert live.read_text() == TREE


def test_an_item_that_gets_another_slug_keeps_its_page_and_its_old_address(
    ctx: Context, live: Path
) -> None:
    for old, new in (("wheels", "true-wheels"), ("about-us", "the-people")):
        text = f"---\ntitle: T\nslug: {new}\ndate: 2024-05-01\n---\nText.\n"
        writer.edit(ctx, SITE, old, text)
    built = renderer.build(ctx, SITE)
    assert (built.output_dir / "advice" / "true-wheels" / "index.html").exists()
    assert (built.output_dir / "about" / "index.html").exists()
    assert sitebuilder.apply(ctx, SITE)[1] is False
    assert _redirects(ctx) == {
        "/about-us/": "/about/",
        "/advice/wheels/": "/advice/true-wheels/",
    }
    back = "---\ntitle: T\nslug: wheels\ndate: 2024-05-01\n---\nText.\n"
    writer.edit(ctx, SITE, "true-wheels", back)
    assert _redirects(ctx)["/advice/true-wheels/"] == "/advice/wheels/"


def test_a_draft_that_gets_another_slug_leaves_no_redirect(
    ctx: Context, live: Path, add: Add
) -> None:
    add("tyres", status="draft")
    writer.edit(ctx, SITE, "tyres", "---\ntitle: T\nslug: tires\n---\nText.\n")
    writer.set_status(ctx, SITE, "tires", Status.APPROVED)
    assert _redirects(ctx) == {}
    writer.set_status(ctx, SITE, "tires", Status.DRAFT)
    writer.edit(ctx, SITE, "tires", "---\ntitle: T\nslug: tyres\n---\nText.\n")
    writer.set_status(ctx, SITE, "tyres", Status.APPROVED)
    assert _redirects(ctx) == {"/advice/tires/": "/advice/tyres/"}


def test_an_archived_item_leads_to_the_page_above_it(ctx: Context, live: Path) -> None:
    writer.set_status(ctx, SITE, "wheels", Status.ARCHIVED)
    writer.set_status(ctx, SITE, "about-us", Status.ARCHIVED)
    assert _redirects(ctx) == {"/about/": "/", "/advice/wheels/": "/advice/"}
    writer.set_status(ctx, SITE, "wheels", Status.DRAFT)
    writer.set_status(ctx, SITE, "wheels", Status.APPROVED)
    assert _redirects(ctx) == {"/about/": "/"}


def test_aliases_of_an_imported_item_lead_to_its_page(ctx: Context, live: Path, add: Add) -> None:
    add("tyres", aliases="[/2019/tyres.html, old-tyres]")
    assert _redirects(ctx) == {
        "/2019/tyres.html": "/advice/tyres/",
        "/advice/old-tyres/": "/advice/tyres/",
    }


def test_the_commands_print_what_they_did(igny8: Callable[..., Any], live: Path) -> None:
    run = igny8
    made = run("sitebuilder", "page-move", "/advice", "/guides", "--site", SITE, "--json")
    data = json.loads(made.out)
    assert data["page"] == "/guides/"
    assert data["redirects"][0] == {"from": "/advice/", "to": "/guides/"}
    listed = run("sitebuilder", "templates", "--site", SITE, "--format", "ids")
    assert "home" in listed.out.splitlines()
    listed = run("sitebuilder", "layouts", "--json")
    assert {"name", "title", "description", "from", "path"} == set(json.loads(listed.out)[0])
    both = run("sitebuilder", "page-add", "/x", "--before", "/", "--after", "/", "--site", SITE)
    assert both.status == 2


def test_an_expired_item_is_gone_until_it_is_out_again(ctx: Context, live: Path, add: Add) -> None:
    add("sale", date="2024-05-01", expires="2024-06-01", aliases="[spring-sale]")
    add("never", date="2030-05-01", expires="2024-06-01")
    accounts.set_site(ctx, SITE, "redirect_formats", "netlify,apache")
    built = renderer.build(ctx, SITE)
    assert (built.output_dir / "_redirects").read_text().splitlines() == [
        "/advice/sale/ /404.html 410",
        "/advice/spring-sale/ /404.html 410",
    ]
    assert '"^advice/sale/?$" - [G]' in (built.output_dir / ".htaccess").read_text()
    assert not (built.output_dir / "advice" / "sale").exists()
    writer.edit(ctx, SITE, "sale", "---\ntitle: Sale\ndate: 2024-05-01\n---\nText.\n")
    built = renderer.build(ctx, SITE)
    assert (built.output_dir / "advice" / "sale" / "index.html").exists()
    assert not (built.output_dir / "_redirects").exists()
