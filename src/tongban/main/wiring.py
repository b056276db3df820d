"""Everything that must be imported for its subscriptions and jobs to count."""

from datetime import UTC, datetime
from typing import Any

from psycopg import Connection

from tongban.cases import subscribers as cases
from tongban.documents import subscribers as documents
from tongban.foundation import calendar
from tongban.foundation.actor import SYSTEM
from tongban.foundation.db import Db
from tongban.foundation.work import Work
from tongban.identity import subscribers as identity


def connect() -> None:
    """Import the subscribers of every module, so that what they subscribe to reaches them."""


def prepare(connection: Connection[Any]) -> None:
    """Fill what every installation needs before its first use, such as the calendar."""
    work = Work(connection, actor=SYSTEM, now=datetime.now(UTC))
    calendar.install(Db(connection))
    cases.schedule_round(work)
    documents.schedule_forgetting(work)
    identity.schedule_tidying(work)
