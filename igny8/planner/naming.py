"""What a cluster is known by: its id, pillar and intents, from its keywords. Pure."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Container, Iterable

from igny8.planner.normalise import normalise
from igny8.planner.types import Member


def cluster_id(account: str, site: str, pillar: str, taken: Container[str] = ()) -> str:
    """The id of the cluster around a pillar, not one of `taken`.

    It is the same in every store, so that runs on two of them can be compared.
    """
    number = 0
    while True:
        name = "\0".join((account, site, normalise(pillar), str(number)))
        found = f"cl_{hashlib.sha256(name.encode()).hexdigest()[:26]}"
        if found not in taken:
            return found
        number += 1


def intents_of(members: Iterable[Member]) -> list[str]:
    """The intents of a cluster's keywords, the most frequent first."""
    counted = Counter(intent for member in members for intent in member.intents)
    return sorted(counted, key=lambda intent: (-counted[intent], intent))


def pillar_of(members: Iterable[Member]) -> str:
    """The member to target first where no engine has chosen one: the most searched."""
    return min(members, key=lambda m: (-(m.volume or 0), len(m.keyword), m.keyword)).keyword
