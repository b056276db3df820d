"""What must be right about a guide before it is taken over, and what is doubtful. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

import jsonschema_rs

from tongban import identity
from tongban.catalogue.adapters.guide import ChannelsRecord, Guide
from tongban.catalogue.model import (
    KINDS,
    Code,
    Unit,
    Widget,
    code_warnings,
    own_schemes,
)
from tongban.catalogue.model.codes import (
    DEPTHS,
    HANDLINGS,
    KIND_CODES,
    NEEDS,
    SERVICE_OBJECTS,
    UNITS,
    audience_of,
    scheme_of,
    unit_of,
)
from tongban.catalogue.model.flaw import Flaw

KEY = re.compile(r"[A-Za-z0-9_-]{1,64}")
_LENGTHS = {
    "name": 500,
    "department": 200,
    "region": 200,
    "parent_name": 500,
    "short_name": 500,
    "summary": 2000,
    "code": 200,
    "basic_code": 200,
    "source_item_id": 200,
}
_OWN_TEXTS = ("department", "region", "code", "source_item_id")
_LARGEST = {
    "statutory_days": 3650,
    "promised_days": 3650,
    "special_days": 3650,
    "on_site_visits": 100,
    "prominence": 1000,
}
# A subscriber's number, a mobile one, or a service number such as 12345, with or without area code.
_TELEPHONE = re.compile(
    r"(?<!\d)(?:(?:0\d{2,3}[-－— ]?)?(?:\d{7,8}|(?:1[0-2]|9[56])\d{3,4})|1\d{10})(?!\d)"
)
_CREDIT = 18  # Characters of a unified social credit code, with which longer codes begin.
_VAGUE = re.compile(r"其[他它](相关|有关|必要)?(的)?(申请)?(材料|资料|文件)")


def flaws(guide: Guide) -> list[Flaw]:
    """Return everything for which the guide must be refused."""
    return [*_texts(guide), *_numbers(guide), *_codes(guide), *_keys(guide), *_forms(guide)]


def doubts(guide: Guide) -> list[Flaw]:
    """Return what is taken over as it is, but should be told to those who wrote the guide."""
    unknown = [Flaw(name, "unknown_field") for name in guide.extra]
    channels = guide.channels or ChannelsRecord()
    own = own_doubts(
        guide.code or "", consult=channels.consult or "", complaint=channels.complaint or ""
    )
    codes = [Code(one.scheme, one.code) for one in guide.codes or ()]
    return [*shared_doubts(guide), *own, *doubtful_codes(codes), *unknown]


def shared_doubts(guide: Guide) -> list[Flaw]:
    """Return what is doubtful about that which the same service says in every place."""
    return [*_doubtful_limits(guide), *_doubtful_kinds(guide), *_doubtful_texts(guide)]


def own_doubts(code: str, *, consult: str, complaint: str) -> Iterator[Flaw]:
    """Yield what is doubtful about the code and the telephones of the one who offers it."""
    if len(code) > _CREDIT and scheme_of(code) in ("implementation_code", "handling_item_code"):
        unit = code[:_CREDIT]
        if _is_odd(unit):
            yield Flaw("code", "credit_code", {"code": unit})
    asked, complained = set(_TELEPHONE.findall(consult)), set(_TELEPHONE.findall(complaint))
    if not asked:
        yield Flaw("channels.consult", "no_telephone")
    elif asked == complained:
        yield Flaw("channels.complaint", "same_telephone", {"telephone": "、".join(sorted(asked))})


def doubtful_codes(codes: Iterable[Code]) -> Iterator[Flaw]:
    """Yield which codes do not fit the installation's own schemes; the linter knows the others."""
    if schemes := own_schemes():
        for one in codes:
            if code_warnings([one], schemes=schemes):
                told: dict[str, object] = {"scheme": schemes[one.scheme].name, "code": one.code}
                yield Flaw(f"codes.{one.scheme}", "own_code", told)


@lru_cache(maxsize=10_000)
def _is_odd(credit_code: str) -> bool:
    return bool(
        identity.credit_code_problem(credit_code) or identity.credit_code_warning(credit_code)
    )


