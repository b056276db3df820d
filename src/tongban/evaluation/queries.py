"""Questions about ratings. Nothing here changes anything."""

from datetime import date

from tongban import cases
from tongban.evaluation.model import NoSuchRemedy, Opinion, Rating, Remedy, Summary
from tongban.foundation.db import Db
from tongban.foundation.errors import Invalid, Problem
from tongban.foundation.paging import Page, cut, read_cursor
from tongban.foundation.work import Work

# Refusing to accept an application is a decision too, and may be rated.
RATEABLE = cases.DECIDED | {cases.Stage.NOT_ACCEPTED}


def may_rate(work: Work, *, case: cases.Case) -> bool:
    """Tell whether whoever asks could rate the case now: it is theirs, decided and not rated."""
    return (
        case.stage in RATEABLE
        and work.actor.may("evaluation.rate")
        and case.holder in work.actor.holders
        and rating(work, case_number=case.number) is None
    )


def rating(work: Work, *, case_number: str) -> Rating | None:
    """Return the rating of a case to whoever gave it; None to everybody else."""
    return work.one(
        Rating,
        """
        select case_number, item_code, stars, scores, tags, comment, channel, content_version,
               rated_at
          from evaluation.rating
         where case_number = %(number)s
        """,
        number=case_number,
    )


def summary(db: Db, *, item_code: str) -> Summary:
    """Return how many rated a service and what they thought of it on average. Public."""
    found = db.one(
        Summary,
        """
        select count, round(total::numeric / count, 1)::float8 as average
          from evaluation.tally where item_code = %(item_code)s
        """,
        item_code=item_code,
    )
    return found or Summary(0, 0.0)


def opinions(work: Work, *, item_code: str = "", after: str = "", size: int = 20) -> Page[Opinion]:
    """Return what was said of the services of an officer's departments, the latest first.

    :raises Forbidden: for others than officers.
    :raises Invalid: if ``after`` is no cursor of this list.
    """
    work.actor.must("cases.read")
    rated_on, last = _after(after)
    rows = work.all(
        Opinion,
        """
        select id::text as id, item_code, stars, scores, tags, comment, rated_on
          from evaluation.opinion
         where (%(item_code)s = '' or item_code = %(item_code)s)
           and (%(rated_on)s::date is null
                or rated_on < %(rated_on)s
                or rated_on = %(rated_on)s and id::text > %(last)s)
         order by rated_on desc, id::text
         limit %(limit)s
        """,
        item_code=item_code,
        rated_on=rated_on,
        last=last,
        limit=size + 1,
    )
    return cut(rows, size=size, key=lambda row: (row.rated_on.isoformat(), row.id))


def remedies(work: Work, *, after: str = "", size: int = 20) -> Page[Remedy]:
    """Return what is still to be done about bad ratings, the most urgent first.

    Only for officers of a whole region: those of the department that was rated see none.

    :raises Forbidden: for others.
    :raises Invalid: if ``after`` is no cursor of this list.
    """
    work.actor.must("evaluation.remedy", department="")
    due_on, last = _after(after)
    rows = work.all(
        Remedy,
        """
        select r.case_number, r.region, r.department, r.department_name, r.item_name, r.holder,
               r.applicant, r.stars, r.tags, r.comment, r.state, r.started_on, r.contact_due_on,
               r.settle_due_on, r.contacted_at, r.outcome, r.note, r.settled_at, r.measure,
               foundation.days_left(due.on, %(today)s, r.region) as days_left
          from evaluation.remedy r
         cross join lateral (
               select case r.state when 'open' then r.contact_due_on else r.settle_due_on end as on
         ) as due
         where r.state <> 'settled'
           and (%(due_on)s::date is null or (due.on, r.case_number) > (%(due_on)s, %(last)s))
         order by due.on, r.case_number
         limit %(limit)s
        """,
        today=work.today,
        due_on=due_on,
        last=last,
        limit=size + 1,
    )
    return cut(rows, size=size, key=lambda row: (row.due_on.isoformat(), row.case_number))


def remedy(work: Work, *, case_number: str) -> Remedy:
    """Return what is done about a bad rating, to its rater and to officers of the region.

    :raises NoSuchRemedy: if there is none, or whoever asks may not know of it.
    """
    found = work.one(
        Remedy,
        """
        select case_number, region, department, department_name, item_name, holder, applicant,
               stars, tags, comment, state, started_on, contact_due_on, settle_due_on,
               contacted_at, outcome, note, settled_at, measure,
               foundation.days_left(
                   case state when 'open' then contact_due_on else settle_due_on end,
                   %(today)s, region) as days_left
          from evaluation.remedy
         where case_number = %(number)s
        """,
        number=case_number,
        today=work.today,
    )
    if found is None:
        raise NoSuchRemedy(number=case_number)
    if found.holder not in work.actor.holders:
        work.actor.must("evaluation.remedy", department="", region=found.region)
    return found


def _after(cursor: str) -> tuple[date | None, str]:
    if not cursor:
        return None, ""
    match read_cursor(cursor):
        case (str(day), str(last)):
            try:
                return date.fromisoformat(day), last
            except ValueError:
                pass
    raise Invalid(Problem("after", "翻页位置无效，请从第一页重新开始"))
