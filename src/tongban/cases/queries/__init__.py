"""Questions about cases. Nothing here changes anything."""

from tongban.cases.queries.case import (
    answers,
    case,
    load,
    must_see,
    opinions,
    private,
    query_code,
    shown,
)
from tongban.cases.queries.draft import draft, kept_draft, new_draft
from tongban.cases.queries.lists import (
    CaseLine,
    DraftLine,
    DueDateChange,
    WorklistLine,
    drafts,
    due_date_changes,
    own,
    worklist,
    worklist_counts,
)
from tongban.cases.queries.timeline import (
    ClockLine,
    Stop,
    When,
    clocks,
    last_change,
    timeline,
    trace,
)

__all__ = [
    "CaseLine",
    "ClockLine",
    "DraftLine",
    "DueDateChange",
    "Stop",
    "When",
    "WorklistLine",
    "answers",
    "case",
    "clocks",
    "draft",
    "drafts",
    "due_date_changes",
    "kept_draft",
    "last_change",
    "load",
    "must_see",
    "new_draft",
    "opinions",
    "own",
    "private",
    "query_code",
    "shown",
    "timeline",
    "trace",
    "worklist",
    "worklist_counts",
]
