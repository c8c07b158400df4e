"""What work costs, in whole credits. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from igny8.core.errors import ConfigError, nearest


@dataclass(frozen=True, slots=True)
class Cost:
    """`credits` for each started `per` units."""

    credits: int
    per: int
    unit: str


DEFAULTS: Mapping[str, Cost] = {
    "clustering": Cost(10, 50, "keywords"),
    "ideas": Cost(15, 1, "cluster"),
    "content": Cost(1, 100, "words"),
    "image_prompts": Cost(2, 1, "item"),
    "image": Cost(5, 1, "image"),
    "linking": Cost(8, 1, "item"),
    "optimization": Cost(1, 200, "words"),
    "site_structure": Cost(50, 1, "site"),
    "site_page": Cost(20, 1, "page"),
}


def table(overrides: Mapping[str, int]) -> dict[str, Cost]:
    """The default costs with a workspace's own. Raises ConfigError for an unknown key."""
    costs = dict(DEFAULTS)
    for key, credits_ in overrides.items():
        if key not in costs:
            near = nearest(key, costs)
            raise ConfigError(
                f"there is no cost `{key}`",
                hint=f"did you mean `{near}`?" if near else "see `igny8 credits costs`",
            )
        costs[key] = Cost(credits_, costs[key].per, costs[key].unit)
    return costs


def price(cost: Cost, units: int, rate: int = 1) -> int:
    """Credits for `units`, at a provider's rate: every started step counts."""
    return -(-max(units, 0) // cost.per) * cost.credits * rate
