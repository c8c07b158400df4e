"""`igny8 sitebuilder wizard`: a site in six steps, by questions, options or a file."""

from __future__ import annotations

import functools
import inspect
import sys
import threading
import webbrowser
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from igny8 import sitebuilder
from igny8.cli.command import INTERRUPTED, Cli, DryRunOption, SiteOption, command
from igny8.cli.editor import text_from
from igny8.cli.output import Result, say
from igny8.core.errors import Igny8Error, nearest
from igny8.sitebuilder.questions import (
    BY_KEY,
    QUESTIONS,
    Answer,
    Answers,
    Question,
    Step,
    checked,
    read_answers,
    spoken,
    write_answers,
)

if TYPE_CHECKING:
    from igny8.context import Context
    from igny8.sitebuilder import Begun

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

Choices = Mapping[str, Mapping[str, str]]
"""Key of a question → what may be chosen, with what it is like."""


def wizard(
    cli: Cli,
    site: SiteOption,
    answers: Annotated[
        Path | None,
        typer.Option("--answers", help="YAML file of answers; `-` is stdin.", show_default=False),
    ] = None,
    restart: Annotated[
        bool, typer.Option("--restart", help="Forget the answers of a wizard that was left.")
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Replace the blueprint that is there.")
    ] = False,
    previews: Annotated[
        Path | None,
        typer.Option(
            "--previews", help="Build the site in every layout into a folder.", show_default=False
        ),
    ] = None,
    dry_run: DryRunOption = False,
    **given: Any,
) -> Result:
    """Make a site, or bring one up to its answers: business, goals, structure, look, content.

    Asks on a terminal what neither options nor --answers say; --no-input takes the usual answer.
    What was answered is kept when you leave, until the site is made.

    Example: igny8 sitebuilder wizard --site fernhill

    Example: igny8 sitebuilder wizard --site fernhill --answers fernhill.yaml --no-input
    """
    ctx = cli.ctx
    known = _choices(cli, site)
    said = {} if restart else sitebuilder.kept_answers(ctx, site)
    if said:
        say(f"carrying on with {len(said)} answers from before; --restart forgets them")
    fresh = _of_file(cli, answers) | _of_options(given)
    if fresh.get("starter", said.get("starter")) != said.get("starter"):
        said.pop("without", None)  # they were pages of another starter
    said |= fresh
    said = {key: checked(BY_KEY[key], value, known.get(key, ())) for key, value in said.items()}
    plan = sitebuilder.planned(ctx, site, said)
    if cli.may_ask and sys.stdin.isatty():
        _Questions(cli, ctx, site, said, known).ask_all()
        plan = sitebuilder.planned(ctx, site, said)
    if previews is not None:
        page = _previewed(cli, ctx, site, said, previews.resolve())
        say(f"every layout: python -m http.server --directory {page.parent}")
    if dry_run:
        paths = [page.path for page in plan.made.blueprint.walk()]
        return Result(
            {"site": site, "answers": said, "starter": plan.starter.name, "pages": paths},
            [f"{len(paths)} pages of the starter {plan.starter.name}: {' '.join(paths)}"],
        )
    if again:
        cli.confirm("Replace the blueprint, edits included?")
    done = sitebuilder.finish(ctx, site, said, again=again)
    lines = [f"site {site} {'made' if done.is_new else 'is up to the answers'}"]
    lines += [f"{len(done.knowledge)} knowledge files copied"] if done.knowledge else []
    lines += [f"{done.imported_count} items read"] if done.imported_count else []
    lines += [f"{done.keyword_count} keywords imported"] if done.keyword_count else []
    lines += [*begun_lines(done.begun), f"blueprint version {done.version} is what builds use"]
    return Result(
        {
            "site": site,
            "new": done.is_new,
            "answers": said,
            "blueprint": done.begun,
            "version": done.version,
            "knowledge": done.knowledge,
            "items": done.imported_count,
            "keywords": done.keyword_count,
        },
        lines,
        problems=done.problems,
        next=f"igny8 serve {site} --open",
    )


def begun_lines(begun: Begun) -> list[str]:
    """What a starter made, for people: what was left out, and what waits for them."""
    if not begun.is_new:
        return [f"{begun.path} is there already; --again replaces it"]
    lines = [f"{begun.path} written: {begun.page_count} pages of the starter {begun.starter}"]
    lines += [f"left out {path}: there is no {need}" for path, need in begun.left_out.items()]
    lines += [f"to fill {path}: {hint}" for path, hint in begun.hints.items()]
    return lines


