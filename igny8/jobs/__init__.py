"""The outbox (what happened, in the transaction in which it happened) and the log of runs."""

from typing import TYPE_CHECKING

from igny8.core.lazy import lazy_face

if TYPE_CHECKING:
    from igny8.jobs.outbox import Event, events, record
    from igny8.jobs.runs import RunRecord, append_run, read_runs
else:
    __getattr__ = lazy_face(__name__, __file__)

__all__ = ["Event", "RunRecord", "append_run", "events", "read_runs", "record"]
