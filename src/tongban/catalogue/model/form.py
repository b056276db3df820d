"""The fields that an applicant fills in, as a JSON Schema (2020-12). Pure.

Officials describe fields (``Field``); applicants' answers are checked against the schema made of
them. A schema is an object whose ``properties`` stand in the order of the page. Each property has
``title`` (the label), may have ``description`` (the hint), and these words of our own:

``x-widget``   text, textarea, date, choice, checkbox, number
``x-source``   where the answer is known already: holder.name, holder.id_number, holder.telephone,
               holder.address, holder.credit_code, holder.legal_representative
``x-section``  the heading under which the field stands
``x-form``     the form it belongs to, where an item has several of which a case needs some

Choices are ``oneOf`` with ``const`` and ``title``.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

TELEPHONE = r"^(1[3-9][0-9]{9}|(0[0-9]{2,3}-?)?[0-9]{7,8}(-[0-9]{1,6})?)$"


class Widget(StrEnum):
    TEXT = "text"
    TEXTAREA = "textarea"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    CHECKBOX = "checkbox"


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    title: str


@dataclass(frozen=True, slots=True)
class Field:
    """One field. ``smallest`` and ``largest`` are values of a number, or lengths of a text."""

    key: str
    title: str
    widget: Widget = Widget.TEXT
    required: bool = True
    hint: str = ""
    section: str = ""
    source: str = ""
    pattern: str = ""
    smallest: int | None = None
    largest: int | None = None
    options: tuple[Option, ...] = ()
    form: str = ""


CONTACT = (
    Field(
        key="contact_name",
        title="联系人",
        source="holder.name",
        section="联系方式",
        largest=50,
    ),
    Field(
        key="contact_telephone",
        title="联系电话",
        hint="手机号码，或带区号的固定电话",
        source="holder.telephone",
        section="联系方式",
        pattern=TELEPHONE,
        largest=20,
    ),
    Field(
        key="contact_address",
        title="联系地址",
        hint="用于寄送文书",
        source="holder.address",
        section="联系方式",
        largest=200,
    ),
    Field(
        key="notify_by",
        title="通讯方式",
        hint="办理进度用哪种方式告诉您",
        widget=Widget.CHOICE,
        section="联系方式",
        options=(Option("sms", "短信"), Option("telephone", "打电话"), Option("post", "邮寄")),
    ),
)
BASIC = (
    Field(
        key="matter",
        title="申请事项说明",
        hint="请写清楚申请办理什么、基本情况和理由",
        widget=Widget.TEXTAREA,
        section="申请内容",
        smallest=2,
        largest=2000,
    ),
    *CONTACT,
)


def schema(fields: tuple[Field, ...]) -> dict[str, Any]:
    """Return the JSON Schema of these fields."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {field.key: _property(field) for field in fields},
        "required": [field.key for field in fields if field.required],
        "additionalProperties": False,
    }


def _property(field: Field) -> dict[str, Any]:
    made: dict[str, Any] = {"title": field.title, **_type(field), "x-widget": field.widget.value}
    for word, value in (
        ("description", field.hint),
        ("pattern", field.pattern),
        ("x-source", field.source),
        ("x-section", field.section),
        ("x-form", field.form),
    ):
        if value:
            made[word] = value
    return made


def _type(field: Field) -> dict[str, Any]:
    match field.widget:
        case Widget.CHECKBOX:
            # A box that must be ticked is a promise, so only "yes" is an answer to it.
            return {"type": "boolean", **({"const": True} if field.required else {})}
        case Widget.CHOICE:
            options = [{"const": o.value, "title": o.title} for o in field.options]
            return {"type": "string", "oneOf": options}
        case Widget.DATE:
            return {"type": "string", "format": "date"}
        case Widget.NUMBER:
            bounds = {"minimum": field.smallest, "maximum": field.largest}
            return {"type": "number", **{k: v for k, v in bounds.items() if v is not None}}
    smallest = field.smallest if field.smallest is not None else int(field.required)
    largest = {"maxLength": field.largest} if field.largest is not None else {}
    return {"type": "string", **({"minLength": smallest} if smallest else {}), **largest}


# All that ``schema`` says of a field. Whatever else a property says is kept when fields change.
_WORDS = frozenset(
    {
        "title", "description", "type", "format", "const", "oneOf", "pattern", "minLength",
        "maxLength", "minimum", "maximum", "x-widget", "x-source", "x-section", "x-form",
    }
)  # fmt: skip


def with_fields(form: dict[str, Any], fields: tuple[Field, ...]) -> dict[str, Any]:
    """Return a form with these fields in place of those it had."""
    if not fields:
        return {}
    made = schema(fields)
    held = form.get("properties", {})
    for key, rule in made["properties"].items():
        rule.update({word: it for word, it in held.get(key, {}).items() if word not in _WORDS})
    return {**{word: it for word, it in form.items() if word not in made}, **made}


def fields_of(form: dict[str, Any]) -> tuple[Field, ...]:
    """Return the fields that a schema describes, so that officials can change them.

    ``schema(fields_of(form))`` asks for the same, if the form says no more than fields can say.
    """
    required = frozenset(form.get("required", ()))
    return tuple(
        _field(key, rule, required=key in required)
        for key, rule in form.get("properties", {}).items()
    )


def _field(key: str, rule: dict[str, Any], *, required: bool) -> Field:
    text = rule.get("type") == "string"
    return Field(
        key=key,
        title=rule.get("title", key),
        widget=_widget(rule),
        required=required,
        hint=rule.get("description", ""),
        section=rule.get("x-section", ""),
        source=rule.get("x-source", ""),
        pattern=rule.get("pattern", ""),
        smallest=rule.get("minLength" if text else "minimum"),
        largest=rule.get("maxLength" if text else "maximum"),
        options=tuple(
            Option(str(one["const"]), str(one.get("title", one["const"])))
            for one in rule.get("oneOf", ())
        ),
        form=rule.get("x-form", ""),
    )


def _widget(rule: dict[str, Any]) -> Widget:
    if (said := rule.get("x-widget", "")) in {widget.value for widget in Widget}:
        return Widget(said)
    if rule.get("oneOf"):
        return Widget.CHOICE
    if rule.get("format") == "date":
        return Widget.DATE
    kinds = {"boolean": Widget.CHECKBOX, "number": Widget.NUMBER, "integer": Widget.NUMBER}
    return kinds.get(rule.get("type", ""), Widget.TEXT)
