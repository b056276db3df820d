"""How the columns of somebody else's table become a guide in the exchange shape. Pure.

A mapping is data, written by those who know the table: a TOML file as described in
``docs/how-to/import-a-foreign-list.md``. Nothing is read out of a code but what a mapping says.
"""

import re
import tomllib
from collections.abc import Mapping as Map
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

import msgspec

from tongban.foundation.errors import Invalid, Problem

# What a column can become, and how its text is read.
TEXTS = (
    "name", "department", "region", "parent_name", "short_name", "summary", "code", "basic_code",
    "item_code", "region_code", "department_credit_code", "type", "type_code", "service_object",
    "handling_type", "day_unit", "statutory_unit", "promised_unit", "cross_region_scope",
    "conditions", "source", "source_item_id", "snapshot", "completeness", "note",
    "channels.address", "channels.time", "channels.consult", "channels.complaint",
    "channels.online_depth",
)  # fmt: skip
LISTS = (
    "everyday_words", "themes", "life_events", "legal_basis", "results", "special_procedures",
    "channels.forms", "materials", "steps",
)  # fmt: skip
NUMBERS = ("statutory_days", "promised_days", "on_site_visits", "special_days", "prominence")
FLAGS = ("channels.online", "fees.charged")
TARGETS = frozenset((*TEXTS, *LISTS, *NUMBERS, *FLAGS))


class BadMapping(Invalid):
    """A mapping says something that cannot be done."""


@dataclass(frozen=True, slots=True)
class Part:
    """The ``number``-th part, counted from 1, between separators."""

    by: str
    number: int


@dataclass(frozen=True, slots=True)
class From:
    """Where a value comes from: a column, several joined, or the same for all rows.

    ``part`` and ``take`` (first and last character, counted from 1) cut a piece out of it;
    ``values`` is the crosswalk of coded values; ``split`` are the characters that part a list;
    ``blank`` are texts that mean that there is nothing. For ``region_code`` alone: ``level`` is the
    column with the level of the unit (2 province, 3 city, 4 county), to which the code is cut, and
    ``home`` the division in which units are that are registered with the nation.
    """

    column: str = ""
    columns: tuple[str, ...] = ()
    join: str = "\n"
    value: str | int | bool | None = None
    part: Part | None = None
    take: tuple[int, int] | None = None
    values: Map[str, str] = field(default_factory=dict)
    split: str = "|;；、\n"
    blank: tuple[str, ...] = ()
    level: str = ""
    home: str = ""

    @property
    def named(self) -> tuple[str, ...]:
        return (self.column,) if self.column else self.columns


@dataclass(frozen=True, slots=True)
class Shape:
    """How the table is written; what is empty is found out."""

    separator: str = ""
    encoding: str = ""
    heading_line: int = 1
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class Mapping:
    """``fields`` by target (``TARGETS``), ``codes`` by scheme; ``ignore`` are columns left out.

    All other columns are kept, unread, with the item.
    """

    fields: Map[str, From]
    codes: Map[str, From] = field(default_factory=dict)
    table: Shape = Shape()
    ignore: tuple[str, ...] = ()


def read_mapping(text: str) -> Mapping:
    """Return a mapping from its TOML text.

    :raises BadMapping: naming every entry that is wrong.
    """
    try:
        given = tomllib.loads(text)
        for group in ("fields", "codes"):
            given[group] = {name: _long(one) for name, one in given.get(group, {}).items()}
        mapping = msgspec.convert(given, Mapping)
    except tomllib.TOMLDecodeError as error:
        raise BadMapping(
            Problem("mapping", "映射文件不是有效的 TOML：{error}", {"error": error})
        ) from None
    except (msgspec.ValidationError, AttributeError) as error:
        raise BadMapping(Problem("mapping", "映射文件有误：{error}", {"error": error})) from None
    problems = [
        Problem(f"fields.{name}", "没有名为“{name}”的字段可供映射", {"name": name})
        for name in mapping.fields
        if name not in TARGETS
    ]
    problems += [
        Problem(
            f"codes.{scheme}", "编码类别“{scheme}”只能由小写字母和下划线组成", {"scheme": scheme}
        )
        for scheme in mapping.codes
        if not re.fullmatch(r"[a-z_]{1,40}", scheme)
    ]
    if not mapping.fields.get("name"):
        problems.append(Problem("fields.name", "映射文件必须说明事项名称在哪一列（fields.name）"))
    if unknown := sorted(set(given) - {"fields", "codes", "table", "ignore"}):
        problems.append(
            Problem("mapping", "映射文件中有不认识的内容：{names}", {"names": "、".join(unknown)})
        )
    if problems:
        raise BadMapping(*problems)
    return mapping


def shipped(name: str) -> Mapping:
    """Return one of the mappings that come with the product, such as ``guangdong-csv``."""
    folder = files("tongban.catalogue.adapters") / "mappings"
    return read_mapping((folder / f"{name}.toml").read_text(encoding="utf-8"))


def _long(one: Any) -> Any:
    """A column alone may be written for short as its heading."""
    return {"column": one} if isinstance(one, str) else one
