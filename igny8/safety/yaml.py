"""The door for YAML: plain data only, read strictly. What the data must look like others decide.

Also where in a file each value stands, for errors, and a person's comments, which outlive an edit.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, TypeAlias

import yaml

from igny8.core.errors import InvalidInput

_MAX_BYTES = 1_000_000
_MAX_DEPTH = 32
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS = {
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")
_FLOAT = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
# What YAML takes for the end of a line, and so counts as one.
_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
# libyaml is ten times faster; a PyYAML built without it does the same more slowly.
_PARSER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)

Steps: TypeAlias = tuple[str | int, ...]
"""Keys and numbers that lead from the document to a value: `("pages", 0, "title")`."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands in a file, so that an error can say so."""

    file: str | None = None
    lines: Mapping[Steps, int] = field(default_factory=dict, repr=False)
    steps: Steps = ()

    def at(self, *steps: str | int) -> Place:
        """The place of a value within this one."""
        return replace(self, steps=self.steps + steps)

    @property
    def line(self) -> int | None:
        """Its line, or that of the nearest value around it: one that is missing has none."""
        known = (self.steps[:end] for end in range(len(self.steps), -1, -1))
        return next((self.lines[steps] for steps in known if steps in self.lines), None)

    def error(self, message: str, *, hint: str | None = None) -> InvalidInput:
        """The error that something is wrong here."""
        return InvalidInput(message, file=self.file, line=self.line, hint=hint)


@dataclass(frozen=True, slots=True)
class Comments:
    """What a person wrote beside the values. Texts begin with `#`; keys are those of `Place`.

    `above` are whole lines before a value, `beside` ends its first line, `below` ends the file.
    """

    above: Mapping[Steps, tuple[str, ...]] = field(default_factory=dict)
    beside: Mapping[Steps, str] = field(default_factory=dict)
    below: tuple[str, ...] = ()


def load(text: str, *, file: str | None = None, first_line: int = 1) -> object:
    """Read one YAML document as None, bool, int, float, str, list and dict with string keys.

    Only true and false are booleans, only JSON's numbers are numbers (`007`, `+49`, `12:30` and
    `2024-05-01` stay strings), keys are always strings. Refuses duplicate keys, aliases, tags,
    more than 32 levels and more than 1 MB: InvalidInput with `file` and the line, counted from
    `first_line`.
    """
    return _Reader(file, first_line).read(text)


def load_marked(text: str, *, file: str | None = None) -> tuple[object, Place]:
    """Read as `load` does, and where everything stands. A key's place is its value's."""
    return load(text, file=file), Place(file, dict(_marks(text)))


def comments(text: str) -> Comments:
    """Return the comments of a document that `load` accepts; those inside of texts are none."""
    places: dict[int, Steps] = {}
    for steps, number in _marks(text):
        # Of all values that begin on a line the outermost is what a comment speaks of.
        if number not in places or len(steps) < len(places[number]):
            places[number] = steps
    above: dict[Steps, tuple[str, ...]] = {}
    beside: dict[Steps, str] = {}
    waiting: list[str] = []
    found = _comment_columns(text)
    for number, line in enumerate(_lines(text), 1):
        said = line[found[number] :].rstrip() if number in found else ""
        if said and not line[: found[number]].strip():
            waiting.append(said)
            continue
        if number not in places:
            continue
        steps = places[number]
        if waiting:
            above[steps] = tuple(waiting)
            waiting = []
        if said:
            beside[steps] = said
    return Comments(above, beside, tuple(waiting))


