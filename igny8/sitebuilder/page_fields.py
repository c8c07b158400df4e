"""The fields of one page as YAML for a person to edit, and single fields set by name. Pure.

Path and children are no fields: moving a page is `editing`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from igny8.core.errors import InvalidInput, nearest
from igny8.safety import yaml
from igny8.safety.yaml import Place
from igny8.sitebuilder.blueprint import PageSpec, page_data, read_page

FIELDS = ("title", "template", "content", "collect", "description", "noindex", "blocks")
_TEXTS = frozenset({"title", "template", "content", "collect", "description"})
_YAML = ("[", "{", "'", '"')


def as_text(page: PageSpec) -> str:
    """Return the page's fields as YAML, below a comment that says which there are."""
    head = f"# {page.path}: {', '.join(FIELDS)}\n"
    data = _fields(page)
    return head + (yaml.dump(data) if data else "")


def from_text(page: PageSpec, text: str, *, file: str, templates: Sequence[str]) -> PageSpec:
    """Return the page with the fields that `text` says. Raises InvalidInput with file and line."""
    data, place = yaml.load_marked(text, file=file)
    if data is None:
        data = {}
    if not isinstance(data, dict):
        raise place.error("a page is a mapping of fields", hint=f"such as {', '.join(FIELDS)}")
    return _read(page, data, place, templates)


def with_fields(page: PageSpec, given: Mapping[str, str], *, templates: Sequence[str]) -> PageSpec:
    """Return the page with single fields set by name. A name's dots lead into blocks.

    A value is text, or YAML where it is `true`, `false`, a number, or begins as a list, a mapping
    or a quotation does. An empty value takes the field away. Raises InvalidInput.
    """
    data = _fields(page)
    for name, said in given.items():
        _put(data, name.split("."), _value(name, said), name)
    return _read(page, data, Place(), templates)


def _value(name: str, said: str) -> object:
    if name in _TEXTS and said:
        return said
    try:
        value = yaml.load(said)
    except InvalidInput as error:
        if said[:1] in _YAML:
            raise InvalidInput(f"`{name}`: {error.message}", hint=error.hint) from error
        return said
    return said if said[:1] not in _YAML and isinstance(value, (list, dict)) else value


def _fields(page: PageSpec) -> dict[str, Any]:
    data = page_data(page)
    return {name: data[name] for name in FIELDS if name in data}


def _read(page: PageSpec, data: dict[Any, Any], place: Place, templates: Sequence[str]) -> PageSpec:
    for name in data:
        if name in ("slug", "children"):
            raise place.at(name).error(
                f"`{name}` is not changed here",
                hint="move pages with `igny8 sitebuilder page-move`",
            )
        if name not in FIELDS:
            near = nearest(str(name), FIELDS)
            hint = f"did you mean `{near}`?" if near else f"one of: {', '.join(FIELDS)}"
            raise place.at(name).error(f"a page has no field `{name}`", hint=hint)
    return read_page({"slug": page.path.strip("/"), **data}, place, templates)


def _put(data: Any, steps: list[str], value: object, name: str) -> None:
    """Set what `steps` lead to; None takes it away. A list's end is one past its last number."""
    step, *rest = steps
    if isinstance(data, list):
        if not step.isdecimal() or int(step) > len(data):
            raise InvalidInput(f"`{name}`: `{step}` is no number from 0 to {len(data)}")
        place = int(step)
        if place == len(data):
            data.append({} if rest else value)
        if rest:
            _put(data[place], rest, value, name)
        elif value is None:
            del data[place]
        else:
            data[place] = value
    elif isinstance(data, dict):
        if rest:
            _put(data.setdefault(step, [] if rest[0].isdecimal() else {}), rest, value, name)
        elif value is None:
            data.pop(step, None)
        else:
            data[step] = value
    else:
        raise InvalidInput(f"`{name}`: there is nothing below `{step}`")
