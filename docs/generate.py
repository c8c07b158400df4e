"""Writes the pages that are made from the code: commands, settings, errors, blocks, README table.

`python docs/generate.py` writes them, `--check` says which are out of date; prose is by hand.
"""

from __future__ import annotations

import ast
import enum
import importlib
import inspect
import re
import sys
import textwrap
import types
import typing
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

import typer
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from igny8.cli import command, root
from igny8.config.model import SITE_SECTIONS, Section, Settings, SiteIdentity
from igny8.core import errors
from igny8.renderer.gallery import load_examples
from igny8.reports.site_check import RULES
from igny8.safety import yaml
from igny8.sitebuilder.block_states import hints
from igny8.sitebuilder.blocks import BLOCKS, Href, Html, PageId, Src

ROOT = Path(__file__).resolve().parent.parent
_SOURCE = ROOT / "igny8"
_SHARED = {*command._COMMON, *command._LISTING}
_EXAMPLE = re.compile(r"^Examples?:\s*", re.MULTILINE)
_BEGIN, _END = "<!-- commands: made by `make docs` -->", "<!-- end of commands -->"
_NOTE = "<!-- This page is made by `make docs`; edit the code instead. -->\n"


def main(words: list[str]) -> int:
    """Write the pages, or with `--check` name those that differ."""
    pages = made_pages()
    stale = [path for path, text in pages.items() if not path.is_file() or path.read_text() != text]
    if "--check" in words:
        for path in stale:
            sys.stdout.write(f"{path.relative_to(ROOT)} is out of date; run `make docs`\n")
        return 1 if stale else 0
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(pages[path])
        sys.stdout.write(f"{path.relative_to(ROOT)} written\n")
    return 0


def made_pages() -> dict[Path, str]:
    """Path → text of every page that is made, the README among them."""
    reference = ROOT / "docs" / "reference"
    readme = ROOT / "README.md"
    return {
        reference / "commands.md": commands_page(),
        reference / "settings.md": settings_page(),
        reference / "errors.md": errors_page(),
        reference / "checks.md": checks_page(),
        reference / "blocks.md": blocks_page(),
        readme: _with_table(readme.read_text()),
    }


def commands_page() -> str:
    """Every command with its arguments, options and examples."""
    parts = [
        "# Commands\n",
        _NOTE,
        "`igny8 GROUP VERB [ARGS] [OPTIONS]`. A verb acts, a plural lists. Data goes to stdout, "
        "talk to stderr.\n",
        "## Options of every command\n",
        _options([_shared(name, kind) for name, kind in command._COMMON.items()]),
        "## Options of every list\n",
        "`--json` is short for `--format json`: lists are arrays, single results are objects.\n",
        _options([_shared(name, kind) for name, kind in command._LISTING.items()]),
    ]
    for name, entry in root.COMMANDS.items():
        parts += [f"## igny8 {name}\n", _described(f"igny8 {name}", _loaded(entry))]
    for name, entry in root.GROUPS.items():
        parts.append(f"## igny8 {name}\n")
        parts.append(f"{entry.help}.{_switchable(entry)}\n")
        for path, verb in _leaves(_loaded(entry), f"igny8 {name}"):
            parts += [f"### {path}\n", _described(path, verb)]
    return "\n".join(parts)


def settings_page() -> str:
    """Every key of `igny8.toml` and `site.toml`."""
    return "\n".join(
        [
            "# Settings\n",
            _NOTE,
            "The strongest layer wins: command-line option, environment, `sites/<site>/site.toml`, "
            "`igny8.toml`, default. `igny8 config show --sources` says which one did. A key that "
            "igny8 does not know is an error. Secrets are references: `env:NAME`, `file:PATH` or "
            "`keyring:NAME`.\n",
            "## igny8.toml\n",
            f"The sections {_listed(SITE_SECTIONS)} may also stand in a site's `site.toml`, for "
            "that site.\n",
            _settings(Settings, environment=True),
            "## sites/&lt;site&gt;/site.toml\n",
            _settings(SiteIdentity, environment=False),
        ]
    )


def blocks_page() -> str:
    """Every block: what it is, its fields, its example."""
    examples = load_examples([ROOT / "layouts"])
    parts = [
        "# Blocks\n",
        _NOTE,
        "What a page is made of, the same in every layout. A block stands in a blueprint under "
        "`blocks`, or in a recipe (`templates/*.yaml`). `igny8 sitebuilder gallery` builds a site "
        "that shows all of them, in every layout, scheme and state. A link is `igny8:<content "
        "id>`, a path of the site, or an https, mailto or tel address; a picture is a file of the "
        "site.\n",
    ]
    for name, schema in BLOCKS.items():
        parts += [f"## {name}\n", f"{inspect.getdoc(schema)}\n"]
        if schema.model_fields:
            parts.append(_block_fields(schema))
        if examples.get(name):
            text = yaml.dump([{name: examples[name]}])
            parts.append("Example:\n\n" + textwrap.indent(text, "    "))
    return "\n".join(parts)


