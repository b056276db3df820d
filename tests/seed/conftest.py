"""The demonstration city as the tests of its files want it."""

from datetime import UTC, datetime

import pytest

from tongban.foundation.actor import SYSTEM
from tongban.foundation.work import Work
from tongban.main import seed


@pytest.fixture
def city(work: Work) -> Work:
    """The city with its places and officers, this year; nothing else of it."""
    now = Work(work._connection, actor=SYSTEM, now=datetime(2026, 11, 22, 1, 0, tzinfo=UTC))
    seed._places(now)
    seed._officers(now)
    return now
