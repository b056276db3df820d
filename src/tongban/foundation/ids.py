"""Numbers that people read, type and mistype.

A case number is ``RRRRRR-YYMM-NNNNNNN-C``: division code, month of submission, serial, check
character. Region and month stand in it because the tables of cases are found by them.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import date

from tongban.foundation.errors import Problem

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# Letters and digits that are not mistaken for one another when read aloud or copied by hand.
_CLEAR = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def check_character(text: str) -> str:
    """Return the check character of a text of digits and capital letters (ISO 7064, MOD 37,36).

    >>> check_character("11100000000013338W00911330105002500287C2025052201002")
    '0'
    """
    product = 36
    for character in text:
        product = (product + _ALPHABET.index(character)) % 36 or 36
        product = product * 2 % 37
    return _ALPHABET[(37 - product) % 36]


@dataclass(frozen=True, slots=True, order=True)
class CaseNumber:
    """``region`` six digits, ``month`` as YYMM, ``serial`` up to seven digits."""

    region: str
    month: int
    serial: int

    def __str__(self) -> str:
        body = f"{self.region}-{self.month:04}-{self.serial:07}"
        return f"{body}-{check_character(body.replace('-', ''))}"


def case_number(*, region: str, on: date, serial: int) -> CaseNumber:
    return CaseNumber(region, on.year % 100 * 100 + on.month, serial)


def read_case_number(text: str) -> CaseNumber | Problem:
    """Read a case number as typed by a person: spaces, full width and small letters are forgiven.

    >>> read_case_number("990100-2611-0000001-").field
    'number'
    """
    plain = "".join(chr(ord(c) - 0xFEE0) if "！" <= c <= "～" else c for c in text).upper()
    parts = re.sub("[‐‑‒–—―−]", "-", "".join(plain.split())).split("-")
    if [len(part) for part in parts] != [6, 4, 7, 1] or not "".join(parts[:3]).isascii():
        return Problem(
            "number", "“{text}”不是办件编号：应为 区划-年月-流水号-校验位", {"text": text[:40]}
        )
    if not "".join(parts[:3]).isdigit() or str(
        number := CaseNumber(parts[0], int(parts[1]), int(parts[2]))
    ) != "-".join(parts):
        return Problem("number", "办件编号“{text}”的校验位不对，请核对", {"text": text[:40]})
    return number


def query_code() -> str:
    """Return a random code of six clear characters, with which a case can be followed.

    Thirty bits are enough only together with a limit on attempts, which the shell keeps.
    """
    return "".join(secrets.choice(_CLEAR) for _ in range(6))


def token() -> str:
    """Return an unguessable text of 256 bits for sessions and forms."""
    return secrets.token_urlsafe(32)
