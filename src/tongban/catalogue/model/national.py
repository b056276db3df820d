"""A service as rows of the national exchange tables (up_task_*). Pure.

Five families of tables by the kind of the service: general (许可、给付、确认、奖励、裁决、其他),
public (公共服务), handle (征收), check (强制、检查), punish (处罚). Each has one basic row for a
service and rows of questions; general and public also one of extensions and rows of fees; all but
check and punish rows of materials. What has more structure here is flattened to one text there.

The same thing has the same ``guid`` in every batch, so that a row is found again when the receiving
platform sends it back. Operation, batch, time and source are put on by whoever sends.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from tongban.catalogue.model.coded import Audience, Handling, Limit, Need, Status, Unit
from tongban.catalogue.model.item import Item

_NAMES = UUID("6f0f3f0e-5d55-4c53-9f38-0a2b7a4b8a11")
_FAMILIES = {
    "01": "general", "02": "punish", "03": "check", "04": "handle", "05": "general",
    "06": "check", "07": "general", "08": "general", "09": "general", "10": "general",
    "20": "public",
}  # fmt: skip
_UNITS = {Unit.WORKDAY: "1", Unit.DAY: "2", Unit.HOUR: "3", Unit.MINUTE: "4", Unit.MONTH: "5"}
_SERVED = {Audience.PERSON: "1", Audience.BUSINESS: "2", Audience.BOTH: "1^2"}

# Which field of a service a field of these tables is made from: where a refused row is mended.
MADE_FROM: dict[str, str] = {
    "accept_condition": "conditions", "anticipate_day": "statutory",
    "anticipate_explain": "statutory_note", "anticipate_type": "statutory",
    "by_law": "legal_basis", "catalog_code": "base_code", "dept_code": "agency",
    "dept_name": "department_name", "dept_type": "agency", "entrust_name": "agency",
    "fee_basis": "fee_basis", "fee_name": "fees", "fee_stand": "fees", "handle_flow": "steps",
    "handle_type": "channels", "is_fee": "charged", "limit_scene_num": "visits",
    "link_way": "channels", "material_name": "materials", "plan_cancel_date": "effective_until",
    "power_source": "authority", "project_type": "handling", "promise_day": "promised",
    "promise_explain": "promised_note", "promise_type": "promised",
    "punishment_method": "authority", "question": "faq", "answer": "faq",
    "result_name": "results", "result_type": "results", "server_type": "audience",
    "special_procedure": "special_procedures", "supervise_way": "channels", "task_code": "codes",
    "task_handle_item": "codes", "task_name": "name", "task_state": "status",
    "task_type": "kind", "transact_addr": "channels", "transact_time": "channels",
    "use_level": "authority",
}  # fmt: skip


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


def family_of(item: Item) -> str:
    """Return the family of tables of a service, or nothing where its kind has none."""
    return _FAMILIES.get(item.kind, "")


def national_rows(item: Item) -> list[NationalRow]:
    """Return all rows of a service; none if it is cancelled, or of a kind that has no table."""
    family = family_of(item)
    if not family or item.status is Status.CANCELLED:
        return []
    return [
        NationalRow(item.code, guid, table, {name: text for name, text in fields.items() if text})
        for guid, table, fields in _rows(item, family)
    ]


def _rows(item: Item, family: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    basic = f"up_task_{family}_basic"
    task = _guid(basic, item.code)
    served = family in ("general", "public")
    yield task, basic, _basic(item, family) | (_served(item) if served else {})
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
        "task_code": known.get("implementation_code", ""),
        "task_handle_item": known.get("handling_item_code", ""),
        "local_task_code": known.get("local_code", "") or item.code,
    }


def _basic(item: Item, family: str) -> dict[str, str]:
    fields = {
        **_codes(item),
        "task_name": item.name,
        "task_type": item.kind,
        "task_version": str(item.version),
        "task_state": "1" if item.status is Status.PUBLISHED else "2",
        "dept_code": item.agency.credit_code,
        "dept_name": item.department_name,
        "dept_type": item.agency.nature,
        "entrust_name": item.agency.entrusted,
        "by_law": "\n".join("".join((b.law, b.clause, b.text)) for b in item.legal_basis),
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
        "server_type": _SERVED[item.audience],
        "is_fee": _flag(item.charged),
        "fee_basis": item.fee_basis,
        "handle_type": "^".join(item.channels.forms),
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
        "handle_area": item.cross_region_scope,
        "limit_scene_explain": item.visits_reason,
        "other_dept": "、".join(item.agency.joint),
        "service_type": "、".join(item.intermediaries),
        "result_name": "、".join(result.name for result in item.results),
        "result_type": "^".join(dict.fromkeys(r.kind for r in item.results if r.kind)),
        "user_topic_type": "^".join(item.person_themes),
        "corp_topic_type": "^".join(item.business_themes),
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
            "is_need": _flag(material.need is Need.REQUIRED),
            "material_type": material.kind,
            "material_format": material.form,
            "source_type": material.source,
            "source_explain": material.source_explain,
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


def _limit(name: str, limit: Limit | None, note: str) -> dict[str, str]:
    return {
        f"{name}_day": str(limit.amount) if limit else "",
        f"{name}_type": _UNITS[Unit(limit.unit)] if limit else "",
        f"{name}_explain": note,
    }


def _flag(said: bool | None) -> str:
    """Yes and no; what the source did not say is not made up."""
    return "" if said is None else str(int(said))
