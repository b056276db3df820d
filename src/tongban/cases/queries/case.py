"""One case: itself, its answers, what officers thought of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString

from tongban import catalogue
from tongban.cases.model import (
    Answer,
    Case,
    NoSuchCase,
    Opinion,
    Private,
    Step,
    form,
    key_of,
)
from tongban.foundation.actor import Actor, Kind
from tongban.foundation.db import Db
from tongban.foundation.work import Work

_CASE: LiteralString = """
select c.number, c.region, c.department, c.department_name, c.item_code, c.item_version,
       c.item_name, c.instant, c.holder, c.applicant, c.acting, c.channel, c.stage, c.revision,
       c.submitted_at, c.materials_complete_at, c.step, c.accepted_at, c.decided_at,
       c.delivered_at, c.closed_at, c.due_on, c.handler,
       c.handler_name, c.decision, c.reason, c.deemed, c.way,
       c.receiver, c.definition, c.to_correct,
       (select coalesce(jsonb_agg(to_jsonb(m) order by m.position), '[]')
          from cases.material m
         where m.region = c.region and m.month = c.month and m.number = c.number) as materials,
       (select coalesce(jsonb_agg(to_jsonb(k) order by k.started_on, k.kind, k.turn), '[]')
          from cases.clock k
         where k.region = c.region and k.month = c.month and k.number = c.number) as clocks,
       (select coalesce(jsonb_agg(to_jsonb(p) order by p.turn), '[]')
          from cases.pause p
         where p.region = c.region and p.month = c.month and p.number = c.number) as pauses
  from cases.case_file c
 where c.region = %(region)s and c.month = %(month)s and c.number = %(number)s
"""


@dataclass(frozen=True, slots=True)
class _OpinionRow:
    step: str
    turn: int
    officer: str
    officer_name: str
    agree: bool
    opinion: str
    given_at: datetime
    step_name: str
    department: str


def load(db: Db, *, number: str) -> Case:
    """Return a case with its materials and clocks, in one statement.

    :raises NoSuchCase: if there is none, or row-level security hides it.
    """
    found = db.one(Case, _CASE, **key_of(number))
    if found is None:
        raise NoSuchCase(number=number[:40])
    return found


def case(work: Work, *, number: str) -> Case:
    """Return a case to those whom it concerns: holder, officers, who followed it by its code.

    :raises NoSuchCase: if there is none, or whoever asks may not know of it.
    """
    found = load(work, number=number)
    must_see(work.actor, found)
    return found


def must_see(actor: Actor, case: Case) -> None:
    """Refuse unless the actor may look at the case.

    :raises Forbidden: in that case.
    """
    if actor.kind is Kind.CASE and actor.case_number == case.number:
        return
    if actor.kind is Kind.OFFICER:
        actor.must("cases.read", department=case.department, region=case.region)
    else:
        actor.must_hold("cases.own", holder=case.holder)


def answers(work: Work, *, number: str) -> list[Answer]:
    """Return what was filled in, with labels; personal data masked for all but the holder.

    :raises Forbidden: for who knows no more than the query code.
    """
    found = case(work, number=number)
    if work.actor.kind is Kind.CASE:
        work.actor.must("cases.read")
    return shown(work, found, mask=work.actor.kind is not Kind.PERSON)


def shown(work: Work, case: Case, *, mask: bool) -> list[Answer]:
    item = catalogue.item(work, code=case.item_code, version=case.item_version)
    return form.shown(item.form, private(work, number=case.number).answers, mask=mask)


def query_code(work: Work, *, number: str) -> str:
    """Return the code with which anybody can follow the case, to its holder."""
    found = case(work, number=number)
    work.actor.must_hold("cases.own", holder=found.holder)
    return private(work, number=number).query_code


def private(db: Db, *, number: str) -> Private:
    sealed = db.value(
        """
        select sealed from cases.private
         where region = %(region)s and month = %(month)s and number = %(number)s
        """,
        **key_of(number),
    )
    return Private.unseal(sealed)


def opinions(work: Work, *, number: str) -> list[Opinion]:
    """Return what officers thought of a case, step by step; officers only."""
    found = load(work, number=number)
    work.actor.must("cases.read", department=found.department, region=found.region)
    rows = work.all(
        _OpinionRow,
        """
        select step, turn, officer, officer_name, agree, opinion, given_at, step_name,
               department
          from cases.opinion
         where region = %(region)s and month = %(month)s and number = %(number)s
         order by turn
        """,
        **key_of(number),
    )
    return [
        Opinion(
            Step(row.step),
            row.turn,
            row.officer,
            row.officer_name,
            row.agree,
            row.opinion,
            row.given_at,
            row.step_name,
            row.department,
        )
        for row in rows
    ]
