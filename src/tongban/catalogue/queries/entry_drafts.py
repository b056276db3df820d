"""Drafts of entries of the lists."""

from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from tongban.catalogue.model.content import decode_entry
from tongban.catalogue.model.draft import NoSuchDraft, State
from tongban.catalogue.model.entry import CLASSES, List
from tongban.catalogue.model.entry_draft import EntryDraft
from tongban.foundation.db import Db


@dataclass(frozen=True, slots=True)
class EntryDraftLine:
    """A draft of an entry as it stands in a list."""

    id: UUID
    of: List
    code: str
    name: str
    state: State
    changed_name: str
    changed_at: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "of", List(self.of))
        object.__setattr__(self, "state", State(self.state))


@dataclass(frozen=True, slots=True)
class _Row:
    id: UUID
    of: str
    content: str
    based_on: int
    state: str
    revision: int
    authors: list[str]
    changed_name: str
    changed_at: datetime
    change_note: str
    reviewer_name: str
    reason: str


_ROW: LiteralString = """
    select id, list as of, content::text as content, based_on, state, revision, authors,
           changed_name, changed_at, change_note, reviewer_name, reason
      from catalogue.entry_draft
"""


def entry_draft(db: Db, *, id: str) -> EntryDraft:
    """Return a draft of an entry.

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


def open_entry_draft(db: Db, *, of: List, code: str) -> EntryDraft | None:
    """Return the draft of an entry that is not finished yet, if there is one."""
    row = db.one(
        _Row,
        _ROW + " where list = %(list)s and code = %(code)s and state in ('draft', 'review')",
        list=of,
        code=code,
    )
    return None if row is None else _draft(row)


def entry_drafts(
    db: Db, *, departments: tuple[str, ...] = (), regions: tuple[str, ...] = ()
) -> list[EntryDraftLine]:
    """Return the unfinished drafts of these departments and regions, the last changed first."""
    return db.all(
        EntryDraftLine,
        """
        select id, list as of, code, name, state, changed_name, changed_at
          from catalogue.entry_draft
         where state in ('draft', 'review')
           and (department = any(%(departments)s) or region like any(%(regions)s))
         order by changed_at desc, id
         limit 100
        """,
        departments=list(departments),
        regions=[region + "%" for region in regions],
    )


def _draft(row: _Row) -> EntryDraft:
    return EntryDraft(
        id=str(row.id),
        entry=decode_entry(row.content, CLASSES[List(row.of)]),
        based_on=row.based_on,
        state=State(row.state),
        revision=row.revision,
        authors=tuple(row.authors),
        changed_name=row.changed_name,
        changed_at=row.changed_at,
        change_note=row.change_note,
        reviewer_name=row.reviewer_name,
        reason=row.reason,
    )
