"""What the catalogue does by itself.

Changes above are told below, planned days are kept, every night the linter looks over all items,
every half hour the lists are compared with each other, and what every search index has followed
long ago is forgotten.
"""

from datetime import datetime, time, timedelta
from typing import Any

from tongban.catalogue.commands import draft as acts
from tongban.catalogue.commands import notices
from tongban.catalogue.commands.comparing import COMPARE, compare_lists
from tongban.catalogue.commands.lint import count_findings, lint_batch
from tongban.catalogue.commands.uploads import CHECK, RUN, check_upload, run_upload
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


_JOB, _KEY = "catalogue.lint", "nightly"
AT = time(2, 30)


@job(_JOB)
def look_over(work: Work, payload: dict[str, Any]) -> None:
    """Look over one batch of items and ask for the next; after the last one, for the next night."""
    after = lint_batch(work, after=payload.get("after", ""))
    if after is not None:
        schedule(work, kind=_JOB, due_at=work.now, key=_KEY, after=after)
        return
    count_findings(work)
    schedule_linting(work)


def schedule_linting(work: Work) -> None:
    """Ask for the look of the coming night, unless one is going on."""
    night = datetime.combine(work.today, AT, tzinfo=LOCAL)
    due_at = night if night > work.now else night + timedelta(days=1)
    schedule(work, kind=_JOB, due_at=due_at, key=_KEY)


_COMPARED_EVERY = timedelta(minutes=30)


@job(COMPARE)
def compare(work: Work, payload: dict[str, Any]) -> None:  # noqa: ARG001
    """Compare the lists with each other, and again after a while."""
    compare_lists(work)
    schedule(work, kind=COMPARE, due_at=work.now + _COMPARED_EVERY, key=COMPARE)


def schedule_comparing(work: Work) -> None:
    """Ask for the first comparison; an installation does so at each start."""
    schedule(work, kind=COMPARE, due_at=work.now, key=COMPARE)


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


@job(CHECK)
def check(work: Work, payload: dict[str, Any]) -> None:
    """Find out what an uploaded file would change."""
    check_upload(work, number=payload["number"])


@job(RUN)
def run(work: Work, payload: dict[str, Any]) -> None:
    """Take over the next part of a confirmed file."""
    run_upload(work, number=payload["number"])
