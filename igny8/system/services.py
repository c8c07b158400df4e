"""Use cases of module switches."""

from __future__ import annotations

from typing import Any

from igny8.accounts import Need, require
from igny8.config import switches
from igny8.context import Context, record_event
from igny8.core.errors import Conflict, ModuleDisabled, NotFound
from igny8.system import store
from igny8.system.types import NEEDS, Module, needed_by, needs_of


def modules(ctx: Context) -> list[Module]:
    """Every module with its switch, in the order of the line."""
    require(ctx.actor, Need.READ)
    with ctx.read() as session:
        known = store.module_settings(session)
    return [
        Module(name, *_enabled(known, name), needs, needed_by(name), known.get(name, (True, {}))[1])
        for name, needs in NEEDS.items()
    ]


def enabled_modules(ctx: Context) -> frozenset[str]:
    """Names of the modules that are on."""
    return frozenset(module.module for module in modules(ctx) if module.is_enabled)


def require_module(ctx: Context, module: str) -> None:
    """Raise ModuleDisabled if the module is off: asked before its code is imported."""
    if module not in enabled_modules(ctx):
        raise ModuleDisabled(
            f"module `{module}` is switched off for account `{ctx.account.slug}`",
            hint=f"switch it on with `igny8 module enable {module}`",
        )


def switch(ctx: Context, module: str, *, on: bool, together: bool = False) -> list[str]:
    """Switch a module on with all it needs, or off. Return the modules whose switch changed.

    Off is refused while others need it, unless they go `together`. Raises Conflict, NotFound.
    """
    require(ctx.actor, Need.MANAGE)
    if module not in NEEDS:
        raise NotFound.named("module", module, NEEDS, list_with="igny8 module list")
    enabled = enabled_modules(ctx)
    if on:
        names = [*needs_of(module), module]
    else:
        users = [name for name in needed_by(module) if name in enabled]
        if users and not together:
            raise Conflict(
                f"{', '.join(users)} need{'s' if len(users) == 1 else ''} module `{module}`",
                hint=f"switch all off with `igny8 module disable {module} --together`",
            )
        names = [module, *users]
    changed = [name for name in names if (name in enabled) is not on]
    with ctx.write() as session:
        for name in changed:
            store.put_module(session, name, is_enabled=on)
            event = "system.module-enabled" if on else "system.module-disabled"
            record_event(ctx, session, event, subject=name)
    switches.mirror(ctx.config.state, ctx.account.slug, frozenset(NEEDS) - enabled_modules(ctx))
    return changed


def configure(ctx: Context, module: str, key: str, value: str) -> Module:
    """Set one key of a module's own configuration."""
    require(ctx.actor, Need.MANAGE)
    if module not in NEEDS:
        raise NotFound.named("module", module, NEEDS, list_with="igny8 module list")
    with ctx.write() as session:
        config: dict[str, Any] = {**store.module_settings(session).get(module, (True, {}))[1]}
        config[key] = value
        store.put_module(session, module, config=config)
    return next(found for found in modules(ctx) if found.module == module)


def _enabled(known: dict[str, tuple[bool, dict[str, Any]]], name: str) -> tuple[bool]:
    return (known.get(name, (True, {}))[0],)
