"""Lists that follow from the catalogue by rule, so that nobody has to keep them (R4). Pure."""

from enum import StrEnum

from tongban.catalogue.model.coded import Handling
from tongban.catalogue.model.item import Item

FARTHEST = ("全国", "跨省")


class Derived(StrEnum):
    """马上办、网上办、一次办、就近办、跨省通办."""

    AT_ONCE = "at_once"
    ONLINE = "online"
    ONE_VISIT = "one_visit"
    NEARBY = "nearby"
    ACROSS_PROVINCES = "across_provinces"

    @property
    def label(self) -> str:
        return {
            "at_once": "马上办",
            "online": "网上办",
            "one_visit": "一次办",
            "nearby": "就近办",
            "across_provinces": "跨省通办",
        }[self]

    @property
    def rule(self) -> str:
        """By which rule a service stands on the list, in words."""
        return {
            "at_once": "即办件：材料齐全，当场办结",
            "online": "可以在网上申请，不用到现场",
            "one_visit": "最多到现场一次",
            "nearby": "镇街、村居的便民服务站或者自助终端可以办",
            "across_provinces": "通办范围是全国或者跨省",
        }[self]


def derived_lists(item: Item) -> tuple[Derived, ...]:
    """Return the lists on which a service stands."""
    said = {
        Derived.AT_ONCE: item.handling is Handling.INSTANT,
        Derived.ONLINE: item.online_apply and item.visits == 0,
        Derived.ONE_VISIT: item.visits is not None and item.visits <= 1,
        Derived.NEARBY: bool({"5", "6"} & {*item.authority.levels}) or bool(item.offers.terminals),
        Derived.ACROSS_PROVINCES: any(word in item.cross_region_scope for word in FARTHEST),
    }
    return tuple(one for one, stands in said.items() if stands)
