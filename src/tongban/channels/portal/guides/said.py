"""What a guide says beside its main facts, so that nothing of what is published stays unseen."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from tongban.catalogue import AGENCY_NATURES, LEVELS, POWER_SOURCES, Item, known_schemes
from tongban.foundation.messages import translate

_OFFERS = {
    "in_hall": "进驻大厅",
    "appointment": "预约",
    "pay_online": "网上缴费",
    "express": "快递",
    "terminals": "自助终端",
    "one_window": "综合窗口受理",
    "in_seconds": "秒批",
    "commitment": "告知承诺",
    "deferrable": "容缺受理",
}


def beside(item: Item, language: str) -> dict[str, Any]:
    """Return what the page shows beside the main facts: more of them, codes, and usual cases.

    A usual case is its title, what is said about it, and its answers as they stand in an address.
    """
    return {
        "said_too": said_too(item, language),
        "codes": codes_of(item),
        "usual": [(one.title, one.explanation, urlencode(one.answers)) for one in item.scenarios],
    }


def said_too(item: Item, language: str) -> list[tuple[str, str]]:
    """Return label and text of what else is published about a service, in the order of its law.

    Labels are messages; official texts stay as they are, and coded values are in the language.
    """
    agency, authority = item.agency, item.authority

    def worded(*words: str) -> str:
        return "、".join(translate(word, language) for word in words if word)

    said: Sequence[tuple[str, str]] = (
        ("服务对象", item.service_object or worded(item.audience.label)),
        ("事项简称", item.short_name),
        ("日常用语", "、".join(item.everyday_words)),
        ("一件事", "、".join(item.life_events)),
        ("通办范围", item.cross_region_scope),
        ("乡镇街道", item.town.name),
        ("村居社区", item.village.name),
        ("法定时限说明", item.statutory_note),
        ("承诺时限说明", item.promised_note),
        ("到现场的原因", item.visits_reason),
        (
            "便民服务",
            worded(*(word for name, word in _OFFERS.items() if getattr(item.offers, name))),
        ),
        ("权力来源", worded(POWER_SOURCES.get(authority.source, authority.source))),
        ("行使层级", worded(*(LEVELS.get(level, level) for level in authority.levels))),
        ("权限划分", authority.division),
        ("行使内容", authority.content),
        ("数量限制", authority.quantity_limit),
        ("处罚的行为、种类、幅度", authority.punishments),
        ("实施主体性质", worded(AGENCY_NATURES.get(agency.nature, agency.nature))),
        ("委托部门", agency.entrusted),
        ("联办机构", "、".join(agency.joint)),
        ("中介服务", "、".join(item.intermediaries)),
    )
    return [(label, text) for label, text in said if text]


def codes_of(item: Item) -> list[tuple[str, str]]:
    """Return the kind of each official code, as people call it, and the code."""
    schemes = known_schemes()
    return [
        (schemes[code.scheme].name if code.scheme in schemes else code.scheme, code.code)
        for code in item.codes
    ]
