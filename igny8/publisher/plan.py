"""The difference between a build and what a target holds. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from igny8.publisher.types import Plan


def plan(target: str, built: Mapping[str, str], live: Mapping[str, str]) -> Plan:
    """Compare two manifests (path → SHA-256)."""
    return Plan(
        target=target,
        added=tuple(sorted(built.keys() - live.keys())),
        changed=tuple(sorted(p for p in built.keys() & live.keys() if built[p] != live[p])),
        removed=tuple(sorted(live.keys() - built.keys())),
        unchanged_count=sum(1 for p in built.keys() & live.keys() if built[p] == live[p]),
    )
