"""Who is at the other end. Asked once for each request, in one statement."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from tongban.foundation.actor import ANONYMOUS, Actor, Grant, Kind
from tongban.foundation.db import Db
from tongban.foundation.work import Work
from tongban.identity.model.officers import ROLES, Role, RoleGrant
from tongban.identity.model.people import NoSuchHolder
from tongban.identity.model.sessions import Mode, Session

# Every signed-in person may do the same; what they may do it to is decided by ``holders``.
_APPLICANT = (Grant(ROLES[Role.APPLICANT]),)


@dataclass(frozen=True, slots=True)
class _Actor:
    subject: str
    name: str
    holders: Sequence[str]
    holder_names: Sequence[str]
    grants: Sequence[Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class _Session(_Actor):
    csrf: str
    language: str
    mode: str
    acting_for: str
    seen_at: datetime
    expires_at: datetime


def token_hash(token: str) -> bytes:
    """Return what is kept of a session token. It has 256 random bits, so no salt is needed."""
    return hashlib.sha256(token.encode()).digest()


def session(db: Db, *, token: str, now: datetime | None = None) -> Session | None:
    """Return the session of a token, or None where it is unknown or has expired.

    It works before anybody is known and in a read-only transaction; it prolongs nothing.

    :param now: the database's own time where it is not given.
    """
    row = db.one(
        _Session,
        """
        select s.subject, s.csrf, s.language, s.mode, s.acting_for, s.seen_at, s.expires_at,
               a.name, a.holders, a.holder_names, a.grants
          from (select coalesce(%(now)s::timestamptz, now()) as now) as clock,
               identity.session s,
               identity.actor_of(s.subject, (clock.now at time zone 'Asia/Shanghai')::date) a
         where s.token_hash = %(hash)s and s.expires_at > clock.now
        """,
        hash=token_hash(token),
        now=now,
    )
    if row is None:
        return None
    # An authorisation may have run out since the person chose the organisation.
    acting_for = row.acting_for if row.acting_for in row.holders else ""
    if row.holders and not acting_for:
        acting_for = row.subject
    holders = dict(zip(row.holders, row.holder_names, strict=True))
    return Session(
        actor=_actor(row),
        csrf=row.csrf,
        language=row.language,
        mode=Mode(row.mode),
        seen_at=row.seen_at,
        expires_at=row.expires_at,
        acting_for=acting_for,
        acting_name=holders.get(acting_for, ""),
        holders=tuple(holders.items()),
    )


def actor(work: Work, *, id: str) -> Actor:
    """Return what somebody may do today, for whoever acts at their word.

    :raises NoSuchHolder: if there is no such person or officer.
    """
    row = work.one(
        _Actor,
        """
        select %(id)s as subject, name, holders, holder_names, grants
          from identity.actor_of(%(id)s, %(today)s)
        """,
        id=id,
        today=work.today,
    )
    if row is None or not id:
        raise NoSuchHolder(holder=id)
    return _actor(row)


def _actor(row: _Actor) -> Actor:
    if not row.subject:
        return ANONYMOUS
    if row.subject.startswith("p-"):
        return Actor(
            row.subject, row.name, Kind.PERSON, grants=_APPLICANT, holders=tuple(row.holders)
        )
    grants = tuple(RoleGrant(**held).grant() for held in row.grants)  # type: ignore[arg-type]
    return Actor(row.subject, row.name, Kind.OFFICER, grants=grants)
