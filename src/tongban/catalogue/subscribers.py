"""What the catalogue does by the clock, and for those who need not wait: lint, imports."""

from datetime import datetime, time, timedelta
from typing import Any

from tongban.catalogue.commands.lint import count_findings, lint_batch
from tongban.catalogue.commands.uploads import CHECK, RUN, check_upload, run_upload
from tongban.foundation.jobs import job, schedule
from tongban.foundation.work import LOCAL, Work

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


@job(CHECK)
def check(work: Work, payload: dict[str, Any]) -> None:
    """Find out what an uploaded file would change."""
    check_upload(work, number=payload["number"])


@job(RUN)
def run(work: Work, payload: dict[str, Any]) -> None:
    """Take over the next part of a confirmed file."""
    run_upload(work, number=payload["number"])
