"""A piece of work: who acts, when, and the one transaction it all happens in."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import lru_cache
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from psycopg import Connection
from psycopg.pq import TransactionStatus

from tongban.foundation import events
from tongban.foundation.actor import Actor
from tongban.foundation.arrays import array
from tongban.foundation.connection import set_local
from tongban.foundation.db import Db

LOCAL = ZoneInfo("Asia/Shanghai")


class Work(Db):
    """Everything done through one Work is committed together, or not at all.

    The actor is made known to PostgreSQL for the length of the transaction; row-level security
    decides by it which rows exist for this work. Without a Work, no protected row exists at all.
    """

    def __init__(
        self, connection: Connection[Any], *, actor: Actor, now: datetime, request: str = ""
    ) -> None:
        super().__init__(connection)
        self.now = now
        self.request = request
        self._actor = actor
        self._announce()

    @property
    def actor(self) -> Actor:
        return self._actor

    @property
    def today(self) -> date:
        return self.now.astimezone(LOCAL).date()

    @contextmanager
    def acting_as(self, actor: Actor) -> Iterator[None]:
        """Let somebody else act for a while: the system for a person, at the system's own word."""
        before = self._actor
        self._actor = actor
        self._announce()
        try:
            yield
        finally:
            self._actor = before
            # After a failed statement nothing can be announced, and need not be: whoever rolls back
            # brings back the earlier announcement too. Trying would only hide the first error.
            if self._connection.info.transaction_status is not TransactionStatus.INERROR:
                self._announce()

    def record(self, event: events.Event) -> None:
        """Write a fact to the trace, and one delivery for each of its subscribers."""
        self.record_all([event])

    def record_all(self, facts: Sequence[events.Event]) -> None:
        """Write facts to the trace in this order; those of one kind in one statement."""
        for kind, alike in groupby(facts, key=type):
            self._record(kind, list(alike))

    def _record(self, kind: type[events.Event], facts: Sequence[events.Event]) -> None:
        scopes = [fact.scope for fact in facts]
        self.run(
            """
            with fresh as (  -- Not "returning": not everybody may read what they record.
                select nextval('foundation.event_id_seq') as id, subject, region, department,
                       holder, body
                  from unnest(%(subjects)s::text[], %(regions)s::text[], %(departments)s::text[],
                              %(holders)s::text[], %(bodies)s::text[])
                       as fact (subject, region, department, holder, body)
            ), event as (
                insert into foundation.event (id, topic, version, subject, region, department,
                                              holder, body, actor, actor_name, happened_at, request)
                overriding system value
                select id, %(topic)s, %(version)s, subject, region, department, holder,
                       body::jsonb, %(actor)s, %(actor_name)s, %(now)s, %(request)s
                  from fresh
            )
            insert into foundation.delivery (event_id, subject, handler, due_at)
            select fresh.id, subject, handler, %(now)s
              from fresh, unnest(%(handlers)s::text[]) as handler
            """,
            topic=events.topic_of(kind),
            version=kind.version,
            subjects=array([fact.subject for fact in facts], "text"),
            regions=array([scope.region for scope in scopes], "text"),
            departments=array([scope.department for scope in scopes], "text"),
            holders=array([scope.holder for scope in scopes], "text"),
            bodies=array([events.encode(fact) for fact in facts], "text"),
            actor=self._actor.id,
            actor_name=self._actor.name,
            now=self.now,
            request=self.request,
            handlers=events.handlers_of(kind),
        )

    def _announce(self) -> None:
        set_local(self._connection, _announcement(self._actor))


@lru_cache(maxsize=1_000)
def _announcement(actor: Actor) -> dict[str, str]:
    """Return what row-level security knows an actor by."""
    return {
        "tongban.kind": actor.kind,
        "tongban.actor": actor.id,
        "tongban.departments": _listed(actor.departments),
        "tongban.regions": _listed(region + "%" for region in actor.regions),
        "tongban.holders": _listed(actor.holders),
        "tongban.subject": actor.case_number,
    }


def _listed(texts: Iterable[str]) -> str:
    """Return texts as PostgreSQL writes an array of them."""
    quoted = (text.replace("\\", "\\\\").replace('"', '\\"') for text in texts)
    return "{" + ",".join(f'"{text}"' for text in quoted) + "}"
