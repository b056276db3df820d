"""Sign in, sign out, and what a browser remembers between two pages."""

from dataclasses import dataclass
from datetime import datetime

from tongban.foundation import ids
from tongban.foundation.actor import SYSTEM
from tongban.foundation.db import Db
from tongban.foundation.errors import Invalid, Problem
from tongban.foundation.messages import LANGUAGES, SOURCE
from tongban.foundation.secrets import vault
from tongban.foundation.work import Work
from tongban.identity.adapters import IdentityProvider
from tongban.identity.adapters.local import LocalAccounts
from tongban.identity.events import ActedFor, SignedIn, SignedOut, SignInFailed
from tongban.identity.model.officers import normal_login
from tongban.identity.model.people import NotAuthorised
from tongban.identity.model.sessions import (
    FAILURES_MAX,
    LOCKED_FOR,
    LockedOut,
    Mode,
    NoSuchSession,
    SignIn,
    SignInRefused,
    lifetimes,
)
from tongban.identity.queries import sessions
from tongban.identity.queries.sessions import token_hash

LOCAL_ACCOUNTS = LocalAccounts()


@dataclass(frozen=True, slots=True)
class _Attempt:
    failures: int
    failed_at: datetime | None
    locked_until: datetime | None


@dataclass(frozen=True, slots=True)
class _Kept:
    subject: str
    language: str
    mode: str


