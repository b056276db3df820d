"""Work items and history as they are shown."""

from dataclasses import dataclass
from datetime import datetime

from tongban.foundation.db import Db
from tongban.process.model.instance import ItemKey, Key


@dataclass(frozen=True, slots=True)
class _Item:
    id: int
    node: str


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One act on an instance, the node it was done at and the nodes passed after it."""

    act: str
    node: str
    path: tuple[str, ...]
    actor: str
    actor_name: str
    since: datetime | None
    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class _Line:
    act: str
    node: str
    path: str
    actor: str
    actor_name: str
    since: datetime | None
    at: datetime
    note: str


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


def history(db: Db, *, instance: Key) -> list[HistoryLine]:
    """Return what was done in an instance, the first act first."""
    rows = db.all(
        _Line,
        """
        select act, node, path, actor, actor_name, since, at, coalesce(note, '') as note
          from process.history
         where region = %(region)s and month = %(month)s and instance = %(id)s
         order by id
        """,
        region=instance.region,
        month=instance.month,
        id=instance.id,
    )
    return [
        HistoryLine(
            row.act, row.node, tuple(row.path.split()), row.actor, row.actor_name, row.since,
            row.at, row.note,
        )
        for row in rows
    ]  # fmt: skip
