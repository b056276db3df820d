"""Who is at the other end, from the first page until they leave."""

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache

from tongban.foundation.actor import Actor
from tongban.foundation.errors import Forbidden, Invalid, NotFound

FAILURES_MAX = 5
LOCKED_FOR = timedelta(minutes=15)
TOUCH_AFTER = timedelta(minutes=5)


class Mode(StrEnum):
    STANDARD = "standard"
    ELDER = "elder"


class NoSuchSession(NotFound):
    message = "登录已过期，请重新登录；已保存的内容不会丢失"


class SignInRefused(Forbidden):
    """The same for an unknown login, a wrong password and a disabled account."""

    message = "登录名或密码不正确。连续5次不正确，该登录名将锁定15分钟"


class LockedOut(SignInRefused):
    """The same for logins that exist and for those that do not."""

    message = "不正确的次数过多，该登录名已锁定，请{minutes}分钟后再试"


class PasswordTooWeak(Invalid):
    pass


@dataclass(frozen=True, slots=True)
class Session:
    """One browser, signed in or not.

    ``acting_for`` is the holder in whose affairs the person acts at the moment: their own id, or
    that of an organisation; empty for visitors and officers.
    """

    actor: Actor
    csrf: str
    language: str
    mode: Mode
    seen_at: datetime
    expires_at: datetime
    acting_for: str = ""
    acting_name: str = ""
    holders: tuple[tuple[str, str], ...] = ()  # Id and name of everybody the person may act for.

    def needs_touch(self, now: datetime) -> bool:
        """Tell whether the session was last prolonged so long ago that it is worth a write."""
        return now - self.seen_at > TOUCH_AFTER


@dataclass(frozen=True, slots=True)
class SignIn:
    """Who signed in, and the token of the new session, which only the browser keeps."""

    token: str
    actor: Actor


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """How long a session lasts without activity (idle), and at most (absolute; None: no limit)."""

    visitor_idle: timedelta = timedelta(hours=12)
    person_idle: timedelta = timedelta(minutes=30)
    officer_idle: timedelta = timedelta(minutes=30)
    officer_absolute: timedelta = timedelta(hours=10)

    def idle(self, subject: str) -> timedelta:
        if subject.startswith("o-"):
            return self.officer_idle
        return self.person_idle if subject else self.visitor_idle

    def absolute(self, subject: str) -> timedelta | None:
        return self.officer_absolute if subject.startswith("o-") else None


@cache
def lifetimes() -> Lifetimes:
    """Return the lifetimes of this installation, in minutes from the environment.

    ``TONGBAN_VISITOR_IDLE``, ``TONGBAN_PERSON_IDLE``, ``TONGBAN_OFFICER_IDLE`` and
    ``TONGBAN_OFFICER_ABSOLUTE``; what is not set has its default.

    :raises ValueError: if one is not a whole number of minutes above zero.
    """
    found: dict[str, timedelta] = {}
    for name in Lifetimes.__dataclass_fields__:
        variable = f"TONGBAN_{name.upper()}"
        if (text := os.environ.get(variable)) is None:
            continue
        if not text.isdecimal() or int(text) == 0:
            raise ValueError(f"{variable}={text!r}: a whole number of minutes above 0 expected")
        found[name] = timedelta(minutes=int(text))
    return Lifetimes(**found)
