"""The text of `blueprint.yaml`: reading it, and writing it anew with a person's comments. Pure.

A comment belongs to the value that it stands above or beside, and goes where that value goes: with
a page that moves, away with one that is removed. Blank lines and quotes are not kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from igny8.safety import yaml
from igny8.safety.yaml import Comments, Steps
from igny8.sitebuilder.blueprint import Blueprint, PageSpec, dump

Name = tuple[str, ...]
_T = TypeVar("_T")


def rewritten(text: str, old: Blueprint, new: Blueprint, paths: Mapping[str, str]) -> str:
    """Return `new` as text with the comments of `text`, which says `old`.

    `paths` maps the old path of a page to its new one, where they differ.
    """
    places = {name: steps for steps, name in _names(new)}
    way: dict[Steps, Steps | None] = {(): ()}
    for steps, (kind, *rest) in _names(old):
        way[steps] = places.get((kind, *(paths.get(part, part) for part in rest)))
    said = yaml.comments(text)
    return yaml.with_comments(
        dump(new),
        replace(said, above=_sent(said.above, way), beside=_sent(said.beside, way)),
    )


def with_hints(blueprint: Blueprint, hints: Mapping[str, str]) -> str:
    """Return a blueprint as text, with a comment above each page that `hints` names by path."""
    above = {
        steps: tuple(f"# {line}" for line in hints[name[1]].splitlines())
        for steps, name in _names(blueprint)
        if name[0] == "page" and hints.get(name[1])
    }
    return yaml.with_comments(dump(blueprint), Comments(above=above))


def _sent(said: Mapping[Steps, _T], way: Mapping[Steps, Steps | None]) -> dict[Steps, _T]:
    """Give comments the places that their values have now; what is gone has none."""
    found: dict[Steps, _T] = {}
    for steps, comment in said.items():
        known = max((steps[:end] for end in range(len(steps) + 1) if steps[:end] in way), key=len)
        now = way[known]
        if now is not None:
            found[(*now, *steps[len(known) :])] = comment
    return found


def _names(blueprint: Blueprint) -> Iterable[tuple[Steps, Name]]:
    """Yield the steps to each page, redirect and menu entry with what it is known by."""
    for number, page in enumerate(blueprint.pages):
        yield from _page_names(page, ("pages", number))
    for name, entries in blueprint.menus.items():
        for number, path in enumerate(entries):
            yield ("menus", name, number), ("menu", name, path)
    for number, rule in enumerate(blueprint.redirects):
        yield ("redirects", number), ("redirect", rule.from_path)


def _page_names(page: PageSpec, steps: Steps) -> Iterable[tuple[Steps, Name]]:
    yield steps, ("page", page.path)
    for number, child in enumerate(page.children):
        yield from _page_names(child, (*steps, "children", number))
