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
    versions,
)
from tongban.process.queries.items import HistoryLine, history, items

__all__ = [
    "HistoryLine",
    "ProcessLine",
    "Published",
    "by_number",
    "draft",
    "draft_of",
    "history",
    "items",
    "latest",
    "processes",
    "published",
    "remarks",
    "seen",
    "versions",
]
