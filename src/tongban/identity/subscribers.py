"""What identity does by the clock."""

from datetime import timedelta
from typing import Any

from tongban.foundation.jobs import job, schedule
from tongban.foundation.work import Work
from tongban.identity.commands.sessions import forget_expired

EVERY = timedelta(hours=1)


@job("identity.forget_expired")
def forget(work: Work, _payload: dict[str, Any]) -> None:
    """Delete what has expired, and ask to be called again."""
    forget_expired(work, now=work.now)
    schedule_tidying(work)


def schedule_tidying(work: Work) -> None:
    """Ask for the next tidying; an installation does so once, at its start."""
    schedule(work, kind="identity.forget_expired", due_at=work.now + EVERY, key="hourly")
