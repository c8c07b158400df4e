"""What every command shares: its options, its context, its one error boundary, its log line."""

from __future__ import annotations

import functools
import inspect
import os
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from igny8.cli.output import (
    FORMATS,
    Listing,
    Result,
    Style,
    say,
    show_listing,
    show_result,
)
from igny8.cli.progress import Progress
from igny8.core.errors import Igny8Error, InsufficientCredits, UsageError

if TYPE_CHECKING:
    from igny8.app import App
    from igny8.context import Context

_TABLE_LIMIT = 50
PARTLY, BUG, INTERRUPTED = 8, 70, 130

SiteOption = Annotated[str, typer.Option("--site", help="The site's slug.", show_default=False)]
MaybeSiteOption = Annotated[
    str | None, typer.Option("--site", help="The site's slug.", show_default=False)
]
DryRunOption = Annotated[
    bool, typer.Option("--dry-run", help="Show what would happen; change nothing.")
]

_COMMON: dict[str, Any] = {
    "workspace": Annotated[
        Path | None, typer.Option("--workspace", help="Workspace folder.", rich_help_panel="Global")
    ],
    "account": Annotated[
        str | None, typer.Option("--account", help="Account slug.", rich_help_panel="Global")
    ],
    "as_user": Annotated[
        str | None,
        typer.Option("--as", help="E-mail of the acting user.", rich_help_panel="Global"),
    ],
    "json": Annotated[bool, typer.Option("--json", help="Print JSON.", rich_help_panel="Global")],
    "quiet": Annotated[
        bool, typer.Option("--quiet", "-q", help="Print data only.", rich_help_panel="Global")
    ],
    "verbose": Annotated[
        bool, typer.Option("--verbose", "-v", help="Say why.", rich_help_panel="Global")
    ],
    "debug": Annotated[
        bool, typer.Option("--debug", help="Show tracebacks.", rich_help_panel="Global")
    ],
    "no_input": Annotated[
        bool, typer.Option("--no-input", help="Never ask.", rich_help_panel="Global")
    ],
    "yes": Annotated[
        bool, typer.Option("--yes", "-y", help="Answer yes.", rich_help_panel="Global")
    ],
}
_LISTING: dict[str, Any] = {
    "format": Annotated[
        str | None, typer.Option("--format", help=" | ".join(FORMATS), rich_help_panel="Listing")
    ],
    "fields": Annotated[
        str | None,
        typer.Option("--fields", help="Fields, comma-separated.", rich_help_panel="Listing"),
    ],
    "limit": Annotated[
        int | None,
        typer.Option("--limit", help="Rows at most; 0 is all.", min=0, rich_help_panel="Listing"),
    ],
    "sort": Annotated[
        str | None,
        typer.Option("--sort", help="Field; -field descends.", rich_help_panel="Listing"),
    ],
}


@dataclass(slots=True)
class Cli:
    """One invocation: what the user said about everything but the command's own options."""

    command: str
    workspace: Path | None = None
    account: str | None = None
    as_user: str | None = None
    style: Style = field(default_factory=Style)
    is_verbose: bool = False
    is_debug: bool = False
    may_ask: bool = True
    says_yes: bool = False
    site: str | None = None
    run_id: str = ""
    _app: App | None = None

    @property
    def app(self) -> App:
        """The opened workspace."""
        if self._app is None:
            from igny8.app import open_app

            self._app = open_app(self.workspace)
        return self._app

    def adopt(self, app: App) -> None:
        """Use a workspace that the command has just made."""
        self.close()
        self._app = app

    @property
    def ctx(self) -> Context:
        """The context of the account and user that were named."""
        from igny8.app import Who

        who = Who(account=self.account, email=self.as_user)
        return self.app.context(who, report=Progress(self.style), run_id=self.run_id)

    def print_json(self) -> None:
        """Print JSON, as `--json` does: for commands with a `--format` of their own."""
        self.style = replace(self.style, format="json")

    def confirm(self, question: str) -> None:
        """Ask before something that can't be taken back. Raises UsageError where nobody can."""
        if self.says_yes:
            return
        if not self.may_ask or not sys.stdin.isatty():
            raise UsageError(f"{question} needs a yes", hint="add --yes")
        if not typer.confirm(question, err=True):
            raise typer.Exit(1)

    def close(self) -> None:
        """Give the store back."""
        if self._app is not None:
            self._app.close()
            self._app = None


