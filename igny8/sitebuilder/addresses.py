"""Addresses that one tree has and the next has not, and where they should lead then. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from igny8.sitebuilder import redirects
from igny8.sitebuilder.blueprint import Blueprint
from igny8.sitebuilder.editing import above
from igny8.sitebuilder.types import Redirect


def given_up(old: Blueprint, new: Blueprint, live: Collection[str]) -> list[Redirect]:
    """Return a rule for each of `live` that `old` has and `new` neither has nor redirects.

    It leads to the page that shows or lists the same now, else to the nearest page above.
    """
    pages = {page.path for page in new.walk()}
    ruled = {rule.from_path for rule in new.redirects}
    shows = {page.content: page.path for page in new.walk() if page.content}
    lists = {page.collect: page.path for page in new.walk() if page.collect}
    found: list[Redirect] = []
    for page in old.walk():
        same = shows.get(page.content or "") or lists.get(page.collect or "")
        if page.path in live and page.path not in pages:
            found.append(Redirect(page.path, same or above(new, page.path)))
        there = lists.get(page.collect or "")
        if page.collect and there != page.path:
            found.append(Redirect(f"{page.path}*", f"{there}*" if there else above(new, page.path)))
    return [rule for rule in found if rule.from_path not in ruled]


def kept(old: Blueprint, new: Blueprint, live: Collection[str]) -> Blueprint:
    """Return the new tree with the redirects of the old one and those for what it gives up."""
    pages = {page.path for page in new.walk()}
    rules = redirects.merged([*old.redirects, *new.redirects], given_up(old, new, live), pages)
    return replace(new, redirects=rules)
