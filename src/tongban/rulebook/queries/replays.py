"""Replays asked for, and how far they are; instant approvals to be checked again."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, LiteralString
from uuid import UUID

import msgspec

from tongban.foundation.db import Db
from tongban.foundation.errors import NotFound
from tongban.rulebook.model.replay import Change, Replay


class NoSuchReplay(NotFound):
    message = "没有找到这次回放"


_COLUMNS: LiteralString = """
    id, rule_set_code, version, since, until, total, done, counts, changes::text as changes,
    asked_name, asked_at, finished_at, cursor_at, cursor_id
"""


@dataclass(frozen=True, slots=True)
class _Row:
    id: UUID
    rule_set_code: str
    version: int
    since: date
    until: date
    total: int
    done: int
    counts: dict[str, int]
    changes: str
    asked_name: str
    asked_at: datetime
    finished_at: datetime | None
    cursor_at: datetime | None
    cursor_id: UUID | None

    def replay(self) -> Replay:
        plain: dict[str, Any] = {
            name: getattr(self, name)
            for name in self.__slots__
            if name not in ("changes", "cursor_at", "cursor_id")
        }
        reached = (self.cursor_at, self.cursor_id) if self.cursor_at and self.cursor_id else None
        changes = msgspec.json.decode(self.changes, type=tuple[Change, ...])
        return Replay(**plain, changes=changes, reached=reached)


def replay(db: Db, *, id: UUID) -> Replay:
    """Return a replay that was asked for.

    :raises NoSuchReplay: if there is none, or the actor may not know of it.
    """
    found = db.one(_Row, f"select {_COLUMNS} from rulebook.replay where id = %(id)s", id=id)
    if found is None:
        raise NoSuchReplay
    return found.replay()


def replays(db: Db, *, code: str) -> list[Replay]:
    """Return the latest replays of a rule set."""
    rows = db.all(
        _Row,
        f"""
        select {_COLUMNS} from rulebook.replay
         where rule_set_code = %(code)s order by asked_at desc limit 20
        """,
        code=code,
    )
    return [row.replay() for row in rows]


@dataclass(frozen=True, slots=True)
class Recheck:
    """An instant approval that the lot drew. ``agreed`` is None until somebody has looked."""

    evaluation: UUID
    rule_set_code: str
    number: str
    opened_at: datetime
    agreed: bool | None
    note: str
    checked_name: str
    checked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of the applications that instant rules looked at."""

    evaluated: int
    granted: int
    rechecked: int
    disagreed: int


def rechecks(db: Db, *, code: str = "", waiting: bool = True, limit: int = 50) -> list[Recheck]:
    """Return approvals to be checked again, the oldest first, or those that were, the latest.

    Without a code those of every rule set, as far as the actor may see.
    """
    return db.all(
        Recheck,
        """
        select evaluation, rule_set_code, number, opened_at, agreed, note, checked_name, checked_at
          from rulebook.recheck
         where (%(code)s = '' or rule_set_code = %(code)s) and (agreed is null) = %(waiting)s
         order by checked_at desc nulls last, opened_at
         limit %(limit)s
        """,
        code=code,
        waiting=waiting,
        limit=limit,
    )


def tally(db: Db, *, code: str, since: datetime) -> Tally:
    """Return how often a rule set granted since a moment, as far as the actor may see."""
    found = db.one(
        Tally,
        """
        select count(*)::int as evaluated, count(*) filter (where granted)::int as granted,
               (select count(*)::int from rulebook.recheck
                 where rule_set_code = %(code)s and checked_at >= %(since)s) as rechecked,
               (select count(*)::int from rulebook.recheck
                 where rule_set_code = %(code)s and checked_at >= %(since)s
                   and not agreed) as disagreed
          from rulebook.evaluation
         where rule_set_code = %(code)s and evaluated_at >= %(since)s
        """,
        code=code,
        since=since,
    )
    assert found is not None
    return found
