"""How drafts are kept, and how one becomes a case."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import LiteralString

import msgspec

from tongban.cases.model import (
    KEPT_DAYS,
    Case,
    Clock,
    ClockState,
    Draft,
    DraftRow,
    Limit,
    Private,
    hash_of_code,
    key_of,
)
from tongban.cases.store.case import starting
from tongban.foundation.db import Db
from tongban.foundation.work import Work


@dataclass(frozen=True, slots=True)
class _Opened:
    due_on: date
    calendar_version: int
    provisional: bool


@dataclass(frozen=True, slots=True)
class _Begin:
    serial: int
    definition: int | None


_COURSE: LiteralString = """(select definition from cases.course
                 where item_code in (%(item_code)s, %(plain)s)
                 order by item_code = %(plain)s limit 1) as definition"""


def locked_draft(db: Db, *, item_code: str, holder: str) -> Draft | None:
    """Return the draft, held until the transaction ends."""
    row = db.one(
        DraftRow,
        """
        select holder, item_code, item_version, item_name, sealed, materials, begun_at, saved_at
          from cases.draft
         where holder = %(holder)s and item_code = %(item_code)s
           for update
        """,
        holder=holder,
        item_code=item_code,
    )
    return row.opened() if row else None


def take_draft(
    db: Db, *, item_code: str, holder: str, plain: str
) -> tuple[Draft, int, int | None] | None:
    """Return the draft, held until the transaction ends, with a serial for its case and a process.

    The process is a published version: that of the item, or else the ``plain`` one of its kind;
    None where there is neither.
    """
    row = db.one(
        DraftRow,
        """
        select holder, item_code, item_version, item_name, sealed, materials, begun_at, saved_at,
               nextval('cases.serial') as serial, """
        + _COURSE
        + """
          from cases.draft
         where holder = %(holder)s and item_code = %(item_code)s
           for update
        """,
        holder=holder,
        item_code=item_code,
        plain=plain,
    )
    return (row.opened(), row.serial, row.definition) if row else None


def new_serial(db: Db, *, item_code: str, plain: str) -> tuple[int, int | None]:
    """Return a serial for a case that comes from no draft, and the process on which it will run."""
    row = db.one(
        _Begin,
        "select nextval('cases.serial') as serial, " + _COURSE,
        item_code=item_code,
        plain=plain,
    )
    assert row is not None
    return row.serial, row.definition


def begin_draft(work: Work, draft: Draft) -> bool:
    """Keep a new draft. Return False when somebody else has begun one in the meantime."""
    begun = work.run(
        """
        insert into cases.draft (holder, item_code, item_version, item_name, sealed, materials,
                                 begun_at, saved_at)
        values (%(holder)s, %(item_code)s, %(item_version)s, %(item_name)s, %(sealed)s,
                %(materials)s, %(now)s, %(now)s)
        on conflict do nothing
        """,
        **_columns(work, draft),
    )
    return begun > 0


def keep_draft(work: Work, draft: Draft) -> None:
    work.run(
        """
        update cases.draft
           set item_version = %(item_version)s, item_name = %(item_name)s, sealed = %(sealed)s,
               materials = %(materials)s, saved_at = %(now)s
         where holder = %(holder)s and item_code = %(item_code)s
        """,
        **_columns(work, draft),
    )


def delete_draft(db: Db, *, item_code: str, holder: str) -> int:
    return db.run(
        "delete from cases.draft where holder = %(holder)s and item_code = %(item_code)s",
        holder=holder,
        item_code=item_code,
    )


@dataclass(frozen=True, slots=True)
class _DraftKey:
    holder: str
    item_code: str


def forget_drafts(work: Work) -> list[tuple[str, str]]:
    """Delete the drafts that nobody has saved for KEPT_DAYS; return their holders and items."""
    rows = work.all(
        _DraftKey,
        """
        delete from cases.draft
         where saved_at < %(now)s - make_interval(days => %(days)s)
        returning holder, item_code
        """,
        now=work.now,
        days=KEPT_DAYS,
    )
    return [(row.holder, row.item_code) for row in rows]


# Everything that a submission writes here, in one statement: the case, its materials, its first
# clock; the draft is no more.
_OPEN: LiteralString = """
with wanted as materialized (
    select w.*, due.day as due_on, due.version as calendar_version, due.provisional
      from jsonb_to_recordset(%(starts)s::jsonb)
               as w (kind text, started_on date, amount int, unit text, counted_from date,
                     workdays int, basis text),
           lateral foundation.due_dates(w.counted_from, w.workdays, %(region)s) as due
), opened as (
    insert into cases.case_file (region, month, number, item_code, item_version, item_name,
                                 instant, department, department_name, holder, applicant, acting,
                                 channel, stage, definition, submitted_at,
                                 materials_complete_at, due_on)
    select %(region)s, %(month)s, %(number)s, %(item_code)s, %(item_version)s, %(item_name)s,
           %(instant)s, %(department)s, %(department_name)s, %(holder)s, %(applicant)s, %(acting)s,
           %(channel)s, %(stage)s, %(definition)s, %(now)s, %(now)s, due_on
      from wanted
), locked_away as (
    insert into cases.private (region, month, number, sealed, code_hash)
    values (%(region)s, %(month)s, %(number)s, %(sealed)s, %(code_hash)s)
), materials as (
    insert into cases.material (region, month, number, key, position, name, need, exempt, files,
                                state, note)
    select %(region)s, %(month)s, %(number)s, m.key, m.position, m.name, m.need, m.exempt, m.files,
           m.state, m.note
      from jsonb_to_recordset(%(materials)s::jsonb)
        as m (key text, position int, name text, need text, exempt boolean, files uuid[],
              state text, note text)
), clocks as (
    insert into cases.clock (region, month, number, kind, turn, started_on, amount, unit,
                             counted_from, workdays, due_on, calendar_version, provisional, basis,
                             state)
    select %(region)s, %(month)s, %(number)s, kind, 1, started_on, amount, unit, counted_from,
           workdays, due_on, calendar_version, provisional, basis, 'running'
      from wanted
), submitted as (
    delete from cases.draft where holder = %(holder)s and item_code = %(item_code)s
)
select due_on, calendar_version, provisional from wanted
"""


def open_case(work: Work, case: Case, *, private: Private, limit: Limit) -> Case:
    """Write a new case with its first clock in place of its draft, in one statement."""
    materials = [
        {
            "key": material.key,
            "position": place,
            "name": material.name,
            "need": material.need,
            "exempt": material.exempt,
            "files": material.files,
            "state": material.state,
            "note": material.note,
        }
        for place, material in enumerate(case.materials)
    ]
    opened = work.one(
        _Opened,
        _OPEN,
        **key_of(case.number),
        **_opening(case),
        starts=starting((limit,), on=work.today),
        materials=msgspec.json.encode(materials).decode(),
        now=work.now,
        sealed=private.seal(),
        code_hash=hash_of_code(case.number, private.query_code),
    )
    assert opened is not None
    return replace(case, due_on=opened.due_on, clocks=(_first_clock(work, limit, opened),))


def lately_submitted(db: Db, *, item_code: str, holder: str, since: datetime) -> str | None:
    """Return the number of the case that the holder has submitted for the item since."""
    number: str | None = db.value(
        """
        select number from cases.case_file
         where holder = %(holder)s and submitted_at >= %(since)s and item_code = %(item_code)s
         order by submitted_at desc
         limit 1
        """,
        item_code=item_code,
        holder=holder,
        since=since,
    )
    return number


def _first_clock(work: Work, limit: Limit, opened: _Opened) -> Clock:
    return Clock(
        kind=limit.kind,
        turn=1,
        started_on=work.today,
        amount=limit.amount,
        unit=limit.unit,
        extended=0,
        due_on=opened.due_on,
        calendar_version=opened.calendar_version,
        provisional=opened.provisional,
        basis=limit.basis,
        state=ClockState.RUNNING,
    )


def _opening(case: Case) -> dict[str, object]:
    return {
        "item_code": case.item_code,
        "item_version": case.item_version,
        "item_name": case.item_name,
        "instant": case.instant,
        "department": case.department,
        "department_name": case.department_name,
        "holder": case.holder,
        "applicant": case.applicant,
        "acting": case.acting,
        "channel": case.channel,
        "stage": case.stage,
        "definition": case.definition,
    }


def _columns(work: Work, draft: Draft) -> dict[str, object]:
    return {
        "holder": draft.holder,
        "item_code": draft.item_code,
        "item_version": draft.item_version,
        "item_name": draft.item_name,
        "sealed": draft.private.seal(),
        "materials": msgspec.json.encode(draft.materials).decode(),
        "now": work.now,
    }
