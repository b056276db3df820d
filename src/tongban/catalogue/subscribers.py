"""What the catalogue does by itself: changes above are told below, planned days are kept."""

from datetime import datetime, time, timedelta
from typing import Any

from tongban.catalogue.commands import draft as acts
from tongban.catalogue.commands import notices
from tongban.catalogue.events import EntryPublished, ItemPublished
from tongban.catalogue.queries import changes
from tongban.foundation.events import subscribe
from tongban.foundation.jobs import job, schedule
from tongban.foundation.work import LOCAL, Work

_ROUND = "catalogue.take_up_planned"
_AT = time(0, 1, tzinfo=LOCAL)


@subscribe(EntryPublished)
def tell_below_the_directory(work: Work, event: EntryPublished) -> None:
    notices.after_entry(work, event)


@subscribe(ItemPublished)
def tell_below_the_item(work: Work, event: ItemPublished) -> None:
    notices.after_item(work, event)


@job(_ROUND)
def take_up_planned(work: Work, payload: dict[str, Any]) -> None:  # noqa: ARG001
    """Put in force, and cancel, what was planned for today; then ask for tomorrow's round."""
    for id in changes.due(work, today=work.today):
        acts.take_up(work, id=str(id))
    for code in changes.withdrawals_due(work, today=work.today):
        acts.cancel(work, code=code)
    tomorrow = datetime.combine(work.today, _AT) + timedelta(days=1)
    schedule(work, kind=_ROUND, due_at=tomorrow, key=_ROUND)


def schedule_round(work: Work) -> None:
    """Ask for a round at once; each asks for the next one itself, just after midnight."""
    schedule(work, kind=_ROUND, due_at=work.now, key=_ROUND)
