"""What documents does by itself: it forgets, once a night, the uploads that nobody needed."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from tongban.documents.events import UnusedFilesForgotten
from tongban.foundation.jobs import job, schedule
from tongban.foundation.work import LOCAL, Work

UNUSED_DAYS = 7
SOON = timedelta(minutes=5)
_JOB, _KEY = "documents.forget_unused", "nightly"
_AT = time(3, 20, tzinfo=LOCAL)


@job(_JOB)
def forget_unused(work: Work, payload: dict[str, Any]) -> None:  # noqa: ARG001
    """Delete what has been unused for UNUSED_DAYS, and bytes that no file has any more."""
    forgotten = work.all(
        _Forgotten,
        "delete from documents.file where unused_since < %(before)s returning sha256",
        before=work.now - timedelta(days=UNUSED_DAYS),
    )
    if forgotten:
        # An upload of the same bytes must not meet this delete half way: uploads wait a moment.
        work.run("set local lock_timeout = '5s'")
        work.run("lock table documents.content in share row exclusive mode")
        work.run(
            """
            delete from documents.content
             where sha256 = any(%(left)s)
               and not exists (select from documents.file where file.sha256 = content.sha256)
            """,
            left=[each.sha256 for each in forgotten],
        )
        work.record(UnusedFilesForgotten(len(forgotten)))
    tonight = datetime.combine(work.today, _AT)
    next_night = tonight if tonight > work.now else tonight + timedelta(days=1)
    schedule(work, kind=_JOB, due_at=next_night, key=_KEY)


@dataclass(frozen=True, slots=True)
class _Forgotten:
    sha256: bytes


def schedule_forgetting(work: Work) -> None:
    """Ask for the first forgetting; an installation does so at each start.

    It comes soon rather than at night, for the sake of machines that are switched off then.
    """
    schedule(work, kind=_JOB, due_at=work.now + SOON, key=_KEY)
