"""Everything that must be imported for its subscriptions and jobs to count."""

from typing import Any

from psycopg import Connection

from tongban.foundation import calendar
from tongban.foundation.db import Db


def connect() -> None:
    """Import the subscribers of every module, so that what they subscribe to reaches them."""


def prepare(connection: Connection[Any]) -> None:
    """Fill what every installation needs before its first use, such as the calendar."""
    calendar.install(Db(connection))
