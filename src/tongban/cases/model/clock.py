"""The legal clocks of a case: facts about when something began and how long it may take.

``used = n(now) - n(start) - pauses`` in running working-day numbers; the day itself on which a
clock starts is not counted (Civil Code, article 201). A due date is a cache: it follows from the
facts and the calendar, and is worked out anew when the calendar changes.
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum


class Unit(StrEnum):
    WORKDAY = "workday"
    DAY = "day"
    HOUR = "hour"
    MINUTE = "minute"
    MONTH = "month"


class ClockKind(StrEnum):
    NOTICE = "notice"  # 补正告知或受理
    CORRECTION = "correction"  # 申请人补正
    STATUTORY = "statutory"  # 法定办结
    PROMISED = "promised"  # 承诺办结
    DELIVERY = "delivery"  # 送达

    @property
    def word(self) -> str:
        return _CLOCKS[self]


class ClockState(StrEnum):
    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    LATE = "late"
    STOPPED = "stopped"


class PauseKind(StrEnum):
    """What is not counted (Administrative Licensing Law, article 45, and local law)."""

    HEARING = "hearing"  # 听证
    BIDDING = "bidding"  # 招标
    AUCTION = "auction"  # 拍卖
    INSPECTION = "inspection"  # 检验
    TESTING = "testing"  # 检测
    QUARANTINE = "quarantine"  # 检疫
    APPRAISAL = "appraisal"  # 鉴定
    EXPERT_REVIEW = "expert_review"  # 专家评审
    SITE_VISIT = "site_visit"  # 现场踏勘
    TECHNICAL_REVIEW = "technical_review"  # 技术审查
    PUBLICATION = "publication"  # 公示

    @property
    def word(self) -> str:
        return _PAUSES[self]


@dataclass(frozen=True, slots=True)
class Limit:
    """So much time, and where it stands in law."""

    kind: ClockKind
    amount: int
    unit: Unit = Unit.WORKDAY
    basis: str = ""


# Law texts: 中华人民共和国行政许可法 (2019), articles 32, 42 and 44.
NOTICE = Limit(ClockKind.NOTICE, 5, basis="《行政许可法》第三十二条")
CORRECTION = Limit(ClockKind.CORRECTION, 15, basis="补正告知书载明的期限")
DELIVERY = Limit(ClockKind.DELIVERY, 10, basis="《行政许可法》第四十四条")
EXTENSION_WORKDAYS = 10


@dataclass(frozen=True, slots=True)
class Pause:
    """A special procedure whose time is not counted. ``days_needed`` was told to the applicant.

    ``node`` is the step of the process that it is, with which it ends; "" where officers began it.
    """

    kind: PauseKind
    turn: int
    begun_on: date
    ended_on: date | None
    days_needed: int
    note: str
    node: str = ""


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock. ``turn`` counts clocks of one kind in a case, from 1.

    ``due_on`` is None while a special procedure holds the clock. ``provisional`` when the calendar
    that it was reckoned by has not been published yet.
    """

    kind: ClockKind
    turn: int
    started_on: date
    amount: int
    unit: Unit
    extended: int
    due_on: date | None
    calendar_version: int
    provisional: bool
    basis: str
    state: ClockState
    ended_at: datetime | None = None

    @property
    def open(self) -> bool:
        return self.state in (ClockState.RUNNING, ClockState.PAUSED)

    def overdue(self, today: date) -> bool:
        return self.open and self.due_on is not None and today > self.due_on


def reckoned_from(started_on: date, amount: int, unit: Unit) -> tuple[date, int]:
    """Return a limit as (day, working days after it), which every unit comes down to.

    Natural days and months end on the next working day when their last day is none (Civil Code,
    article 203); hours and minutes are followed to the day.
    """
    if unit is Unit.WORKDAY:
        return started_on, amount
    last = {
        Unit.DAY: lambda: started_on + timedelta(days=amount),
        Unit.HOUR: lambda: started_on + timedelta(days=amount // 24),
        Unit.MINUTE: lambda: started_on + timedelta(days=amount // 1440),
        Unit.MONTH: lambda: _months_after(started_on, amount),
    }[unit]()
    return last - timedelta(days=1), 1


def most_urgent(clocks: Sequence[Clock]) -> Clock | None:
    """Return the open clock that runs out first; a held one comes last."""
    running = [clock for clock in clocks if clock.open]
    return min(running, key=lambda clock: (clock.due_on or date.max, clock.kind), default=None)


def _months_after(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


_CLOCKS = {
    ClockKind.NOTICE: "受理或告知补正期限",
    ClockKind.CORRECTION: "补正期限",
    ClockKind.STATUTORY: "法定办结时限",
    ClockKind.PROMISED: "承诺办结时限",
    ClockKind.DELIVERY: "送达期限",
}
_PAUSES = {
    PauseKind.HEARING: "听证",
    PauseKind.BIDDING: "招标",
    PauseKind.AUCTION: "拍卖",
    PauseKind.INSPECTION: "检验",
    PauseKind.TESTING: "检测",
    PauseKind.QUARANTINE: "检疫",
    PauseKind.APPRAISAL: "鉴定",
    PauseKind.EXPERT_REVIEW: "专家评审",
    PauseKind.SITE_VISIT: "现场踏勘",
    PauseKind.TECHNICAL_REVIEW: "技术审查",
    PauseKind.PUBLICATION: "公示",
}