class _Questions:
    """Asks what has no answer yet, step by step, and keeps every answer at once."""

    def __init__(
        self, cli: Cli, ctx: Context, site: str, said: dict[str, Answer], known: Choices
    ) -> None:
        self._cli, self._ctx, self._site = cli, ctx, site
        self._said, self._known = said, known

    def ask_all(self) -> None:
        """Ask all that is open, then for a yes. Whoever leaves finds the answers kept."""
        try:
            for number, step in enumerate(Step, 1):
                self._ask_step(number, step)
            if not self._cli.says_yes:
                self._review()
        except typer.Abort:
            say(
                f"\nleft; your answers are kept for `igny8 {self._cli.command} --site {self._site}`"
            )
            raise typer.Exit(INTERRUPTED) from None

    def _ask_step(self, number: int, step: Step) -> None:
        open_ = [q for q in QUESTIONS if q.step is step and q.key not in self._said]
        if not open_:
            return
        say(f"\n{number} of {len(Step) + 1}: {step}")
        if step is Step.STRUCTURE:
            plan = sitebuilder.planned(self._ctx, self._site, self._said)
            for page in plan.made.blueprint.walk():
                say(f"  {page.path:24} {page.title}")
        with self._shown() if step is Step.LOOK else nullcontext():
            for question in open_:
                self._ask(question)

    def _ask(self, question: Question) -> None:
        usual = sitebuilder.usual_answers(self._ctx, self._site, self._said)
        default = self._said.get(question.key, usual.get(question.key, ""))
        choices = self._known.get(question.key, {})
        for number, (name, about) in enumerate(choices.items(), 1):
            say(f"  {number}. {name}: {about}")
        shown = ", ".join(default) if isinstance(default, tuple) else default
        while True:
            typed = typer.prompt(question.text, default=shown, show_default=bool(shown), err=True)
            try:
                answer = spoken(question, _chosen(typed, list(choices)))
                answer = checked(question, answer, choices)
                said = self._said | {question.key: answer}
                if question.step in (Step.STRUCTURE, Step.CONTENT):
                    sitebuilder.planned(self._ctx, self._site, said)
            except Igny8Error as error:
                say(f"{error.message}{f'; {error.hint}' if error.hint else ''}")
                continue
            if question.key == "starter" and self._said.get("starter", answer) != answer:
                self._said.pop("without", None)
            self._said[question.key] = answer
            sitebuilder.keep_answers(self._ctx, self._site, self._said)
            return

    def _review(self) -> None:
        while True:
            say(f"\n{len(Step) + 1} of {len(Step) + 1}: review\n")
            say(write_answers(self._said).rstrip())
            plan = sitebuilder.planned(self._ctx, self._site, self._said)
            say(f"pages: {' '.join(page.path for page in plan.made.blueprint.walk())}")
            typed = typer.prompt(
                "Make it? yes, no, or the name of an answer to change", default="yes", err=True
            ).strip()
            if typed.casefold() in ("y", "yes"):
                return
            if typed.casefold() in ("n", "no"):
                raise typer.Abort
            if typed in BY_KEY:
                self._ask(BY_KEY[typed])
            else:
                near = nearest(typed, BY_KEY)
                say(f"there is no `{typed}`" + (f"; did you mean `{near}`?" if near else ""))

    @contextmanager
    def _shown(self) -> Iterator[None]:
        """Show the site in every layout in the browser while the look is asked for."""
        if "layout" in self._said or not typer.confirm(
            "See the site in every layout in the browser?", default=True, err=True
        ):
            yield
            return
        folder = self._ctx.config.state / "previews" / f"{self._site}-layouts"
        _previewed(self._cli, self._ctx, self._site, self._said, folder)
        serve = functools.partial(_Quiet, directory=str(folder))
        with ThreadingHTTPServer(("127.0.0.1", 0), serve) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            url = f"http://127.0.0.1:{server.server_address[1]}/"
            say(f"every layout is at {url} until the look is chosen")
            webbrowser.open(url)
            try:
                yield
            finally:
                server.shutdown()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        """Say nothing: a person is answering questions here."""


def _chosen(typed: str, names: Sequence[str]) -> str:
    """A choice may be typed as its number."""
    number = int(typed) if typed.strip().isdecimal() else 0
    return names[number - 1] if 1 <= number <= len(names) else typed


def _choices(cli: Cli, site: str) -> Choices:
    from igny8.renderer.catalogue import layouts, looks

    config = cli.app.config
    return {
        "starter": {each.name: each.goal for each in sitebuilder.starter_choices(config, site)},
        "layout": {each.name: each.description for each in layouts(config, site)},
        **looks(config, site),
    }


def _previewed(cli: Cli, ctx: Context, site: str, said: Answers, folder: Path) -> Path:
    from igny8.renderer.catalogue import layouts
    from igny8.renderer.previews import preview_layouts

    plan = sitebuilder.planned(ctx, site, said)
    config = cli.app.config
    snapshot = sitebuilder.preview_of(ctx, site, plan)
    return preview_layouts(config, snapshot, layouts(config, site), folder)


def _of_file(cli: Cli, path: Path | None) -> dict[str, Answer]:
    if path is None:
        return {}
    return read_answers(text_from(cli, path, ""), file=str(path))


def _of_options(given: Mapping[str, Any]) -> dict[str, Answer]:
    return {
        key: tuple(value) if isinstance(value, list) else str(value)
        for key, value in given.items()
        if value is not None and value != []
    }


def _signature() -> inspect.Signature:
    """The command's own options, and one for each question."""
    own = inspect.signature(wizard, eval_str=True)
    fixed = [each for each in own.parameters.values() if each.kind is not each.VAR_KEYWORD]
    asked = [
        inspect.Parameter(
            question.key,
            inspect.Parameter.KEYWORD_ONLY,
            default=None,
            annotation=Annotated[
                (list[str] if question.is_list else str) | None,
                typer.Option(
                    question.option,
                    help=question.help,
                    show_default=False,
                    rich_help_panel=f"Answers: {question.step}",
                ),
            ],
        )
        for question in QUESTIONS
    ]
    return own.replace(parameters=[*fixed, *asked])


wizard.__signature__ = _signature()  # type: ignore[attr-defined]
command(app, "wizard")(wizard)
