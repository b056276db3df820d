"""How ratings are kept. Used by the commands and subscribers of this module and by nobody else."""

from uuid import uuid4

from psycopg.types.json import Jsonb

from tongban import cases
from tongban.evaluation.model import (
    CONTACT_DAYS,
    SETTLE_DAYS,
    NoSuchRemedy,
    Outcome,
    Rating,
)
from tongban.foundation import calendar
from tongban.foundation.db import Db
from tongban.foundation.work import Work


def add_rating(work: Work, case: cases.Case, rating: Rating) -> bool:
    """Write a rating, what is said without a name, and the tally. Return False if there is one."""
    said = {
        "item_code": rating.item_code,
        "stars": rating.stars,
        "scores": Jsonb(dict(rating.scores)),
        "tags": list(rating.tags),
        "comment": rating.comment,
    }
    new = work.run(
        """
        insert into evaluation.rating (case_number, holder, item_code, stars, scores, tags, comment,
                                       channel, content_version, rated_at)
        values (%(number)s, %(holder)s, %(item_code)s, %(stars)s, %(scores)s, %(tags)s, %(comment)s,
                %(channel)s, %(version)s, %(now)s)
        on conflict do nothing
        """,
        number=case.number,
        holder=case.holder,
        channel=rating.channel,
        version=rating.content_version,
        now=rating.rated_at,
        **said,
    )
    if not new:
        return False
    work.run(
        """
        with said as (
            insert into evaluation.opinion (id, item_code, region, department, stars, scores, tags,
                                            comment, rated_on)
            values (%(id)s, %(item_code)s, %(region)s, %(department)s, %(stars)s, %(scores)s,
                    %(tags)s, %(comment)s, %(today)s)
        )
        insert into evaluation.tally as old (item_code, count, total)
        values (%(item_code)s, 1, %(stars)s)
        on conflict (item_code) do update
           set count = old.count + 1, total = old.total + excluded.total
        """,
        id=uuid4(),
        region=case.region,
        department=case.department,
        today=work.today,
        **said,
    )
    return True


def open_remedy(work: Work, case: cases.Case, rating: Rating) -> calendar.DueDate:
    """Open what must be done about a bad rating. Return by when the rater is to be contacted."""
    contact = calendar.due_on(work, start=work.today, days=CONTACT_DAYS, region=case.region)
    settle = calendar.due_on(work, start=work.today, days=SETTLE_DAYS, region=case.region)
    work.run(
        """
        insert into evaluation.remedy (case_number, region, department, department_name, item_name,
                                       holder, applicant, stars, tags, comment, started_on,
                                       contact_due_on, settle_due_on, calendar_version)
        values (%(number)s, %(region)s, %(department)s, %(department_name)s, %(item_name)s,
                %(holder)s, %(applicant)s, %(stars)s, %(tags)s, %(comment)s, %(today)s,
                %(contact)s, %(settle)s, %(version)s)
        """,
        number=case.number,
        region=case.region,
        department=case.department,
        department_name=case.department_name,
        item_name=case.item_name,
        holder=case.holder,
        applicant=case.applicant,
        stars=rating.stars,
        tags=list(rating.tags),
        comment=rating.comment,
        today=work.today,
        contact=contact.day,
        settle=settle.day,
        version=contact.version,
    )
    return contact


def hold_remedy(work: Work, number: str) -> None:
    """Hold a remedy until the transaction ends, so that acts on it come one by one."""
    held = work.value(
        "select 1 from evaluation.remedy where case_number = %(number)s for update", number=number
    )
    if held is None:
        raise NoSuchRemedy(number=number)


def keep_contact(work: Work, number: str, *, outcome: Outcome, note: str) -> None:
    work.run(
        """
        update evaluation.remedy
           set state = 'contacted', contacted_at = %(now)s, contacted_by = %(by)s,
               outcome = %(outcome)s, note = %(note)s
         where case_number = %(number)s
        """,
        now=work.now,
        by=work.actor.id,
        outcome=outcome,
        note=note,
        number=number,
    )


def keep_settlement(work: Work, number: str, *, measure: str) -> None:
    work.run(
        """
        update evaluation.remedy
           set state = 'settled', settled_at = %(now)s, settled_by = %(by)s, measure = %(measure)s
         where case_number = %(number)s
        """,
        now=work.now,
        by=work.actor.id,
        measure=measure,
        number=number,
    )


def move_due_dates(db: Db, *, below: str) -> int:
    """Count the running limits of a region and all below it anew. Return how many moved."""
    return db.run(
        """
        update evaluation.remedy r
           set contact_due_on = case when r.state = 'open' then contact.day
                                     else r.contact_due_on end,
               settle_due_on = settle.day, calendar_version = settle.version
          from evaluation.remedy s
         cross join lateral foundation.due_dates(s.started_on, %(contact)s, s.region) as contact
         cross join lateral foundation.due_dates(s.started_on, %(settle)s, s.region) as settle
         where r.case_number = s.case_number
           and s.state <> 'settled'
           and starts_with(s.region, %(below)s)
           and (r.state = 'open' and r.contact_due_on <> contact.day
                or r.settle_due_on <> settle.day)
        """,
        contact=CONTACT_DAYS,
        settle=SETTLE_DAYS,
        below=below,
    )
