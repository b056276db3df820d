"""The code lists of service guides, and the Chinese names that stand for them. Pure."""

from functools import lru_cache

from tongban.catalogue.model.coded import KINDS, Audience, Handling, Need, Unit

HANDLINGS = {
    "即办件": Handling.INSTANT,
    "1": Handling.INSTANT,
    "承诺件": Handling.COMMITTED,
    "2": Handling.COMMITTED,
}
UNITS = {
    "工作日": Unit.WORKDAY,
    "1": Unit.WORKDAY,
    "自然日": Unit.DAY,
    "天": Unit.DAY,
    "2": Unit.DAY,
    "小时": Unit.HOUR,
    "3": Unit.HOUR,
    "分钟": Unit.MINUTE,
    "4": Unit.MINUTE,
    "月": Unit.MONTH,
    "个月": Unit.MONTH,
    "5": Unit.MONTH,
}
SERVICE_OBJECTS = {
    "个人": Audience.PERSON,
    "自然人": Audience.PERSON,
    "1": Audience.PERSON,
    "法人": Audience.BUSINESS,
    "企业": Audience.BUSINESS,
    "企业法人": Audience.BUSINESS,
    "2": Audience.BUSINESS,
    "事业法人": Audience.BUSINESS,
    "3": Audience.BUSINESS,
    "社会组织法人": Audience.BUSINESS,
    "4": Audience.BUSINESS,
    "非法人企业": Audience.BUSINESS,
    "5": Audience.BUSINESS,
    "行政机关": Audience.BUSINESS,
    "6": Audience.BUSINESS,
    "其他组织": Audience.BUSINESS,
    "9": Audience.BUSINESS,
}
NEEDS = {
    "必要": Need.REQUIRED,
    "非必要": Need.OPTIONAL,
    "容缺": Need.DEFERRABLE,
    **{need.value: need for need in Need},
}
SEVERAL = "|、/,，^;；"  # What stands between several service objects.
DEPTHS = {
    "一级标准": 1,
    "二级标准": 2,
    "三级标准": 3,
    "四级标准": 4,
    "1": 1,
    "2": 2,
    "3": 3,
    "4": 4,
}
KIND_CODES = {
    **{name: code for code, name in KINDS.items()},
    "其他类别事项": "10",  # So in GB/T 39046, where running platforms say 其他行政权力.
    "公共服务事项": "20",
}


@lru_cache(maxsize=2000)
def audience_of(service_object: str) -> Audience | None:
    """Return whom a list of service objects means, or None where one of them is unknown.

    >>> audience_of("自然人|企业法人"), audience_of("火星人")
    (<Audience.BOTH: 'both'>, None)
    """
    for joint in SEVERAL:
        service_object = service_object.replace(joint, "|")
    named = {SERVICE_OBJECTS.get(one.strip()) for one in service_object.split("|") if one.strip()}
    if None in named or not named:
        return None
    return Audience.BOTH if len(named) > 1 else named.pop()


@lru_cache(maxsize=2000)
def unit_of(day_unit: str) -> Unit | None:
    """Return the unit that a text begins with: sources append remarks to it."""
    given = day_unit.strip()
    named = (unit for name, unit in UNITS.items() if not name.isdigit() and given.startswith(name))
    return UNITS.get(given) or next(named, None)


def scheme_of(code: str) -> str:
    """Return what kind of code this is, by its length alone; nothing else is read out of it."""
    plain = code.isascii() and code.isalnum()
    schemes = {12: "basic_code", 31: "implementation_code", 33: "handling_item_code"}
    return schemes.get(len(code), "local_code") if plain else "local_code"
