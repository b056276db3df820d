"""Pages by key: the next page begins after the last row seen, however deep, at the same cost."""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import msgspec

from tongban.foundation.errors import Invalid, Problem

Row = TypeVar("Row")
Key = tuple[str | int | None, ...]


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows and the cursor of the page after them, empty at the end."""

    rows: Sequence[Row]
    following: str = ""


def cut(rows: Sequence[Row], *, size: int, key: Callable[[Row], Key]) -> Page[Row]:
    """Make a page of rows that were asked for with ``limit size + 1``."""
    if len(rows) <= size:
        return Page(rows)
    return Page(rows[:size], write_cursor(key(rows[size - 1])))


def write_cursor(key: Key) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(key)).decode().rstrip("=")


def read_cursor(cursor: str) -> Key:
    """Return the key in a cursor.

    :raises Invalid: if it is not one of ours.
    """
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        key = msgspec.json.decode(text, type=tuple[str | int | None, ...])
        if not all(_storable(part) for part in key):
            raise ValueError
        return key
    except (binascii.Error, ValueError, msgspec.DecodeError):
        raise Invalid(Problem("after", "翻页位置无效，请从第一页重新开始")) from None


def _storable(part: str | int | None) -> bool:
    """Tell whether PostgreSQL has such a value; a cursor made by hand may hold others."""
    if isinstance(part, int):
        return -(2**63) <= part < 2**63
    return part is None or "\x00" not in part