def _block_fields(schema: type[BaseModel], prefix: str = "") -> str:
    rows = [
        (f"`{name}`", _block_kind(kind), _default(field), field.description or "")
        for name, field, kind in _block_rows(schema, prefix)
    ]
    return _table(("field", "takes", "default", "meaning"), rows)


def _block_rows(schema: type[BaseModel], prefix: str) -> Iterator[tuple[str, Any, Any]]:
    kinds = hints(schema)
    for name, field in schema.model_fields.items():
        yield f"{prefix}{name}", field, kinds[name]
        for part in _parts_in(kinds[name]):
            yield from _block_rows(part, f"{prefix}{name}.")


def _parts_in(kind: Any) -> list[type[BaseModel]]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return [kind]
    return [part for arg in typing.get_args(kind) for part in _parts_in(arg)]


def _block_kind(kind: Any) -> str:
    named = {Href: "link", Src: "picture", Html: "HTML", PageId: "page id"}
    if kind in named:
        return named[kind]
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if origin is tuple:
        return f"list of {_block_kind(args[0])}"
    if origin in (typing.Union, types.UnionType):
        return " or ".join(_block_kind(arg) for arg in args if arg is not type(None))
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return "fields"
    return _kind(kind)


def errors_page() -> str:
    """Every exit status, and every error code with the status it ends with."""
    statuses = {
        0: "done",
        1: "the user can fix it",
        2: "the command line does not say enough, or says two things",
        3: "configuration, store or plugin is not usable as it is",
        4: "access denied",
        5: "insufficient credits",
        6: "a service outside failed",
        command.PARTLY: "partly done: the problems are listed, the rest is saved",
        command.BUG: "a bug in igny8",
        75: "another run holds what this one needs",
        command.INTERRUPTED: "interrupted; what was finished is saved",
    }
    missing = {kind.exit_status for kind in _error_classes().values()} - set(statuses)
    if missing:
        raise SystemExit(f"docs/generate.py has no words for exit status {sorted(missing)}")
    status_rows = [(str(status), meaning) for status, meaning in statuses.items()]
    code_rows = [(f"`{code}`", str(status)) for code, status in sorted(_codes().items())]
    return "\n".join(
        [
            "# Exit statuses and error codes\n",
            _NOTE,
            "An error reads `error: <sentence>`, then `hint: <one action>`, both on stderr. `-v` "
            "adds causes, `--debug` a traceback. Codes are stable; they stand in the log of runs "
            "and in the `problems` of JSON results.\n",
            _table(("exit", "means"), status_rows),
            _table(("code", "exit"), code_rows),
        ]
    )


def checks_page() -> str:
    """Every rule of `igny8 check`."""
    families: dict[str, list[tuple[str, str, str, str]]] = {}
    for rule in RULES:
        row = (f"`{rule.id}`", rule.severity.value, _cell(rule.summary), _cell(rule.hint))
        families.setdefault(rule.family, []).append(row)
    parts = [
        "# Checks\n",
        _NOTE,
        "What `igny8 check SITE` looks for in a built site. `--rules` and `--ignore` take a rule "
        "or a family, `--fail-on` a severity; budgets and what is always ignored: `check.*` in "
        "[settings](settings.md).\n",
    ]
    for family, rows in families.items():
        parts += [f"## {family}\n", _table(("rule", "severity", "finds", "mend it"), rows)]
    return "\n".join(parts)


