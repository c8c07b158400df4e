"""A block's data in other states: little of it, very long words, another script, other choices.

Walks the schemas, so a new block or field needs nothing here. Plain values in and out.
"""

from __future__ import annotations

import re
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from hashlib import blake2b
from itertools import cycle, islice
from typing import Any, Literal

from pydantic import BaseModel

from igny8.sitebuilder.blocks import Html, Part

Change = Callable[[str], str]

_LONG = 44  # letters: longer than any word that is found in running text
_WORD = re.compile(r"[^\W\d_]+")
_LONGER = re.compile(r"[^\W\d_]{4,}")
_TEXT_OF_HTML = re.compile(r"(^|>)([^<]+)")
_ARABIC = str.split("""
    ورشة دراجة إصلاح سلسلة عجلة مدينة صباح خدمة سريعة اليوم جديد نظيف طريق مطر شتاء صيف فرامل مقعد
    إطار هواء زيارة موعد قريب مجاني عمل يد ضوء جسر نهر جبل قهوة رحلة طويلة قصيرة جودة ضمان سعر فريق
    بيت حديقة
""")


def hints(schema: type[BaseModel]) -> dict[str, Any]:
    """Return a schema's fields with their annotations, in order."""
    found = typing.get_type_hints(schema, include_extras=True)
    return {name: found[name] for name in schema.model_fields}


def reworded(schema: type[BaseModel], data: Mapping[str, Any], change: Change) -> dict[str, Any]:
    """Return the data with every text for visitors changed; links, ids and choices stay."""
    kinds = hints(schema)
    return {name: _changed(kinds[name], value, change) for name, value in data.items()}


def reduced(schema: type[BaseModel], data: Mapping[str, Any], keep: int = 0) -> dict[str, Any]:
    """Return the least that the schema takes, or the least that shows something.

    That is, with `keep`, lists of one item and the first `keep` other fields of the data; without
    it, required fields only. Choices stay.
    """
    kept, room = {}, keep
    for name, value in data.items():
        kind = hints(schema)[name]
        if not schema.model_fields[name].is_required() and typing.get_origin(kind) is not Literal:
            is_list = isinstance(value, list | tuple)
            if keep == 0 or (room == 0 and not is_list):
                continue
            room -= not is_list
        kept[name] = _cut(kind, value, keep)
    return kept


def choices(schema: type[BaseModel]) -> Iterator[tuple[str, str]]:
    """Yield each field that offers a choice, with each choice but its default."""
    for name, kind in hints(schema).items():
        default = schema.model_fields[name].default
        yield from ((name, value) for value in _literals(kind) if value != default)


def long_words(text: str) -> str:
    """Make the first and every fourth longer word longer than any line of a phone."""
    count = iter(range(len(text) + 1))
    return _LONGER.sub(
        lambda match: _stretched(match[0]) if next(count) % 4 == 0 else match[0], text
    )


def arabic(text: str) -> str:
    """Put an Arabic word for each word; numbers and signs stay, so that directions mix."""
    return _WORD.sub(lambda match: _ARABIC[_number(match[0]) % len(_ARABIC)], text)


def _stretched(word: str) -> str:
    return "".join(islice(cycle(word.lower()), _LONG)).capitalize()


def _number(word: str) -> int:
    return int.from_bytes(blake2b(word.lower().encode(), digest_size=4).digest(), "big")


def _changed(kind: Any, value: Any, change: Change) -> Any:
    if kind is str:
        return change(value)
    if kind == Html:
        return _TEXT_OF_HTML.sub(lambda match: match[1] + change(match[2]), value)
    inner = _inner(kind, value)
    if isinstance(value, list | tuple):
        return [_changed(inner, each, change) for each in value]
    if isinstance(inner, type) and issubclass(inner, Part):
        return reworded(inner, value, change)
    return change(value) if inner is str else value


def _cut(kind: Any, value: Any, keep: int) -> Any:
    inner = _inner(kind, value)
    if isinstance(value, list | tuple):
        return [_cut(inner, each, keep) for each in value[:1]]
    if isinstance(inner, type) and issubclass(inner, Part):
        return reduced(inner, value, keep)
    return value


def _inner(kind: Any, value: Any) -> Any:
    """Return what a list holds, or which of several kinds a value is."""
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if origin is tuple:
        return args[0]
    if origin in (typing.Union, types.UnionType):
        fits = [arg for arg in args if _fits(arg, value)]
        return fits[0] if fits else None
    return kind


def _fits(kind: Any, value: Any) -> bool:
    if isinstance(value, Mapping):
        return isinstance(kind, type) and issubclass(kind, Part)
    return kind is type(value)


def _literals(kind: Any) -> Iterator[str]:
    if typing.get_origin(kind) is Literal:
        yield from (str(value) for value in typing.get_args(kind))
    elif typing.get_origin(kind) in (typing.Union, types.UnionType):
        for arg in typing.get_args(kind):
            yield from _literals(arg)
