"""Which rule sets there are, their versions, what they decide, and which version is in force."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import Any, LiteralString

from tongban.foundation.db import Db
from tongban.rulebook.model.outcome import Bound
from tongban.rulebook.model.rule_set import (
    NoSuchRuleSet,
    NoSuchVersion,
    Purpose,
    RuleSet,
    Version,
)
from tongban.rulebook.model.running import Compiled

CACHED = 500

_RULE_SET: LiteralString = """
    s.code, s.name, s.purpose, s.summary, s.department, s.department_name, s.region, s.favour,
    s.limits, s.share_rechecked, s.switched_off, s.switch_reason, s.switched_by, s.switched_at
"""
_VERSION: LiteralString = """
    rule_set_code, version, status, dmn, decision, tests, note, content_hash, revision, author,
    author_name, changed_at, reviewer, reviewer_name, review_comment, reviewed_at, effective_from,
    effective_until, published_by, published_at, withdrawn_from, withdraw_reason
"""
# The newest that has begun decides alone: when it ends or is withdrawn, no older one comes back.
_NEWEST: LiteralString = """
    left join lateral (
        select v.version, v.content_hash, v.effective_until, v.withdrawn_from
          from rulebook.version v
         where v.rule_set_code = s.code and v.status in ('published', 'withdrawn')
           and v.effective_from <= %(on)s
         order by v.effective_from desc, v.version desc
         limit 1
    ) newest on (newest.effective_until is null or newest.effective_until >= %(on)s)
            and (newest.withdrawn_from is null or newest.withdrawn_from > %(on)s)
