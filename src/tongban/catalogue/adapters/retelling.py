"""From an Item back to the exchange shape of a guide, which ``import guides`` reads. Pure.

What is said comes back as it was: ``translation`` of what is written here gives the same item,
but for what an import gives itself: version, date of effect and the code of the department, which
is known by its name.
"""

from typing import Any

from tongban.catalogue.adapters.translation import SAME_NAMED, is_basic_form
from tongban.catalogue.model import Audience, Item, Limit, Unit
from tongban.catalogue.model.codes import audience_of
from tongban.catalogue.model.content import bare

_UNITS = {
    Unit.WORKDAY: "工作日", Unit.DAY: "自然日", Unit.HOUR: "小时", Unit.MINUTE: "分钟",
    Unit.MONTH: "月",
}  # fmt: skip
# The names of an item's fields that the exchange shape has, too, and says in the same way.
_KEPT = frozenset(SAME_NAMED) | {
    "name", "parent_name", "short_name", "everyday_words", "summary", "service_object",
    "cross_region_scope", "conditions", "themes", "life_events", "special_days", "prominence",
    "legal_basis", "results", "rights", "special_procedures", "codes", "questions", "extra",
}  # fmt: skip
# Where the exchange shape calls a field by another name: of the item, of its parts.
_RENAMED = {"code": "item_code", "department_name": "department", "region_name": "region",
            "kind": "type_code", "kind_name": "type",
            "visits": "on_site_visits"}  # fmt: skip
_OF_SOURCE = {"name": "source", "item_id": "source_item_id"}
_OF_CHANNELS = {"hours": "time"}
_OF_MATERIAL = {"supplied_by": "exempt_by"}
_OF_FAQ = {"question": "q", "answer": "a"}


def as_guide_record(item: Item) -> dict[str, Any]:
    """Return an item as one record of the exchange shape, in plain JSON values.

    What inherits is written whole, so that each line can be read without the others; it still
    names the item above it.
    """
    said = bare(item)
    told = {_RENAMED.get(name, name): value for name, value in said.items()
            if name in _KEPT or name in _RENAMED}  # fmt: skip
    told |= _renamed(said.get("source", {}), _OF_SOURCE)
    told["handling_type"] = item.handling.label
    told |= _limit("statutory", item.statutory) | _limit("promised", item.promised)
    told |= _not_implied(item) | {"region_code": official_region(item.region)}
    channels = _renamed(said.get("channels", {}), _OF_CHANNELS)
    if item.online_depth is not None:
        channels["online_depth"] = item.online_depth
    fees = {"charged": item.charged, "items": said.get("fees", [])}
    told |= {
        "channels": channels,
        "materials": [_material(one) for one in said.get("materials", ())],
        "steps": [_step(one) for one in said.get("steps", ())],
        "faq": [_renamed(one, _OF_FAQ) for one in said.get("faq", ())],
        "fees": fees if item.charged is not None or item.fees else None,
    }
    return {name: value for name, value in told.items() if value not in (None, [], {}, "")} | (
        {} if is_basic_form(item.form) else {"form": item.form}
    )


def official_region(code: str) -> str:
    """Return the code of a division, or nothing if this installation only made it up.

    Codes that begin with 98 are provisional, and no other installation takes them: there the
    division is known by its name.
    """
    return "" if code.startswith("98") else code


def _not_implied(item: Item) -> dict[str, Any]:
    """Return what follows from other fields of a guide, where the item says otherwise."""
    told: dict[str, Any] = {}
    if item.audience is not (audience_of(item.service_object) or Audience.BOTH):
        told["audience"] = item.audience.value
    if item.online_apply != (item.channels.online or "网上办理" in item.channels.forms):
        told["online_apply"] = item.online_apply
    return told


def _limit(name: str, limit: Limit | None) -> dict[str, Any]:
    if limit is None:
        return {}
    return {f"{name}_days": limit.amount, f"{name}_unit": _UNITS[limit.unit]}


def _material(said: dict[str, Any]) -> dict[str, Any]:
    told = _renamed(said, _OF_MATERIAL)
    implied = not told.get("exempt", False)
    if told.pop("upload", True) != implied:
        told["upload"] = not implied
    return told


def _step(said: dict[str, Any]) -> dict[str, Any]:
    told = dict(said)
    if limit := told.pop("limit", None):
        told["days"] = limit["amount"]
        if unit := limit.get("unit"):
            told["unit"] = _UNITS[Unit(unit)]
    return told


def _renamed(said: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    return {names.get(name, name): value for name, value in said.items()}
