"""Use cases of prompts, author profiles and strategies.

AI functions stand in slices above this one, so that services take them as a mapping.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from igny8 import accounts
from igny8.accounts import Need
from igny8.ai.function import AIFunction
from igny8.ai.prompts import check_prompt
from igny8.context import Context
from igny8.core.errors import Conflict, InvalidInput, NotFound
from igny8.db import Session
from igny8.jobs import record
from igny8.text.slugs import slugify
from igny8.thinker import lookup, store, wording
from igny8.thinker.types import (
    ENTITY_TYPES,
    MAX_SAMPLES,
    Author,
    Layer,
    PromptInUse,
    PromptVersion,
    Strategy,
)

Functions = Mapping[str, AIFunction[Any, Any]]


def prompts(ctx: Context, functions: Functions, site: str | None = None) -> list[PromptInUse]:
    """The prompt in use for every function, for a site when it is named."""
    _may_read(ctx, site)
    return [_in_use(ctx, functions[name], site) for name in sorted(functions)]


def prompt(
    ctx: Context,
    functions: Functions,
    name: str,
    *,
    site: str | None = None,
    version: int | None = None,
) -> PromptInUse:
    """The prompt in use for one function, or a version the account once had. Raises NotFound."""
    _may_read(ctx, site)
    function = _function(functions, name)
    if version is None:
        return _in_use(ctx, function, site)
    for own in prompt_versions(ctx, functions, name):
        if own.version == version:
            return lookup.of_account(own)
    raise NotFound(
        f"{name} has no version {version} here",
        hint=f"see `igny8 thinker prompt-show {name} --versions`",
    )


def prompt_versions(ctx: Context, functions: Functions, name: str) -> list[PromptVersion]:
    """All texts that the account ever had for a function, newest first."""
    accounts.require(ctx.actor, Need.READ)
    _function(functions, name)
    with ctx.read() as session:
        return store.prompt_versions(session, name)


def compare_prompt(functions: Functions, used: PromptInUse) -> list[str]:
    """What a prompt has other than the shipped one, as the lines of a unified diff."""
    shipped = _shipped(_function(functions, used.function))
    return list(
        difflib.unified_diff(
            shipped.text.splitlines(), used.text.splitlines(), "shipped", used.source, lineterm=""
        )
    )


def edit_prompt(ctx: Context, functions: Functions, name: str, text: str) -> PromptInUse:
    """Make `text` the account's prompt for a function, as its next version.

    The text must parse and use only the function's variables. The same text again adds nothing.
    Raises InvalidInput with the line.
    """
    accounts.require(ctx.actor, Need.MANAGE)
    function = _function(functions, name)
    # A site may come with its own file; this one is for all sites of the account.
    check_prompt(
        lookup.parsed(lookup.in_use(name, Layer.WORKSPACE, "new text", text)), function.input
    )
    with ctx.write() as session:
        active = store.active_prompt(session, name)
        if active is not None and active.text == text:
            return lookup.of_account(active)
        made = store.add_prompt(session, name, text, ctx.actor.email, ctx.clock.now())
        _record(ctx, session, "thinker.prompt-edited", name, version=made.version)
    return lookup.of_account(made)


def reset_prompt(ctx: Context, functions: Functions, name: str) -> bool:
    """Give up the account's prompt for a function. Return whether there was one."""
    accounts.require(ctx.actor, Need.MANAGE)
    _function(functions, name)
    with ctx.write() as session:
        active = store.active_prompt(session, name)
        if active is None:
            return False
        store.deactivate_prompts(session, name)
        _record(ctx, session, "thinker.prompt-reset", name, version=active.version)
    return True


def authors(ctx: Context) -> list[Author]:
    """The account's author profiles."""
    accounts.require(ctx.actor, Need.READ)
    with ctx.read() as session:
        return store.authors(session)


def author(ctx: Context, slug: str) -> Author:
    """One author profile. Raises NotFound with the nearest slug."""
    return _named(authors(ctx), slug)


def add_author(ctx: Context, new: Author) -> Author:
    """Add a profile. Raises Conflict if the slug is taken, InvalidInput."""
    accounts.require(ctx.actor, Need.MANAGE)
    _check_author(new)
    with ctx.write() as session:
        if any(known.slug == new.slug for known in store.authors(session)):
            raise Conflict(
                f"author `{new.slug}` exists already",
                hint=f"change it with `igny8 thinker author-edit {new.slug}`",
            )
        store.add_author(session, new, ctx.clock.now())
        _record(ctx, session, "thinker.author-added", new.slug)
    return new


def edit_author(ctx: Context, slug: str, changes: Mapping[str, Any]) -> tuple[Author, bool]:
    """Change fields of a profile. Return it, and whether anything was other than before."""
    accounts.require(ctx.actor, Need.MANAGE)
    with ctx.write() as session:
        known = _named(store.authors(session), slug)
        changed = replace(known, **changes)
        if changed == known:
            return known, False
        _check_author(changed)
        store.set_author(session, changed)
        _record(ctx, session, "thinker.author-edited", slug, fields=sorted(changes))
    return changed, True


