"""What each partner writes for our coded values: one crosswalk per partner, never merged. Pure."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path


@cache
def _tables() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    text = Path(__file__).with_name("crosswalk.toml").read_text(encoding="utf-8")
    return {
        listed: {partner: table for partner, table in rows.items() if partner != "title"}
        for listed, rows in tomllib.loads(text).items()
    }


def crosswalk_lists() -> tuple[str, ...]:
    """Return the names of the lists: kind, subject, handling, form, unit, need..."""
    return tuple(_tables())


def partner_table(listed: str, *, partner: str) -> Mapping[str, str] | None:
    """Return our values by a partner's, or None where the partner has no table of its own.

    :raises KeyError: if there is no such list.
    """
    return _tables()[listed].get(partner)


def from_partner(listed: str, value: str, *, partner: str) -> str | None:
    """Return our value for a partner's, or None where the partner's list does not hold it.

    >>> from_partner("kind", "21", partner="guangdong")
    '20'

    :raises KeyError: if there is no such list.
    """
    table = _tables()[listed].get(partner)
    return value if table is None else table.get(value.strip())


def to_partner(listed: str, value: str, *, partner: str) -> str | None:
    """Return a partner's value for ours, or None where the partner has no word for it.

    >>> to_partner("kind", "20", partner="guangdong")
    '21'

    :raises KeyError: if there is no such list.
    """
    table = _tables()[listed].get(partner)
    if table is None:
        return value
    return next((theirs for theirs, ours in table.items() if ours == value), None)
