"""Redirects as values: which rules make sense, how they stay short, what they stand for. Pure.

A rule that starts at `/old/*` speaks of every page below `/old/`. Hosts without such rules need a
page at each old path, so a build gets rules without stars: see `expanded`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from igny8.sitebuilder.types import Redirect

_OUTSIDE = re.compile(r"https?://[^\s/]+")


def objection(rule: Redirect) -> str:
    """Say why a rule can't work; empty when it can."""
    old, to = rule.from_path, rule.to_path
    if not old.startswith("/") or ".." in old.split("/") or not old.strip("/*"):
        return f"a redirect starts at a path of the site, such as /old/, not at `{old}`"
    if any(each.isspace() for each in old + to):
        return "a redirect has no spaces in it"
    if not to.startswith("/") and not _OUTSIDE.match(to):
        return f"a redirect leads to a path of the site or an http address, not to `{to}`"
    if any("*" in each.removesuffix("/*") for each in (old, to)):
        return "a redirect has its `*` at the end, after a `/`"
    if to.endswith("*") and not (old.endswith("*") and to.startswith("/")):
        return "a redirect that leads to `/…/*` starts at `/…/*` too"
    return "the redirect leads back to itself" if old == to else ""


def moved(rules: Iterable[Redirect], old: str, new: str, pages: Collection[str]) -> list[Redirect]:
    """Lead every rule that leads to `old`, or below it, to `new` instead; pages stay their own."""
    return [
        Redirect(rule.from_path, new + rule.to_path.removeprefix(old))
        if rule.to_path.startswith(old) and rule.to_path not in pages
        else rule
        for rule in rules
    ]


def gathered(
    rules: Iterable[Redirect], path: str, to: str, pages: Collection[str]
) -> list[Redirect]:
    """Lead every rule that leads to `path`, or below it, to `to`; pages stay their own."""
    return [
        Redirect(rule.from_path, to)
        if rule.to_path.startswith(path) and rule.to_path not in pages
        else rule
        for rule in rules
    ]


def merged(
    rules: Iterable[Redirect], more: Iterable[Redirect], pages: Collection[str]
) -> tuple[Redirect, ...]:
    """Add rules, the newest winning, and lead every one straight to its end.

    One that starts where there is a page, or that comes back to its start, is left out.
    """
    table = {rule.from_path: rule.to_path for rule in (*rules, *more)}
    table = {old: to for old, to in table.items() if old != to and not _is_over(old, to, pages)}
    ends = {old: _end(old, table, pages) for old in table}
    return tuple(Redirect(old, to) for old, to in ends.items() if to is not None)


def expanded(
    rules: Sequence[Redirect], pages: Collection[str], placeless: Iterable[str]
) -> tuple[Redirect, ...]:
    """Write out the rules with stars, as one for each page that they speak of.

    `/old/*` → `/new/*` stands for what is below `/new/` now; `/old/*` → `/page/` for the items that
    have no page (`placeless`, by slug). What has a page or a rule of its own keeps it.
    """
    table = {r.from_path: r.to_path for r in rules if not r.from_path.endswith("*")}
    items = sorted(placeless)
    for rule in rules:
        if not rule.from_path.endswith("*"):
            continue
        old, to = rule.from_path[:-1], rule.to_path
        if to.endswith("*"):
            below = [p for p in (*pages, *table) if p.startswith(to[:-1]) and p != to[:-1]]
            found = {old + path.removeprefix(to[:-1]): path for path in below}
        else:
            found = {f"{old}{slug}/": to for slug in items}
        for path, target in found.items():
            if path not in table and path != target and not _is_page(path, pages):
                table[path] = target
    return tuple(Redirect(old, to) for old, to in table.items())


def aliases(path: str, said: object) -> list[str]:
    """Return the former paths that a page's front matter names: a path, or a slug beside it."""
    names = said if isinstance(said, list) else [said]
    above = path.rstrip("/").rpartition("/")[0] + "/"
    found = []
    for name in names:
        if isinstance(name, str) and name.strip("/ "):
            old = name.strip() if name.startswith("/") else above + name.strip()
            found.append(old if "." in old.rpartition("/")[2] else old.rstrip("/") + "/")
    return found


def _is_over(old: str, to: str, pages: Collection[str]) -> bool:
    """Whether a rule has nothing to say any more: there is a page, or a section, again."""
    if old.endswith("*"):
        return not to.endswith("*") and old[:-1] in pages
    return _is_page(old, pages)


def _is_page(path: str, pages: Collection[str]) -> bool:
    return path in pages or path.rstrip("/") + "/" in pages


def _end(old: str, table: Mapping[str, str], pages: Collection[str]) -> str | None:
    """Follow the chain; None when it comes back to where it was."""
    seen, to = {old}, table[old]
    while to not in pages:
        if to in seen:
            return None
        seen.add(to)
        after = _step(to, table)
        if after is None:
            break
        to = after
    return None if to == old else to


def _step(path: str, table: Mapping[str, str]) -> str | None:
    """Where a path leads: by its own rule, else by the nearest one with a star above it."""
    if path in table:
        return table[path]
    stars = [old for old in table if old.endswith("*") and path.startswith(old[:-1])]
    stars = [old for old in stars if path != old[:-1]]
    if not stars:
        return None
    nearest = max(stars, key=len)
    return table[nearest].replace("*", path.removeprefix(nearest[:-1]))