def with_comments(text: str, said: Comments) -> str:
    """Put comments into a document that `dump` wrote; those of values it lacks are left out."""
    places: dict[int, list[Steps]] = {}
    for steps, number in _marks(text):
        places.setdefault(number, []).append(steps)
    # Behind the first line of a text of many lines a comment would become part of it.
    long = {begin for begin, end in _scalar_lines(text) if begin < end}
    written: list[str] = []
    for number, line in enumerate(_lines(text), 1):
        here = sorted(places.get(number, ()), key=len)
        indent = line[: len(line) - len(line.lstrip(" "))]
        written += [f"{indent}{each}\n" for steps in here for each in said.above.get(steps, ())]
        beside = [said.beside[steps] for steps in here if steps in said.beside]
        if number in long:
            written += [f"{indent}{each}\n" for each in beside]
        elif beside:
            line = f"{line.rstrip()}  {' '.join(beside)}\n"
        written.append(line)
    return "".join([*written, *(f"{each}\n" for each in said.below)])


def dump(value: object) -> str:
    """Write plain data so that `load` returns it unchanged: block style, keys in their order.

    Raises InvalidInput for values other than None, bool, int, float, str, list, tuple and dict
    with string keys.
    """
    text: str = yaml.dump(
        _plain(value, 0),
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=False,
        width=2**31 - 1,
    )
    return text


class _Reader:
    """Builds values from parser events, so that no resolver or constructor of PyYAML takes part."""

    def __init__(self, file: str | None, first_line: int) -> None:
        self._file = file
        self._first_line = first_line

    def read(self, text: str) -> object:
        try:
            size = len(text.encode())
            if size > _MAX_BYTES:
                raise InvalidInput(f"{size:,} bytes of YAML, over 1 MB", file=self._file)
            return self._document(iter(yaml.parse(text, Loader=_PARSER)))
        except yaml.MarkedYAMLError as error:
            raise self._syntax_error(error) from error
        except yaml.YAMLError as error:
            position = int(getattr(error, "position", 0))
            raise self._error(
                "the YAML contains a control character", text.count("\n", 0, position)
            ) from error
        except UnicodeEncodeError as error:
            raise self._error(
                "the YAML contains characters that are not valid Unicode",
                text.count("\n", 0, error.start),
            ) from error

    def _document(self, events: Iterator[Any]) -> object:
        value: object = None
        documents = 0
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise self._error("there is a second YAML document", _line(event))
            elif isinstance(event, yaml.NodeEvent):
                value = self._node(event, events, 0)
        return value

    def _node(self, event: Any, events: Iterator[Any], depth: int) -> object:
        line = _line(event)
        if isinstance(event, yaml.AliasEvent):
            raise self._error(
                f"the alias `*{event.anchor}` is not allowed", line, hint="write the value out"
            )
        if event.tag not in {None, "!"}:
            raise self._error(f"the tag `{event.tag}` is not allowed", line)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if depth >= _MAX_DEPTH:
            raise self._error(f"more than {_MAX_DEPTH} levels of YAML", line)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(events, depth + 1)
        return self._mapping(events, depth + 1)

    def _sequence(self, events: Iterator[Any], depth: int) -> list[object]:
        items = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            items.append(self._node(event, events, depth))
        return items

    def _mapping(self, events: Iterator[Any], depth: int) -> dict[str, object]:
        mapping: dict[str, object] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise self._error("a key must be plain text", _line(event))
            self._node(event, events, depth)
            key = event.value
            if key in mapping:
                raise self._error(f"the key `{key}` appears twice", _line(event))
            mapping[key] = self._node(next(events), events, depth)
        return mapping

    def _scalar(self, event: Any) -> object:
        if not event.implicit[0]:
            return event.value
        try:
            return _resolve(event.value)
        except ValueError as error:
            raise self._error("the number is too large", _line(event)) from error

    def _syntax_error(self, error: yaml.MarkedYAMLError) -> InvalidInput:
        mark = error.problem_mark or error.context_mark
        problem = error.problem or error.context or "it cannot be read"
        hint = None
        if problem.startswith("mapping values are not allowed"):
            hint = "put a value that contains `: ` in quotes"
        elif problem.startswith("found character that cannot start"):
            hint = "indent with spaces, and quote a value that begins with a sign"
        return self._error(f"the YAML is not valid: {problem}", mark.line if mark else 0, hint=hint)

    def _error(self, message: str, line: int, *, hint: str | None = None) -> InvalidInput:
        number = line + self._first_line
        if self._file is None:
            message = f"line {number}: {message}"
        return InvalidInput(message, file=self._file, line=number, hint=hint)