def strategies(ctx: Context) -> list[Strategy]:
    """The strategies of the account and of the sites the actor may see."""
    visible = accounts.sites(ctx)
    sectors = {
        sector.id: sector.slug for site in visible for sector in accounts.sectors(ctx, site.slug)
    }
    with ctx.read() as session:
        return store.strategies(session, {site.id: site.slug for site in visible}, sectors)


def add_strategy(ctx: Context, new: Strategy) -> Strategy:
    """Add a strategy: a site's by whoever may write there, one for all sites by who manages.

    Raises Conflict if the slug is taken, NotFound for an unknown site or sector, InvalidInput.
    """
    site_id = accounts.site(ctx, new.site, Need.WRITE).id if new.site else None
    if site_id is None:
        accounts.require(ctx.actor, Need.MANAGE)
    sector_id = _sector_id(ctx, new)
    _check_strategy(new)
    if new.author is not None:
        author(ctx, new.author)
    with ctx.write() as session:
        if new.slug in store.strategy_slugs(session):
            raise Conflict(f"strategy `{new.slug}` exists already", hint="choose another slug")
        store.add_strategy(session, new, site_id, sector_id, ctx.clock.now())
        _record(ctx, session, "thinker.strategy-added", new.slug, site_id=site_id)
    return new


def voice(
    ctx: Context, site_id: str, entity_type: str, sector_id: str | None = None
) -> dict[str, str]:
    """Who writes a piece and how, in words for a prompt: `author`, `style`, `strategy`.

    Empty where nothing is laid down. The author is the strategy's, else the only one there is:
    among several nobody is signed for unasked.
    """
    with ctx.read() as session:
        strategy = store.strategy_for(session, site_id, entity_type, sector_id)
        known = store.authors(session)
    wanted = strategy.author if strategy else None
    writers = [a for a in known if a.slug == wanted] if wanted else known
    writer = writers[0] if len(writers) == 1 else None
    return {
        "author": writer.name if writer else "",
        "style": wording.style(writer) if writer else "",
        "strategy": wording.strategy(strategy) if strategy else "",
    }


def _in_use(ctx: Context, function: AIFunction[Any, Any], site: str | None) -> PromptInUse:
    return lookup.find(ctx.config, ctx.read, function.name, site) or _shipped(function)


def _shipped(function: AIFunction[Any, Any]) -> PromptInUse:
    text = function.prompt.read_text(encoding="utf-8")
    return lookup.in_use(function.name, Layer.SHIPPED, "shipped", text)


def _function(functions: Functions, name: str) -> AIFunction[Any, Any]:
    if name not in functions:
        raise NotFound.named("AI function", name, functions, list_with="igny8 thinker prompts")
    return functions[name]


def _may_read(ctx: Context, site: str | None) -> None:
    if site is None:
        accounts.require(ctx.actor, Need.READ)
    else:
        accounts.site(ctx, site, Need.READ)


def _named(known: list[Author], slug: str) -> Author:
    for candidate in known:
        if candidate.slug == slug:
            return candidate
    raise NotFound.named("author", slug, [a.slug for a in known], list_with="igny8 thinker authors")


def _sector_id(ctx: Context, new: Strategy) -> str | None:
    if new.sector is None:
        return None
    if new.site is None:
        raise InvalidInput("a sector belongs to a site", hint="name the site with --site")
    known = accounts.sectors(ctx, new.site)
    for sector in known:
        if sector.slug == new.sector:
            return sector.id
    raise NotFound.named(
        "sector", new.sector, [s.slug for s in known], list_with="igny8 site sector list SITE"
    )


def _check_author(new: Author) -> None:
    _check_slug(new.slug)
    if not new.name.strip():
        raise InvalidInput("an author needs a name", hint="give one with --name")
    for link in new.links:
        if not link.startswith(("https://", "http://")):
            raise InvalidInput(f"`{link}` is no address", hint="write https://…")
    if len(new.samples) > MAX_SAMPLES:
        raise InvalidInput(
            f"{len(new.samples)} sample texts are too many", hint=f"at most {MAX_SAMPLES}"
        )
    if new.sentence_words is not None and not 5 <= new.sentence_words <= 40:
        raise InvalidInput(
            f"{new.sentence_words} words is no length of a sentence", hint="from 5 to 40"
        )


def _check_strategy(new: Strategy) -> None:
    _check_slug(new.slug)
    if new.entity_type not in ENTITY_TYPES:
        raise InvalidInput(
            f"`{new.entity_type}` is no entity type", hint=f"one of {', '.join(ENTITY_TYPES)}"
        )
    if new.words is not None and not 50 <= new.words <= 20_000:
        raise InvalidInput(f"{new.words} words is no length", hint="from 50 to 20,000")


def _check_slug(slug: str) -> None:
    if slugify(slug, "") != slug or not slug:
        raise InvalidInput(
            f"`{slug}` can't be a slug", hint="use lower-case letters, digits and single hyphens"
        )


def _record(
    ctx: Context,
    session: Session,
    event: str,
    subject: str,
    *,
    site_id: str | None = None,
    **payload: Any,
) -> None:
    record(
        session,
        event,
        subject=subject,
        actor=ctx.actor.email,
        run_id=ctx.run_id,
        at=ctx.clock.now(),
        site_id=site_id,
        **payload,
    )
