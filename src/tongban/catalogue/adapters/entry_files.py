"""Entries of the lists as a TOML file: ``[[power]]``, ``[[duty]]``, ``[[negative]]`` and so on."""

import tomllib
from typing import Any

import msgspec

from tongban.catalogue.model import Entry, List
from tongban.catalogue.model.entry import CLASSES
from tongban.foundation.errors import Invalid, Problem


def read_entries(text: str, **given: Any) -> list[Entry]:
    """Read entries from TOML; what is ``given`` holds for every entry that does not say it.

    :raises Invalid: naming the list, the place in it and what is wrong.
    """
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Invalid(Problem("", "文件不是有效的 TOML：{why}", {"why": str(error)})) from None
    found: list[Entry] = []
    for name, rows in tables.items():
        if name not in {*List} or not isinstance(rows, list):
            raise Invalid(Problem(name, "没有叫“{name}”的清单", {"name": name}))
        for place, row in enumerate(rows, 1):
            try:
                found.append(msgspec.convert(given | row, CLASSES[List(name)]))
            except msgspec.ValidationError as error:
                at = f"{name}[{place}]"
                told = {"at": at, "why": str(error)}
                raise Invalid(Problem(at, "{at} 有错误：{why}", told)) from None
    return found
