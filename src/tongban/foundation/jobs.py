"""Work to be done later: rows with a due time, taken under a lease.

A job is asked for in the transaction of an act, so it exists exactly if the act happened. It runs
in a transaction of its own that also marks it done. A worker that dies lets its lease run out, and
another takes the job; handlers must therefore bear being called again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec

from tongban.foundation.db import Db
from tongban.foundation.errors import NotFound
from tongban.foundation.work import Work

LEASE = timedelta(minutes=5)
ATTEMPTS_MAX = 8

Handler = Callable[[Work, dict[str, Any]], None]
_handlers: dict[str, Handler] = {}


class NoSuchJob(NotFound):
    message = "没有编号为 {id} 的失败任务"


@dataclass(frozen=True, slots=True)
class Job:
    id: int
    kind: str
    payload: dict[str, Any]
    attempts: int
    lease_until: datetime


@dataclass(frozen=True, slots=True)
class JobLine:
    """A job as an operator sees it. ``dead`` has failed too often and is not tried any more."""

    id: int
    kind: str
    key: str
    due_at: datetime
    attempts: int
    last_error: str
    dead: bool


def job(kind: str) -> Callable[[Handler], Handler]:
    """Run the decorated function for jobs of this kind (named ``module.what_it_does``)."""

    def register(handler: Handler) -> Handler:
        _handlers[kind] = handler
        return handler

    return register


def schedule(
    work: Work, *, kind: str, due_at: datetime, key: str | None = None, **payload: object
) -> None:
    """Ask for a job. With a ``key``, an unfinished job of that kind and key is moved instead.

    A worker that holds the old one under a lease loses it, so the new asking is never lost.
    """
    work.run(
        """
        insert into foundation.job (kind, key, payload, due_at)
        values (%(kind)s, %(key)s, %(payload)s, %(due_at)s)
        on conflict (kind, key) where done_at is null
        do update set due_at = excluded.due_at, payload = excluded.payload,
                      attempts = 0, lease_until = null, last_error = null
        """,
        kind=kind,
        key=key,
        payload=msgspec.json.encode(payload).decode(),
        due_at=due_at,
    )


def unfinished(db: Db, *, limit: int = 100) -> list[JobLine]:
    """Return the jobs still to be done, those that failed first, then by due time."""
    return db.all(
        JobLine,
        """
        select id, kind, coalesce(key, '') as key, due_at, attempts,
               coalesce(last_error, '') as last_error, attempts >= %(attempts_max)s as dead
          from foundation.job
         where done_at is null
         order by last_error is null, due_at, id
         limit %(limit)s
        """,
        attempts_max=ATTEMPTS_MAX,
        limit=limit,
    )


def retry(work: Work, *, job: int) -> None:
    """Try a job again from the beginning, after the cause of its failing has been removed.

    :raises NoSuchJob: if there is no such unfinished job that has failed.
    """
    work.actor.must("operations.replay")
    found = work.run(
        """
        update foundation.job set attempts = 0, due_at = %(now)s, lease_until = null
         where id = %(id)s and done_at is null
           and (last_error is not null or attempts >= %(attempts_max)s)
        """,
        now=work.now,
        id=job,
        attempts_max=ATTEMPTS_MAX,
    )
    if not found:
        raise NoSuchJob(id=job)


def take(work: Work) -> Job | None:
    """Take the most urgent due job under a lease. The caller commits before running it."""
    return work.one(
        Job,
        """
        update foundation.job
           set lease_until = %(lease_until)s, attempts = attempts + 1
         where id = (select id
                       from foundation.job
                      where done_at is null
                        and due_at <= %(now)s
                        and attempts < %(attempts_max)s
                        and (lease_until is null or lease_until < %(now)s)
                      order by due_at, id
                      limit 1
                        for update skip locked)
        returning id, kind, payload, attempts, lease_until
        """,
        now=work.now,
        lease_until=work.now + LEASE,
        attempts_max=ATTEMPTS_MAX,
    )


def perform(work: Work, taken: Job) -> None:
    """Run a taken job and mark it done, unless the lease was lost to another worker meanwhile."""
    mine = work.run(
        """
        update foundation.job set done_at = %(now)s
         where id = %(id)s and done_at is null and lease_until = %(lease_until)s
        """,
        now=work.now,
        id=taken.id,
        lease_until=taken.lease_until,
    )
    if mine:
        _handlers[taken.kind](work, taken.payload)


def failed(work: Work, taken: Job, error: Exception) -> None:
    """Give a job back after a fault, to be tried again later, unless the lease was lost."""
    work.run(
        """
        update foundation.job
           set lease_until = null, due_at = %(due_at)s, last_error = %(error)s
         where id = %(id)s and done_at is null and lease_until = %(lease_until)s
        """,
        id=taken.id,
        lease_until=taken.lease_until,
        due_at=work.now + timedelta(seconds=2**taken.attempts),
        error=f"{type(error).__name__}: {error}",
    )
