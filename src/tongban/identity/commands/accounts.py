"""Local accounts: opened, given a password, disabled, enabled."""

from tongban.foundation.actor import SYSTEM
from tongban.foundation.errors import Invalid, Problem
from tongban.foundation.work import Work
from tongban.identity.adapters.local import LocalAccounts, keep
from tongban.identity.commands.sessions import end_sessions
from tongban.identity.events import AccountDisabled, AccountEnabled, AccountOpened, PasswordSet
from tongban.identity.model.officers import (
    LoginTaken,
    NoSuchAccount,
    OwnRights,
    login_problem,
    normal_login,
)
from tongban.identity.model.passwords import STANDARD, Cost, password_problem, secret_of
from tongban.identity.model.people import NoSuchHolder
from tongban.identity.queries import people, places


def open_account(
    work: Work, *, subject: str, login: str, password: str, cost: Cost = STANDARD
) -> None:
    """Give a person or an officer a login and a password.

    :raises Invalid: if the login is malformed or the password easy to guess.
    :raises LoginTaken: if somebody else has the login, or the subject has one already.
    :raises NoSuchHolder: if there is no such person or officer.
    """
    department = _must_manage(work, subject)
    login = normal_login(login)
    _must_be_fine(login_problem(login), password_problem(password, login=login))
    secret = secret_of(password, cost=cost)
    with work.acting_as(SYSTEM):
        added = work.run(
            """
            insert into identity.account (login, subject, salt, hash, cost, block_size,
                                          parallelism, changed_at)
            values (%(login)s, %(subject)s, %(salt)s, %(hash)s, %(cost)s, %(block_size)s,
                    %(parallelism)s, %(now)s)
            on conflict do nothing
            """,
            login=login,
            subject=subject,
            salt=secret.salt,
            hash=secret.hash,
            cost=secret.cost.cost,
            block_size=secret.cost.block_size,
            parallelism=secret.cost.parallelism,
            now=work.now,
        )
    if not added:
        raise LoginTaken(login=login)
    work.record(AccountOpened(subject, login, department))


def set_password(work: Work, *, subject: str, password: str) -> None:
    """Give somebody a new password, by an administrator. Every session of theirs ends.

    :raises Invalid: if the password is easy to guess.
    :raises NoSuchAccount: if the subject has no account.
    """
    department = _must_manage(work, subject)
    _replace(work, subject, password)
    work.record(PasswordSet(subject, department))


def change_password(work: Work, *, old: str, new: str) -> None:
    """Change one's own password. Every session ends, also the present one.

    Permits everyone: everyone who knows their old password.

    :raises Invalid: if the old one is wrong or the new one easy to guess.
    :raises NoSuchAccount: if the actor has no account.
    """
    subject = work.actor.id
    login = _login(work, subject)
    with work.acting_as(SYSTEM):
        right = LocalAccounts().identify(work, login=login, password=old).proved
    if not right:
        raise Invalid(Problem("old", "原密码不正确"))
    _replace(work, subject, new)
    work.record(PasswordSet(subject, work.actor.department))


def disable_account(work: Work, *, subject: str, reason: str) -> None:
    """Shut somebody out at once: no session of theirs survives, no sign-in succeeds.

    :raises OwnRights: if it is the actor's own, so that the last administrator cannot lock up.
    :raises NoSuchAccount: if the subject has no account.
    """
    department = _must_manage(work, subject)
    if subject == work.actor.id:
        raise OwnRights(permission="identity.manage")
    if not reason.strip():
        raise Invalid(Problem("reason", "请填写停用账号的理由"))
    with work.acting_as(SYSTEM):
        found = work.run(
            """
            update identity.account set disabled_at = coalesce(disabled_at, %(now)s)
             where subject = %(subject)s
            """,
            subject=subject,
            now=work.now,
        )
    if not found:
        raise NoSuchAccount(login=subject)
    end_sessions(work, subject=subject)
    work.record(AccountDisabled(subject, reason.strip(), department))


def enable_account(work: Work, *, subject: str) -> None:
    """Let somebody in again.

    :raises NoSuchAccount: if the subject has no account.
    """
    department = _must_manage(work, subject)
    with work.acting_as(SYSTEM):
        found = work.run(
            "update identity.account set disabled_at = null where subject = %(subject)s",
            subject=subject,
        )
    if not found:
        raise NoSuchAccount(login=subject)
    work.record(AccountEnabled(subject, department))


def _replace(work: Work, subject: str, password: str) -> None:
    _must_be_fine(password_problem(password, login=_login(work, subject)))
    with work.acting_as(SYSTEM):
        keep(work, subject=subject, secret=secret_of(password))
    end_sessions(work, subject=subject)


def _login(work: Work, subject: str) -> str:
    with work.acting_as(SYSTEM):
        login = work.value(
            "select login from identity.account where subject = %(subject)s", subject=subject
        )
    if login is None:
        raise NoSuchAccount(login=subject)
    return str(login)


def _must_manage(work: Work, subject: str) -> str:
    """Return the subject's department (empty for people), within the actor's reach."""
    if subject.startswith("p-"):
        work.actor.must("identity.manage", department="", region="")
        with work.acting_as(SYSTEM):
            people.person(work, id=subject)
        return ""
    code = work.value("select department from identity.officer where id = %(id)s", id=subject)
    if code is None:
        work.actor.must("identity.manage")
        raise NoSuchHolder(holder=subject)
    unit = places.department(work, code=code)
    work.actor.must("identity.manage", department=unit.code, region=unit.region)
    return unit.code


def _must_be_fine(*problems: Problem | None) -> None:
    if found := [problem for problem in problems if problem]:
        raise Invalid(*found)
