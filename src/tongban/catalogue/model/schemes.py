"""Codes as (scheme, code): each scheme has a pattern and a check digit, and both only warn. Pure.

Real catalogues are full of codes that break their own standard, so nothing is refused for its
code and nothing is ever read out of one. An installation adds its own schemes with
``read_schemes`` and ``add_schemes`` from a file of the shape of ``code_schemes.toml``.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from tongban.catalogue.model.check_digits import CHECKS
from tongban.catalogue.model.coded import Code
from tongban.foundation import messages
from tongban.foundation.errors import Invalid, Problem

# What every installation can say of a code without a scheme for it.
LOCAL = "local_code"
# As mappings write it (docs/how-to/import-a-foreign-list.md).
_KEY = re.compile(r"[a-z_]{1,40}")
_Text = Annotated[str, Meta(max_length=200)]
_Length = Annotated[int, Meta(ge=1, le=200)]


class BadSchemes(Invalid):
    """A file of schemes says something that cannot be; each problem names the scheme."""


class Scheme(Struct, frozen=True, forbid_unknown_fields=True):
    """One kind of code.

    ``name_en`` is its English name, and ``example`` shows its form to people. A code has one of
    ``lengths`` (characters; empty: any) and fits ``pattern`` as a whole. ``check`` names a rule of
    CHECKS, which is applied to what the group ``checked`` of the pattern matched, or to the whole
    code.
    """

    key: _Text
    name: _Text
    pattern: _Text = ".+"
    example: _Text = ""
    check: _Text = ""
    name_en: _Text = ""
    lengths: tuple[_Length, ...] = ()

    def warnings(self, code: str) -> Iterable[Problem]:
        """Yield what is doubtful about a code of this scheme, the first thing only."""
        told = {"scheme": self.name, "code": code, "example": self.example}
        match = re.fullmatch(self.pattern, code)
        checked = (match.groupdict().get("checked") if match else None) or code
        if self.lengths and len(code) not in self.lengths:
            told["lengths"] = " / ".join(map(str, self.lengths))
            told["length"] = str(len(code))
            yield Problem(
                "codes", "“{scheme}”{code} 有 {length} 位，应为 {lengths} 位，请核对", told
            )
        elif match is None and self.example:
            yield Problem("codes", "“{scheme}”{code} 的形式不对（例：{example}），请核对", told)
        elif match is None:
            yield Problem("codes", "“{scheme}”{code} 的形式不对，请核对", told)
        elif self.check and not CHECKS[self.check](checked):
            told["part"] = checked
            yield Problem("codes", "“{scheme}”{code} 中的 {part} 校验位不对，请核对", told)


def read_schemes(text: str) -> dict[str, Scheme]:
    """Read schemes from TOML, by their keys.

    :raises BadSchemes: naming scheme and rule, if it is no TOML, a key is missing, given twice or
        no key, a pattern is no regular expression, a check is not known, an example breaks its own
        scheme, or there is anything else in the file.
    """
    try:
        rows = msgspec.convert(tomllib.loads(text), dict[str, list[dict[str, Any]]])
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise BadSchemes(
            Problem("scheme", "编码种类的文件不是有效的 TOML：{error}", {"error": str(error)})
        ) from None
    problems = [
        Problem("scheme", "不认识“{name}”，每个编码种类以 [[scheme]] 开头", {"name": name})
        for name in rows
        if name != "scheme"
    ]
    found: dict[str, Scheme] = {}
    for number, row in enumerate(rows.get("scheme", ()), start=1):
        try:
            scheme = msgspec.convert(row, Scheme)
        except msgspec.ValidationError as error:
            told = {"scheme": str(row.get("key") or number), "error": str(error)}
            problems.append(Problem("scheme", "“{scheme}”：{error}", told))
            continue
        if scheme.key in found:
            problems.append(_wrong(scheme, "“{scheme}”：这个键用了两次"))
        problems += _wrongs(scheme)
        found[scheme.key] = scheme
    if problems or not found:
        raise BadSchemes(*(problems or [Problem("scheme", "文件中没有编码种类（[[scheme]]）")]))
    return found


def _wrongs(scheme: Scheme) -> Iterable[Problem]:
    if not _KEY.fullmatch(scheme.key):
        yield _wrong(scheme, "“{scheme}”：键（key）应为 1 至 40 个小写字母和下划线")
    if not scheme.name.strip():
        yield _wrong(scheme, "“{scheme}”：缺少中文名称（name）")
    known = not scheme.check or scheme.check in CHECKS
    if not known:
        yield _wrong(
            scheme,
            "“{scheme}”：没有名为“{check}”的校验方法（check），可以用 {checks}",
            check=scheme.check,
            checks="、".join(CHECKS),
        )
    try:
        re.compile(scheme.pattern)
    except re.error as error:
        yield _wrong(scheme, "“{scheme}”：pattern 不是正则表达式：{error}", error=str(error))
        return
    if known and scheme.example:
        for problem in scheme.warnings(scheme.example):
            yield _wrong(
                scheme, "“{scheme}”：示例（example）不合自己的规则：{why}", why=str(problem)
            )


def _wrong(scheme: Scheme, message: str, **details: object) -> Problem:
    return Problem("scheme", message, {"scheme": scheme.key, **details})


@cache
def _brought() -> Mapping[str, Scheme]:
    """Return the schemes that come with the product."""
    return read_schemes(Path(__file__).with_name("code_schemes.toml").read_text(encoding="utf-8"))


_own: dict[str, Scheme] = {}


def add_schemes(own: Mapping[str, Scheme]) -> None:
    """Make the schemes of the installation known to this process, in place of those before.

    :raises BadSchemes: if one has the key of a scheme that comes with the product.
    """
    taken = [one for key, one in own.items() if key in _brought() or key == LOCAL]
    if taken:
        raise BadSchemes(*(_wrong(one, "“{scheme}”：这个键是系统自带的，请另取") for one in taken))
    _own.clear()
    _own.update(own)
    messages.learn("en", {one.name: one.name_en for one in own.values() if one.name_en})


def known_schemes() -> Mapping[str, Scheme]:
    """Return all schemes: those that come with the product, and those of the installation."""
    return {**_brought(), **_own}


def own_schemes() -> Mapping[str, Scheme]:
    """Return the schemes that the installation added."""
    return dict(_own)


def code_warnings(
    codes: Iterable[Code], *, schemes: Mapping[str, Scheme] | None = None
) -> list[Problem]:
    """Return what is doubtful about codes, in words. A scheme that is not known warns of nothing.

    >>> [str(one) for one in code_warnings([Code("basic_code", "00012302")])]
    ['“基本编码”00012302 的形式不对（例：000123020000），请核对']
    """
    known = known_schemes() if schemes is None else schemes
    return [
        problem
        for code in codes
        if (scheme := known.get(code.scheme)) is not None
        for problem in scheme.warnings(code.code)
    ]
