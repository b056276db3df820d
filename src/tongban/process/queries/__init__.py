"""What is shown of instances: work items, and where an instance stands."""

from tongban.process.queries.items import HistoryLine, history, items
from tongban.process.queries.standing import (
    Standing,
    item_for,
    open_item,
    standing,
    steps,
    variables,
    waiting_count,
    worklist,
)

__all__ = [
    "HistoryLine",
    "Standing",
    "history",
    "item_for",
    "items",
    "open_item",
    "standing",
    "steps",
    "variables",
    "waiting_count",
    "worklist",
]
