"""How the columns of somebody else's table become a guide in the exchange shape. Pure.

A mapping is data, written by those who know the table: a TOML file as described in
``docs/how-to/import-a-foreign-list.md``. Nothing is read out of a code but what a mapping says.
"""

import codecs
import re
import tomllib
from collections.abc import Iterator
from collections.abc import Mapping as Map
from dataclasses import dataclass, field, replace
from importlib.resources import files
from typing import Any

import msgspec

from tongban.catalogue.model.crosswalk import partner_table
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
# Names of encodings as Python tells them.
ENCODINGS = (
    "utf-8", "utf-8-sig", "gb18030", "gbk", "gb2312", "big5", "utf-16", "utf-16-le", "utf-16-be",
)  # fmt: skip
# Which list of the crosswalks a target follows, and how tables write what we keep by key.
CROSSWALKS = {
    "type": "kind", "type_code": "kind", "service_object": "subject", "handling_type": "handling",
    "day_unit": "unit", "statutory_unit": "unit", "promised_unit": "unit",
    "channels.online_depth": "online_depth", "channels.forms": "form",
    "cross_region_scope": "scope",
}  # fmt: skip
OUR_WORDS = {
    "instant": "即办件", "committed": "承诺件", "workday": "工作日", "day": "自然日",
    "hour": "小时", "minute": "分钟", "month": "月",
}  # fmt: skip
_PART = "part 要有分隔的字（by）和从 1 数起的次序（number）"
_TAKE = "take 是从 1 数起的首字和末字的位置，末字不在首字之前"
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
    ``blank`` are texts that mean that there is nothing; ``partner`` is whose crosswalk the values
    follow, of those that come with the product. For ``region_code`` alone: ``level`` is the
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
    partner: str = ""

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
    problems += [*_wrong_shape(mapping.table), *_wrong_pieces(mapping), *_wrong_partners(mapping)]
    if problems:
        raise BadMapping(*problems)
    return replace(
        mapping,
        fields={target: _in_our_words(target, one) for target, one in mapping.fields.items()},
    )


def _wrong_partners(mapping: Mapping) -> Iterator[Problem]:
    for target, one in mapping.fields.items():
        listed = CROSSWALKS.get(target, "")
        if one.partner and not (listed and partner_table(listed, partner=one.partner)):
            yield Problem(
                f"fields.{target}",
                "没有“{partner}”在“{target}”上的代码对照",
                {"partner": one.partner[:40], "target": target},
            )


def _in_our_words(target: str, one: From) -> From:
    """Return where a value comes from, the crosswalk of its partner being among its values."""
    if not one.partner:
        return one
    table = partner_table(CROSSWALKS[target], partner=one.partner) or {}
    ours = {theirs: OUR_WORDS.get(value, value) for theirs, value in table.items()}
    return replace(one, values=ours | dict(one.values))


def _wrong_shape(table: Shape) -> Iterator[Problem]:
    if table.encoding:
        try:
            known = codecs.lookup(table.encoding).name in ENCODINGS
        except (LookupError, UnicodeError):
            known = False
        if not known:
            yield Problem(
                "table.encoding",
                "不认识编码“{encoding}”；可用：{known}",
                {"encoding": table.encoding[:40], "known": "、".join(ENCODINGS)},
            )
    if table.separator and (len(table.separator) != 1 or table.separator in '\0\r\n"'):
        yield Problem("table.separator", "分隔符（separator）只能是一个字符，不能是引号或换行")
    if not 1 <= table.heading_line <= 1000:
        yield Problem("table.heading_line", "表头所在的行（heading_line）应在 1 到 1000 之间")


def _wrong_pieces(mapping: Mapping) -> Iterator[Problem]:
    """What is cut out of a text begins at 1 and does not end before it begins."""
    for group, sources in (("fields", mapping.fields), ("codes", mapping.codes)):
        for name, one in sources.items():
            if one.part and (not one.part.by or one.part.number < 1):
                yield Problem(f"{group}.{name}", _PART)
            if one.take and not 1 <= one.take[0] <= one.take[1]:
                yield Problem(f"{group}.{name}", _TAKE)


def shipped(name: str) -> Mapping:
    """Return one of the mappings that come with the product, such as ``guangdong-csv``."""
    folder = files("tongban.catalogue.adapters") / "mappings"
    return read_mapping((folder / f"{name}.toml").read_text(encoding="utf-8"))


def _long(one: Any) -> Any:
    """A column alone may be written for short as its heading."""
    return {"column": one} if isinstance(one, str) else one