def own_flaws(own: Mapping[str, Any]) -> Iterator[Flaw]:
    """Yield what must be refused in the names and codes of the one who offers it.

    :param own: fields of a guide by their names, as far as they are given.
    """
    for name in _OWN_TEXTS:
        text = own.get(name)
        if text and len(text) > _LENGTHS[name]:
            yield Flaw(name, "text_too_long", {"limit": _LENGTHS[name], "length": len(text)})
    item_code = own.get("item_code")
    if item_code is not None and not KEY.fullmatch(item_code):
        yield Flaw("item_code", "key", {"value": item_code[:100]})


def _texts(guide: Guide) -> Iterator[Flaw]:
    yield from own_flaws({name: getattr(guide, name) for name in (*_OWN_TEXTS, "item_code")})
    limited = [
        (name, getattr(guide, name), limit)
        for name, limit in _LENGTHS.items()
        if name not in _OWN_TEXTS
    ]
    for name in ("everyday_words", "themes", "life_events"):
        for i, word in enumerate(getattr(guide, name) or ()):
            limited.append((f"{name}[{i}]", word, 100))
    for i, material in enumerate(guide.materials or ()):
        limited.append((f"materials[{i}].name", material.name, 2000))
        if not material.name.strip():
            yield Flaw(f"materials[{i}].name", "missing")
    for field, text, limit in limited:
        if text and len(text) > limit:
            yield Flaw(field, "text_too_long", {"limit": limit, "length": len(text)})


def _numbers(guide: Guide) -> Iterator[Flaw]:
    given: list[tuple[str, int | None, int]] = [
        (name, getattr(guide, name), largest) for name, largest in _LARGEST.items()
    ]
    for i, material in enumerate(guide.materials or ()):
        given.append((f"materials[{i}].originals", material.originals, 9999))
        given.append((f"materials[{i}].copies", material.copies, 9999))
    for i, step in enumerate(guide.steps or ()):
        given.append((f"steps[{i}].days", step.days, 3650))
    for i, fee in enumerate(guide.fees.items or () if guide.fees else ()):
        given.append((f"fees.items[{i}].amount", fee.amount, 10**12))
    for i, special in enumerate(guide.special_procedures or ()):
        if not isinstance(special, str):
            given.append((f"special_procedures[{i}].days", special.days, 3650))
    for field, value, largest in given:
        if value is not None and value < 0:
            yield Flaw(field, "negative", {"value": value})
        elif value is not None and value > largest:
            yield Flaw(field, "too_large", {"value": value, "limit": largest})


def _codes(guide: Guide) -> Iterator[Flaw]:
    depth = guide.channels.online_depth if guide.channels else None
    listed: list[tuple[str, Any, bool, Iterable[str]]] = [
        ("type_code", guide.type_code, guide.type_code in KINDS, KINDS),
        ("handling_type", guide.handling_type, guide.handling_type in HANDLINGS, HANDLINGS),
        *(
            (name, unit, bool(unit_of(unit or "")), UNITS)
            for name in ("day_unit", "statutory_unit", "promised_unit")
            if (unit := getattr(guide, name))
        ),
        (
            "service_object",
            guide.service_object,
            bool(audience_of(guide.service_object or "")),
            SERVICE_OBJECTS,
        ),
        ("channels.online_depth", depth, str(depth) in DEPTHS, DEPTHS),
    ]
    if not guide.type_code:
        listed.append(("type", guide.type, guide.type in KIND_CODES, KIND_CODES))
    for i, material in enumerate(guide.materials or ()):
        listed.append((f"materials[{i}].need", material.need, material.need in NEEDS, NEEDS))
    for i, step in enumerate(guide.steps or ()):
        listed.append((f"steps[{i}].unit", step.unit, bool(unit_of(step.unit or "")), UNITS))
    for field, value, known, names in listed:
        if value not in (None, "") and not known:
            yield Flaw(field, "unknown_code", {"value": value, "known": "、".join(names)})


