"""The same change of many services at once. Pure."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from tongban.catalogue.model.coded import Limit, Unit
from tongban.catalogue.model.item import Item
from tongban.catalogue.model.parts import Material
from tongban.foundation.errors import Invalid, Problem

LONGEST = 2000
# What says that nothing fitted, which is no longer true beside something that does.
OTHER = ("其他", "其它")


class BulkAct(StrEnum):
    """What is done with the field. Only lists know adding and removing, only texts replacing."""

    SET = "set"
    REPLACE = "replace"
    ADD = "add"
    REMOVE = "remove"

    @property
    def label(self) -> str:
        return {
            "set": "全部改为",
            "replace": "只替换其中的文字",
            "add": "增加一个",
            "remove": "去掉一个",
        }[self]


@dataclass(frozen=True, slots=True)
class BulkField:
    """A field that can be changed in many items. ``name`` is a path in the item; ``kind`` text,
    list, limit, department or binding (of materials, by name, to standard materials)."""

    name: str
    label: str
    kind: str = "text"

    @property
    def acts(self) -> tuple[BulkAct, ...]:
        return {
            "text": (BulkAct.SET, BulkAct.REPLACE),
            "list": (BulkAct.ADD, BulkAct.REMOVE, BulkAct.REPLACE),
            "limit": (BulkAct.SET,),
            "department": (BulkAct.SET,),
            "binding": (BulkAct.SET,),
        }[self.kind]


BULK_FIELDS: dict[str, BulkField] = {
    field.name: field
    for field in (
        BulkField("department", "实施部门", "department"),
        BulkField("channels.consult", "咨询方式"),
        BulkField("channels.consult_address", "咨询地址"),
        BulkField("channels.complaint", "监督投诉"),
        BulkField("channels.address", "地址"),
        BulkField("channels.hours", "办公时间"),
        BulkField("fee_basis", "收费依据"),
        BulkField("promised", "承诺时限", "limit"),
        BulkField("themes", "主题", "list"),
        BulkField("person_themes", "个人主题", "list"),
        BulkField("business_themes", "法人主题", "list"),
        BulkField("life_events", "一件事", "list"),
        BulkField("local_themes", "专区", "list"),
        BulkField("materials", "标准材料", "binding"),
    )
}


@dataclass(frozen=True, slots=True)
class BulkChange:
    """``value`` is the new text, entry, number of days or code of a department, ``old`` what is
    replaced. ``unit`` belongs to limits, ``name`` and ``region`` to departments, ``pairs`` to
    bindings: names of materials with the codes of the standard materials that they are."""

    field: str
    value: str
    act: BulkAct = BulkAct.SET
    old: str = ""
    unit: str = Unit.WORKDAY.value
    name: str = ""
    region: tuple[str, str] = ("", "")
    pairs: tuple[tuple[str, str], ...] = ()

    def checked(self) -> BulkField:
        """Return the field that is changed.

        :raises Invalid: naming what cannot be done.
        """
        field = BULK_FIELDS.get(self.field)
        if field is None:
            raise Invalid(Problem("field", "请选择要改的内容"))
        wrong = []
        if self.act not in field.acts:
            wrong.append(Problem("act", "请选择怎样改"))
        if len(self.value) > LONGEST:
            wrong.append(Problem("value", "最多 {limit} 个字", {"limit": LONGEST}))
        if not self.value and self.act is not BulkAct.REPLACE:
            wrong.append(Problem("value", "请填写改成什么"))
        if self.act is BulkAct.REPLACE and not self.old:
            wrong.append(Problem("old", "请填写要替换的文字"))
        if field.kind == "limit" and self.value and not _is_number(self.value):
            wrong.append(Problem("value", "请填写整数"))
        if field.kind == "department" and self.value and not self.name:
            wrong.append(Problem("value", "请选择部门"))
        if field.kind == "binding" and not self.pairs:
            wrong.append(Problem("value", "请至少勾选一种材料"))
        if wrong:
            raise Invalid(*wrong)
        return field

    def of(self, item: Item) -> Item:
        """Return the item with the change; the same item where there is nothing to change."""
        field = self.checked()
        match field.kind:
            case "department":
                region = self.region[0] or item.region
                return replace(
                    item,
                    department=self.value,
                    department_name=self.name,
                    region=region,
                    region_name=self.region[1] or item.region_name,
                )
            case "binding":
                return replace(item, materials=tuple(map(self._bound, item.materials)))
            case "limit":
                return replace(item, promised=Limit(int(self.value), Unit(self.unit)))
            case "list":
                return _with(item, field.name, self._listed(getattr(item, field.name)))
        return _with(item, field.name, self._texted(_value(item, field.name)))

    def _bound(self, material: Material) -> Material:
        code = dict(self.pairs).get(material.name, "")
        if not code or material.standard_code == code:
            return material
        return replace(material, standard_material=code)

    def _texted(self, held: str) -> str:
        return held.replace(self.old, self.value) if self.act is BulkAct.REPLACE else self.value

    def _listed(self, held: tuple[str, ...]) -> tuple[str, ...]:
        match self.act:
            case BulkAct.REMOVE:
                return tuple(one for one in held if one != self.value)
            case BulkAct.REPLACE:
                named = (self.value if one == self.old else one for one in held)
                return tuple(dict.fromkeys(filter(None, named)))
        kept = tuple(one for one in held if one not in OTHER)
        return kept if self.value in kept else (*kept, self.value)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 4


def _value(item: Item, path: str) -> str:
    thing: Any = item
    for part in path.split("."):
        thing = getattr(thing, part)
    return str(thing)


def _with(item: Item, path: str, value: Any) -> Item:
    first, _, rest = path.partition(".")
    made: Any = replace(getattr(item, first), **{rest: value}) if rest else value
    return replace(item, **{first: made})
