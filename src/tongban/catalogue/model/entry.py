"""What stands on the lists beside the services: directory, powers, duties, negative list... Pure.

Every kind is an entry: it has a code, a name, a department and a region, is published in versions
like an item, and refers to others by their codes. Laws behind it: 权力清单和责任清单 (R1, R2),
市场准入负面清单, 行政事业性收费 and 中介服务 lists, 标准材料 dictionary.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from tongban.catalogue.model.coded import Code, Status
from tongban.catalogue.model.parts import Basis, RiskPoint
from tongban.foundation.errors import Conflict, NotFound


class List(StrEnum):
    """The lists, and the dictionaries that are kept like them."""

    DIRECTORY = "directory"  # 基本目录
    POWER = "power"  # 权力清单
    DUTY = "duty"  # 责任清单
    NEGATIVE = "negative"  # 负面清单
    INTERMEDIARY = "intermediary"  # 中介服务清单
    MATERIAL = "material"  # 标准材料

    @property
    def label(self) -> str:
        return {
            "directory": "基本目录",
            "power": "权力清单",
            "duty": "责任清单",
            "negative": "负面清单",
            "intermediary": "中介服务清单",
            "material": "标准材料",
        }[self]


class NoSuchEntry(NotFound):
    message = "“{list}”中没有编码为 {code} 的条目"


class Circular(Conflict):
    message = "“{name}”不能放在“{above}”之下：这样会绕成一个圈（{chain}）"


@dataclass(frozen=True, slots=True)
class BaseItem:
    """基本目录: what every place that implements it has in common. Its ``code`` is the basic code.

    ``parent`` is the main item (主项) of a sub-item. ``levels`` by LEVELS. Name and legal basis
    may not be altered by those who implement it.
    """

    code: str
    name: str
    department: str = ""
    department_name: str = ""
    region: str = ""
    version: int = 0
    kind: str = ""
    parent: str = ""
    levels: tuple[str, ...] = ()
    legal_basis: tuple[Basis, ...] = ()
    codes: tuple[Code, ...] = ()
    note: str = ""
    status: Status = Status.PUBLISHED
    effective_from: date | None = None
    effective_until: date | None = None


@dataclass(frozen=True, slots=True)
class Power:
    """A power (行政权力事项). ``subject`` is whom it is exercised over; its course is the process
    of the item that exercises it, and ``flow`` says it in words until there is one."""

    code: str
    name: str
    department: str = ""
    department_name: str = ""
    region: str = ""
    version: int = 0
    kind: str = ""
    base_code: str = ""
    source: str = ""
    levels: tuple[str, ...] = ()
    legal_basis: tuple[Basis, ...] = ()
    subject: str = ""
    content: str = ""
    flow: str = ""
    risks: tuple[RiskPoint, ...] = ()
    note: str = ""
    status: Status = Status.PUBLISHED
    effective_from: date | None = None
    effective_until: date | None = None


@dataclass(frozen=True, slots=True)
class Responsibility:
    """What a department must do at one stage (受理, 审查, 决定, 送达, 事后监管...)."""

    stage: str
    text: str
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Accountability:
    """追责情形: for what somebody is held to account, and by which law."""

    text: str
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Duty:
    """The responsibilities that come with a power, and the grounds for accountability."""

    code: str
    name: str
    department: str = ""
    department_name: str = ""
    region: str = ""
    version: int = 0
    power: str = ""
    responsibilities: tuple[Responsibility, ...] = ()
    accountability: tuple[Accountability, ...] = ()
    telephone: str = ""
    note: str = ""
    status: Status = Status.PUBLISHED
    effective_from: date | None = None
    effective_until: date | None = None


class Access(StrEnum):
    """What the negative list says of a business."""

    FORBIDDEN = "forbidden"
    PERMIT = "permit"

    @property
    def label(self) -> str:
        return {"forbidden": "禁止准入", "permit": "许可准入"}[self]


@dataclass(frozen=True, slots=True)
class NegativeEntry:
    """An entry of the market-access negative list: what is not on it, every business may do.

    ``sector`` is the branch, ``measure`` the official text, ``words`` what businesses call it,
    ``items`` the services by which the permit is applied for.
    """

    code: str
    name: str
    department: str = ""
    department_name: str = ""
    region: str = ""
    version: int = 0
    access: Access = Access.PERMIT
    sector: str = ""
    measure: str = ""
    words: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    legal_basis: tuple[Basis, ...] = ()
    note: str = ""
    status: Status = Status.PUBLISHED
    effective_from: date | None = None
    effective_until: date | None = None


@dataclass(frozen=True, slots=True)
class Intermediary:
    """A service by a third party (中介服务) that an approval needs.

    ``provider`` says who may render it, ``payer`` who pays, ``fee`` by which standard.
    """

    code: str
    name: str
    department: str = ""
    department_name: str = ""
    region: str = ""
    version: int = 0
    provider: str = ""
    payer: str = ""
    fee: str = ""
    days: int | None = None
    result: str = ""
    legal_basis: tuple[Basis, ...] = ()
    note: str = ""
    status: Status = Status.PUBLISHED
    effective_from: date | None = None
    effective_until: date | None = None


@dataclass(frozen=True, slots=True)
class StandardMaterial:
    """A material as the dictionary knows it, to which the materials of items are bound.

    ``aliases`` are other names in use, ``licence_type`` the electronic licence that stands in for
    it, ``source_department`` who makes it out (一数一源).
    """

    code: str
    name: str
    department: str = ""
    department_name: str = ""
    region: str = ""
    version: int = 0
    category: str = ""
    aliases: tuple[str, ...] = ()
    source_department: str = ""
    licence_type: str = ""
    shareable: bool = False
    note: str = ""
    status: Status = Status.PUBLISHED
    effective_from: date | None = None
    effective_until: date | None = None


Entry = BaseItem | Power | Duty | NegativeEntry | Intermediary | StandardMaterial

_VERBS = "开办跑卖做立建排拉"

CLASSES: dict[List, type[Entry]] = {
    List.DIRECTORY: BaseItem,
    List.POWER: Power,
    List.DUTY: Duty,
    List.NEGATIVE: NegativeEntry,
    List.INTERMEDIARY: Intermediary,
    List.MATERIAL: StandardMaterial,
}
_LISTS: dict[type[Any], List] = {kind: of for of, kind in CLASSES.items()}


def list_of(entry: Entry) -> List:
    return _LISTS[type(entry)]


def list_of_kind(kind: type[Any]) -> List:
    """Return the list on which entries of this class stand."""
    return _LISTS[kind]


def refers_to(entry: Entry) -> tuple[str, ...]:
    """Return the codes of what the entry belongs to: its parent, its power, its items."""
    match entry:
        case BaseItem(parent=above) | Duty(power=above):
            return (above,) if above else ()
        case Power(base_code=above):
            return (above,) if above else ()
        case NegativeEntry(items=items):
            return items
    return ()


def said_of(entry: Entry) -> tuple[str, ...]:
    """Return the words by which the entry is found besides its name."""
    match entry:
        case NegativeEntry(words=words, sector=sector):
            # 开饭店 is found by 饭店, too: verbs are said in many ways.
            bare = (word[1:] for word in words if len(word) > 2 and word[0] in _VERBS)
            return tuple(dict.fromkeys(filter(None, (*words, *bare, sector))))
        case StandardMaterial(aliases=aliases):
            return aliases
    return ()
