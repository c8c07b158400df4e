"""Prompts, author profiles, strategies."""

from __future__ import annotations

import importlib
import importlib.util
from pathlib import Path
from typing import Annotated, Any

import typer

from igny8 import system, thinker
from igny8.ai.function import AIFunction
from igny8.cli.command import Cli, MaybeSiteOption, command
from igny8.cli.editor import text_from
from igny8.cli.output import Listing, Result
from igny8.context import Context
from igny8.core.errors import UsageError
from igny8.thinker import Author, Person, Strategy

app = typer.Typer(
    add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True, help=__doc__
)

Words = Annotated[int | None, typer.Option("--words", help="Length to aim at.")]
Name = Annotated[str | None, typer.Option("--name", help="Name to sign with.")]
RoleName = Annotated[str | None, typer.Option("--role", help="What the author is.")]
Bio = Annotated[str | None, typer.Option("--bio", help="A sentence or two.")]
Credential = Annotated[list[str] | None, typer.Option("--credential", help="May be repeated.")]
Link = Annotated[list[str] | None, typer.Option("--link", help="https://…; may be repeated.")]
Tone = Annotated[str | None, typer.Option("--tone", help="In a few words.")]
InPerson = Annotated[Person | None, typer.Option("--person", help="Who speaks.")]
SentenceWords = Annotated[
    int | None, typer.Option("--sentence-words", help="Mean length of a sentence, in words.")
]
Spelling = Annotated[str | None, typer.Option("--spelling", help="A locale such as en-GB.")]
Banned = Annotated[list[str] | None, typer.Option("--banned", help="A term; may be repeated.")]
Required = Annotated[list[str] | None, typer.Option("--required", help="A term; may be repeated.")]
Sample = Annotated[
    list[Path] | None, typer.Option("--sample", help="A text file; may be repeated.")
]


@command(app, "prompts", logs=False)
def prompts(cli: Cli, site: MaybeSiteOption = None) -> Listing:
    """List AI functions and which prompt each is run with."""
    ctx = cli.ctx
    found = thinker.prompts(ctx, _functions(ctx), site)
    return Listing(found, ("function", "layer", "version", "source"), id_field="function")


@command(app, "prompt-show", logs=False)
def prompt_show(
    cli: Cli,
    function: str,
    site: MaybeSiteOption = None,
    version: Annotated[int | None, typer.Option("--version", help="One the account had.")] = None,
    diff: Annotated[bool, typer.Option("--diff", help="Compare with the shipped one.")] = False,
    versions: Annotated[bool, typer.Option("--versions", help="List the account's own.")] = False,
) -> Result:
    """Show the prompt in use for a function, an earlier version, or what was changed.

    Example: igny8 thinker prompt-show planner.generate-ideas > ideas.md
    """
    ctx = cli.ctx
    functions = _functions(ctx)
    if versions:
        own = thinker.prompt_versions(ctx, functions, function)
        lines = [
            f"{v.version}  {v.created_at:%Y-%m-%d %H:%M}  {v.made_by}{'  active' * v.is_active}"
            for v in own
        ]
        return Result(own, lines or [f"{function} has no text of this account's own"])
    used = thinker.prompt(ctx, functions, function, site=site, version=version)
    if diff:
        lines = thinker.compare_prompt(functions, used)
        return Result({"function": function, "diff": lines}, lines or ["the same as shipped"])
    return Result(used, [used.text.rstrip("\n")])


@command(app, "prompt-edit")
def prompt_edit(
    cli: Cli,
    function: str,
    source: Annotated[
        Path | None, typer.Option("--from", help="Take the text from a file; - is stdin.")
    ] = None,
) -> Result:
    """Change the account's prompt for a function, in $EDITOR or from a file.

    Example: igny8 thinker prompt-edit planner.generate-ideas --from ideas.md
    """
    ctx = cli.ctx
    functions = _functions(ctx)
    current = thinker.prompt(ctx, functions, function).text
    made = thinker.edit_prompt(ctx, functions, function, text_from(cli, source, current))
    return Result(
        made,
        [f"{function} is run with {made.source} now"],
        next=f"igny8 thinker prompt-show {function} --diff",
    )


@command(app, "prompt-reset")
def prompt_reset(cli: Cli, function: str) -> Result:
    """Go back to the shipped prompt of a function; the account's versions are kept.

    Example: igny8 thinker prompt-reset writer.generate-content
    """
    ctx = cli.ctx
    was_changed = thinker.reset_prompt(ctx, _functions(ctx), function)
    said = "is run with the shipped prompt again" if was_changed else "had no prompt of its own"
    return Result({"function": function, "reset": was_changed}, [f"{function} {said}"])