def sign_in(
    work: Work,
    *,
    login: str,
    password: str,
    session_token: str = "",
    provider: IdentityProvider = LOCAL_ACCOUNTS,
) -> SignIn | SignInRefused:
    """Begin a session of somebody who proves who they are.

    A refusal is returned, not raised: the failure must be committed, or it would not count. The
    answer and the time it takes are the same for logins that do not exist. Five failures in a row
    lock the login for fifteen minutes. Permits everyone: it is here that they become known.

    :param session_token: the visitor's session, which ends; its language and mode are kept.
    """
    login = normal_login(login)
    hashed = vault().keyed_hash(f"login:{login}")
    attempt = _lock_attempts(work, hashed)
    if attempt.locked_until and attempt.locked_until > work.now:
        work.record(SignInFailed(hashed.hex(), "", attempt.failures, locked=True))
        wait = attempt.locked_until - work.now
        return LockedOut(minutes=-(-wait // _MINUTE))
    with work.acting_as(SYSTEM):
        identified = provider.identify(work, login=login, password=password)
    if not identified.proved:
        return _failed(work, hashed, attempt, identified.subject)
    work.run("delete from identity.attempt where login_hash = %(hash)s", hash=hashed)
    before = _end(work, session_token)
    token = _begin(
        work,
        subject=identified.subject,
        language=before.language if before else SOURCE,
        mode=before.mode if before else Mode.STANDARD,
    )
    actor = sessions.actor(work, id=identified.subject)
    with work.acting_as(actor):
        work.record(SignedIn(actor.id, provider.name, actor.department))
    return SignIn(token, actor)


def sign_out(work: Work, *, token: str) -> None:
    """End a session. One that has ended already is no error.

    Permits everyone: whoever holds the token may give it up.
    """
    before = _end(work, token)
    if before and before.subject:
        work.record(SignedOut(before.subject))


def start_session(work: Work, *, language: str = SOURCE, mode: str = Mode.STANDARD) -> str:
    """Begin the session of a visitor who is not signed in, and return its token.

    Permits everyone: it lets nobody do anything yet.
    """
    _must_be_known(language, mode)
    return _begin(work, subject="", language=language, mode=mode)


def touch(db: Db, *, token: str, now: datetime) -> None:
    """Prolong a session that somebody is using. An expired one stays expired."""
    life = lifetimes()
    db.run(
        """
        update identity.session
           set seen_at = %(now)s,
               expires_at = least(
                   %(now)s + case when subject = '' then %(visitor)s
                                  when subject like 'o-%%' then %(officer)s
                                  else %(person)s end,
                   ends_at)
         where token_hash = %(hash)s and expires_at > %(now)s
        """,
        hash=token_hash(token),
        now=now,
        visitor=life.visitor_idle,
        officer=life.officer_idle,
        person=life.person_idle,
    )


def set_preferences(
    work: Work, *, token: str, language: str | None = None, mode: str | None = None
) -> None:
    """Change the language or the mode of a session; what is None stays as it is.

    Permits everyone: whoever holds the token chooses how pages look.

    :raises Invalid: if the language or the mode is unknown.
    :raises NoSuchSession: if the session has ended.
    """
    _must_be_known(language or SOURCE, mode or Mode.STANDARD)
    changed = work.run(
        """
        update identity.session
           set language = coalesce(%(language)s, language), mode = coalesce(%(mode)s, mode)
         where token_hash = %(hash)s and expires_at > %(now)s
        """,
        language=language,
        mode=mode,
        hash=token_hash(token),
        now=work.now,
    )
    if not changed:
        raise NoSuchSession


def act_for(work: Work, *, token: str, holder: str) -> None:
    """Act in the affairs of an organisation, or (with one's own id) in one's own again.

    Permits everyone: that is, everyone who is authorised by the holder.

    :raises NotAuthorised: if the person may not act for the holder.
    :raises NoSuchSession: if the session is not the actor's or has ended.
    """
    if holder not in work.actor.holders:
        raise NotAuthorised(permission="cases.own")
    changed = work.run(
        """
        update identity.session set acting_for = %(holder)s
         where token_hash = %(hash)s and subject = %(actor)s and expires_at > %(now)s
        """,
        holder=holder,
        hash=token_hash(token),
        actor=work.actor.id,
        now=work.now,
    )
    if not changed:
        raise NoSuchSession
    work.record(ActedFor(work.actor.id, holder))


def end_sessions(db: Db, *, subject: str) -> int:
    """End every session of somebody, whose password or account has changed. Return how many."""
    return db.run("delete from identity.session where subject = %(subject)s", subject=subject)


def forget_expired(db: Db, *, now: datetime) -> int:
    """Delete sessions and failed attempts that no longer matter. Return how many."""
    return db.run("delete from identity.session where expires_at <= %(now)s", now=now) + db.run(
        """
        delete from identity.attempt
         where greatest(failed_at + %(locked_for)s, locked_until) <= %(now)s
        """,
        locked_for=LOCKED_FOR,
        now=now,
    )


_MINUTE = LOCKED_FOR / 15


def _lock_attempts(work: Work, hashed: bytes) -> _Attempt:
    """Return the failures so far, and let parallel attempts wait, so that each one is counted."""
    attempt = work.one(
        _Attempt,
        """
        insert into identity.attempt (login_hash) values (%(hash)s)
        on conflict (login_hash) do update set failures = attempt.failures
        returning failures, failed_at, locked_until
        """,
        hash=hashed,
    )
    assert attempt
    return attempt


def _failed(work: Work, hashed: bytes, before: _Attempt, account: str) -> SignInRefused:
    recent = before.failed_at is not None and work.now - before.failed_at < LOCKED_FOR
    counted = recent and before.locked_until is None
    failures = (before.failures if counted else 0) + 1
    locked = failures >= FAILURES_MAX
    work.run(
        """
        update identity.attempt
           set failures = %(failures)s, failed_at = %(now)s, locked_until = %(locked_until)s
         where login_hash = %(hash)s
        """,
        failures=failures,
        now=work.now,
        locked_until=work.now + LOCKED_FOR if locked else None,
        hash=hashed,
    )
    work.record(SignInFailed(hashed.hex(), account, failures, locked))
    return SignInRefused(permission="")


def _begin(work: Work, *, subject: str, language: str, mode: str) -> str:
    token = ids.token()
    absolute = lifetimes().absolute(subject)
    ends_at = work.now + absolute if absolute else None
    expires_at = work.now + lifetimes().idle(subject)
    work.run(
        """
        insert into identity.session (token_hash, subject, csrf, language, mode, acting_for,
                                      created_at, seen_at, expires_at, ends_at)
        values (%(hash)s, %(subject)s, %(csrf)s, %(language)s, %(mode)s, %(acting_for)s,
                %(now)s, %(now)s, %(expires_at)s, %(ends_at)s)
        """,
        hash=token_hash(token),
        subject=subject,
        csrf=ids.token(),
        language=language,
        mode=mode,
        acting_for=subject if subject.startswith("p-") else "",
        now=work.now,
        expires_at=min(expires_at, ends_at) if ends_at else expires_at,
        ends_at=ends_at,
    )
    return token


def _end(work: Work, token: str) -> _Kept | None:
    return work.one(
        _Kept,
        """
        delete from identity.session where token_hash = %(hash)s
        returning subject, language, mode
        """,
        hash=token_hash(token),
    )


def _must_be_known(language: str, mode: str) -> None:
    if language not in LANGUAGES:
        raise Invalid(Problem("language", "没有语言“{language}”", {"language": language}))
    if mode not in list(Mode):
        raise Invalid(Problem("mode", "没有“{mode}”这种显示方式", {"mode": mode}))
