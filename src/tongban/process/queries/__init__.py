"""What is shown of processes: definitions and drafts, instances, work items."""

from tongban.process.queries.definitions import (
    ProcessLine,
    Published,
    by_number,
    draft,
    draft_of,
    latest,
    processes,
    published,
    remarks,
    seen,
    step_names,
    versions,
)
from tongban.process.queries.experience import experience
from tongban.process.queries.items import HistoryLine, history, items
from tongban.process.queries.operations import (
    Unmoved,
    all_values,
    situation,
    situation_at,
    unmoved,
)
from tongban.process.queries.watched import (
    Asked,
    failed_tasks,
    instances,
    next_timers,
    overdue_items,
    stopped_timers,
)

__all__ = [
    "Asked",
    "HistoryLine",
    "ProcessLine",
    "Published",
    "Unmoved",
    "all_values",
    "by_number",
    "draft",
    "draft_of",
    "experience",
    "failed_tasks",
    "history",
    "instances",
    "items",
    "latest",
    "next_timers",
    "overdue_items",
    "processes",
    "published",
    "remarks",
    "seen",
    "situation",
    "situation_at",
    "step_names",
    "stopped_timers",
    "unmoved",
    "versions",
]
