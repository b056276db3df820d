"""From a guide in the exchange shape to an Item. Pure.

Texts are taken over letter for letter; only codes are translated, and keys made where a guide has
none. What cannot be translated is refused, all of it at once.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from tongban.catalogue.adapters.checks import KEY, assumed_unit, flaws
from tongban.catalogue.adapters.guide import (
    BasisRecord,
    ChannelsRecord,
    FeesRecord,
    Guide,
    MaterialRecord,
    QuestionRecord,
    RedressRecord,
    ResultRecord,
    SpecialRecord,
    StepRecord,
)
from tongban.catalogue.adapters.offer import mark, offer_of, placed
from tongban.catalogue.adapters.reading import BadGuide
from tongban.catalogue.model import (
    BASIC,
    CONTACT,
    KINDS,
    Audience,
    Basis,
    Choice,
    Faq,
    Fee,
    Handling,
    Item,
    Limit,
    Material,
    Need,
    Question,
    Redress,
    Result,
    SpecialProcedure,
    Step,
    Unit,
    schema,
)
from tongban.catalogue.model.codes import (
    DEPTHS,
    HANDLINGS,
    KIND_CODES,
    NEEDS,
    audience_of,
    unit_of,
)

# What the exchange shape calls by the names of the item's own fields.
SAME_NAMED = (
    "base_code", "power", "main_item", "action", "inherits", "agency", "authority", "offers",
    "statutory_note", "promised_note", "visits_reason", "prohibitions", "fee_basis", "scenarios",
    "intermediaries", "person_themes", "business_themes", "local_themes", "town", "village",
    "flow_chart", "status", "effective_until", "audience", "online_apply",
)  # fmt: skip
_OF_MATERIAL = (
    "category", "source_explain", "issuer", "issuing_time", "obtained_how", "obtained_where",
    "used_for", "blank_form", "sample",
)  # fmt: skip
# The same object for all who have no form of their own; nobody changes it.
_BASIC_FORM = schema(BASIC)


def is_basic_form(form: dict[str, Any]) -> bool:
    """Tell whether this is the form of those who have none of their own."""
    return form == _BASIC_FORM


def item_of(guide: Guide, *, department: str, region: str) -> Item:
    """Return the item that a guide describes, not published yet.

    :param department: the code of the department that the guide names.
    :param region: the code of the region that the guide names.
    :raises BadGuide: with every flaw for which it cannot be taken over.
    """
    if found := flaws(guide):
        raise BadGuide(*found)
    return translated(guide, department=department, region=region, region_name=guide.region)


def translated(guide: Guide, *, department: str, region: str, region_name: str) -> Item:
    """Return the item of a guide that has been checked."""
    return placed(
        text_of(guide),
        offer_of(guide),
        department=department,
        region=(region, region_name),
    )


def text_of(guide: Guide) -> Item:
    """Return what a checked guide says of the service wherever it is offered: no item yet."""
    channels = guide.channels or ChannelsRecord()
    kind = KIND_CODES.get(guide.type or "") or guide.type_code or ""
    plain: dict[str, Any] = {
        "code": "",
        "name": guide.name,
        "department": "",
        "department_name": "",
        "region": "",
        "region_name": "",
        "parent_name": guide.parent_name or "",
        "short_name": guide.short_name or "",
        "everyday_words": tuple(guide.everyday_words or ()),
        "summary": guide.summary or "",
        "kind": kind,
        "kind_name": guide.type or KINDS.get(kind, ""),
        "audience": audience_of(guide.service_object or "") or Audience.BOTH,
        "service_object": guide.service_object or "",
        "handling": HANDLINGS.get(guide.handling_type or "", Handling.COMMITTED),
        "statutory": _limit(guide, guide.statutory_days, guide.statutory_unit),
        "promised": _limit(guide, guide.promised_days, guide.promised_unit),
        "visits": guide.on_site_visits,
        "online_depth": DEPTHS.get(str(channels.online_depth)),
        "online_apply": bool(channels.online) or "网上办理" in (channels.forms or ()),
        "cross_region_scope": guide.cross_region_scope or "",
        "conditions": guide.conditions or "",
        "themes": tuple(guide.themes or ()),
        "life_events": tuple(guide.life_events or ()),
        "special_days": guide.special_days,
        "form": _form(guide),
        "prominence": guide.prominence,
    }
    return Item(**plain | _lists(guide) | _same_named(guide))


def _same_named(guide: Guide) -> dict[str, Any]:
    """Return what a guide says under the very names of the item's fields."""
    said = {name: getattr(guide, name) for name in SAME_NAMED}
    said["base_code"] = guide.base_code or guide.basic_code
    return {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in said.items()
        if value is not None
    }


def _said(record: Any, names: Sequence[str]) -> dict[str, Any]:
    """Return the fields of a record that say something, under their own names."""
    return {name: value for name in names if (value := getattr(record, name))}