def _keys(guide: Guide) -> Iterator[Flaw]:
    materials = [material.key for material in guide.materials or () if material.key]
    fields = [field.key for field in guide.fields or ()]
    for name, keys in (("materials", materials), ("fields", fields)):
        for key in dict.fromkeys(keys):
            if not KEY.fullmatch(key):
                yield Flaw(name, "key", {"value": key[:100]})
            if keys.count(key) > 1:
                yield Flaw(name, "twice", {"value": key})
    named = {m.key for m in guide.materials or ()} | {m.name for m in guide.materials or ()}
    for i, question in enumerate(guide.questions or ()):
        for choice in question.choices:
            for material in choice.materials or ():
                if material not in named:
                    yield Flaw(f"questions[{i}]", "unknown_material", {"value": material})


def _forms(guide: Guide) -> Iterator[Flaw]:
    for i, field in enumerate(guide.fields or ()):
        if field.widget is Widget.CHOICE and not field.options:
            yield Flaw(f"fields[{i}].options", "missing")
        if field.pattern and not _is_schema({"pattern": field.pattern}):
            yield Flaw(f"fields[{i}].pattern", "schema")
    if not guide.form:
        return
    properties = guide.form.get("properties")
    right = (
        guide.form.get("type") == "object"
        and isinstance(properties, dict)
        and all(isinstance(one, dict) and one.get("title") for one in properties.values())
    )
    if not right or not _is_schema(guide.form) or _points_outside(guide.form):
        yield Flaw("form", "schema")


def _is_schema(schema: dict[str, Any]) -> bool:
    try:
        jsonschema_rs.Draft202012Validator(schema)
    except (jsonschema_rs.ValidationError, ValueError):
        return False
    return True


def _points_outside(value: object) -> bool:
    """Tell whether a schema refers to anything but itself: it must not make anyone fetch things."""
    if isinstance(value, dict):
        return any(
            (name in ("$ref", "$dynamicRef", "$schema") and not _is_own(name, one))
            or _points_outside(one)
            for name, one in value.items()
        )
    return isinstance(value, list) and any(map(_points_outside, value))


def _is_own(name: str, reference: object) -> bool:
    if name == "$schema":
        return reference == "https://json-schema.org/draft/2020-12/schema"
    # A property may itself be called "$ref"; its schema is then an object.
    return not isinstance(reference, str) or reference.startswith("#")


def _doubtful_limits(guide: Guide) -> Iterator[Flaw]:
    statutory, promised = guide.statutory_days, guide.promised_days
    if statutory is None and promised is None:
        yield Flaw("promised_days", "no_limit")
    elif not _has_units(guide):
        yield Flaw("day_unit", "unit_assumed")
    comparable = (guide.statutory_unit or "") == (guide.promised_unit or "")
    if statutory is not None and promised is not None and comparable and promised > statutory:
        days: dict[str, object] = {"promised": promised, "statutory": statutory}
        yield Flaw("promised_days", "promised_over_statutory", days)


def _doubtful_kinds(guide: Guide) -> Iterator[Flaw]:
    if not guide.type and not guide.type_code:
        yield Flaw("type_code", "no_kind")
    named = KIND_CODES.get(guide.type or "")
    if named and guide.type_code and named != guide.type_code:
        yield Flaw("type_code", "kind_conflict", {"name": guide.type, "code": guide.type_code})
    if not guide.handling_type:
        yield Flaw("handling_type", "no_handling")


def _doubtful_texts(guide: Guide) -> Iterator[Flaw]:
    if not guide.materials:
        yield Flaw("materials", "no_materials")
    for i, material in enumerate(guide.materials or ()):
        if _VAGUE.fullmatch(material.name.strip()):
            yield Flaw(f"materials[{i}].name", "vague_material", {"name": material.name})
    if not (guide.conditions or "").strip():
        yield Flaw("conditions", "no_conditions")
    if guide.fees and guide.fees.charged and not guide.fees.items:
        yield Flaw("fees", "fee_missing")
    if guide.steps and not any(step.standard for step in guide.steps):
        yield Flaw("steps", "bare_steps")


def _has_units(guide: Guide) -> bool:
    """Tell whether each limit that is given says in what it is counted."""
    whole = guide.day_unit if guide.day_unit and "assumed" not in guide.day_unit else None
    return all(
        days is None or unit or whole
        for days, unit in (
            (guide.statutory_days, guide.statutory_unit),
            (guide.promised_days, guide.promised_unit),
        )
    )


def assumed_unit(guide: Guide) -> Unit:
    return unit_of(guide.day_unit or "") or Unit.WORKDAY
