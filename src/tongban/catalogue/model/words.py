"""Everyday words (日常用语): what people call a service, whose word it is and where it comes from.

Those of a guide are published with it. Departments add others at any time: they change what is
found, never what is published.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tongban.catalogue.model.search import normalise
from tongban.foundation.errors import Invalid, Problem

LONGEST, MOST = 40, 60


class WordSource(StrEnum):
    """Where an everyday word comes from."""

    DEPARTMENT = "department"
    SEARCH = "search"
    HOTLINE = "hotline"
    NATIONAL = "national"
    OFFICIAL = "official"

    @property
    def label(self) -> str:
        return {
            "department": "部门补充",
            "search": "没有搜到的话",
            "hotline": "12345 热线",
            "national": "国家目录",
            "official": "指南原文",
        }[self]


@dataclass(frozen=True, slots=True)
class EverydayWord:
    """One word of one item.

    ``in_guide`` words are published with the guide, first by ``version``, and go by a draft only.
    """

    item_code: str
    item_name: str
    word: str
    source: WordSource
    department: str
    department_name: str
    added_name: str
    added_at: datetime
    in_guide: bool = False
    version: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "source", WordSource(self.source))


def checked_word(typed: str) -> str:
    """Return a word as it is kept, blanks folded.

    :raises Invalid: if it says nothing, or is too long for what somebody types.
    """
    word = " ".join(typed.split())
    if not normalise(word):
        raise Invalid(Problem("word", "请填写群众的说法"))
    if len(word) > LONGEST:
        raise Invalid(Problem("word", "最多 {limit} 个字", {"limit": LONGEST}))
    return word


def checked_source(said: str) -> WordSource:
    """Return a source by its code or its label.

    :raises Invalid: if there is no such source.
    """
    for source in WordSource:
        if said in (source.value, source.label):
            return source
    raise Invalid(Problem("source", "请选择来源"))