def _lists(guide: Guide) -> dict[str, Any]:
    materials = _materials(guide.materials or ())
    fees = guide.fees or FeesRecord()
    return {
        "materials": materials,
        "questions": _questions(guide.questions or (), materials),
        "charged": fees.charged,
        "fees": _fees(fees),
        "steps": tuple(_step(one) for one in guide.steps or ()),
        "legal_basis": tuple(_basis(one) for one in guide.legal_basis or ()),
        "results": tuple(_result(one) for one in guide.results or ()),
        "faq": tuple(Faq(one.q, one.a) for one in guide.faq or ()),
        "rights": tuple(_redress(one) for one in guide.rights or ()),
        "special_procedures": tuple(_special(one) for one in guide.special_procedures or ()),
    }


def _limit(guide: Guide, days: int | None, own_unit: str | None) -> Limit | None:
    return None if days is None else Limit(days, unit_of(own_unit or "") or assumed_unit(guide))


def _materials(records: Sequence[MaterialRecord]) -> tuple[Material, ...]:
    made: dict[str, Material] = {}
    for record in records:
        code = record.code if record.code and KEY.fullmatch(record.code) else ""
        key = wanted = record.key or code or _key_of(record.name)
        ordinal = 1
        while key in made:
            ordinal += 1
            key = f"{wanted}-{ordinal}"
        made[key] = _material(record, key)
    return tuple(made.values())


@lru_cache(maxsize=20_000)
def _key_of(material: str) -> str:
    return f"m-{mark([material], 8)}"


def _material(record: MaterialRecord, key: str) -> Material:
    need = Need.OPTIONAL if record.required is False else Need.REQUIRED
    return Material(
        key=key,
        name=record.name,
        need=NEEDS[record.need] if record.need else need,
        form=record.form or "",
        kind=record.kind or "",
        source=record.source or "",
        originals=record.originals,
        copies=record.copies,
        paper_format=record.paper_format or "",
        accept_standard=record.accept_standard or "",
        fill_notice=record.fill_notice or "",
        remark=record.remark or "",
        need_sign=bool(record.need_sign),
        sign_requirement=record.sign_requirement or "",
        exempt=bool(record.exempt),
        supplied_by=record.exempt_by or "",
        shareable=bool(record.shareable),
        linked_certificate=bool(record.linked_certificate),
        standard_material=record.standard_material or "",
        code=record.code or "",
        basis=record.basis or "",
        has_blank_form=bool(record.has_blank_form),
        has_sample=bool(record.has_sample),
        upload=not record.exempt if record.upload is None else record.upload,
        **_said(record, _OF_MATERIAL),
    )


def _questions(
    records: Sequence[QuestionRecord], materials: tuple[Material, ...]
) -> tuple[Question, ...]:
    keys = {material.name: material.key for material in materials}
    return tuple(
        Question(
            key=record.key or f"q{i}",
            title=record.title,
            choices=tuple(
                Choice(
                    key=choice.key or str(j),
                    title=choice.title,
                    materials=tuple(keys.get(one, one) for one in choice.materials or ()),
                    fields=tuple(choice.fields or ()),
                    forms=tuple(choice.forms or ()),
                )
                for j, choice in enumerate(record.choices, 1)
            ),
        )
        for i, record in enumerate(records, 1)
    )


def _fees(record: FeesRecord) -> tuple[Fee, ...]:
    return tuple(
        Fee(
            name=fee.name,
            standard=fee.standard or "",
            amount=fee.amount,
            basis=fee.basis or "",
            pay_online=bool(fee.pay_online),
            remission=fee.remission or "",
            remark=fee.remark or "",
        )
        for fee in record.items or ()
    )


def _step(record: StepRecord) -> Step:
    unit = unit_of(record.unit or "") or Unit.WORKDAY
    limit = None if record.days is None else Limit(record.days, unit)
    return Step(
        record.name,
        limit,
        record.standard or "",
        record.result or "",
        record.post or "",
        tuple(record.review_points or ()),
        record.discretion or "",
        tuple(record.risks or ()),
        record.counted is not False,
    )


def _redress(record: RedressRecord) -> Redress:
    return Redress(
        way=record.way,
        organ=record.organ,
        within=record.within or "",
        address=record.address or "",
        telephone=record.telephone or "",
    )


def _basis(record: str | BasisRecord) -> Basis:
    if isinstance(record, str):
        return Basis(record)
    return Basis(record.law, record.clause or "", record.text or "")


def _result(record: str | ResultRecord) -> Result:
    if isinstance(record, str):
        return Result(record)
    validity, has_sample = record.validity or "", bool(record.has_sample)
    extra = _said(record, ("sample", "licence_type"))
    return Result(record.name, record.kind or "", validity, has_sample, **extra)


def _special(record: str | SpecialRecord) -> SpecialProcedure:
    if isinstance(record, str):
        return SpecialProcedure(record)
    return SpecialProcedure(record.kind, record.days, record.basis or "")


def _form(guide: Guide) -> dict[str, Any]:
    if guide.form is not None:
        return guide.form
    if guide.fields is None:
        return _BASIC_FORM
    keys = {field.key for field in guide.fields}
    return schema((*guide.fields, *(field for field in CONTACT if field.key not in keys)))
