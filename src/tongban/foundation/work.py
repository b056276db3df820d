"""A piece of work: who acts, when, and the one transaction it all happens in."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from psycopg import Connection
from psycopg.pq import TransactionStatus

from tongban.foundation import events
from tongban.foundation.actor import Actor
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
        self.run(
            """
            with fresh as (  -- Not "returning": not everybody may read what they record.
                select nextval('foundation.event_id_seq') as id
            ), event as (
                insert into foundation.event (id, topic, version, subject, region, department,
                                              holder, body, actor, actor_name, happened_at, request)
                overriding system value
                select id, %(topic)s, %(version)s, %(subject)s, %(region)s, %(department)s,
                       %(holder)s, %(body)s::jsonb, %(actor)s, %(actor_name)s, %(now)s, %(request)s
                  from fresh
            )
            insert into foundation.delivery (event_id, subject, handler, due_at)
            select fresh.id, %(subject)s, handler, %(now)s
              from fresh, unnest(%(handlers)s::text[]) as handler
            """,
            topic=events.topic_of(type(event)),
            version=type(event).version,
            subject=event.subject,
            region=event.scope.region,
            department=event.scope.department,
            holder=event.scope.holder,
            body=events.encode(event),
            actor=self._actor.id,
            actor_name=self._actor.name,
            now=self.now,
            request=self.request,
            handlers=events.handlers_of(type(event)),
        )

    def _announce(self) -> None:
        actor = self._actor
        self.run(
            """
            select set_config('tongban.kind', %(kind)s, true),
                   set_config('tongban.actor', %(actor)s, true),
                   set_config('tongban.departments', %(departments)s::text[]::text, true),
                   set_config('tongban.regions', %(regions)s::text[]::text, true),
                   set_config('tongban.holders', %(holders)s::text[]::text, true),
                   set_config('tongban.subject', %(subject)s, true)
            """,
            kind=actor.kind,
            actor=actor.id,
            departments=list(actor.departments),
            regions=[region + "%" for region in actor.regions],
            holders=list(actor.holders),
            subject=actor.case_number,
        )
