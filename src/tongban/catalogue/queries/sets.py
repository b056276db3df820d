"""Sets of drafts, which items have a draft, and who looks after which item."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from tongban.catalogue.model.draft import Draft
from tongban.catalogue.queries.changes import drafts_where
from tongban.foundation.db import Db
from tongban.foundation.errors import NotFound


class NoSuchSet(NotFound):
    message = "没有这一批修改，请从列表重新打开"


@dataclass(frozen=True, slots=True)
class DraftSet:
    """The same change of many items. ``items`` counts its drafts, ``told`` says the change."""

    id: UUID
    field: str
    told: str
    state: str
    author: str
    author_name: str
    begun_at: datetime
    reviewer_name: str
    reviewed_at: datetime | None
    comment: str
    left_alone: int
    items: int

    @property
    def state_label(self) -> str:
        return {
            "review": "待审核",
            "published": "已发布",
            "sent_back": "已退回",
            "undone": "已撤销",
        }[self.state]


@dataclass(frozen=True, slots=True)
class Assignment:
    item_code: str
    officer: str
    officer_name: str


_SET: LiteralString = """
    select s.id, s.field, s.told, s.state, s.author, s.author_name, s.begun_at, s.reviewer_name,
           s.reviewed_at, s.comment, s.left_alone,
           (select count(*) from catalogue.draft d where d.set_id = s.id) as items
      from catalogue.draft_set s
"""


def draft_set(db: Db, *, id: str) -> DraftSet:
    """Return a set of drafts.

    :raises NoSuchSet: if there is none with this id.
    """
    found = db.one(DraftSet, _SET + " where s.id = %(id)s", id=_known(id))
    if found is None:
        raise NoSuchSet
    return found


def draft_sets(
    db: Db, *, departments: tuple[str, ...] = (), regions: tuple[str, ...] = ()
) -> list[DraftSet]:
    """Return the sets that change items of these departments and regions, the newest first."""
    return db.all(
        DraftSet,
        _SET
        + """
         where s.id in (
               select d.set_id
                 from catalogue.draft d
                where d.set_id is not null and d.department = any(%(departments)s)
                union
               select near.set_id
                 from unnest(%(regions)s::text[]) as asked (begins)
                cross join lateral (
                      select d.set_id from catalogue.draft d
                       where d.set_id is not null
                         and d.region >= asked.begins and d.region < asked.begins || '~') as near)
         order by s.begun_at desc, s.id
         limit 50
        """,
        departments=list(departments),
        regions=list(regions),
    )


def set_drafts(db: Db, *, id: str, state: str = "") -> list[Draft]:
    """Return the drafts of a set by name; those in one state, if it is named."""
    return drafts_where(
        db,
        """ where set_id = %(id)s and (%(state)s = '' or state = %(state)s)
            order by name, id """,
        id=_known(id),
        state=state,
    )


def drafted_among(db: Db, *, codes: Sequence[str]) -> set[str]:
    """Return which of these items somebody is changing."""
    return set(
        db.value(
            """
            select coalesce(array_agg(item_code), '{}') from catalogue.draft
             where item_code = any(%(codes)s)
               and state in ('draft', 'review', 'approved', 'scheduled')
            """,
            codes=list(codes),
        )
    )


def assignments(db: Db, *, codes: Sequence[str]) -> list[Assignment]:
    """Return who alone edits these items; those that every editor may edit are not in it."""
    return db.all(
        Assignment,
        """
        select item_code, officer, officer_name from catalogue.assignment
         where item_code = any(%(codes)s)
        """,
        codes=list(codes),
    )


def assigned_to(db: Db, *, officer: str, limit: int = 200) -> list[str]:
    """Return the codes of the items that an officer alone edits."""
    found: list[str] = db.value(
        """
        select coalesce(array_agg(item_code order by item_code), '{}')
          from (select item_code from catalogue.assignment where officer = %(officer)s
                 order by item_code limit %(limit)s) as mine
        """,
        officer=officer,
        limit=limit,
    )
    return found


def _known(id: str) -> UUID:
    try:
        return UUID(id)
    except ValueError:
        raise NoSuchSet from None