@command(app, "authors", logs=False)
def authors(cli: Cli) -> Listing:
    """List author profiles."""
    return Listing(thinker.authors(cli.ctx), ("slug", "name", "role", "tone"), id_field="slug")


@command(app, "author-add")
def author_add(
    cli: Cli,
    slug: str,
    name: Name = None,
    role: RoleName = None,
    bio: Bio = None,
    credential: Credential = None,
    link: Link = None,
    tone: Tone = None,
    person: InPerson = None,
    sentence_words: SentenceWords = None,
    spelling: Spelling = None,
    banned: Banned = None,
    required: Required = None,
    sample: Sample = None,
) -> Result:
    """Add somebody who signs pieces, and how they write.

    Example: igny8 thinker author-add ann --name "Ann Hale" --role "Workshop lead" --person we
    """
    given = _given(locals())
    made = thinker.add_author(cli.ctx, Author(slug=slug, **{"name": "", **given}))
    return Result(made, [f"author {slug} added"])


@command(app, "author-edit")
def author_edit(
    cli: Cli,
    slug: str,
    name: Name = None,
    role: RoleName = None,
    bio: Bio = None,
    credential: Credential = None,
    link: Link = None,
    tone: Tone = None,
    person: InPerson = None,
    sentence_words: SentenceWords = None,
    spelling: Spelling = None,
    banned: Banned = None,
    required: Required = None,
    sample: Sample = None,
) -> Result:
    """Change an author profile. A repeated option replaces the whole list; "" empties it.

    Example: igny8 thinker author-edit sam --tone "plain and warm"
    """
    given = _given(locals())
    if not given:
        raise UsageError("nothing to change is named", hint="see `igny8 thinker author-edit -h`")
    made, is_changed = thinker.edit_author(cli.ctx, slug, given)
    said = "changed" if is_changed else "is like that already"
    return Result(made, [f"author {slug} {said}"])


@command(app, "strategies", logs=False)
def strategies(cli: Cli) -> Listing:
    """List strategies."""
    columns = ("slug", "entity_type", "site", "sector", "words", "required_sections")
    return Listing(thinker.strategies(cli.ctx), columns, id_field="slug")


@command(app, "strategy-add")
def strategy_add(
    cli: Cli,
    slug: str,
    entity_type: Annotated[str, typer.Option("--entity-type", help="What it is for.")] = "post",
    site: MaybeSiteOption = None,
    sector: Annotated[str | None, typer.Option("--sector", help="One sector of it.")] = None,
    tone: Annotated[str, typer.Option("--tone", help="In a few words.")] = "",
    structure: Annotated[str, typer.Option("--structure", help="How it is built up.")] = "",
    section: Annotated[
        list[str] | None, typer.Option("--section", help="A required section; may be repeated.")
    ] = None,
    words: Words = None,
    author: Annotated[
        str | None, typer.Option("--author", help="The profile that writes them.")
    ] = None,
) -> Result:
    """Add a strategy: how pieces of one entity type are made, for a sector, a site, or all.

    Example: igny8 thinker strategy-add guides --entity-type post --section "What it costs"
    """
    made = thinker.add_strategy(
        cli.ctx,
        Strategy(
            slug=slug,
            entity_type=entity_type,
            site=site,
            sector=sector,
            tone=tone,
            structure=structure,
            required_sections=tuple(section or ()),
            words=words,
            author=author,
        ),
    )
    return Result(made, [f"strategy {slug} added"])


def _functions(ctx: Context) -> dict[str, AIFunction[Any, Any]]:
    """The AI functions of the modules that are switched on: those of a slice stand in its ai.py."""
    found: dict[str, AIFunction[Any, Any]] = {}
    for module in sorted(system.enabled_modules(ctx)):
        if importlib.util.find_spec(f"igny8.{module}.ai") is None:
            continue
        values = vars(importlib.import_module(f"igny8.{module}.ai")).values()
        found |= {value.name: value for value in values if isinstance(value, AIFunction)}
    return found


def _given(options: dict[str, Any]) -> dict[str, Any]:
    """The options that were given, as the fields of an Author."""
    given = {
        name: value
        for name, value in options.items()
        if value is not None and name not in ("cli", "slug")
    }
    lists = {"credential": "credentials", "link": "links", "banned": "banned"}
    lists |= {"required": "required"}
    for option, field in lists.items():
        if option in given:
            given[field] = tuple(value for value in given.pop(option) if value)
    if "sample" in given:
        given["samples"] = tuple(_sample(path) for path in given.pop("sample") if str(path) != ".")
    return given


def _sample(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} is no readable text file", hint="name a UTF-8 file") from error
