"""What a hall is. Pure."""

import re
from dataclasses import dataclass
from itertools import starmap

from tongban.foundation.errors import NotFound, Problem


class NoSuchHall(NotFound):
    message = "没有编号为 {code} 的办事大厅"


@dataclass(frozen=True, slots=True)
class Hall:
    """A place where people come to have things done.

    ``hours`` and ``getting_there`` are words for people. ``windows`` says, one text for each group
    of windows, what is done there. ``latitude`` and ``longitude`` are degrees (CGCS2000).
    """

    code: str
    name: str
    region: str
    address: str
    hours: str
    telephone: str = ""
    windows: tuple[str, ...] = ()
    getting_there: str = ""
    latitude: float | None = None
    longitude: float | None = None
    open: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "windows", tuple(self.windows))


def problems(hall: Hall) -> list[Problem]:
    """Return everything that is wrong with a hall as it was entered."""
    rules = (
        (
            "code",
            re.fullmatch("[0-9A-Za-z-]{2,32}", hall.code),
            "大厅编号应为 2 到 32 位字母、数字或连字符",
        ),
        ("name", hall.name.strip(), "请填写大厅名称"),
        ("region", re.fullmatch("[0-9]{6}", hall.region), "请填写六位区划代码"),
        ("address", hall.address.strip(), "请填写大厅地址"),
        ("hours", hall.hours.strip(), "请填写办公时间"),
        ("latitude", _on_earth(hall), "经纬度应同时填写，纬度 -90 到 90，经度 -180 到 180"),
    )
    return list(
        starmap(Problem, ((field, message) for field, right, message in rules if not right))
    )


def _on_earth(hall: Hall) -> bool:
    if hall.latitude is None or hall.longitude is None:
        return hall.latitude is hall.longitude
    return -90 <= hall.latitude <= 90 and -180 <= hall.longitude <= 180
