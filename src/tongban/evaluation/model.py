"""What a rating is, what it asks, and what follows from a bad one. Pure.

Five levels, 5 is best; 1 and 2 are bad (GB/T 39046). What is asked is the same everywhere and has
a version: whoever changes it raises CONTENT_VERSION and keeps the old words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from tongban.foundation.errors import Conflict, NotFound, Problem

CONTENT_VERSION = 1
COMMENT_MAX = 500
BAD = frozenset({1, 2})
# A bad rating is answered within one working day and put right within fifteen.
CONTACT_DAYS, SETTLE_DAYS = 1, 15


class AlreadyRated(Conflict):
    message = "办件 {number} 已经评价过，每个办件只能评价一次"


class TooEarly(Conflict):
    message = "办件 {number} 还没有办结，办结后才能评价"


class NoSuchRemedy(NotFound):
    message = "没有找到办件 {number} 的差评整改"


class WrongState(Conflict):
    message = "差评整改当前为“{state}”，不能进行这一步；请刷新页面"


class Channel(StrEnum):
    """Where a rating was given."""

    PORTAL = "portal"
    MOBILE = "mobile"
    QR = "qr"
    TABLET = "tablet"
    TERMINAL = "terminal"
    TELEPHONE = "telephone"
    SMS = "sms"


LEVELS: dict[int, str] = {5: "非常满意", 4: "满意", 3: "基本满意", 2: "不满意", 1: "非常不满意"}

# The sub-scores for services handled online, and for those handled in person.
ASPECTS_ONLINE: dict[str, str] = {
    "efficiency": "办理效率",
    "guide": "办事指南准确度",
    "convenience": "办事便捷度",
    "platform": "平台运行",
}
ASPECTS_IN_PERSON: dict[str, str] = {
    "efficiency": "办理效率",
    "skill": "业务水平",
    "attitude": "服务态度",
}

TAGS_GOOD: dict[str, str] = {
    "at_once": "一次就办好",
    "fast": "比承诺的快",
    "clear": "要求讲得清楚",
    "few_materials": "材料少",
    "no_visit": "不用跑腿",
    "friendly": "态度好",
}
TAGS_BAD: dict[str, str] = {
    "not_told_at_once": "没有一次讲清要补什么",
    "slow": "办得慢",
    "unclear": "指南与实际要求不一致",
    "many_materials": "重复要材料",
    "many_visits": "多次跑腿",
    "unfriendly": "态度不好",
    "extra_charge": "乱收费",
    "hard_to_use": "网上不好操作",
}


@dataclass(frozen=True, slots=True)
class Content:
    """What a person is asked: levels, aspects and tags, each as key and words, best level first."""

    version: int
    levels: Mapping[int, str]
    aspects: Mapping[str, str]
    good: Mapping[str, str]
    bad: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rating:
    """What a person thought of one handling. Shown to that person only."""

    case_number: str
    item_code: str
    stars: int
    scores: Mapping[str, int]
    tags: tuple[str, ...]
    comment: str
    channel: Channel
    content_version: int
    rated_at: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "channel", Channel(self.channel))
        object.__setattr__(self, "tags", tuple(self.tags))


@dataclass(frozen=True, slots=True)
class Summary:
    """What all raters together thought of a service. ``average`` is 0 where nobody has rated."""

    count: int
    average: float


@dataclass(frozen=True, slots=True)
class Opinion:
    """What was said of a service, without who said it about which case."""

    id: str
    item_code: str
    stars: int
    scores: Mapping[str, int]
    tags: tuple[str, ...]
    comment: str
    rated_on: date

    def __post_init__(self) -> None:
        object.__setattr__(self, "tags", tuple(self.tags))


class State(StrEnum):
    OPEN = "open"
    CONTACTED = "contacted"
    SETTLED = "settled"

    @property
    def word(self) -> str:
        return {"open": "待联系", "contacted": "整改中", "settled": "已办结"}[self]


class Outcome(StrEnum):
    """What the conversation with the rater brought."""

    CONFIRMED = "confirmed"
    MISTAKEN = "mistaken"  # The rater says that another level was meant.
    NOT_REACHED = "not_reached"

    @property
    def word(self) -> str:
        return {"confirmed": "情况属实", "mistaken": "本人误评", "not_reached": "未能联系上"}[self]


@dataclass(frozen=True, slots=True)
class Remedy:
    """What is done about a bad rating: the rater is spoken to, then what was wrong is put right.

    Not shown to the department that was rated.
    """

    case_number: str
    region: str
    department: str
    department_name: str
    item_name: str
    holder: str
    applicant: str  # Masked.
    stars: int
    tags: tuple[str, ...]
    comment: str
    state: State
    started_on: date
    contact_due_on: date
    settle_due_on: date
    contacted_at: datetime | None = None
    outcome: Outcome | None = None
    note: str = ""
    settled_at: datetime | None = None
    measure: str = ""
    days_left: int = 0  # Working days to ``due_on``; negative when it is past.

    def __post_init__(self) -> None:
        object.__setattr__(self, "tags", tuple(self.tags))
        object.__setattr__(self, "state", State(self.state))
        object.__setattr__(self, "outcome", Outcome(self.outcome) if self.outcome else None)

    @property
    def due_on(self) -> date:
        """The day by which the next thing is to be done."""
        return self.contact_due_on if self.state is State.OPEN else self.settle_due_on

    def must_be(self, *states: State) -> None:
        if self.state not in states:
            raise WrongState(state=self.state.word)


def content(*, online: bool) -> Content:
    """Return what to ask after a handling online or in person."""
    aspects = ASPECTS_ONLINE if online else ASPECTS_IN_PERSON
    return Content(CONTENT_VERSION, LEVELS, aspects, TAGS_GOOD, TAGS_BAD)


def problems(rating: Rating, *, online: bool) -> list[Problem]:
    """Return everything that is wrong with a rating of a handling online or in person."""
    asked = content(online=online)
    if rating.stars not in asked.levels:
        return [Problem("stars", "请选择 1 到 5 星")]
    tags = asked.bad if rating.stars in BAD else asked.good
    rules = (
        ("tags", set(rating.tags) <= tags.keys(), "所选标签与星级不符，请重新选择"),
        (
            "scores",
            rating.scores.keys() <= asked.aspects.keys()
            and set(rating.scores.values()) <= asked.levels.keys(),
            "分项评分应为 1 到 5 分，且属于本次办理方式",
        ),
        ("comment", "\x00" not in rating.comment, "评价内容含有不能保存的字符"),
    )
    found = [Problem(field, message) for field, right, message in rules if not right]
    if len(rating.comment) > COMMENT_MAX:
        found.append(Problem("comment", "评价内容不能超过 {most} 个字", {"most": COMMENT_MAX}))
    return found
