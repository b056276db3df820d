"""An item's form (a JSON Schema) as fields on a page, and what a page sends back of it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from starlette.requests import Request

from tongban.channels.shell.forms import form, text, texts

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
    """One field as a page shows it. ``value`` is a text, True or False, or a list of texts.

    ``known`` is what a register says, masked: left empty, the field is filled in with it.
    """

    name: str
    label: str
    widget: str
    value: Any
    required: bool
    hint: str
    options: tuple[tuple[str, str], ...]
    maxlength: int | None
    source: str
    known: str = ""


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


def with_known(
    shown: list[Section], *, schema: Mapping[str, Any], known: Mapping[str, str]
) -> list[Section]:
    """Return the fields with what registers know, masked, by the names that forms have for it.

    For whoever fills in the form for somebody else and is not to see what stands there.
    """
    rules: Mapping[str, Any] = schema.get("properties", {})

    def told(field: Field) -> Field:
        says = known.get(rules[field.name].get("x-source", ""), "")
        return replace(field, known=says, required=False, source="") if says else field

    return [replace(each, fields=tuple(told(field) for field in each.fields)) for each in shown]


def answers_sent(request: Request, schema: Mapping[str, Any]) -> dict[str, object]:
    """Return the form's own fields; a box that is not ticked is not sent, so it is looked for."""
    sent = form(request)
    found: dict[str, object] = {}
    for key, rule in schema.get("properties", {}).items():
        if rule.get("type") == "array":
            found[key] = texts(request, key)
        elif rule.get("type") == "boolean":
            found[key] = key in sent
        elif key in sent:
            found[key] = text(request, key)
    return found
