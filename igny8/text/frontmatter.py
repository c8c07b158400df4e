"""Front matter: YAML between two `---` lines before a body. Its readers know what the keys mean."""

from __future__ import annotations

import re
from collections.abc import Mapping

from igny8.core.errors import InvalidInput
from igny8.safety import yaml

_FENCE = re.compile(r"---[ \t]*(?:\r\n|\n|\r|\Z)")
_CLOSING = re.compile(r"^---[ \t]*(?:\r\n|\n|\r|\Z)", re.MULTILINE)


def split(text: str, *, file: str | None = None) -> tuple[dict[str, object], str]:
    """Return the metadata and the body, which keeps every character after the closing line.

    Text without front matter is all body. Raises InvalidInput with file and line when the front
    matter is not closed, no valid YAML (see `safety.yaml.load`) or not a mapping.
    """
    text = text.removeprefix("\ufeff")
    opening = _FENCE.match(text)
    if opening is None:
        return {}, text
    closing = _CLOSING.search(text, opening.end())
    if closing is None:
        raise InvalidInput(
            "the front matter that begins on line 1 has no end",
            file=file,
            line=1,
            hint="close it with a line `---`, or put an empty line before a rule",
        )
    meta = yaml.load(text[opening.end() : closing.start()], file=file, first_line=2)
    if meta is None:
        meta = {}
    if not isinstance(meta, dict):
        raise InvalidInput(
            "the front matter is not a list of `key: value` lines", file=file, line=2
        )
    return meta, text[closing.end() :]


def join(meta: Mapping[str, object], body: str) -> str:
    """Write metadata and body so that `split` returns both unchanged.

    Without metadata this is the body alone, unless that would read as front matter.
    """
    if meta:
        return f"---\n{yaml.dump(meta)}---\n{body}"
    return f"---\n---\n{body}" if body.startswith("\ufeff") or _FENCE.match(body) else body
