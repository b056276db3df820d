"""The trace read back: who did what, and when, to one thing."""

from dataclasses import dataclass
from datetime import datetime

from tongban.foundation import events
from tongban.foundation.db import Db


@dataclass(frozen=True, slots=True)
class Entry:
    """One recorded event. ``event`` is None when no installed module knows its topic any more."""

    id: int
    topic: str
    event: events.Event | None
    actor: str
    actor_name: str
    happened_at: datetime
    request: str


@dataclass(frozen=True, slots=True)
class _Row:
    id: int
    topic: str
    version: int
    body: str
    actor: str
    actor_name: str
    happened_at: datetime
    request: str


def trace(db: Db, *, subject: str, limit: int = 1000) -> list[Entry]:
    """Return what happened to a subject, the oldest first, as far as the actor may see it.

    Of more than ``limit`` events the latest are returned.
    """
    rows = db.all(
        _Row,
        """
        select id, topic, version, body::text as body, actor, actor_name, happened_at, request
          from foundation.event
         where subject = %(subject)s
         order by id desc
         limit %(limit)s
        """,
        subject=subject,
        limit=limit,
    )
    return [_entry(row) for row in reversed(rows)]


def _entry(row: _Row) -> Entry:
    try:
        event = events.decode(topic=row.topic, version=row.version, body=row.body)
    except events.UnknownTopic:
        event = None
    return Entry(row.id, row.topic, event, row.actor, row.actor_name, row.happened_at, row.request)
