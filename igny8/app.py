"""The composition root: the only place where real things are chosen.

Configuration → store, locks, AI provider, prompts → a Context for one account and actor.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from igny8 import accounts
from igny8.config.load import Config, find_workspace, load
from igny8.context import Context
from igny8.core.clock import Clock
from igny8.core.errors import ConfigError
from igny8.core.ids import new_id
from igny8.core.report import Reporter, Silent
from igny8.db.locks import Locks
from igny8.db.reader import Reader
from igny8.db.schema import require_current
from igny8.safety.secrets import SecretRef

if TYPE_CHECKING:
    # What not every command uses is imported where it is chosen.
    from igny8.ai.prompts import Prompt
    from igny8.ai.provider import TextProvider
    from igny8.billing import MeteredRunner
    from igny8.db import Database, Session

AI_GROUP = "igny8.ai_providers"
Read: TypeAlias = "Callable[[], AbstractContextManager[Session]]"


@dataclass(frozen=True, slots=True)
class Who:
    """Whom a command acts for, as far as the user said."""

    account: str | None = None
    email: str | None = None
    token: str | None = None


class App:
    """An opened workspace. Close it when the command ends."""

    def __init__(
        self, root: Path, *, clock: Clock | None = None, environ: Mapping[str, str] | None = None
    ) -> None:
        self.config: Config = load(root, environ)
        self.clock = clock or Clock()
        self.reader = Reader(store_url(self.config), root)
        self.locks = Locks(
            lambda: self.database, self._lock_folder(), is_sqlite=self.reader.is_sqlite
        )

    @functools.cached_property
    def file_locks(self) -> Locks:
        """Locks of this folder, for work that needs no store."""
        return Locks(lambda: self.database, self.config.state / "locks", is_sqlite=True)

    @functools.cached_property
    def database(self) -> Database:
        """The store, for whatever is more than reading heads and bodies."""
        import igny8.accounts.services  # noqa: F401  (every table refers to its tables)
        from igny8.db import Database

        return Database(store_url(self.config), root=self.config.root)

    def __enter__(self) -> App:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    @property
    def is_trusting(self) -> bool:
        """Whether a user need only be named: whoever can open a local file is trusted."""
        return self.reader.is_sqlite and not self.config.settings.access.require_token

    def close(self) -> None:
        """Give the store back."""
        self.reader.close()
        if "database" in self.__dict__:
            self.database.close()

    def context(
        self,
        who: Who = Who(),
        *,
        report: Reporter | None = None,
        provider: TextProvider | None = None,
        run_id: str | None = None,
    ) -> Context:
        """Return the context of an account and actor.

        `provider` stands in for the configured one (tests, plugins' own tools). Raises ConfigError
        for a store that needs `db upgrade`, NotFound, AccessDenied.
        """
        require_current(self.reader)
        environ = self.config.environ
        account = accounts.account_for(
            self.reader, who.account or self.config.settings.workspace.account
        )
        actor = accounts.actor_for(
            self.reader,
            account,
            email=who.email or environ.get("IGNY8_USER"),
            token=who.token or environ.get("IGNY8_TOKEN"),
            is_trusted=self.is_trusting,
        )
        run_id = run_id or new_id("run")

        def read() -> AbstractContextManager[Session]:
            return self.database.read(account.id)

        def write() -> AbstractContextManager[Session]:
            return self.database.write(account.id)

        lock = functools.partial(self._lock, account.slug)

        def runner() -> MeteredRunner:
            from igny8.ai.runner import Runner
            from igny8.billing import MeteredRunner
            from igny8.billing import table as cost_table

            chosen = provider or provider_for(self.config)
            return MeteredRunner(
                Runner(
                    chosen,
                    prompts=_PromptLookup(self.config, read, account.slug),
                    raw_replies=self.config.state / "replies",
                    clock=self.clock,
                ),
                actor=actor.email,
                run_id=run_id,
                clock=self.clock,
                write=write,
                is_writing=lambda: self.database.is_writing,
                lock=lock,
                costs=cost_table(self.config.settings.credits.costs),
                rate=self.config.settings.credits.rates.get(chosen.name, 1),
            )

        return Context(
            account=account,
            actor=actor,
            config=self.config,
            read=read,
            rows=self.reader.account(account.id),
            write=write,
            lock=lock,
            ai=_LateAI(runner),
            clock=self.clock,
            report=report or Silent(),
            run_id=run_id,
            store_file=self.reader.path,
        )

    def _lock(self, account: str, name: str, purpose: str) -> AbstractContextManager[None]:
        return self.locks.hold(f"{account} {name}", purpose, self.clock.now())

    def _lock_folder(self) -> Path:
        # Beside the store, not the workspace: two workspaces may share one SQLite file.
        path = self.reader.path
        return path.parent / "locks" if path else self.config.state / "locks"


class _LateAI:
    """The metered runner, made when an AI function is first run or priced."""

    def __init__(self, make: Callable[[], MeteredRunner]) -> None:
        self._make = make

    @functools.cached_property
    def _runner(self) -> MeteredRunner:
        return self._make()

    def run(self, *args: Any, **options: Any) -> Any:
        """As `context.MeteredAI.run`."""
        return self._runner.run(*args, **options)

    def price(self, *args: Any) -> int:
        """As `context.MeteredAI.price`."""
        return self._runner.price(*args)


class _PromptLookup:
    """Site → workspace → account → shipped (None). Without the thinker: shipped."""

    def __init__(self, config: Config, read: Read, account: str) -> None:
        from igny8.config.switches import disabled

        self._config = config
        self._read = read
        self._is_off = "thinker" in disabled(config.state, account)

    def __call__(self, function: str, site: str | None) -> Prompt | None:
        if self._is_off:
            return None
        from igny8.thinker import prompt_override

        return prompt_override(self._config, self._read, function, site)


def provider_for(config: Config) -> TextProvider:
    """Make the configured AI provider. Imports no SDK before its first call."""
    from igny8.adapters.registry import load_plugin

    settings = config.settings.ai
    make = load_plugin(AI_GROUP, settings.provider)
    if settings.provider == "embedded":
        return make()  # type: ignore[no-any-return]
    key = (
        SecretRef.parse(settings.api_key).resolve(config.environ, config.root)
        if settings.api_key
        else None
    )
    return make(  # type: ignore[no-any-return]
        base_url=settings.base_url,
        api_key=key.reveal() if key else None,
        model=settings.model,
        timeout=settings.timeout,
    )


def store_url(config: Config) -> str:
    """The store's URL; a reference is resolved here, as late as can be."""
    url = config.settings.store.url
    if url.partition(":")[0] in ("env", "file", "keyring"):
        return SecretRef.parse(url).resolve(config.environ, config.root).reveal()
    return url


def open_app(workspace: Path | None, environ: Mapping[str, str] | None = None) -> App:
    """Open the workspace at `workspace`, or the nearest one upward. Raises ConfigError."""
    environ = os.environ if environ is None else environ
    named = workspace or (
        Path(environ["IGNY8_WORKSPACE"]) if environ.get("IGNY8_WORKSPACE") else None
    )
    root = named.resolve() if named else find_workspace(Path.cwd())
    if root is None or not (root / "igny8.toml").is_file():
        raise ConfigError(
            f"{named or Path.cwd()} is not in a workspace",
            hint="run `igny8 init`, or name one with --workspace",
            code="config.no-workspace",
        )
    return App(root, environ=environ)
