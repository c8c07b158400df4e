"""A real PostgreSQL for the tests: the one that IGNY8_TEST_POSTGRES names, or a private server."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg
from sqlalchemy.engine import URL, make_url

_WAIT = 60.0  # seconds for a server to start on a busy machine
# Speed over safety: nothing in these databases outlives the run.
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=")
_INIT = ("-U", "igny8", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
_STOPS_WITH_US = '"$@" & server=$!; read -r _; kill -INT "$server"; wait "$server"'


class Unavailable(Exception):
    """No server is named and none can be started; says why."""


class Server:
    """A server on which the tests may make and drop databases."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._process: subprocess.Popen[bytes] | None = None
        named = os.environ.get("IGNY8_TEST_POSTGRES")
        self._url = make_url(named) if named else self._started()
        self._admin = self._connected()
        self._made: list[str] = []

    def url(self, database: str) -> str:
        """Return the URL of a database on this server, as `store.url` takes it."""
        return self._named(database).render_as_string(hide_password=False)

    def create(self, database: str, template: str = "template1") -> str:
        """Make a database, replacing an older one of that name; return its URL."""
        self._admin.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
        self._admin.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')
        self._made.append(database)
        return self.url(database)

    def drop(self, database: str) -> None:
        """Drop a database, whoever is connected to it."""
        self._admin.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def connect(self, database: str) -> psycopg.Connection:
        """Open a connection that commits each statement."""
        url = self._named(database).set(drivername="postgresql")
        return psycopg.connect(url.render_as_string(hide_password=False), autocommit=True)

    def stop(self) -> None:
        """Drop what the tests made; end the server if it is ours."""
        if self._process is None:
            for database in self._made:
                self.drop(database)
        self._admin.close()
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.close()
            self._process.wait(30)
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _named(self, database: str) -> URL:
        return self._url.set(database=database)

    def _started(self) -> URL:
        """Start a server that ends with this process, even if that is killed: its pipe closes."""
        self._folder = folder = Path(tempfile.mkdtemp(prefix="igny8-pg-"))
        user = _unprivileged()
        if user is not None:
            shutil.chown(folder, user)
        data = folder / "data"
        with (folder / "log").open("wb") as log:
            made = subprocess.run(
                [_program("initdb"), "-D", data, *_INIT],
                user=user,
                cwd=folder,
                stdout=log,
                stderr=log,
            )
            if made.returncode:
                raise Unavailable(f"initdb failed: {_tail(folder / 'log')}")
            server = _program("postgres")
            settings = [word for setting in _FAST for word in ("-c", setting)]
            self._process = subprocess.Popen(
                ["sh", "-c", _STOPS_WITH_US, "sh", server, "-D", data, "-k", folder, *settings],
                user=user,
                cwd=folder,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
            )
        return URL.create("postgresql", "igny8", database="postgres", query={"host": str(folder)})

    def _connected(self) -> psycopg.Connection:
        deadline = time.monotonic() + _WAIT
        while True:
            try:
                return self.connect(self._url.database or "postgres")
            except psycopg.OperationalError as error:
                if self._process is None or self._process.poll() is not None:
                    raise Unavailable(f"no PostgreSQL answers: {error}") from error
                if time.monotonic() > deadline:
                    raise Unavailable(f"PostgreSQL does not start: {error}") from error
                time.sleep(0.05)


def _program(name: str) -> str:
    """Find a server program: Debian keeps them out of the search path."""
    homes = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which(name, path=os.pathsep.join(map(str, homes))) or shutil.which(name)
    if found is None:
        raise Unavailable(f"{name} is not installed (Debian: apt-get install postgresql)")
    return found


def _unprivileged() -> str | None:
    """Name a user for the server, which refuses to run as root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise Unavailable("PostgreSQL refuses to run as root and there is no user `postgres`")


def _tail(log: Path) -> str:
    return log.read_text(errors="replace").strip()[-500:]
