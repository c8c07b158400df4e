"""Analysis and rewrites: how good a page is, why, and a better version beside the original."""

from igny8.optimizer.scoring import analyze as analyze_page
from igny8.optimizer.services import (
    Analyzed,
    EntryPoint,
    accept,
    analyze,
    estimate,
    page_input,
    proposal,
    reject,
    run,
    tasks,
)
from igny8.optimizer.store import Task, TaskStatus
from igny8.optimizer.types import Analysis, PageInput

__all__ = [
    "Analysis",
    "Analyzed",
    "EntryPoint",
    "PageInput",
    "Task",
    "TaskStatus",
    "accept",
    "analyze",
    "analyze_page",
    "estimate",
    "page_input",
    "proposal",
    "reject",
    "run",
    "tasks",
]
