"""County within city within province: what may differ from above, and what may not. Pure.

Name and legal basis may not be altered downwards (standards for 基本目录 and 实施清单); everything
else may, and is shown as a difference. Adding a local basis to the ones above is no alteration.
"""

from dataclasses import dataclass, fields
from typing import Any

from tongban.catalogue.model.entry import BaseItem
from tongban.catalogue.model.item import Item
from tongban.foundation.errors import Problem

# What says where an item stands, not what the service is.
_PLACE = frozenset(
    {
        "code", "version", "department", "department_name", "region", "region_name", "codes",
        "inherits", "inherits_version", "effective_from", "effective_until", "source", "extra",
        "prominence", "status", "town", "village", "agency", "base_code",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that two versions say differently. ``field`` is an attribute of ``Item``."""

    field: str
    before: Any
    after: Any


def alterations(item: Item, *, above: Item | BaseItem) -> list[Problem]:
    """Return, in words, what an item alters although it may not.

    A handling item may say after the name what it is for; the name itself stays.
    """
    found = []
    if not _same_name(item, above):
        found.append(
            Problem(
                "name",
                "名称应与上级“{above}”一致，不能改为“{name}”",
                {"above": above.name, "name": item.name},
            )
        )
    held = {(basis.law, basis.clause): basis.text for basis in item.legal_basis}
    for basis in above.legal_basis:
        law = f"{basis.law} {basis.clause}".strip()
        if (basis.law, basis.clause) not in held:
            found.append(Problem("legal_basis", "设定依据中缺少上级列明的“{law}”", {"law": law}))
        elif basis.text and held[basis.law, basis.clause] != basis.text:
            found.append(Problem("legal_basis", "上级列明的“{law}”条文不能修改", {"law": law}))
    return found


def _same_name(item: Item, above: Item | BaseItem) -> bool:
    if item.name == above.name:
        return True
    is_handling_item = (item.action and isinstance(above, BaseItem)) or bool(item.main_item)
    return is_handling_item and item.name.startswith(above.name)


def differences(before: Item, after: Item) -> list[Difference]:
    """Return every field that says something else, in the order of the guide."""
    return [
        Difference(f.name, old, new)
        for f in fields(Item)
        if (old := getattr(before, f.name)) != (new := getattr(after, f.name))
        and f.name not in ("version", "effective_from", "inherits", "inherits_version")
    ]


def differences_from_above(item: Item, *, above: Item) -> list[Difference]:
    """Return what an item says differently from the item above it, its place aside."""
    return [one for one in differences(above, item) if one.field not in _PLACE]
