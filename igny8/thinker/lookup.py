"""Which prompt an AI function is run with: site → workspace → account → shipped."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

from igny8.ai.prompts import Prompt, parse_prompt
from igny8.config.load import Config
from igny8.core.errors import InvalidInput
from igny8.db import Session
from igny8.thinker import store
from igny8.thinker.types import Layer, PromptInUse, PromptVersion

Read = Callable[[], AbstractContextManager[Session]]


def prompt_override(config: Config, read: Read, function: str, site: str | None) -> Prompt | None:
    """The prompt that stands in for the shipped one, or None. Raises InvalidInput."""
    found = find(config, read, function, site)
    return parsed(found) if found else None


def find(config: Config, read: Read, function: str, site: str | None) -> PromptInUse | None:
    """The text that stands in for the shipped one, unparsed, or None."""
    for layer, path in _files(config, function, site):
        if path.is_file():
            return in_use(function, layer, str(path), _text(path))
    with read() as session:
        own = store.active_prompt(session, function)
    return of_account(own) if own else None


def of_account(own: PromptVersion) -> PromptInUse:
    """An account's own text as a prompt that could be in use."""
    source = f"account override {own.version}"
    return in_use(own.function, Layer.ACCOUNT, source, own.text, version=f"account.{own.version}")


def in_use(
    function: str, layer: Layer, source: str, text: str, *, version: str = ""
) -> PromptInUse:
    """Describe a text. The version is the one in its front matter unless it is given."""
    # The same hash that `parse_prompt` makes and that is stored with every product.
    digest = hashlib.sha256(text.replace("\r\n", "\n").encode()).hexdigest()
    found = PromptInUse(function, layer, version, digest, source, text)
    return found if version else replace(found, version=_version(found))


def parsed(found: PromptInUse) -> Prompt:
    """Parse a text. An account's version is its own counter, not what its front matter says."""
    prompt = parse_prompt(found.function, found.text, source=found.source)
    return replace(prompt, version=found.version) if found.layer is Layer.ACCOUNT else prompt


def _files(config: Config, function: str, site: str | None) -> list[tuple[Layer, Path]]:
    name = f"{function}.md"
    places = [(Layer.WORKSPACE, config.root / "prompts" / name)]
    if site is not None:
        places.insert(0, (Layer.SITE, config.site_folder(site) / "prompts" / name))
    return places


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise InvalidInput("a prompt file is UTF-8 text", file=str(path)) from error


def _version(found: PromptInUse) -> str:
    try:
        return parse_prompt(found.function, found.text, source=found.source).version
    except InvalidInput:
        return "unfit"  # listing prompts must not fail at one that a run would refuse