def _marks(text: str) -> Iterator[tuple[Steps, int]]:
    """Yield every value's steps and line, the document's own first."""
    root = yaml.compose(text, Loader=_PARSER)
    waiting: list[tuple[Steps, Any, int]] = [((), root, _line(root))] if root else []
    while waiting:
        steps, node, line = waiting.pop()
        yield steps, line + 1
        if isinstance(node, yaml.MappingNode):
            for key, value in reversed(node.value):
                waiting.append(((*steps, key.value), value, _line(key)))
        elif isinstance(node, yaml.SequenceNode):
            for number, value in reversed(list(enumerate(node.value))):
                waiting.append(((*steps, number), value, _line(value)))


def _scalar_lines(text: str) -> Iterator[tuple[int, int]]:
    """Yield the first and last line of every text."""
    events: Iterator[Any] = yaml.parse(text, Loader=_PARSER)
    for event in events:
        if isinstance(event, yaml.ScalarEvent):
            yield _line(event) + 1, _last_line(event) + 1


def _lines(text: str) -> list[str]:
    ends = [each.end() for each in _BREAK.finditer(text)]
    lines = [text[begin:end] for begin, end in pairwise([0, *ends])]
    return [*lines, text[ends[-1] if ends else 0 :]] if not text.endswith("\n") else lines


def _comment_columns(text: str) -> dict[int, int]:
    """Line → column where its comment begins: a `#` that is part of no token."""
    found: dict[int, int] = {}
    tokens = [(t.start_mark.index, t.end_mark.index) for t in yaml.scan(text, Loader=_PARSER)]
    breaks = [0, *(each.end() for each in _BREAK.finditer(text))]
    gaps = zip([0, *(end for _, end in tokens)], [*(start for start, _ in tokens), len(text)],
               strict=True)  # fmt: skip
    for begin, end in gaps:
        place = text.find("#", begin, end)
        while place >= 0:
            line = bisect_right(breaks, place)
            found[line] = place - breaks[line - 1]
            after = breaks[line] if line < len(breaks) else end
            place = text.find("#", after, end)
    return found


def _line(event: Any) -> int:
    return int(event.start_mark.line)


def _last_line(event: Any) -> int:
    return int(event.end_mark.line)


def _resolve(text: str) -> object:
    """Return what an unquoted scalar means. Raises ValueError for a number Python can't hold."""
    if text in _NULLS:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        number = float(text)
        if math.isinf(number):
            raise ValueError(text)
        return number
    return text


def _plain(value: object, depth: int) -> object:
    if depth > _MAX_DEPTH:
        raise InvalidInput(f"more than {_MAX_DEPTH} levels of data")
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    if isinstance(value, list | tuple):
        return [_plain(item, depth + 1) for item in value]
    if isinstance(value, Mapping):
        plain = {}
        for key, item in value.items():
            if not isinstance(key, str):
                raise InvalidInput(f"a key must be text, not {type(key).__name__}")
            plain[_text(key)] = _plain(item, depth + 1)
        return plain
    raise InvalidInput(f"YAML cannot hold a value of type {type(value).__name__}: {value!r:.60}")


def _text(value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise InvalidInput("the text is not valid Unicode") from error
    # An enum that is a string must be written as its value.
    return str.__str__(value)


class _Dumper(_DUMPER):  # type: ignore[misc]
    """Writes repeated values in full and quotes what `load` would take for another type."""

    def ignore_aliases(self, _data: object) -> bool:
        return True

    def _represent_text(self, value: str) -> yaml.ScalarNode:
        node: yaml.ScalarNode = self.represent_scalar("tag:yaml.org,2002:str", value, _style(value))
        return node


def _style(text: str) -> str | None:
    if "\n" in text:
        return "|"
    try:
        return None if isinstance(_resolve(text), str) else "'"
    except ValueError:
        return "'"


_Dumper.add_representer(str, _Dumper._represent_text)
