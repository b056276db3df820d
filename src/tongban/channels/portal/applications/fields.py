"""An item's form (a JSON Schema) as fields on a page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SOURCES = {
    "holder.name": "身份信息",
    "holder.id_number": "身份信息",
    "holder.telephone": "我的资料",
    "holder.address": "我的资料",
    "holder.credit_code": "登记信息",
    "holder.legal_representative": "登记信息",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field as a page shows it. ``value`` is a text, True or False, or a list of texts."""

    name: str
    label: str
    widget: str
    value: Any
    required: bool
    hint: str
    options: tuple[tuple[str, str], ...]
    maxlength: int | None
    source: str


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    fields: tuple[Field, ...]


def sections(schema: Mapping[str, Any], answers: Mapping[str, Any]) -> list[Section]:
    """Return the fields under their headings, in the order of the schema."""
    grouped: dict[str, list[Field]] = {}
    required = set(schema.get("required", ()))
    for name, rule in schema.get("properties", {}).items():
        field = _field(name, rule, answers.get(name), required=name in required)
        grouped.setdefault(rule.get("x-section", ""), []).append(field)
    return [Section(title, tuple(fields)) for title, fields in grouped.items()]


def _field(name: str, rule: Mapping[str, Any], value: Any, *, required: bool) -> Field:
    options = tuple(
        (str(o["const"]), str(o.get("title", o["const"]))) for o in rule.get("oneOf", ())
    )
    options = options or tuple((str(each), str(each)) for each in rule.get("enum", ()))
    widget = rule.get("x-widget", "")
    if not widget:
        kinds = {"boolean": "checkbox", "number": "number", "integer": "number"}
        widget = "choice" if options else kinds.get(str(rule.get("type")), "text")
        if rule.get("format") == "date":
            widget = "date"
    return Field(
        name=name,
        label=str(rule.get("title", name)),
        widget=widget,
        value="" if value is None else value,
        required=required,
        hint=str(rule.get("description", "")),
        options=options,
        maxlength=rule.get("maxLength"),
        source=SOURCES.get(rule.get("x-source", ""), "") if value else "",
    )
