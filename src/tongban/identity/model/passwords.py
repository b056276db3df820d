"""Passwords are kept as scrypt hashes (RFC 7914) with the parameters they were made with."""

import hashlib
import hmac
import secrets
import unicodedata
from dataclasses import dataclass

from tongban.foundation.errors import Problem

LENGTH_MIN, LENGTH_MAX = 8, 128
_COMMON = frozenset(
    """
    password passw0rd password1 12345678 123456789 1234567890 87654321 11111111 88888888
    66666666 00000000 qwertyui qwerty123 1q2w3e4r 1qaz2wsx abc12345 abcd1234 a1234567
    a12345678 aa123456 woaini1314 5201314520 iloveyou admin123 admin888 administrator
    letmein1 zhengwu123
    """.split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class Cost:
    """What one hash costs: 128 * block_size * cost bytes of memory, ``parallelism`` times over."""

    cost: int = 2**14
    block_size: int = 8
    parallelism: int = 5


STANDARD = Cost()  # 16 MiB and about a third of a second of one core.


@dataclass(frozen=True, slots=True)
class Secret:
    """What is kept of a password."""

    salt: bytes
    hash: bytes
    cost: Cost = STANDARD

    def matches(self, password: str) -> bool:
        return hmac.compare_digest(self.hash, _scrypt(password, self.salt, self.cost))


def secret_of(password: str, *, cost: Cost = STANDARD) -> Secret:
    salt = secrets.token_bytes(16)
    return Secret(salt, _scrypt(password, salt, cost), cost)


def decoy() -> Secret:
    """Return a secret that no password matches, to spend the same time on an unknown login."""
    return Secret(secrets.token_bytes(16), secrets.token_bytes(32))


def password_problem(password: str, *, login: str, field: str = "password") -> Problem | None:
    """Tell what is wrong with a new password (after NIST SP 800-63B: length, not composition)."""
    plain = unicodedata.normalize("NFKC", password)
    if not LENGTH_MIN <= len(plain) <= LENGTH_MAX:
        return Problem(
            field, "密码长度应为{min}至{max}个字符", {"min": LENGTH_MIN, "max": LENGTH_MAX}
        )
    lower = plain.lower()
    if lower in _COMMON or len(set(lower)) < 4 or login.lower() in lower:
        return Problem(field, "密码太常见或包含登录名，容易被猜中，请换一个")
    return None


def _scrypt(password: str, salt: bytes, cost: Cost) -> bytes:
    # The longest password is bounded here too, so that nobody can send a megabyte to be hashed.
    text = unicodedata.normalize("NFKC", password[: 4 * LENGTH_MAX]).encode()
    return hashlib.scrypt(
        text,
        salt=salt,
        n=cost.cost,
        r=cost.block_size,
        p=cost.parallelism,
        maxmem=256 * cost.block_size * (cost.cost + cost.parallelism),
        dklen=32,
    )