def command(
    app: typer.Typer, name: str | None = None, *, logs: bool = True, **options: Any
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a function of a `Cli` and its own options as a command.

    What it returns (`Listing`, `Result` or None) is printed in the format the user asked for.
    `logs` adds the run to the log of runs.
    """

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        signature = inspect.signature(function, eval_str=True)
        own = [p for p in signature.parameters.values() if p.annotation is not Cli]
        takes_cli = len(own) < len(signature.parameters)
        shared = _COMMON | (_LISTING if signature.return_annotation is Listing else {})
        added = [
            inspect.Parameter(
                key,
                inspect.Parameter.KEYWORD_ONLY,
                default=False if "bool" in str(kind) else None,
                annotation=kind,
            )
            for key, kind in shared.items()
        ]

        @functools.wraps(function)
        def run(**values: Any) -> None:
            cli = _invocation({key: values.pop(key) for key in shared}, values)
            call = functools.partial(function, cli) if takes_cli else function
            raise typer.Exit(_guarded(cli, functools.partial(call, **values), logs=logs))

        keyword_only = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in own]
        run.__signature__ = inspect.Signature([*keyword_only, *added])  # type: ignore[attr-defined]
        run.__annotations__ = {p.name: p.annotation for p in (*keyword_only, *added)}
        app.command(name, **options)(run)
        return function

    return register


def _invocation(common: dict[str, Any], own: dict[str, Any]) -> Cli:
    chosen = common.get("format") or ("json" if common["json"] else "table")
    limit = common.get("limit")
    return Cli(
        command=_command_path(),
        workspace=common["workspace"],
        account=common["account"],
        as_user=common["as_user"],
        style=Style(
            format=chosen,
            fields=tuple(f.strip() for f in (common.get("fields") or "").split(",") if f.strip()),
            limit=limit if limit is not None else _TABLE_LIMIT if chosen == "table" else 0,
            sort=common.get("sort"),
            is_quiet=common["quiet"],
        ),
        is_verbose=common["verbose"],
        is_debug=common["debug"],
        may_ask=not common["no_input"],
        says_yes=common["yes"],
        site=own.get("site"),
    )


def _command_path() -> str:
    from typer._click.globals import get_current_context

    return str(get_current_context().command_path).removeprefix("igny8 ")


def _guarded(cli: Cli, call: Callable[[], Any], *, logs: bool) -> int:
    """Run a command inside the one error boundary; return its exit status."""
    from igny8.core.ids import new_id

    cli.run_id = new_id("run")
    started, clock = time.time(), time.monotonic()
    problems: tuple[dict[str, str | None], ...] = ()
    try:
        if cli.style.format not in FORMATS:
            raise UsageError(
                f"there is no format `{cli.style.format}`", hint=f"one of {', '.join(FORMATS)}"
            )
        result = call()
        status = _shown(result, cli.style)
        sys.stdout.flush()  # a reader that went away is noticed here, not when Python ends
        if isinstance(result, Result):
            problems = tuple(asdict(problem) for problem in result.problems)
    except typer.Exit as leaving:
        status = leaving.exit_code
    except Igny8Error as error:
        _explain(error, cli)
        status = error.exit_status
        problems = (
            {
                "code": error.code,
                "where": cli.command,
                "message": error.message,
                "hint": error.hint,
            },
        )
    except typer.Abort:
        say("nothing was done")
        status = 1
    except KeyboardInterrupt:
        say("\nstopped; what was finished is saved")
        say(f"hint: run `igny8 {cli.command}` again to carry on")
        status = INTERRUPTED
    except BrokenPipeError:
        # The reader of our output went away: nothing is wrong with what was done.
        # Python flushes what is left when it ends: that must not fail a second time.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    except Exception as error:  # noqa: BLE001  (the boundary)
        status = _report_bug(error, cli)
        problems = (
            {"code": "core.bug", "where": cli.command, "message": repr(error), "hint": None},
        )
    if logs:
        _log(cli, started, time.monotonic() - clock, status, problems)
    cli.close()
    return status


def _shown(result: Any, style: Style) -> int:
    if isinstance(result, Listing):
        show_listing(result, style)
    elif isinstance(result, Result):
        show_result(result, style)
        if result.exit_status is not None:
            return result.exit_status
        if any(problem.code == InsufficientCredits.code for problem in result.problems):
            return InsufficientCredits.exit_status
        return PARTLY if result.problems else 0
    return 0


def _explain(error: Igny8Error, cli: Cli) -> None:
    say(f"error: {error.message}")
    if error.hint:
        say(f"hint: {error.hint}")
    cause = error.__cause__
    while cli.is_verbose and cause is not None:
        say(f"because: {cause}")
        cause = cause.__cause__
    if cli.is_debug:
        traceback.print_exc()


def _report_bug(error: Exception, cli: Cli) -> int:
    if isinstance(error, OSError) and error.errno is not None:
        # The operating system refused: a full disk or a read-only folder is no bug of ours.
        say(f"error: {error.strerror}: {error.filename or 'unknown file'}")
        say("hint: check room and permissions there, then run it again; nothing is half-written")
        if cli.is_debug:
            traceback.print_exc()
        return 1
    say(f"error: igny8 has a bug: {type(error).__name__}: {error}")
    say("hint: run it again with --debug and report what it prints")
    if cli.is_debug:
        traceback.print_exc()
    return BUG


def _log(
    cli: Cli,
    started: float,
    seconds: float,
    status: int,
    problems: tuple[dict[str, str | None], ...],
) -> None:
    if cli._app is None:
        return  # no workspace, nowhere to write
    from datetime import UTC, datetime

    from igny8.jobs.runs import RunRecord, append_run

    outcome = {0: "done", PARTLY: "partly", INTERRUPTED: "interrupted"}.get(status, "failed")
    try:
        append_run(
            cli.app.config.state / "runs.jsonl",
            RunRecord(
                run=cli.run_id,
                command=cli.command,
                site=cli.site,
                started_at=datetime.fromtimestamp(started, UTC).isoformat(timespec="seconds"),
                seconds=round(seconds, 3),
                outcome=outcome,
                exit_status=status,
                problems=problems,
            ),
        )
    except OSError as error:
        say(f"warning: the log of runs can't be written: {error.strerror}")
