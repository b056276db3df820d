"""What the national exchange tables demand of rows, looked at before a row is sent. Pure."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from tongban.catalogue.model.entry import BaseItem
from tongban.catalogue.model.item import Item
from tongban.catalogue.model.national import NationalRow, national_rows
from tongban.catalogue.model.national_names import national_name

_TEXT = "text"
_REPEATED = ("task_code", "task_handle_item")
_NAMED_BY = ("material_name", "fee_name", "question")


class Demand(StrEnum):
    """What the receiving platform demands of a field."""

    FILLED = "filled"
    SHORT = "short"

    @property
    def label(self) -> str:
        return {
            "filled": "“{label}”必须填写",
            "short": "“{label}”最多 {longest} 个字，现有 {length} 个字",
        }[self]


@dataclass(frozen=True, slots=True)
class Flaw:
    """A field of a row that does not meet a demand, so that the row is held back.

    ``row`` names the row among its like: the material, the fee or the question. Lengths are in
    characters, 0 where the demand is not about them.
    """

    guid: str
    table: str
    field: str
    demand: Demand
    longest: int = 0
    length: int = 0
    row: str = ""

    @property
    def label(self) -> str:
        """How the field is called there."""
        return national_name(self.table, self.field)


@dataclass(frozen=True, slots=True)
class Checked:
    """The rows of one thing: those that may go out, and what is wrong with the others.

    ``whole`` is False where the row that all others belong to is held back, and they with it.
    """

    sound: tuple[NationalRow, ...]
    flaws: tuple[Flaw, ...]
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Due:
    """What is to go out: a service (``list`` item) or an entry of the directory, as it holds."""

    list: str
    code: str
    version: int


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A service or an entry of the directory with its rows looked over, ``source`` as they go."""

    thing: Item | BaseItem
    source: str
    checked: Checked

    @property
    def list(self) -> str:
        return "directory" if isinstance(self.thing, BaseItem) else "item"


@cache
def demanded() -> Mapping[str, tuple[Mapping[str, int | str], Mapping[str, int | str]]]:
    """Return for each table its required and its optional fields: most characters, or a word."""
    text = Path(__file__).with_name("national_fields.toml").read_text(encoding="utf-8")
    return {
        table: (section["required"], section.get("optional", {}))
        for section in tomllib.loads(text).values()
        for table in section["tables"]
    }


def outgoing(thing: Item | BaseItem, *, source: str = "", longest_text: int = 0) -> Outgoing:
    """Make all rows of a service or an entry and look them over.

    :param source: the data_source (数据来源); empty: the first two digits of its division.
    :param longest_text: how many characters the receiving platform takes for a text; 0: any.
    """
    source = source or thing.region[:2]
    rows = national_rows(thing, longest_text=longest_text)
    return Outgoing(thing, source, checked(rows, source=source, longest_text=longest_text))


def checked(rows: Sequence[NationalRow], *, source: str, longest_text: int = 0) -> Checked:
    """Look over all rows of one thing, the one that the others belong to first.

    A row with a flaw is held back. If it is the first, all are: the receiving platform could not
    tell what they belong to, or would show a new part of an old service.

    :param source: the data_source (数据来源) under which they are to go out.
    :param longest_text: how many characters the receiving platform takes for a text; 0: any.
    """
    flaws = [
        flaw
        for row in rows
        for flaw in _flaws(row, longest_text)
        # What all rows repeat of the first is told once.
        if row is rows[0] or flaw.field not in _REPEATED
    ]
    if rows and not source:
        flaws.append(Flaw(rows[0].guid, rows[0].table, "data_source", Demand.FILLED))
    held = {flaw.guid for flaw in flaws}
    whole = not rows or rows[0].guid not in held
    sound = tuple(row for row in rows if row.guid not in held) if whole else ()
    return Checked(sound, tuple(flaws), whole)


def _flaws(row: NationalRow, longest_text: int) -> Iterator[Flaw]:
    required, optional = demanded()[row.table]
    named = next((row.fields[name] for name in _NAMED_BY if name in row.fields), "")[:100]
    for field in required:
        if not row.fields.get(field, "").strip():
            yield Flaw(row.guid, row.table, field, Demand.FILLED, row=named)
    for field, text in row.fields.items():
        size = required.get(field) or optional[field]
        longest = longest_text if size == _TEXT else size
        if isinstance(longest, int) and len(text) > longest > 0:
            yield Flaw(row.guid, row.table, field, Demand.SHORT, longest, len(text), named)
