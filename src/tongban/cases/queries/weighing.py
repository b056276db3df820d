"""What officers weigh: discretion standards, what was chosen, grants to be looked at once more."""

from dataclasses import dataclass
from datetime import datetime

from tongban import rulebook
from tongban.cases.model import Case, key_of
from tongban.cases.queries.case import case as one_case
from tongban.cases.queries.case import load, private
from tongban.cases.queries.facts import facts_of
from tongban.foundation.actor import Kind
from tongban.foundation.work import Work


@dataclass(frozen=True, slots=True)
class RecheckLine:
    """A case that rules granted and the lot drew. ``fine`` is None until somebody has looked."""

    number: str
    item_name: str
    applicant: str
    department_name: str
    opened_at: datetime
    fine: bool | None
    note: str
    checked_name: str
    checked_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Named:
    number: str
    item_name: str
    applicant: str
    department_name: str


def discretion(work: Work, *, number: str) -> rulebook.Discretion | None:
    """Return the row of the discretion standard that applies to a case; None without a standard.

    Officers only. Nothing is recorded: it is shown beside the decision.
    """
    case = load(work, number=number)
    work.actor.must("cases.read", department=case.department, region=case.region)
    return standard(work, case=case)


def standard(work: Work, *, case: Case) -> rulebook.Discretion | None:
    """Return the row that applies to a case, None also where no version is in force."""
    if rulebook.bound(work, item_code=case.item_code, purpose=rulebook.Purpose.DISCRETION) is None:
        return None
    facts = facts_of(private(work, number=case.number))
    found = rulebook.discretion(work, item_code=case.item_code, facts=facts)
    return None if found is None or found.outcome.version == 0 else found


def choice(work: Work, *, number: str) -> rulebook.Choice | None:
    """Return what was last chosen for a case under its standard.

    The holder sees it once the case is decided.
    """
    found = one_case(work, number=number)
    if work.actor.kind not in (Kind.OFFICER, Kind.SYSTEM) and not found.decided:
        return None
    chosen = rulebook.choices(work, number=found.number)
    return chosen[-1] if chosen else None


def rechecks(work: Work, *, waiting: bool = True, size: int = 50) -> list[RecheckLine]:
    """Return grants by rules that a person should look at once more, the oldest first.

    With ``waiting`` false those that somebody has looked at, the latest first.
    """
    work.actor.must("cases.review")
    drawn = rulebook.rechecks(work, waiting=waiting, limit=size)
    if not drawn:
        return []
    keys = [key_of(each.number) for each in drawn]
    rows = work.all(
        _Named,
        """
        select c.number, c.item_name, c.applicant, c.department_name
          from unnest(%(regions)s::text[], %(months)s::int[], %(numbers)s::text[])
                   as wanted (region, month, number)
          join cases.case_file c using (region, month, number)
        """,
        regions=[key["region"] for key in keys],
        months=[key["month"] for key in keys],
        numbers=[key["number"] for key in keys],
    )
    named = {row.number: row for row in rows}
    return [
        RecheckLine(
            each.number,
            named[each.number].item_name,
            named[each.number].applicant,
            named[each.number].department_name,
            each.opened_at,
            each.agreed,
            each.note,
            each.checked_name,
            each.checked_at,
        )
        for each in drawn
        if each.number in named
    ]
