"""Two accounts in one store never meet, and roles do what the table says: every service."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from stores import TestApp

from igny8 import accounts, billing, planner, writer
from igny8.accounts import Role
from igny8.app import App, Who
from igny8.context import Context
from igny8.core.errors import AccessDenied, Conflict, Igny8Error, NotFound
from igny8.db.database import insert_rows
from igny8.db.tenancy import ForeignRow
from igny8.writer.models import ContentRow

SLICES = (
    "accounts",
    "linker",
    "optimizer",
    "planner",
    "publisher",
    "renderer",
    "sitebuilder",
    "writer",
)
# What a service needs beside its site: a value that leads past its parsing.
_ARGUMENTS: dict[str, Any] = {
    "answers": {},
    "fields": {"title": "x"},
    "file": "page.yaml",
    "template": "page",
    "name": "about",
    "names": (),
    "key": "tagline",
    "value": "x",
    "email": "owner@acme.example",
    "slug": "x",
    "text": "# x",
    "number": 1,
    "status": writer.Status.APPROVED,
    "adapter": "folder",
    "options": {"path": "x"},
    "release": None,
    "target": "x",
    "others": (),
    "source": "wheel truing",
    "label": "x",
    "path": Path("nothing.md"),
    "sources": (),
    "alt": "x",
}


def _services() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every public function of a slice whose first parameters are a context and a site's slug."""
    for slice_name in SLICES:
        module = importlib.import_module(f"igny8.{slice_name}")
        for name in module.__all__:
            function = getattr(module, name)
            if not inspect.isfunction(function):
                continue
            parameters = list(inspect.signature(function).parameters)
            if parameters[:1] == ["ctx"] and "site_slug" in parameters:
                yield f"{slice_name}.{name}", function


# These only say where a folder would be; what lies there is checked by who opens it.
_NO_CHECK = {"renderer.output_folder", "sitebuilder.template_roots"}
SERVICES = {name: function for name, function in _services() if name not in _NO_CHECK}


def _call(function: Callable[..., Any], ctx: Context, site: str) -> Any:
    values: dict[str, Any] = {}
    for parameter in inspect.signature(function).parameters.values():
        if parameter.name == "ctx":
            values["ctx"] = ctx
        elif parameter.name == "site_slug":
            values["site_slug"] = site
        elif parameter.default is inspect.Parameter.empty:
            # A page's path is text, a file's is a path.
            is_page = parameter.name == "path" and parameter.annotation == "str"
            values[parameter.name] = "/about/" if is_page else _ARGUMENTS[parameter.name]
    return function(**values)


@pytest.fixture
def other(app: App, ctx: Context) -> Context:
    """The owner of a second account in the same store."""
    accounts.create_account(
        app.database,
        app.clock,
        slug="other",
        name="Other",
        owner_email="owner@other.example",
        monthly_credits=1000,
    )
    return app.context(Who(account="other", email="owner@other.example"))


@pytest.fixture
def site(ctx: Context, workspace: Path) -> str:
    """A site of the first account, with something in it."""
    accounts.add_site(ctx, "mine")
    (workspace / "x.md").write_text("---\ntitle: About\nslug: about\n---\nHello.\n")
    writer.import_files(ctx, "mine", workspace / "x.md")
    (workspace / "keywords.txt").write_text("wheel truing\nwheel truing cost\n")
    planner.import_keywords(ctx, "mine", workspace / "keywords.txt")
    return "mine"


def test_there_are_services_to_try() -> None:
    assert len(SERVICES) > 40
    assert {name.partition(".")[0] for name in SERVICES} >= set(SLICES)


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_another_accounts_site_is_as_if_it_were_not_there(
    name: str, ctx: Context, other: Context, site: str
) -> None:
    before = writer.contents(ctx, site), planner.keywords(ctx, site)
    said = []
    for slug in (site, "gone"):
        with pytest.raises(NotFound) as caught:
            _call(SERVICES[name], other, slug)
        said.append(caught.value.message.replace(slug, "…"))
    assert said[0] == said[1]
    assert (writer.contents(ctx, site), planner.keywords(ctx, site)) == before


def test_two_accounts_never_share_a_sites_folder(ctx: Context, other: Context, site: str) -> None:
    folder = ctx.config.site_folder(site)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(Conflict, match="taken"):
        accounts.add_site(other, site, identity={"name": "Mine now"})
    assert accounts.sites(other) == []
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_lists_and_balances_are_the_accounts_own(ctx: Context, other: Context, site: str) -> None:
    assert [found.slug for found in accounts.sites(ctx)] == [site]
    assert accounts.sites(other) == []
    assert [user.email for user in accounts.users(other)] == ["owner@other.example"]
    billing.grant(ctx, 5, reason="mine")
    assert len(billing.history(other, limit=0)) == 0
    assert billing.balance(other).available == 0


