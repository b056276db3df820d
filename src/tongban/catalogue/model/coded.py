"""The coded values of service items, as the national item lists have them. Pure.

Codes and names follow GB/T 39046 and the lists of running platforms; where the two disagree, the
running ones are meant, and ``model.crosswalk`` knows what each partner says instead.
"""

from dataclasses import dataclass
from enum import StrEnum

KINDS: dict[str, str] = {
    "01": "行政许可",
    "02": "行政处罚",
    "03": "行政强制",
    "04": "行政征收",
    "05": "行政给付",
    "06": "行政检查",
    "07": "行政确认",
    "08": "行政奖励",
    "09": "行政裁决",
    "10": "其他行政权力",
    "16": "一件事",  # An extension used by provinces for life events.
    "20": "公共服务",
}
LEVELS: dict[str, str] = {
    "1": "国家级",
    "2": "省级",
    "3": "市级",
    "4": "县级",
    "5": "镇（乡、街道）级",
    "6": "村（社区）级",
}
POWER_SOURCES: dict[str, str] = {
    "1": "法定本级行使",
    "2": "上级下放",
    "3": "上级授权",
    "4": "同级授权",
    "5": "上级委托",
    "6": "同级委托",
}
AGENCY_NATURES: dict[str, str] = {
    "1": "法定机关",
    "2": "授权组织",
    "3": "受委托组织",
    "9": "其他",
}
SCOPES: dict[str, str] = {
    "1": "全国",
    "2": "全省",
    "3": "全市",
    "4": "全县",
    "5": "全镇（乡、街道）",
    "6": "跨村（社区）",
}
SUBJECTS: dict[str, str] = {
    "1": "自然人",
    "2": "企业法人",
    "3": "事业法人",
    "4": "社会组织法人",
    "5": "非法人企业",
    "6": "行政机关",
    "9": "其他组织",
}


class Audience(StrEnum):
    """Whom a service is for (服务对象)."""

    PERSON = "person"
    BUSINESS = "business"
    BOTH = "both"

    @property
    def label(self) -> str:
        return {"person": "个人", "business": "法人", "both": "个人和法人"}[self]


class Handling(StrEnum):
    """办件类型."""

    INSTANT = "instant"
    COMMITTED = "committed"

    @property
    def label(self) -> str:
        return {"instant": "即办件", "committed": "承诺件"}[self]


class Status(StrEnum):
    """Whether a service can be found and applied for. Published versions stay readable in any."""

    PUBLISHED = "published"
    SUSPENDED = "suspended"  # Shown, but not to be applied for at present.
    CANCELLED = "cancelled"

    @property
    def label(self) -> str:
        return {"published": "在用", "suspended": "暂停", "cancelled": "取消"}[self]


class Unit(StrEnum):
    """时限单位."""

    WORKDAY = "workday"
    DAY = "day"
    HOUR = "hour"
    MINUTE = "minute"
    MONTH = "month"


_DURATIONS = {
    Unit.DAY: "P{}D",
    Unit.HOUR: "PT{}H",
    Unit.MINUTE: "PT{}M",
    Unit.MONTH: "P{}M",
}
_LIMIT_MESSAGES = {
    Unit.WORKDAY: "{amount}个工作日",
    Unit.DAY: "{amount}个自然日",
    Unit.HOUR: "{amount}小时",
    Unit.MINUTE: "{amount}分钟",
    Unit.MONTH: "{amount}个月",
}


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit. ``message`` is its catalogue key, with the place ``{amount}``."""

    amount: int
    unit: Unit = Unit.WORKDAY

    @property
    def message(self) -> str:
        return _LIMIT_MESSAGES[self.unit]

    @property
    def duration(self) -> str:
        """The limit as an ISO 8601 duration, such as ``P28D``, for lists of other countries.

        A duration knows no working days: ``P20D`` would promise what takes four weeks within three.
        They are told as the days of the calendar that they usually take, five to a week.
        """
        if self.unit is Unit.WORKDAY:
            return f"P{round(self.amount * 7 / 5)}D"
        return _DURATIONS[self.unit].format(self.amount)

    def __str__(self) -> str:
        return self.message.format(amount=self.amount)


@dataclass(frozen=True, slots=True)
class Code:
    """One of the codes by which others know the item.

    ``scheme`` is one of basic_code (基本编码), implementation_code (实施编码, 31 characters),
    handling_item_code (业务办理项编码, 33), local_code. No meaning is ever read out of a code.
    """

    scheme: str
    code: str


class Need(StrEnum):
    REQUIRED = "required"  # 必要
    OPTIONAL = "optional"  # 非必要
    DEFERRABLE = "deferrable"  # 容缺

    @property
    def label(self) -> str:
        return {"required": "必要", "optional": "非必要", "deferrable": "可容缺"}[self]


class Action(StrEnum):
    """What a handling item (业务办理项) of an item is for. Finer differences are scenarios."""

    NONE = ""
    NEW = "new"
    CHANGE = "change"
    RENEWAL = "renewal"
    REISSUE = "reissue"
    CANCELLATION = "cancellation"
    OTHER = "other"

    @property
    def label(self) -> str:
        return {
            "": "",
            "new": "新办",
            "change": "变更",
            "renewal": "延续",
            "reissue": "补办",
            "cancellation": "注销",
            "other": "其他办理项",
        }[self]
