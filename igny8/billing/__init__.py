"""Credits: the ledger, what work costs, and the metered AI runner."""

from typing import TYPE_CHECKING

from igny8.core.lazy import lazy_face

if TYPE_CHECKING:
    from igny8.billing.costs import DEFAULTS, Cost, price, table
    from igny8.billing.metering import MeteredRunner
    from igny8.billing.services import (
        balance,
        grant,
        grants,
        history,
        prove,
        release_dead,
        replenish,
        spent_by_function,
        usage,
    )
    from igny8.billing.types import Balance, Entry, EntryKind, Grant, Proof, Usage
else:
    __getattr__ = lazy_face(__name__, __file__)

__all__ = [
    "DEFAULTS",
    "Balance",
    "Cost",
    "Entry",
    "EntryKind",
    "Grant",
    "MeteredRunner",
    "Proof",
    "Usage",
    "balance",
    "grant",
    "grants",
    "history",
    "price",
    "prove",
    "release_dead",
    "replenish",
    "spent_by_function",
    "table",
    "usage",
]
