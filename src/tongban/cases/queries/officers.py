"""Lists for officers beside their worklist: one holder's cases, and what they have done."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tongban import catalogue
from tongban.cases.model import Case, Channel, Draft, Filled, Stage, Step, key_of
from tongban.cases.queries.case import private
from tongban.cases.queries.draft import new_draft
from tongban.cases.queries.facts import item_for
from tongban.cases.queries.lists import CaseLine, moment_and_number
from tongban.foundation.actor import SYSTEM
from tongban.foundation.paging import Page, cut
from tongban.foundation.work import Work

# So long the officer who took an application in is shown the code to hand over.
HANDED_OVER_WITHIN = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class DoneLine:
    """A case on which the asking officer gave an opinion: the last one, and where it is now."""

    number: str
    item_name: str
    applicant: str
    department_name: str
    stage: Stage
    step: Step
    agree: bool
    given_at: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "stage", Stage(self.stage))
        object.__setattr__(self, "step", Step(self.step))


def of_holder(work: Work, *, holder: str, after: str = "", size: int = 20) -> Page[CaseLine]:
    """Return the cases of a person or an organisation that the officer may read, newest first."""
    work.actor.must("cases.read")
    moment, number = moment_and_number(after)
    rows = work.all(
        CaseLine,
        """
        select number, item_code, item_name, department_name, holder, stage, submitted_at, due_on,
               decision
          from cases.case_file
         where holder = %(holder)s
           and (department = any (%(departments)s) or region like any (%(regions)s))
           and (submitted_at, number) < (%(moment)s::timestamptz, %(number)s)
         order by submitted_at desc, number desc
         limit %(limit)s
        """,
        holder=holder,
        **_readable(work),
        moment=moment,
        number=number,
        limit=size + 1,
    )
    return cut(rows, size=size, key=lambda line: (line.submitted_at.isoformat(), line.number))


def done(work: Work, *, after: str = "", size: int = 20) -> Page[DoneLine]:
    """Return the cases on which the actor gave an opinion or decided, the latest first.

    Each case stands once, where its last opinion by the actor belongs.
    """
    work.actor.must("cases.read")
    moment, number = moment_and_number(after)
    rows = work.all(
        DoneLine,
        """
        select c.number, c.item_name, c.applicant, c.department_name, c.stage, o.step, o.agree,
               o.given_at
          from cases.opinion o
          join cases.case_file c using (region, month, number)
         where o.officer = %(actor)s
           and not exists (select from cases.opinion later
                            where later.region = o.region and later.month = o.month
                              and later.number = o.number and later.officer = o.officer
                              and later.turn > o.turn)
           and (c.department = any (%(departments)s) or c.region like any (%(regions)s))
           and (o.given_at, o.number) < (%(moment)s::timestamptz, %(number)s)
         order by o.given_at desc, o.number desc
         limit %(limit)s
        """,
        actor=work.actor.id,
        **_readable(work),
        moment=moment,
        number=number,
        limit=size + 1,
    )
    return cut(rows, size=size, key=lambda line: (line.given_at.isoformat(), line.number))


def has_handled(work: Work, *, number: str) -> bool:
    """Tell whether the actor has ever given the handling opinion of a case.

    It stays true when the case was sent back and then handled by somebody else.
    """
    handled: bool = work.value(
        """
        select exists (select from cases.opinion
                        where region = %(region)s and month = %(month)s and number = %(number)s
                          and step = 'handling' and officer = %(actor)s)
        """,
        actor=work.actor.id,
        **key_of(number),
    )
    return handled


def code_to_hand_over(work: Work, *, case: Case) -> str:
    """Return the query code of a case just taken in at the counter, to the officer who did.

    They give it to the applicant, as the receipt does; later, and to others, it is empty.
    """
    mine = case.channel is Channel.COUNTER and case.acting == work.actor.id
    if not mine or work.now - case.submitted_at > HANDED_OVER_WITHIN:
        return ""
    return private(work, number=case.number).query_code


def filled_in(work: Work, *, item: catalogue.Item, holder: str, filled: Filled) -> Draft:
    """Return what the registers know of a holder with what an officer has typed over it.

    It goes into a case and is not shown to the officer. Permits everyone: asked for by ``receive``
    and by ``item_at_counter``, of which the one has asked, and the other shows nothing of it.
    """
    with work.acting_as(SYSTEM):
        known = new_draft(work, item=item, holder=holder)
    answers = {
        key: value for key, value in (filled.answers or {}).items() if value not in ("", [], None)
    }
    return known.merged(item, replace(filled, answers=answers))


def item_at_counter(
    work: Work, *, item: catalogue.Item, holder: str, filled: Filled
) -> catalogue.Item:
    """Return an item as what is filled in at the counter meets it.

    The page asks by it, and ``receive`` checks by it.
    """
    work.actor.must("cases.accept", department=item.department, region=item.region)
    whole = filled_in(work, item=item, holder=holder, filled=filled)
    met, _ = item_for(work, item=item, choices=whole.choices, answers=whole.answers)
    return met


def _readable(work: Work) -> dict[str, list[str]]:
    """Return the departments, and the patterns of regions, whose cases the actor may read."""
    grants = [grant for grant in work.actor.grants if "cases.read" in grant.permissions]
    return {
        "departments": [grant.department for grant in grants if grant.department],
        "regions": [f"{grant.region}%" for grant in grants if not grant.department],
    }
