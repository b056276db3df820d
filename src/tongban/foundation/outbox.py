"""Delivers recorded events to their subscribers, in order for each module and subject.

A delivery and all that its handler writes commit together, so its effects inside the database
happen exactly once. Effects outside it must be idempotent. What failed ATTEMPTS_MAX times is a
dead letter: it waits for an operator, and so does everything later for the same module and subject.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tongban.foundation import events
from tongban.foundation.actor import SYSTEM
from tongban.foundation.db import Db
from tongban.foundation.errors import NotFound
from tongban.foundation.work import Work

ATTEMPTS_MAX = 8


class NoSuchDelivery(NotFound):
    message = "没有编号为 {id} 的失败投递"


@dataclass(frozen=True, slots=True)
class Delivery:
    id: int
    topic: str
    version: int
    body: str
    handler: str
    attempts: int


@dataclass(frozen=True, slots=True)
class DeadLetter:
    id: int
    topic: str
    subject: str
    handler: str
    attempts: int
    last_error: str
    happened_at: datetime


def deliver_next(work: Work) -> bool:
    """Handle one waiting delivery. Return False when nothing is waiting."""
    delivery = _take(work)
    if delivery is None:
        return False
    try:
        with work.savepoint():
            event = events.decode(
                topic=delivery.topic, version=delivery.version, body=delivery.body
            )
            events.handle(work, event=event, handler=delivery.handler)
    except Exception as error:  # One bad handler must not stop the worker.
        _postpone(work, delivery, error)
    else:
        work.run(
            "update foundation.delivery set done_at = %(now)s where id = %(id)s",
            now=work.now,
            id=delivery.id,
        )
    return True


def dead_letters(work: Work, *, limit: int = 100) -> list[DeadLetter]:
    """Return the deliveries that were given up, the oldest first.

    An operator sees them all, whomever they concern: of an event only its kind and its subject.
    """
    work.actor.must("operations.read")
    with work.acting_as(SYSTEM):
        return work.all(
            DeadLetter,
            """
            select d.id, e.topic, d.subject, d.handler, d.attempts,
                   coalesce(d.last_error, '') as last_error, e.happened_at
              from foundation.delivery d
              join foundation.event e on e.id = d.event_id
             where d.done_at is null and d.attempts >= %(attempts_max)s
             order by d.id
             limit %(limit)s
            """,
            attempts_max=ATTEMPTS_MAX,
            limit=limit,
        )


def waiting(db: Db) -> int:
    """Return how many deliveries are still to be made, dead letters included."""
    return int(db.value("select count(*) from foundation.delivery where done_at is null"))


def replay(work: Work, *, delivery: int) -> None:
    """Try a dead letter again from the beginning, after its cause has been removed.

    :raises NoSuchDelivery: if there is no such dead letter.
    """
    work.actor.must("operations.replay")
    found = work.run(
        """
        update foundation.delivery set attempts = 0, due_at = %(now)s
         where id = %(id)s and done_at is null and attempts >= %(attempts_max)s
        """,
        now=work.now,
        id=delivery,
        attempts_max=ATTEMPTS_MAX,
    )
    if not found:
        raise NoSuchDelivery(id=delivery)


def _take(work: Work) -> Delivery | None:
    return work.one(
        Delivery,
        """
        select d.id, e.topic, e.version, e.body::text as body, d.handler, d.attempts
          from foundation.delivery d
          join foundation.event e on e.id = d.event_id
         where d.done_at is null
           and d.due_at <= %(now)s
           and d.attempts < %(attempts_max)s
           and not exists (  -- What happened earlier to the same subject comes first.
               select from foundation.delivery earlier
                where earlier.module = d.module
                  and earlier.subject = d.subject
                  and earlier.id < d.id
                  and earlier.done_at is null)
         order by d.due_at, d.id
         limit 1
           for update of d skip locked
        """,
        now=work.now,
        attempts_max=ATTEMPTS_MAX,
    )


def _postpone(work: Work, delivery: Delivery, error: Exception) -> None:
    work.run(
        """
        update foundation.delivery
           set attempts = attempts + 1, due_at = %(due_at)s, last_error = %(error)s
         where id = %(id)s
        """,
        due_at=work.now + timedelta(seconds=2**delivery.attempts),
        error=f"{type(error).__name__}: {error}",
        id=delivery.id,
    )
