"""Where government is: divisions and the departments in them."""

from dataclasses import dataclass
from enum import StrEnum

from tongban.foundation.errors import NotFound

# Divisions that only group others; nobody says their names.
GROUPING = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})
_MUNICIPALITIES = frozenset({"北京市", "天津市", "上海市", "重庆市"})


class NoSuchRegion(NotFound):
    message = "没有代码为 {code} 的行政区划"


class NoSuchDepartment(NotFound):
    message = "没有代码为 {code} 的部门"


class DepartmentKind(StrEnum):
    DEPARTMENT = "department"
    CENTRE = "centre"  # A government service centre, whose clerks take in for other departments.
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Region:
    """An administrative division (行政区划, GB/T 2260).

    ``level``: 0 nation, 1 province, 2 city, 3 county, 4 township, 5 village.
    ``provisional_code``: the code was made up by this installation, in the range 980001-989999,
    which no division uses, because the official one was not known.
    """

    code: str
    name: str
    level: int
    parent: str = ""
    full_name: str = ""
    provisional_code: bool = False

    @property
    def prefix(self) -> str:
        """What the codes of this region and of all within it begin with."""
        return prefix_of(self.code)


@dataclass(frozen=True, slots=True)
class Department:
    code: str
    name: str
    region: str
    credit_code: str = ""
    telephone: str = ""
    kind: DepartmentKind = DepartmentKind.DEPARTMENT

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", DepartmentKind(self.kind))


def prefix_of(code: str) -> str:
    """Return a division code without the pairs of zeros at its end.

    >>> prefix_of("990100"), prefix_of("110000"), prefix_of("000000"), prefix_of("980001")
    ('9901', '11', '', '980001')
    """
    while code.endswith("00"):
        code = code[:-2]
    return code


def provisional_code(serial: int) -> str:
    """Return the n-th provisional code, counted from 1.

    It never ends in two zeros, since such a code would be the prefix of others and whoever holds
    a role there would hold it in places that have nothing to do with one another.

    >>> provisional_code(1), provisional_code(99), provisional_code(100)
    ('980001', '980099', '980101')
    """
    hundreds, rest = divmod(serial - 1, 99)
    if hundreds > 99:
        raise OverflowError("all 9,900 provisional division codes are in use")
    return f"98{hundreds:02}{rest + 1:02}"


def level_of_code(code: str) -> int:
    """Return the level of an official division code: 0 nation, 1 province, 2 city, 3 county.

    >>> [level_of_code(code) for code in ("000000", "440000", "440100", "440103")]
    [0, 1, 2, 3]
    """
    return len(prefix_of(code)) // 2


def above(code: str) -> list[str]:
    """Return the codes under which an official division may stand, the nearest first.

    >>> above("440103"), above("440000")
    (['440100', '440000'], [])
    """
    return [one for one in (code[:4] + "00", code[:2] + "0000") if one != code]


def level_of(name: str) -> int:
    """Guess the level of a division from the last characters of its name."""
    if name.endswith(("省", "自治区", "特别行政区")) or name in _MUNICIPALITIES:
        return 1
    if name.endswith(("市", "自治州", "地区", "盟")):
        return 2
    if name.endswith(("街道", "乡", "镇")):
        return 4
    return 5 if name.endswith(("村", "社区")) else 3
