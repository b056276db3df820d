"""Drafts, comments on them, notices from above, and planned withdrawals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import LiteralString
from uuid import UUID

from tongban.catalogue.model.content import decode
from tongban.catalogue.model.draft import Comment, Draft, NoSuchDraft, State
from tongban.foundation.db import Db


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A draft as it stands in a list."""

    id: UUID
    item_code: str
    name: str
    state: State
    department: str
    region: str
    based_on: int
    changed_name: str
    changed_at: datetime
    effective_from: date | None

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", State(self.state))


@dataclass(frozen=True, slots=True)
class Notice:
    """Something above an item has changed, and nobody has yet said what follows."""

    item_code: str
    item_name: str
    source: str
    source_version: int
    source_name: str
    raised_at: datetime


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A service that is cancelled, or will be. ``withdrawn_from`` is the first day without it."""

    item_code: str
    withdrawn_from: date
    reason: str
    asked_name: str
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Row:
    id: UUID
    content: str
    based_on: int
    state: str
    revision: int
    authors: list[str]
    changed_name: str
    changed_at: datetime
    change_note: str
    reviewer_name: str
    effective_from: date | None
    published_version: int | None
    reason: str


_ROW: LiteralString = """
    select id, content::text as content, based_on, state, revision, authors, changed_name,
           changed_at, change_note, reviewer_name, effective_from, published_version, reason
      from catalogue.draft
"""


def draft(db: Db, *, id: str) -> Draft:
    """Return a draft.

    :raises NoSuchDraft: if there is none with this id.
    """
    try:
        known = UUID(id)
    except ValueError:
        raise NoSuchDraft from None
    row = db.one(_Row, _ROW + " where id = %(id)s", id=known)
    if row is None:
        raise NoSuchDraft
    return _draft(row)


def drafts_where(db: Db, condition: LiteralString, **values: object) -> list[Draft]:
    """Return the drafts that a condition, with its order, selects."""
    return [_draft(row) for row in db.all(_Row, _ROW + condition, **values)]


def open_draft(db: Db, *, item_code: str) -> Draft | None:
    """Return the draft of an item that is not finished yet, if there is one."""
    row = db.one(
        _Row,
        _ROW
        + """ where item_code = %(code)s
             and state in ('draft', 'review', 'approved', 'scheduled')""",
        code=item_code,
    )
    return None if row is None else _draft(row)


def drafts(
    db: Db,
    *,
    departments: tuple[str, ...] = (),
    regions: tuple[str, ...] = (),
    state: State | None = None,
) -> list[DraftLine]:
    """Return the drafts of these departments and regions, the last changed first.

    :param regions: prefixes of division codes, within which every department is meant.
    :param state: only drafts in this state; without it, and at most, all that are not finished.
    """
    return db.all(
        DraftLine,
        """
        with mine as (
            (select near.*
               from unnest(%(regions)s::text[]) as asked (begins)
              cross join lateral (
                    select id, changed_at from catalogue.draft
                     where state in ('draft', 'review', 'approved', 'scheduled')
                       and (%(state)s = '' or state = %(state)s)
                       and region >= asked.begins and region < asked.begins || '~'
                     order by changed_at desc, id
                     limit 200) as near)
             union
            (select own.*
               from unnest(%(departments)s::text[]) as asked (department)
              cross join lateral (
                    select id, changed_at from catalogue.draft
                     where state in ('draft', 'review', 'approved', 'scheduled')
                       and (%(state)s = '' or state = %(state)s)
                       and department = asked.department
                     order by changed_at desc, id
                     limit 200) as own)
             order by changed_at desc, id
             limit 200
        )
        select id, item_code, name, state, department, region, based_on, changed_name,
               d.changed_at, effective_from
          from mine
          join catalogue.draft d using (id)
         order by d.changed_at desc, id
        """,
        state=state or "",
        departments=list(departments),
        regions=list(regions),
    )


def comments(db: Db, *, draft: str) -> list[Comment]:
    """Return what was said about a draft, the first first."""
    return db.all(
        Comment,
        """
        select field, text, author_name, written_at
          from catalogue.draft_comment
         where draft = %(draft)s
         order by place
        """,
        draft=UUID(draft),
    )


def due(db: Db, *, today: date) -> list[UUID]:
    """Return the scheduled drafts whose day has come."""
    found: list[UUID] = db.value(
        """
        select coalesce(array_agg(id order by effective_from, id), '{}')
          from catalogue.draft
         where state = 'scheduled' and effective_from <= %(today)s
        """,
        today=today,
    )
    return found


def notices(
    db: Db, *, departments: tuple[str, ...] = (), regions: tuple[str, ...] = ()
) -> list[Notice]:
    """Return what has changed above the items of these departments and regions."""
    return db.all(
        Notice,
        """
        with mine as (
            (select near.*
               from unnest(%(regions)s::text[]) as asked (begins)
              cross join lateral (
                    select item_code, source, source_version, raised_at from catalogue.notice
                     where settled_at is null
                       and region >= asked.begins and region < asked.begins || '~'
                     order by raised_at desc, item_code
                     limit 100) as near)
             union
            (select own.*
               from unnest(%(departments)s::text[]) as asked (department)
              cross join lateral (
                    select item_code, source, source_version, raised_at from catalogue.notice
                     where settled_at is null and department = asked.department
                     order by raised_at desc, item_code
                     limit 100) as own)
             order by raised_at desc, item_code
             limit 100
        )
        select n.item_code, i.name as item_name, n.source, n.source_version, n.source_name,
               n.raised_at
          from mine
          join catalogue.notice n using (item_code, source, source_version)
          join catalogue.item i on i.code = n.item_code
         order by n.raised_at desc, n.item_code
        """,
        departments=list(departments),
        regions=list(regions),
    )


def withdrawal(db: Db, *, code: str) -> Withdrawal | None:
    """Return whether and when an item is cancelled."""
    return db.one(
        Withdrawal,
        """
        select item_code, withdrawn_from, reason, asked_name, done_at
          from catalogue.withdrawal
         where item_code = %(code)s
        """,
        code=code,
    )


def withdrawals(db: Db, *, codes: Sequence[str]) -> dict[str, Withdrawal]:
    """Return those of these items that are cancelled or will be, by code."""
    rows = db.all(
        Withdrawal,
        """
        select item_code, withdrawn_from, reason, asked_name, done_at
          from catalogue.withdrawal
         where item_code = any(%(codes)s)
        """,
        codes=list(codes),
    )
    return {row.item_code: row for row in rows}


def withdrawals_due(db: Db, *, today: date) -> list[str]:
    """Return the items whose last day is over, but which are not cancelled yet."""
    found: list[str] = db.value(
        """
        select coalesce(array_agg(item_code order by item_code), '{}')
          from catalogue.withdrawal
         where done_at is null and withdrawn_from <= %(today)s
        """,
        today=today,
    )
    return found


def _draft(row: _Row) -> Draft:
    return Draft(
        id=str(row.id),
        item=decode(row.content),
        based_on=row.based_on,
        state=State(row.state),
        revision=row.revision,
        authors=tuple(row.authors),
        changed_name=row.changed_name,
        changed_at=row.changed_at,
        change_note=row.change_note,
        reviewer_name=row.reviewer_name,
        effective_from=row.effective_from,
        published_version=row.published_version,
        reason=row.reason,
    )
