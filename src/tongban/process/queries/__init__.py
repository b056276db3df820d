"""What is shown of instances: work items, and where an instance stands."""

from tongban.process.queries.items import items

__all__ = ["items"]