def test_ids_of_another_account_lead_nowhere(ctx: Context, other: Context, site: str) -> None:
    (item,) = writer.contents(ctx, site)
    with other.read() as session:
        assert session.get(ContentRow, item.id) is None
        assert session.scalars(select(ContentRow)).all() == []
        with pytest.raises(NotFound):
            writer.content_by_id(session, item.id)


def test_a_row_of_another_account_can_not_be_written(
    ctx: Context, other: Context, site: str
) -> None:
    from igny8.system.models import ModuleSettingRow

    row = {"id": "mod_x", "module": "m", "is_enabled": True, "config": {}}
    with pytest.raises(ForeignRow), other.write() as session:
        session.add(ModuleSettingRow(account_id=ctx.account.id, **row))
    with pytest.raises(ForeignRow), other.write() as session:
        insert_rows(session, ModuleSettingRow, [{**row, "account_id": ctx.account.id}])


# Role and grant → what it may do with a site. Everything that is not listed is NotFound.
_MAY = {
    (Role.OWNER, False): {"read", "write", "manage"},
    (Role.ADMIN, False): {"read", "write", "manage"},
    (Role.EDITOR, True): {"read", "write"},
    (Role.EDITOR, False): set(),
    (Role.VIEWER, True): {"read"},
    (Role.VIEWER, False): set(),
}
_MANAGE = {
    "accounts.grant_access",
    "accounts.revoke_access",
    "accounts.remove_site",
    "publisher.add_target",
    "renderer.set_theme",
}
_READ = {
    "accounts.sectors",
    "accounts.site",
    "linker.graph_rows",
    "linker.limits_for",
    "linker.links",
    "linker.runs",
    "linker.suggestions",
    "optimizer.analyze",
    "optimizer.estimate",
    "optimizer.proposal",
    "optimizer.tasks",
    "planner.clusters",
    "planner.estimate_ideas",
    "planner.ideas",
    "planner.keywords",
    "publisher.plan",
    "publisher.records",
    "publisher.targets",
    "renderer.build",
    "renderer.pages_built",
    "renderer.preview_theme",
    "renderer.site_theme",
    "sitebuilder.estimate",
    "sitebuilder.export_authors",
    "sitebuilder.page_text",
    "sitebuilder.pages",
    "sitebuilder.site_file",
    "sitebuilder.site_files",
    "sitebuilder.take_snapshot",
    "writer.content",
    "writer.contents",
    "writer.estimate",
    "writer.export_files",
    "writer.tasks",
    "writer.versions",
}


def _need(name: str) -> str:
    return "manage" if name in _MANAGE else "read" if name in _READ else "write"


@pytest.mark.parametrize(("role", "is_granted"), sorted(_MAY))
def test_roles_may_do_what_the_table_says(
    role: Role, is_granted: bool, ctx: Context, site: str, workspace: Path
) -> None:
    email = "somebody@acme.example"
    accounts.add_user(ctx, email, role)
    if is_granted:
        accounts.grant_access(ctx, email, site)
    wrong = {}
    with TestApp(workspace) as app:
        somebody = app.context(Who(email=email))
        for name, function in sorted(SERVICES.items()):
            if name == "accounts.remove_site":
                continue  # tried by itself
            allowed = _need(name) in _MAY[role, is_granted]
            verdict = _verdict(function, somebody, site)
            expected = "passed" if allowed else "denied"
            if verdict != expected:
                wrong[name] = verdict
    assert wrong == {}


def _verdict(function: Callable[..., Any], ctx: Context, site: str) -> str:
    try:
        _call(function, ctx, site)
    except AccessDenied:
        return "denied"
    except NotFound as error:
        return "denied" if error.code == "core.unknown-site" else "passed"
    except Igny8Error:
        return "passed"  # it got as far as its own work
    return "passed"


def test_only_who_manages_removes_a_site(ctx: Context, app: App, site: str) -> None:
    accounts.add_user(ctx, "ed@acme.example", Role.EDITOR)
    accounts.grant_access(ctx, "ed@acme.example", site)
    editor = app.context(Who(email="ed@acme.example"))
    with pytest.raises(AccessDenied):
        accounts.remove_site(editor, site)
    accounts.remove_site(ctx, site)
    assert accounts.sites(ctx) == []
    assert billing.prove(ctx).faults == ()
