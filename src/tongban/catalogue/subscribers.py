"""What the catalogue does by itself: forgetting changes that every index has followed long ago."""

from datetime import timedelta
from typing import Any

from tongban.foundation.jobs import job, schedule
from tongban.foundation.work import Work

_FORGET = "catalogue.forget_changes"
# An index that has not looked for half a day is made anew, so a day is long enough.
_KEPT = timedelta(days=1)
_SOON = timedelta(minutes=5)


@job(_FORGET)
def forget_changes(work: Work, payload: dict[str, Any]) -> None:  # noqa: ARG001
    work.run("delete from catalogue.search_change where at < %(before)s", before=work.now - _KEPT)
    work.run(
        "delete from catalogue.search_miss where last_on < %(before)s",
        before=work.today - timedelta(days=365),
    )
    schedule(work, kind=_FORGET, due_at=work.now + _KEPT, key=_FORGET)


def schedule_forgetting(work: Work) -> None:
    """Ask for the first forgetting; an installation does so at each start."""
    schedule(work, kind=_FORGET, due_at=work.now + _SOON, key=_FORGET)
