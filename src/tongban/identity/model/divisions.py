"""A file of administrative divisions, as published: read line by line, each checked on its own."""

import csv
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from tongban.foundation.errors import Invalid, Problem
from tongban.identity.model.places import GROUPING, Region

COLUMNS = ("code", "name", "level", "parent_code")
LINE_MAX = 1_000  # Characters. The longest published name has 15.


@dataclass(frozen=True, slots=True)
class Division:
    """One line of the file. ``line`` counts from 1, the heading included."""

    line: int
    code: str
    name: str
    level: int
    parent: str


@dataclass(frozen=True, slots=True)
class Reject:
    """A line that was not taken over, and why."""

    line: int
    problem: Problem
    text: str


def read_divisions(content: bytes) -> tuple[list[Division], list[Reject]]:
    """Return the well-formed lines of a file, and the others.

    :raises Invalid: if it is no UTF-8 text or its heading lacks a column; nothing can be read then.
    """
    try:
        lines = content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise Invalid(
            Problem(
                "file",
                "文件不是UTF-8编码（第{position}个字节），请另存为UTF-8后再导入",
                {"position": error.start + 1},
            )
        ) from None
    heading = _cells(lines[0]) if lines else []
    if missing := [column for column in COLUMNS if column not in heading]:
        raise Invalid(
            Problem("file", "文件第一行缺少列：{columns}", {"columns": "、".join(missing)})
        )
    found: list[Division] = []
    rejects: list[Reject] = []
    seen: dict[str, int] = {}
    for number, text in enumerate(lines[1:], start=2):
        if not text.strip():
            continue
        read = _read(number, text, heading)
        if isinstance(read, Division) and (first := seen.setdefault(read.code, number)) != number:
            read = Problem("code", "与第{line}行的代码重复", {"line": first})
        if isinstance(read, Problem):
            rejects.append(Reject(number, read, text[:200]))
        else:
            found.append(read)
    return found, rejects


def placed(
    divisions: Collection[Division], *, known: Mapping[str, Region]
) -> tuple[list[Region], list[Reject]]:
    """Put divisions below their parents, which stand in the same file or are known already.

    :param known: official divisions by code, of which those in the file take the place.
    """
    waiting = {division.code: division for division in divisions}
    regions = {code: region for code, region in known.items() if code not in waiting}
    names = {region.full_name: region.code for region in regions.values()}
    done: list[Region] = []
    rejects: list[Reject] = []
    while ready := [d for d in waiting.values() if not d.parent or d.parent in regions]:
        for division in ready:
            del waiting[division.code]
            region = _below(division, regions.get(division.parent))
            if other := names.get(region.full_name):
                problem = Problem(
                    "name", "“{name}”已有代码{code}", {"name": region.full_name, "code": other}
                )
                rejects.append(Reject(division.line, problem, division.code))
                continue
            names[region.full_name] = region.code
            regions[region.code] = region
            done.append(region)
    for division in waiting.values():
        problem = Problem("parent_code", "没有代码为{code}的上级区划", {"code": division.parent})
        rejects.append(Reject(division.line, problem, division.code))
    return done, rejects


def _below(division: Division, parent: Region | None) -> Region:
    above = parent.full_name if parent else ""
    if parent and parent.name in GROUPING:
        above = above.removesuffix(parent.name)
    return Region(
        division.code, division.name, division.level, division.parent, above + division.name
    )


def _read(number: int, text: str, heading: list[str]) -> Division | Problem:
    if len(text) > LINE_MAX:
        return Problem("", "这一行超过{max}个字", {"max": LINE_MAX})
    row = dict(zip(heading, _cells(text), strict=False))
    code, name, level, parent = (row.get(column, "").strip() for column in COLUMNS)
    problem = next(_problems(code, name, level, parent), None)
    return problem or Division(number, code, name, int(level), parent)


def _problems(code: str, name: str, level: str, parent: str) -> Iterator[Problem]:
    if not _is_code(code):
        yield Problem("code", "区划代码应为6位数字，不能是“{code}”", {"code": code[:20]})
    elif code.startswith("98"):
        yield Problem("code", "98开头的代码留作暂用，不能导入")
    if not name:
        yield Problem("name", "缺少区划名称")
    if level not in {"0", "1", "2", "3", "4", "5"}:
        yield Problem("level", "层级应为0至5，不能是“{level}”", {"level": level[:20]})
    if parent and not _is_code(parent):
        yield Problem("parent_code", "上级代码应为6位数字，不能是“{code}”", {"code": parent[:20]})
    elif parent and parent == code:
        yield Problem("parent_code", "上级不能是它自己")


def _is_code(text: str) -> bool:
    return len(text) == 6 and text.isascii() and text.isdigit()


def _cells(line: str) -> list[str]:
    # Names hold no line breaks, so every line is read alone and a stray quote spoils only its own.
    return next(csv.reader([line]), [])