def _cell(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("|", "\\|")


def command_table() -> str:
    """The README's table: what there is, one line each."""
    rows = [(f"`{name}`", entry.help) for name, entry in root.COMMANDS.items()]
    for name, entry in root.GROUPS.items():
        verbs = [path.removeprefix(f"{name} ") for path, _ in _leaves(_loaded(entry), name)]
        rows.append((f"`{name}`", f"{entry.help}: {_listed(verbs)}"))
    return _table(("`igny8 …`", "does"), rows)


def _with_table(readme: str) -> str:
    before, begin, rest = readme.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    if not (begin and end):
        raise SystemExit(f"README.md lacks the markers {_BEGIN} and {_END}")
    return f"{before}{_BEGIN}\n\n{command_table()}\n{_END}{after}"


def _loaded(entry: root.Entry) -> Any:
    return typer.main.get_command(importlib.import_module(entry.module).app)


def _leaves(group: Any, path: str) -> Iterator[tuple[str, Any]]:
    for name, found in group.commands.items():
        if hasattr(found, "commands"):
            yield from _leaves(found, f"{path} {name}")
        elif not found.hidden:
            yield f"{path} {name}", found


def _switchable(entry: root.Entry) -> str:
    return f" Absent while module `{entry.needs}` is off." if entry.needs else ""


def _described(path: str, found: Any) -> str:
    own = [p for p in found.params if p.name not in _SHARED | {"help"} and not p.hidden]
    arguments = [p for p in own if p.param_type_name == "argument"]
    options = [p for p in own if p.param_type_name == "option"]
    is_list = any(p.name == "format" for p in found.params)
    said, *examples = _EXAMPLE.split(_unwrapped(found.help or ""))
    usage = " ".join([path, *(_metavar(a) for a in arguments), "[OPTIONS]"])
    parts = [f"    {usage}\n", f"{said.strip()}{' A list.' if is_list else ''}\n"]
    if arguments and any(a.help for a in arguments):
        rows = [(_metavar(a), a.help or "") for a in arguments]
        parts.append(_table(("argument", "is"), rows))
    if options:
        parts.append(_options([_row(o) for o in options]))
    for example in examples:
        lines = "\n".join(f"    {line.strip()}" for line in example.strip().splitlines())
        parts.append(f"Example:\n\n{lines}\n")
    return "\n".join(parts)


def _unwrapped(text: str) -> str:
    """Join the lines of a paragraph, as a terminal would."""
    paragraphs = re.split(r"\n\s*\n", text.replace("\f", ""))
    return "\n\n".join(
        paragraph if _EXAMPLE.match(paragraph) else " ".join(paragraph.split())
        for paragraph in paragraphs
    )


def _metavar(argument: Any) -> str:
    name = argument.name.upper() + ("..." if argument.nargs == -1 else "")
    return name if argument.required else f"[{name}]"


def _row(option: Any) -> tuple[str, str, str]:
    names = ", ".join(f"`{name}`" for name in (*option.opts, *option.secondary_opts))
    takes = "" if option.is_flag else _taken(option.type_descriptor.annotation)
    said = option.help or ""
    default = getattr(option.default, "value", option.default)
    if option.required:
        said = f"{said} Required."
    elif default not in (None, False, "", (), []) and not option.is_flag:
        said = f"{said} Default: `{default}`."
    return names, takes, said.strip()


def _taken(kind: Any) -> str:
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return " \\| ".join(str(member.value) for member in kind)
    names = {"str": "text", "int": "integer", "Path": "path", "datetime": "date"}
    return names.get(getattr(kind, "__name__", ""), "text")


def _shared(name: str, kind: Any) -> tuple[str, str, str]:
    annotation, info = typing.get_args(kind)
    # Inside Annotated, Typer keeps the first of an option's names in the place of a default.
    flags = [flag for flag in (info.default, *(info.param_decls or ())) if flag is not ...]
    names = ", ".join(f"`{flag}`" for flag in flags or [name])
    named = next((a for a in typing.get_args(annotation) or (annotation,)), annotation)
    takes = "" if named is bool else {"str": "text", "int": "integer"}.get(named.__name__, "path")
    return names, takes, (info.help or "").replace("|", "\\|")


def _options(rows: list[tuple[str, str, str]]) -> str:
    return _table(("option", "takes", "does"), rows)


def _settings(model: type[BaseModel], *, environment: bool) -> str:
    rows = [
        (f"`{key}`", _kind(field.annotation), _default(field), field.description or "")
        for key, field in _fields(model)
    ]
    table = _table(("key", "type", "default", "meaning"), rows)
    if environment:
        table += "\nIn the environment `section.key` is spelt `IGNY8_SECTION__KEY`.\n"
    return table


def _fields(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, Section):
            yield from _fields(kind, f"{prefix}{name}.")
        else:
            yield f"{prefix}{field.alias or name}", field


def _kind(annotation: Any) -> str:
    origin, args = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is Literal:
        return " \\| ".join(f"`{choice}`" for choice in args)
    if origin in (typing.Union, types.UnionType):
        return " or ".join(_kind(arg) for arg in args if arg is not type(None))
    if origin is typing.Annotated:
        return _kind(args[0])
    if origin is tuple:
        return "list of text"
    if origin is dict or (isinstance(origin, type) and issubclass(origin, Mapping)):
        return "table of numbers"
    names = {"str": "text", "int": "whole number", "float": "number", "bool": "true or false"}
    return names.get(annotation.__name__, annotation.__name__)


def _default(field: Any) -> str:
    value = field.get_default(call_default_factory=True)
    if value is PydanticUndefined:
        return "required"
    if value in (None, "", (), {}):
        return ""
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, tuple):
        return ", ".join(f"`{item}`" for item in value)
    return f"`{value}`"


def _error_classes() -> dict[str, type[errors.Igny8Error]]:
    return {
        name: kind
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, errors.Igny8Error)
    }


def _codes() -> dict[str, int]:
    """Error code → exit status: those of the classes, and those given where one is raised."""
    classes = _error_classes()
    codes = {kind.code: kind.exit_status for kind in classes.values()}
    for file in sorted(_SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            kind = classes.get(node.func.id)
            for keyword in node.keywords:
                value = keyword.value
                if kind and keyword.arg == "code" and isinstance(value, ast.Constant):
                    codes[str(value.value)] = kind.exit_status
    return codes


def _listed(names: typing.Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _table(head: tuple[str, ...], rows: typing.Sequence[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
