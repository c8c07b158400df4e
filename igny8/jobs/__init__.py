"""The outbox (what happened, in the transaction in which it happened) and the log of runs."""

from igny8.jobs.outbox import Event, events, record
from igny8.jobs.runs import RunRecord, append_run, read_runs

__all__ = ["Event", "RunRecord", "append_run", "events", "read_runs", "record"]