"""


@dataclass(frozen=True, slots=True)
class InForce:
    """A rule set and the number of its version in force, None where there is none."""

    rule_set: RuleSet
    version: int | None
    content_hash: bytes


@dataclass(frozen=True, slots=True)
class RuleSetLine:
    """A rule set as it stands in a list. ``open_version`` is one not yet published."""

    code: str
    name: str
    purpose: Purpose
    department: str
    department_name: str
    region: str
    summary: str
    switched_off: bool
    in_force: int | None
    effective_from: date | None
    open_version: int | None
    open_status: str | None

    def __post_init__(self) -> None:
        object.__setattr__(self, "purpose", Purpose(self.purpose))


def rule_set(db: Db, *, code: str) -> RuleSet:
    """Return a rule set.

    :raises NoSuchRuleSet: if there is none with this code.
    """
    found = db.one(
        RuleSet, f"select {_RULE_SET} from rulebook.rule_set s where s.code = %(code)s", code=code
    )
    if found is None:
        raise NoSuchRuleSet(code=code)
    return found


def rule_sets(
    db: Db, *, on: date, purpose: str = "", department: str = "", published: bool = False
) -> list[RuleSetLine]:
    """Return rule sets with their version in force on a day, by department and name.

    ``published`` leaves out those of which no version is in force.
    """
    return db.all(
        RuleSetLine,
        f"""
        select s.code, s.name, s.purpose, s.department, s.department_name, s.region, s.summary,
               s.switched_off, newest.version as in_force, running.effective_from,
               open.version as open_version, open.status as open_status
          from rulebook.rule_set s
          {_NEWEST}
          left join rulebook.version running
                 on running.rule_set_code = s.code and running.version = newest.version
          left join lateral (
              select v.version, v.status from rulebook.version v
               where v.rule_set_code = s.code
                 and v.status in ('draft', 'in_review', 'approved')
               order by v.version desc limit 1
          ) open on true
         where (%(purpose)s = '' or s.purpose = %(purpose)s)
           and (%(department)s = '' or s.department = %(department)s)
           and (not %(published)s or newest.version is not null)
         order by s.department, s.purpose, s.name, s.code
         limit 1000
        """,
        on=on,
        purpose=purpose,
        department=department,
        published=published,
    )


def version(db: Db, *, code: str, version: int) -> Version:
    """Return one version of a rule set.

    :raises NoSuchVersion: if there is none with this number.
    """
    found = db.one(
        Version,
        f"""
        select {_VERSION} from rulebook.version
         where rule_set_code = %(code)s and version = %(version)s
        """,
        code=code,
        version=version,
    )
    if found is None:
        raise NoSuchVersion(code=code, version=version)
    return found


def versions(db: Db, *, code: str) -> list[Version]:
    """Return every version of a rule set, the latest first."""
    return db.all(
        Version,
        f"""
        select {_VERSION} from rulebook.version
         where rule_set_code = %(code)s order by version desc
        """,
        code=code,
    )


def in_force(db: Db, *, code: str, on: date) -> Version | None:
    """Return the version in force on a day, None where there is none.

    :raises NoSuchRuleSet: if there is no such rule set.
    """
    number = running(db, code=code, on=on).version
    return None if number is None else version(db, code=code, version=number)


def running(db: Db, *, code: str, on: date) -> InForce:
    """Return a rule set with its version in force on a day, in one query.

    :raises NoSuchRuleSet: if there is no such rule set.
    """
    found = _in_force(db, "", "s.code = %(code)s", on=on, code=code)
    if found is None:
        raise NoSuchRuleSet(code=code)
    return found


def bound_running(db: Db, *, item_code: str, purpose: Purpose, on: date) -> InForce | None:
    """Return the rule set bound to an item for a purpose, None where none is; in one query."""
    return _in_force(
        db,
        "join rulebook.binding b on b.rule_set_code = s.code",
        "b.item_code = %(item_code)s and b.purpose = %(purpose)s",
        on=on,
        item_code=item_code,
        purpose=purpose.value,
    )


def _in_force(
    db: Db, join: LiteralString, where: LiteralString, **values: object
) -> InForce | None:
    found: dict[str, Any] | None = db.one(
        dict,
        f"""
        select {_RULE_SET}, newest.version, newest.content_hash
          from rulebook.rule_set s {join} {_NEWEST}
         where {where}
        """,
        **values,
    )
    if found is None:
        return None
    number, content_hash = found.pop("version"), found.pop("content_hash")
    return InForce(RuleSet(**found), number, content_hash or b"")


def bound(db: Db, *, item_code: str, purpose: Purpose) -> str | None:
    """Return the code of the rule set that decides something about an item, or None."""
    code: str | None = db.value(
        """
        select rule_set_code from rulebook.binding
         where item_code = %(item_code)s and purpose = %(purpose)s
        """,
        item_code=item_code,
        purpose=Purpose(purpose).value,
    )
    return code


def bindings(db: Db, *, code: str = "", item_code: str = "") -> list[Bound]:
    """Return which items a rule set decides about, or which rule sets decide about an item."""
    return db.all(
        Bound,
        """
        select b.item_code, b.purpose, b.rule_set_code, s.name
          from rulebook.binding b join rulebook.rule_set s on s.code = b.rule_set_code
         where (%(code)s = '' or b.rule_set_code = %(code)s)
           and (%(item_code)s = '' or b.item_code = %(item_code)s)
         order by b.item_code, b.purpose
        """,
        code=code,
        item_code=item_code,
    )


_ready: "OrderedDict[tuple[str, int, bytes], tuple[Version, Compiled]]" = OrderedDict()
_lock = Lock()


def compiled(db: Db, *, code: str, number: int, content_hash: bytes) -> tuple[Version, Compiled]:
    """Return a version, compiled; the same content is compiled once in the life of the process.

    Of the version only the content is current: its dates may have changed since it was read.

    :raises NoSuchVersion: if there is none.
    :raises RuleError: if its text cannot be read.
    """
    key = (code, number, content_hash)
    with _lock:
        if key in _ready:
            _ready.move_to_end(key)
            return _ready[key]
    found = version(db, code=code, version=number)
    made = (found, Compiled(found.dmn, found.decision))
    with _lock:
        _ready[key] = made
        if len(_ready) > CACHED:
            _ready.popitem(last=False)
    return made
