"""The door for secrets: references in, values out once, and a redactor for all that is written."""

from __future__ import annotations

import html
import importlib
import json
import os
import re
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast
from urllib.parse import quote, quote_plus

from igny8.core.errors import ConfigError

MASK = "***"
_MAX_BYTES = 65_536
_SHORTEST = 4
_ENVIRONMENT_NAME = re.compile(r"[A-Z_][A-Z0-9_]*")
_KINDS = frozenset({"env", "file", "keyring"})
_FORMS = "write `env:NAME`, `file:PATH` or `keyring:NAME`, never the secret itself"


class Secret:
    """A secret's value, which shows only when asked for by `reveal()`."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the value, to hand it to the one call that needs it."""
        return self._value

    def __repr__(self) -> str:
        return MASK

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._value == other._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a secret is not written anywhere")


@dataclass(frozen=True, slots=True)
class SecretRef:
    """Where a secret is kept: `env` and a name, `file` and a path, or `keyring` and a name."""

    kind: Literal["env", "file", "keyring"]
    name: str

    @classmethod
    def parse(cls, text: str) -> SecretRef:
        """Read `env:NAME`, `file:PATH` or `keyring:NAME`.

        Raises ConfigError for anything else; what was written may be a secret, so it is not shown.
        """
        kind, _, name = text.strip().partition(":")
        if kind not in _KINDS or not name:
            raise ConfigError("this is not a reference to a secret", hint=_FORMS)
        if kind == "env" and not _ENVIRONMENT_NAME.fullmatch(name):
            raise ConfigError(
                "`env:` needs the name of an environment variable in capitals",
                hint="write for example `env:OPENAI_API_KEY`",
            )
        return cls(cast(Literal["env", "file", "keyring"], kind), name)

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"

    def resolve(self, environ: Mapping[str, str], root: Path) -> Secret:
        """Fetch the value; `file:` paths are relative to `root`. Raises ConfigError."""
        if self.kind == "env":
            value = environ.get(self.name, "")
            if not value:
                raise ConfigError(
                    f"the environment variable {self.name} is not set",
                    hint=f"export {self.name} before running igny8",
                )
        elif self.kind == "file":
            value = _from_file((root / Path(self.name).expanduser()).absolute())
        else:
            value = _from_keyring(self.name)
        return Secret(value)


class Redactor:
    """Replaces known secrets in any text, also as URLs, JSON and HTML write them."""

    def __init__(self, values: Iterable[str | Secret]) -> None:
        """Take the secrets; those under four characters would blot out ordinary text."""
        plain = (value.reveal() if isinstance(value, Secret) else value for value in values)
        forms = {form for value in plain if len(value) >= _SHORTEST for form in _spellings(value)}
        # The longest first, or a secret that contains another would show its rest.
        ordered = sorted(forms, key=lambda form: (-len(form), form))
        self._pattern = re.compile("|".join(map(re.escape, ordered))) if ordered else None

    def redact(self, text: str) -> str:
        """Return `text` with every known secret as `***`."""
        return self._pattern.sub(MASK, text) if self._pattern else text


def _spellings(value: str) -> set[str]:
    return {
        value,
        quote(value, safe=""),
        quote(value),
        quote_plus(value),
        json.dumps(value)[1:-1],
        json.dumps(value, ensure_ascii=False)[1:-1],
        repr(value)[1:-1],
        html.escape(value),
    }


def _from_file(path: Path) -> str:
    try:
        with path.open("rb") as file:
            facts = os.fstat(file.fileno())
            if stat.S_IMODE(facts.st_mode) & 0o077:
                raise ConfigError(
                    f"others can read the secret file {path}", hint=f"chmod 600 {path}"
                )
            data = file.read(_MAX_BYTES + 1)
        text = data.decode().strip() if len(data) <= _MAX_BYTES else ""
    except OSError as error:
        raise ConfigError(
            f"the secret file {path} cannot be read: {error.strerror}",
            hint="make it with the secret on one line, and `chmod 600` it",
        ) from error
    except UnicodeDecodeError:
        text = ""
    if not text or "\n" in text:
        raise ConfigError(
            f"the secret file {path} does not hold one line of text",
            hint="put the secret on one line, with nothing else",
        )
    return text


def _from_keyring(name: str) -> str:
    try:
        keyring = importlib.import_module("keyring")
    except ImportError as error:
        raise ConfigError(
            f"`keyring:{name}` needs the package `keyring`, which is not installed",
            hint="install it, or use `env:NAME` or `file:PATH`",
        ) from error
    try:
        value = keyring.get_password("igny8", name)
    except Exception as error:  # each keyring backend raises its own
        raise ConfigError(
            f"the keyring does not open for `{name}`: {type(error).__name__}",
            hint="unlock it, or use `env:NAME` or `file:PATH`",
        ) from error
    if not value:
        raise ConfigError(
            f"the keyring holds nothing under igny8 / {name}",
            hint=f"run `keyring set igny8 {name}`",
        )
    return str(value)
