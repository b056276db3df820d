"""What is shown of instances: work items, and where an instance stands."""

from tongban.process.queries.items import HistoryLine, history, items

__all__ = ["HistoryLine", "history", "items"]
