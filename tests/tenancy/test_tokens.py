"""Who acts: by name where the store is a local file, by token everywhere else."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from igny8 import accounts
from igny8.accounts import Role
from igny8.accounts.models import UserRow
from igny8.app import App, Who
from igny8.context import Context
from igny8.core.errors import AccessDenied, Conflict, InvalidInput
from igny8.core.report import Silent
from igny8.workspace import create

OWNER = "owner@acme.example"
ANN = "ann@acme.example"
on_sqlite = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
on_postgres = pytest.mark.parametrize(
    "backend", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)


@pytest.fixture
def strict(ctx: Context, workspace: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    """The workspace as it is for users: on both stores only a token says who acts."""
    del ctx
    monkeypatch.setenv("IGNY8_ACCESS__REQUIRE_TOKEN", "true")
    with App(workspace) as opened:
        yield opened


def denied(app: App, **who: str | None) -> str:
    with pytest.raises(AccessDenied) as refused:
        app.context(Who(**who))
    assert refused.value.exit_status == 4
    return refused.value.message


def test_a_token_names_its_user(ctx: Context, strict: App) -> None:
    accounts.add_user(ctx, ANN, Role.EDITOR)
    token = accounts.issue_token(ctx, ANN)
    assert strict.context(Who(token=token)).actor.email == ANN
    assert strict.context(Who(token=token, email=ANN)).actor.role is Role.EDITOR


def test_without_a_token_nobody_acts(ctx: Context, strict: App) -> None:
    for who in ({}, {"email": OWNER}, {"email": "nobody@acme.example"}, {"token": ""}):
        assert "needs a user token" in denied(strict, **who)


def test_a_wrong_token_names_nobody(ctx: Context, strict: App) -> None:
    token = accounts.issue_token(ctx, OWNER)
    for wrong in (token[:-1], token + "x", token.upper(), "igny8_", "x"):
        assert "names no user" in denied(strict, token=wrong)


def test_the_stored_hash_is_no_token(ctx: Context, strict: App) -> None:
    token = accounts.issue_token(ctx, OWNER)
    assert "names no user" in denied(strict, token=hashlib.sha256(token.encode()).hexdigest())


def test_a_token_does_not_name_somebody_else(ctx: Context, strict: App) -> None:
    accounts.add_user(ctx, ANN, Role.VIEWER)
    token = accounts.issue_token(ctx, ANN)
    assert "belongs to ann" in denied(strict, token=token, email=OWNER)


def test_a_new_token_makes_the_old_one_worthless(ctx: Context, strict: App) -> None:
    old = accounts.issue_token(ctx, OWNER)
    new = accounts.issue_token(ctx, OWNER)
    denied(strict, token=old)
    assert strict.context(Who(token=new)).actor.email == OWNER


def test_a_revoked_token_is_worthless(ctx: Context, strict: App) -> None:
    accounts.add_user(ctx, ANN, Role.EDITOR)
    token = accounts.issue_token(ctx, ANN)
    accounts.revoke_token(ctx, ANN)
    assert "names no user" in denied(strict, token=token)


def test_the_token_of_a_removed_user_is_worthless(ctx: Context, strict: App) -> None:
    accounts.add_user(ctx, ANN, Role.EDITOR)
    token = accounts.issue_token(ctx, ANN)
    accounts.remove_user(ctx, ANN)
    denied(strict, token=token)


def test_a_token_of_another_account_is_worthless_here(ctx: Context, strict: App) -> None:
    made = accounts.create_account(
        strict.database,
        strict.clock,
        slug="other",
        name="Other",
        owner_email=OWNER,
        monthly_credits=0,
    )
    token = accounts.first_token(strict.database, made)
    assert token is not None
    denied(strict, account="acme", token=token)
    assert strict.context(Who(account="other", token=token)).account.slug == "other"


def test_the_store_keeps_a_hash_only(ctx: Context, app: App, workspace: Path) -> None:
    token = accounts.issue_token(ctx, OWNER)
    with app.database.operator_read() as session:
        (kept,) = session.scalars(select(UserRow.token_hash))
    assert kept == hashlib.sha256(token.encode()).hexdigest()
    app.close()
    for path in workspace.rglob("*"):
        assert not path.is_file() or token.encode() not in path.read_bytes()


def test_the_first_token_is_made_once(ctx: Context, app: App) -> None:
    made = accounts.create_account(
        app.database,
        app.clock,
        slug="other",
        name="Other",
        owner_email=OWNER,
        monthly_credits=0,
    )
    assert accounts.first_token(app.database, made) is not None
    assert accounts.first_token(app.database, made) is None


def test_an_admin_can_not_become_owner_by_a_token(ctx: Context, app: App) -> None:
    accounts.add_user(ctx, ANN, Role.ADMIN)
    admin = app.context(Who(email=ANN))
    for act in (accounts.issue_token, accounts.revoke_token, accounts.remove_user):
        with pytest.raises(AccessDenied, match="only an owner"):
            act(admin, OWNER)
    for role in Role:
        with pytest.raises(AccessDenied, match="only an owner"):
            accounts.set_role(admin, OWNER, role)
    with pytest.raises(AccessDenied, match="only an owner"):
        accounts.add_user(admin, "new@acme.example", Role.OWNER)


def test_a_viewer_makes_a_token_for_nobody_else(ctx: Context, app: App) -> None:
    accounts.add_user(ctx, ANN, Role.VIEWER)
    viewer = app.context(Who(email=ANN))
    assert accounts.issue_token(viewer, ANN).startswith("igny8_")
    with pytest.raises(AccessDenied):
        accounts.issue_token(viewer, OWNER)


def test_the_last_owner_stays(ctx: Context) -> None:
    with pytest.raises(Conflict, match="last owner"):
        accounts.remove_user(ctx, OWNER)
    with pytest.raises(Conflict, match="last owner"):
        accounts.set_role(ctx, OWNER, Role.ADMIN)
    accounts.add_user(ctx, ANN, Role.OWNER)
    accounts.set_role(ctx, OWNER, Role.ADMIN)
    assert {user.email: user.role for user in accounts.users(ctx)}[OWNER] is Role.ADMIN


@pytest.mark.parametrize(
    "email", ["", "ann", "a@b@c", "a b@c", "x" * 300 + "@acme.example", f"{ANN}\n"]
)
def test_what_is_no_address_is_refused(ctx: Context, email: str) -> None:
    with pytest.raises(InvalidInput):
        accounts.add_user(ctx, email, Role.VIEWER)


@pytest.mark.parametrize(
    "slug", ["", "A", "a b", "a--b", "-a", "a-", "ä", "a/b", "..", "a\n", "x" * 61]
)
def test_what_is_no_slug_is_refused(ctx: Context, slug: str) -> None:
    with pytest.raises(InvalidInput):
        accounts.add_site(ctx, slug)
    assert accounts.sites(ctx) == []


@on_sqlite
def test_on_a_local_store_a_name_is_enough(ctx: Context, workspace: Path) -> None:
    accounts.add_user(ctx, ANN, Role.VIEWER)
    with App(workspace, environ={"IGNY8_USER": ANN}) as app:
        assert app.context().actor.email == ANN
        assert app.context(Who(email=OWNER)).actor.role is Role.OWNER
        assert "not a user of account" in denied(app, email="nobody@acme.example")


@on_postgres
def test_on_postgres_a_name_is_not_enough(ctx: Context, store_url: str, workspace: Path) -> None:
    environ = {"IGNY8_STORE__URL": store_url, "IGNY8_ACCESS__REQUIRE_TOKEN": "false"}
    token = accounts.issue_token(ctx, OWNER)
    with App(workspace, environ=environ) as app:
        assert "needs a user token" in denied(app, email=OWNER)
    with App(workspace, environ={**environ, "IGNY8_TOKEN": token}) as app:
        assert app.context().actor.email == OWNER


class Heard(Silent):
    """A reporter that remembers."""

    def __init__(self) -> None:
        self.notes: list[str] = []

    def note(self, text: str) -> None:
        self.notes.append(text)


@on_postgres
def test_who_makes_the_workspace_on_postgres_gets_the_first_token(
    empty_store: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(
        "IGNY8_STORE__URL", empty_store.engine.url.render_as_string(hide_password=False)
    )
    heard = Heard()
    app, ctx, _ = create(tmp_path / "w", name="Acme", email=OWNER, slug=None, report=heard)
    token = heard.notes[0].rpartition(" ")[2]
    assert app.context(Who(token=token)).actor == ctx.actor
    app.close()
    monkeypatch.setenv("IGNY8_TOKEN", token)  # and the second time it is there
    again, _, made = create(tmp_path / "w", name="Acme", email=OWNER, slug=None, report=heard)
    again.close()
    assert not made


def test_the_command_line_acts_as_the_user_of_the_token(
    ctx: Context, igny8: Callable[..., Any]
) -> None:
    accounts.add_user(ctx, ANN, Role.VIEWER)
    assert igny8("site", "add", "x", "--as", ANN).status == 4
    assert igny8("site", "add", "x").status == 0
    assert '"viewer"' in igny8("account", "show", "--as", ANN, "--json").out
