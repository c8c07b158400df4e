"""Workspaces made once and copied for each test, on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from postgres_server import Server, Unavailable

from igny8 import accounts
from igny8.accounts import store as accounts_store
from igny8.accounts.identity import token_hash
from igny8.app import App, Who
from igny8.context import Context
from igny8.core.report import Silent
from igny8.db import Database
from igny8.workspace import create

OWNER = "owner@acme.example"
_DATABASE = f"igny8_test_{os.getpid()}"
# Rows go without their triggers and foreign keys, so in any order; then come the first rows again.
_RESET = """
CREATE SCHEMA kept;
DO $$ DECLARE one record; BEGIN
  FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('CREATE TABLE kept.%1$I AS TABLE public.%1$I', one.tablename);
  END LOOP;
END $$;
CREATE FUNCTION kept.reset() RETURNS void LANGUAGE plpgsql
SET session_replication_role = replica SET lock_timeout = '10s' AS
$$ DECLARE one record; BEGIN
  PERFORM pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND usename IS NOT NULL AND pid <> pg_backend_pid();
  FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'kept' LOOP
    EXECUTE format('DELETE FROM public.%I', one.tablename);
    EXECUTE format('INSERT INTO public.%1$I TABLE kept.%1$I', one.tablename);
  END LOOP;
END $$
"""


class Stores:
    """Gives each test a workspace of its own; starts PostgreSQL when the first test needs it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server: Server | None = None
        self._refusal: str | None = None
        self._resetting: psycopg.Connection | None = None

    @property
    def server(self) -> Server:
        """The PostgreSQL server. Skips the test where there is none; in CI, fails it."""
        if self._server is None and self._refusal is None:
            try:
                self._server = Server()
            except Unavailable as error:
                self._refusal = str(error)
        if self._server is None:
            if os.environ.get("CI"):
                pytest.fail(f"CI tests on PostgreSQL: {self._refusal}")
            pytest.skip(str(self._refusal))
        return self._server

    def postgres(self) -> str:
        """Return the URL of a database with the first rows and no others."""
        if self._resetting is None:
            self._make(self._folder / "postgres", self.server.create(_DATABASE))
            connection = self.server.connect(_DATABASE)
            connection.execute(_RESET)
            self._resetting = connection
        else:
            self._resetting.execute("SELECT kept.reset()")
        return self.server.url(_DATABASE)

    def place(self, backend: str, root: Path) -> None:
        """Copy the prepared workspace to `root`."""
        prepared = self._folder / backend
        if not prepared.exists():
            self._make(prepared, None)
        shutil.copytree(prepared, root)

    def close(self) -> None:
        """Drop the databases, stop the server."""
        if self._resetting is not None:
            self._resetting.close()
        if self._server is not None:
            self._server.stop()

    def _make(self, root: Path, url: str | None) -> None:
        part = root.with_name(root.name + ".part")
        with pytest.MonkeyPatch.context() as patch:
            if url is not None:
                patch.setenv("IGNY8_STORE__URL", url)
            app, _, _ = create(part, name="Acme", email=OWNER, slug="acme", report=Silent())
            app.close()
        part.rename(root)  # a test that fails here leaves nothing half-made to the next


class TestApp(App):
    """Tests name users by address; where only tokens name users, each gets one."""

    __test__ = False

    def context(self, who: Who | None = None, **options: Any) -> Context:
        """Return the context of whom the test names."""
        return super().context(self._with_token(who or Who()), **options)

    def _with_token(self, who: Who) -> Who:
        if self.database.is_sqlite or who.token:
            return who
        token = give_token(self.database, who.account or "acme", who.email)
        return replace(who, token=token) if token else who


def give_token(database: Database, account: str, email: str | None) -> str | None:
    """Give a user (the first owner by default) a token; None if there is no such user."""
    tenant = accounts.account_for(database.reader, account)
    with database.write(tenant.id) as session:
        if email is None:
            owner = accounts_store.owner(session, tenant.id)
            email = owner.email if owner else None
        for user in accounts_store.users(session):
            if user.email == email:
                token = f"token-of-{user.id}"
                accounts_store.set_token(session, user.id, token_hash(token))
                return token
    return None
