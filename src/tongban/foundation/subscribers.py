"""What the foundation does by the clock: it forgets what nobody can ask for any more."""

from datetime import timedelta
from typing import Any

from tongban.foundation import idempotency
from tongban.foundation.jobs import job, schedule
from tongban.foundation.work import Work

# Nobody sends a form again after a week.
KEYS_DAYS = 7
JOBS_DAYS = 30
SOON, EVERY = timedelta(minutes=10), timedelta(days=1)
_JOB, _KEY = "foundation.forget", "daily"


@job(_JOB)
def forget(work: Work, _payload: dict[str, Any]) -> None:
    """Delete old idempotency keys and jobs long done, and ask to be called again."""
    idempotency.forget_older_than(work, days=KEYS_DAYS)
    work.run(
        "delete from foundation.job where done_at < %(before)s",
        before=work.now - timedelta(days=JOBS_DAYS),
    )
    schedule(work, kind=_JOB, due_at=work.now + EVERY, key=_KEY)


def schedule_forgetting(work: Work) -> None:
    """Ask for the first forgetting; an installation does so at each start."""
    schedule(work, kind=_JOB, due_at=work.now + SOON, key=_KEY)
