"""A service, or an entry of the directory, as rows of the national exchange tables. Pure.

An entry of the directory (基本目录) is one row of up_task_directory. For services there are five
families of tables by their kind: general (许可、给付、确认、奖励、裁决、其他), public (公共服务),
handle (征收), check (强制、检查), punish (处罚). Each has one basic row for a service and rows of
questions; general and public also one of extensions and rows of fees; all but check and punish rows
of materials. What has more structure here is flattened to one text there; what is a word here and a
code there is written by the national crosswalk, and where the word has no code, as "other" with the
word in the text beside it.

The same thing has the same ``guid`` in every batch, so that a row is found again when the receiving
platform sends it back. Operation, batch, time and source are put on by whoever sends.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from tongban.catalogue.model.coded import SUBJECTS, Audience, Handling, Limit, Status, Unit
from tongban.catalogue.model.compare import LABELS
from tongban.catalogue.model.crosswalk import to_partner
from tongban.catalogue.model.entry import BaseItem
from tongban.catalogue.model.item import Item
from tongban.catalogue.model.parts import Basis

_NAMES = UUID("6f0f3f0e-5d55-4c53-9f38-0a2b7a4b8a11")
_FAMILIES = {
    "01": "general", "02": "punish", "03": "check", "04": "handle", "05": "general",
    "06": "check", "07": "general", "08": "general", "09": "general", "10": "general",
    "20": "public",
}  # fmt: skip
_UNITS = {Unit.WORKDAY: "1", Unit.DAY: "2", Unit.HOUR: "3", Unit.MINUTE: "4", Unit.MONTH: "5"}
_SERVED = {Audience.PERSON: "1", Audience.BUSINESS: "2", Audience.BOTH: "1^2"}
_OTHER = {"material_source": "99", "result_kind": "30"}
_SAME = {"纸质或电子": "纸质和电子", "全自治区": "全省", "区县": "全县", "跨省通办": "全国"}
_LOCAL_THEME = "998"  # 地方特色分类: its name stands in the field beside.

DIRECTORY = "up_task_directory"

# Which field of a service a field of these tables is made from: where it is mended.
_MADE_FROM: dict[str, tuple[str, ...]] = {
    "agency": ("dept_code", "dept_type", "entrust_name", "other_dept"),
    "audience": ("server_type",),
    "authority": ("limit_explain", "power_source", "punishment_method", "use_level"),
    "base_code": ("catalog_code",),
    "channels": (
        "app_is_single_login", "handle_type", "is_single_login", "link_addr", "link_way",
        "mobile_terminal_url", "online_handle_url", "supervise_way", "transact_addr",
        "transact_time",
    ),
    "charged": ("is_fee",),
    "codes": ("local_catalog_code", "local_task_code", "task_code", "task_handle_item"),
    "conditions": ("accept_condition",),
    "cross_region_scope": ("handle_area",),
    "department_name": ("dept_name",),
    "effective_until": ("plan_cancel_date",),
    "fee_basis": ("fee_basis",),
    "handling": ("project_type",),
    "intermediaries": ("service_type",),
    "kind": ("task_type",),
    "legal_basis": ("by_law",),
    "name": ("task_name",),
    "offers": (
        "is_entry_center", "is_express", "is_pay_online", "is_schedule", "is_service_terminals",
    ),
    "online_apply": ("is_online",),
    "online_depth": ("online_handle_depth",),
    "promised": ("promise_day", "promise_type"),
    "promised_note": ("promise_explain",),
    "results": ("result_guid", "result_name", "result_type"),
    "special_procedures": ("special_procedure",),
    "statutory": ("anticipate_day", "anticipate_type"),
    "statutory_note": ("anticipate_explain",),
    "status": ("task_state",),
    "steps": ("handle_flow",),
    "themes": (
        "corp_character_topic_type", "corp_topic_type", "user_character_topic_type",
        "user_topic_type",
    ),
    "visits": ("limit_scene_num",),
    "visits_reason": ("limit_scene_explain",),
}  # fmt: skip
_MADE_INTO = {"material": "materials", "project": "fees", "questions": "faq"}


@dataclass(frozen=True, slots=True)
class NationalRow:
    """One row for a table. ``item`` is a code; ``fields`` have national names and are not empty."""

    item: str
    guid: str
    table: str
    fields: dict[str, str]


@dataclass(frozen=True, slots=True)
class OutRow:
    """A row of the outbox. ``fields`` have national names; the marks stand apart."""

    row_guid: str
    table_name: str
    cd_operation: str
    cd_time: datetime
    data_source: str
    fields: dict[str, str]


@dataclass(frozen=True, slots=True)
class SentBack:
    """A row that the receiving platform refuses: its ``row_guid``, the field, the reason."""

    guid: str
    reason: str
    field: str = ""


def made_from(table: str, field: str) -> str:
    """Return how the field of a service is called from which a national one is made, or nothing."""
    part = _MADE_INTO.get(table.rpartition("_")[2], "")
    named = next((name for name, fields in _MADE_FROM.items() if field in fields), "")
    return LABELS.get(named if named == "codes" else part or named, "")


def family_of(item: Item) -> str:
    """Return the family of tables of a service, or nothing where its kind has none."""
    return _FAMILIES.get(item.kind, "")


def national_rows(thing: Item | BaseItem, *, longest_text: int = 0) -> tuple[NationalRow, ...]:
    """Return all rows of a service or an entry, the one that the others belong to first.

    There are none for what is cancelled, which the receiving platform has to delete, nor for a kind
    that has no table. Of a legal basis beyond ``longest_text`` characters only laws and clauses are
    named; 0: a text may be as long as it is.
    """
    if thing.status is Status.CANCELLED:
        return ()
    if isinstance(thing, BaseItem):
        rows = iter([(_guid(DIRECTORY, thing.code), DIRECTORY, _entry(thing, longest_text))])
    elif family := family_of(thing):
        rows = _rows(thing, family, longest_text)
    else:
        return ()
    return tuple(
        NationalRow(thing.code, guid, table, {name: text for name, text in fields.items() if text})
        for guid, table, fields in rows
    )


def _entry(entry: BaseItem, longest: int) -> dict[str, str]:
    known = {code.scheme: code.code for code in entry.codes}
    return {
        "catalog_code": entry.code,
        "local_catalog_code": known.get("local_basic_code", ""),
        "task_name": entry.name,
        "task_type": entry.kind,
        "task_version": str(entry.version),
        "task_state": _coded("status", entry.status),
        "by_law": _law(entry.legal_basis, longest),
        "use_level": "^".join(entry.levels),
        "plan_effective_date": str(entry.effective_from or ""),
        "plan_cancel_date": str(entry.effective_until or ""),
    }


def _rows(item: Item, family: str, longest: int) -> Iterator[tuple[str, str, dict[str, str]]]:
    basic = f"up_task_{family}_basic"
    task = _guid(basic, item.code)
    served = family in ("general", "public")
    yield task, basic, _basic(item, family, longest) | (_served(item) if served else {})
    codes = _codes(item)
    named = {
        "task_guid": task,
        "task_code": codes["task_code"],
        "task_handle_item": codes["task_handle_item"],
    }
    parts = {"questions": [{"question": f.question, "answer": f.answer} for f in item.faq]}
    if served:
        yield (
            _guid(f"up_task_{family}_extend", item.code),
            f"up_task_{family}_extend",
            named | _extended(item),
        )
        parts["fee_project"] = _fees(item)
    if family not in ("check", "punish"):
        parts["material"] = _materials(item)
    for part, lines in parts.items():
        table = f"up_task_{family}_{part}"
        for place, fields in enumerate(lines, 1):
            key = fields.pop("", str(place))
            yield _guid(table, item.code, key), table, named | fields | {"order_num": str(place)}


def _guid(*parts: str) -> str:
    return str(uuid5(_NAMES, "\n".join(parts)))


def _codes(item: Item) -> dict[str, str]:
    known = {code.scheme: code.code for code in item.codes}
    return {
        "catalog_code": known.get("basic_code", "") or item.base_code,
        "local_catalog_code": known.get("local_basic_code", ""),
        "task_code": known.get("implementation_code", ""),
        "task_handle_item": known.get("handling_item_code", ""),
        "local_task_code": known.get("local_code", "") or item.code,
    }


def _basic(item: Item, family: str, longest: int) -> dict[str, str]:
    fields = {
        **_codes(item),
        "task_name": item.name,
        "task_type": item.kind,
        "task_version": str(item.version),
        "task_state": _coded("status", item.status),
        "dept_code": item.agency.credit_code,
        "dept_name": item.department_name,
        "dept_type": item.agency.nature,
        "entrust_name": item.agency.entrusted,
        "by_law": _law(item.legal_basis, longest),
        "use_level": "^".join(item.authority.levels),
        "handle_flow": "→".join(step.name for step in item.steps),
        "link_way": item.channels.consult,
        "supervise_way": item.channels.complaint,
        **_limit("anticipate", item.statutory, item.statutory_note),
        "plan_effective_date": str(item.effective_from or ""),
        "plan_cancel_date": str(item.effective_until or ""),
    }
    if family != "public":
        fields["power_source"] = item.authority.source
    if family == "punish":
        fields["punishment_method"] = item.authority.punishments
    return fields


def _served(item: Item) -> dict[str, str]:
    """What only services that are applied for have."""
    special = "；".join(
        s.kind if s.days is None else f"{s.kind}（{s.days}天）" for s in item.special_procedures
    )
    return {
        "accept_condition": item.conditions,
        **_limit("promise", item.promised, item.promised_note),
        "project_type": "1" if item.handling is Handling.INSTANT else "2",
        "server_type": _subjects(item),
        "is_fee": _flag(item.charged),
        "fee_basis": item.fee_basis,
        "handle_type": _all_coded("form", item.channels.forms),
        "limit_scene_num": "" if item.visits is None else str(item.visits),
        "link_addr": item.channels.website,
        "mobile_terminal_url": item.channels.mobile_address,
        "is_single_login": _flag(item.channels.single_sign_on),
        "app_is_single_login": _flag(item.channels.mobile_single_sign_on),
        "special_procedure": special or "无",
        "transact_addr": item.channels.address,
        "transact_time": item.channels.hours,
    }


def _extended(item: Item) -> dict[str, str]:
    depth = item.online_depth
    return {
        "is_online": _flag(item.online_apply),
        "online_handle_depth": "" if depth is None else str(depth),
        "online_handle_url": item.channels.website,
        "is_entry_center": _flag(item.offers.in_hall),
        "is_schedule": _flag(item.offers.appointment),
        "is_pay_online": _flag(item.offers.pay_online),
        "is_express": _flag(item.offers.express),
        "is_service_terminals": _flag(item.offers.terminals),
        "handle_area": _coded("scope", item.cross_region_scope.strip()),
        "limit_scene_explain": item.visits_reason,
        "other_dept": "、".join(item.agency.joint),
        "service_type": "、".join(item.intermediaries),
        "result_name": "、".join(result.name for result in item.results),
        "result_guid": next((result.sample for result in item.results if result.sample), ""),
        **_result_types(item),
        **_themes(item),
        "town_code": item.town.code,
        "town_name": item.town.name,
        "village_code": item.village.code,
        "village_name": item.village.name,
        **({"limit_explain": item.authority.quantity_limit} if item.kind != "20" else {}),
    }


def _materials(item: Item) -> list[dict[str, str]]:
    return [
        {
            "": material.key,
            "material_name": material.name,
            "is_need": _coded("need", material.need),
            "material_type": _coded("material_kind", material.kind),
            "material_format": _coded("material_form", material.form),
            "source_type": _coded("material_source", material.source),
            "source_explain": material.source_explain or _uncoded(material.source),
            "page_num": "" if material.copies is None else str(material.copies),
            "page_format": material.paper_format,
            "accept_stand": material.accept_standard,
            "fill_explain": material.fill_notice,
            "by_law": material.basis,
            "form_guid": material.blank_form,
            "example_guid": material.sample,
            "remark": material.remark,
        }
        for material in item.materials
    ]


def _fees(item: Item) -> list[dict[str, str]]:
    return [
        {
            "fee_name": fee.name,
            "fee_stand": fee.standard,
            "by_law": fee.basis or item.fee_basis,
            "is_desc": _flag(bool(fee.remission)),
            "desc_explain": fee.remission,
            "remark": fee.remark,
        }
        for fee in item.fees
    ]


def _result_types(item: Item) -> dict[str, str]:
    """The kinds of the results; public services have room for one code only."""
    kinds = _all_coded("result_kind", [result.kind for result in item.results])
    return {"result_type": kinds.partition("^")[0] if item.kind == "20" else kinds}


def _themes(item: Item) -> dict[str, str]:
    """National themes as codes; local ones as the code for such, with their names beside."""
    named = "、".join(item.local_themes)
    local = [_LOCAL_THEME] if named else []
    fields = {}
    for whom, themes, served in (
        ("user", item.person_themes, item.audience is not Audience.BUSINESS),
        ("corp", item.business_themes, item.audience is not Audience.PERSON),
    ):
        fields[f"{whom}_topic_type"] = "^".join(
            dict.fromkeys([*themes, *(local if served else [])])
        )
        fields[f"{whom}_character_topic_type"] = named if served else ""
    return fields


def _subjects(item: Item) -> str:
    """Whom it serves, as finely as the source said it."""
    said = [code for code, name in SUBJECTS.items() if name in item.service_object]
    return "^".join(said) or _SERVED[item.audience]


def _law(bases: Sequence[Basis], longest: int) -> str:
    whole = "\n".join("".join((basis.law, basis.clause, basis.text)) for basis in bases)
    if not longest or len(whole) <= longest:
        return whole
    return "；".join(basis.law + basis.clause for basis in bases)


def _coded(listed: str, word: str) -> str:
    """Return the national code of a word; where it has none, that of "other", or nothing."""
    if not word:
        return ""
    code = to_partner(listed, _SAME.get(word, word), partner="national")
    return _OTHER.get(listed, "") if code is None else code


def _all_coded(listed: str, words: Sequence[str]) -> str:
    return "^".join(dict.fromkeys(filter(None, (_coded(listed, word) for word in words))))


def _uncoded(source: str) -> str:
    """Return the word of a source of materials that has no code, to stand beside "other"."""
    known = to_partner("material_source", source, partner="national")
    return source if known is None else ""


def _limit(name: str, limit: Limit | None, note: str) -> dict[str, str]:
    return {
        f"{name}_day": str(limit.amount) if limit else "",
        f"{name}_type": _UNITS[Unit(limit.unit)] if limit else "",
        f"{name}_explain": note,
    }


def _flag(said: bool | None) -> str:
    """Yes and no; what the source did not say is not made up."""
    return "" if said is None else str(int(said))
