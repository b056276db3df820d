"""Ways to services put together by hand: zones, life events, stages of an enterprise. Pure."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from tongban.foundation.errors import Invalid, NotFound, Problem

_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
ITEMS_MOST, WORDS_MOST = 200, 20


class NoSuchZone(NotFound):
    message = "没有这个专区，它可能已经结束，请从首页重新查找"


class ZoneKind(StrEnum):
    ZONE = "zone"
    LIFE_EVENT = "life_event"
    STAGE = "stage"

    @property
    def label(self) -> str:
        return {"zone": "专区", "life_event": "人生和经营中的大事", "stage": "企业的阶段"}[self]


@dataclass(frozen=True, slots=True)
class Zone:
    """``items`` are put in by hand and come first, in their order; then whatever the filter finds.

    An item is found by ``audience`` (empty: all) and every one of ``department``, ``theme`` and
    ``words`` that is given: any of the words in its name. With none of the three, none is found.
    Shown from ``published_from`` (None: not yet) until ``published_until`` (None: for good).
    """

    code: str
    kind: ZoneKind
    title: str
    card: str = ""
    place: int = 0
    items: tuple[str, ...] = ()
    audience: str = ""
    department: str = ""
    theme: str = ""
    words: tuple[str, ...] = ()
    region: str = ""
    published_from: date | None = None
    published_until: date | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", ZoneKind(self.kind))
        object.__setattr__(self, "items", tuple(self.items))
        object.__setattr__(self, "words", tuple(self.words))

    def shown_on(self, day: date) -> bool:
        begun = self.published_from is not None and self.published_from <= day
        return begun and (self.published_until is None or day <= self.published_until)

    def check(self) -> None:
        """Refuse what cannot be kept.

        :raises Invalid: naming each field and its rule.
        """
        wrong = []
        if not _CODE.fullmatch(self.code):
            wrong.append(Problem("code", "网址名应为小写字母、数字和短横，最多 40 个字"))
        if not 1 <= len(self.title) <= 100:
            wrong.append(Problem("title", "标题应为 1 至 100 个字"))
        if len(self.card) > 300:
            wrong.append(Problem("card", "最多 {limit} 个字", {"limit": 300}))
        if len(self.items) > ITEMS_MOST:
            wrong.append(Problem("items", "最多 {limit} 个事项", {"limit": ITEMS_MOST}))
        if len(self.words) > WORDS_MOST:
            wrong.append(Problem("words", "最多 {limit} 个词", {"limit": WORDS_MOST}))
        if self.published_until is not None and (
            self.published_from is None or self.published_until < self.published_from
        ):
            wrong.append(Problem("published_until", "结束日期不能早于开始日期"))
        if wrong:
            raise Invalid(*wrong)
