"""Work items as they are shown."""

from dataclasses import dataclass

from tongban.foundation.db import Db
from tongban.process.model.instance import ItemKey, Key


@dataclass(frozen=True, slots=True)
class _Item:
    id: int
    node: str


def items(db: Db, *, instance: Key) -> list[tuple[ItemKey, str]]:
    """Return the open work items of an instance with the step of each, the oldest first."""
    rows = db.all(
        _Item,
        """
        select id, node from process.token
         where region = %(region)s and month = %(month)s and instance = %(id)s and state = 'work'
         order by id
        """,
        region=instance.region,
        month=instance.month,
        id=instance.id,
    )
    return [(ItemKey(instance, row.id), row.node) for row in rows]
