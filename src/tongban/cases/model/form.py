"""Answers to an item's form, checked against its JSON Schema (2020-12). Pure.

What the schema's own words mean stands in ``catalogue.model.form``. Problems name the field by its
label and say which rule it breaks, in words that tell what to do.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import jsonschema_rs
import msgspec

from tongban.foundation.errors import Problem
from tongban.foundation.secrets import masked

Answers = Mapping[str, Any]
Schema = Mapping[str, Any]

_TELEPHONE = re.compile(r"(1\d{10}|(0\d{2,3}-?)?\d{7,8}(-\d{1,6})?)")
_MESSAGES = {
    "required": "请填写{label}",
    "minLength": "{label}至少{limit}个字",
    "maxLength": "{label}最多{limit}个字",
    "minimum": "{label}不能小于{limit}",
    "exclusiveMinimum": "{label}应大于{limit}",
    "maximum": "{label}不能大于{limit}",
    "exclusiveMaximum": "{label}应小于{limit}",
    "multipleOf": "{label}应为{limit}的倍数",
    "enum": "{label}请从列出的选项中选择",
    "oneOf": "{label}请从列出的选项中选择",
    "anyOf": "{label}请从列出的选项中选择",
    "minItems": "{label}至少选{limit}项",
    "maxItems": "{label}最多选{limit}项",
    "const": "请勾选“{label}”",
    "pattern": "{label}的格式不对，请核对",
    "additionalProperties": "表单里没有“{label}”这一项",
}
_FORMATS = {
    "date": "{label}应为日期，写成 2026-01-31 的样子",
    "phone": "{label}应为手机号码，或带区号的固定电话",
    "id-number": "{label}不是有效的身份证件号码，请核对",
    "email": "{label}不是有效的电子邮箱，请核对",
}
_TYPES = {"integer": "{label}应为整数", "number": "{label}应为数字"}
_YES = frozenset({"on", "true", "yes", "1", "是"})
_MASKS = {"holder.telephone": (3, 4), "holder.id_number": (1, 1), "holder.credit_code": (4, 4)}


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as it is shown: ``text`` in words, masked where ``hidden``."""

    key: str
    label: str
    text: str
    section: str
    hidden: bool


def read(schema: Schema, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a page's fields say in the types of the schema.

    Unknown fields are dropped, and so are empty ones. A text that is not of its type is kept as it
    is, for ``problems`` to name.
    """
    found = {}
    for key, rule in properties(schema).items():
        if key in raw and (value := _typed(rule, raw[key])) not in (None, "", []):
            found[key] = value
    return found


def problems(schema: Schema, answers: Answers) -> list[Problem]:
    """Return what is wrong, one problem for a field, in the order of the page."""
    if not schema:
        return []
    found: dict[str, Problem] = {}
    for error in _validator(msgspec.json.encode(schema)).iter_errors(dict(answers)):
        for problem in _told(schema, error):
            found.setdefault(problem.field, problem)
    order = {key: place for place, key in enumerate(properties(schema))}
    return sorted(found.values(), key=lambda problem: order.get(problem.field, len(order)))


def shown(schema: Schema, answers: Answers, *, mask: bool) -> list[Answer]:
    """Return the answers with their labels, in the order of the page.

    With ``mask``, whatever is known of a person from a register (``x-source``) or looks like a
    number of a person is hidden but for its ends.
    """
    lines = []
    for key, rule in properties(schema).items():
        if key not in answers:
            continue
        text = _in_words(rule, answers[key])
        hidden = mask and personal(rule)
        if hidden:
            head, tail = _MASKS.get(rule.get("x-source", ""), (1, 0))
            text = masked(text, head=head, tail=tail)
        section = str(rule.get("x-section", ""))
        lines.append(Answer(key, label(schema, key), text, section, hidden))
    return lines


def clean(text: str) -> str:
    """Return a text without what no database and no page can hold, and without outer spaces."""
    plain = text.encode("utf-8", "ignore").decode().replace("\x00", "")
    return plain.replace("\r\n", "\n").strip()


def properties(schema: Schema) -> Mapping[str, Any]:
    found: Mapping[str, Any] = schema.get("properties", {})
    return found


def label(schema: Schema, key: str) -> str:
    return str(properties(schema).get(key, {}).get("title") or key)


def personal(rule: Mapping[str, Any]) -> bool:
    """Tell whether a field holds personal data that is masked by default."""
    return bool(rule.get("x-source")) or rule.get("format") in ("phone", "id-number", "email")


def is_id_number(text: str) -> bool:
    """Tell whether a text is an identity number by its shape and check character.

    GB 11643: seventeen digits, then a check by ISO 7064, MOD 11-2. Whether such a person exists is
    not the form's to know.

    >>> is_id_number("11010519491231002X"), is_id_number("110105194912310021")
    (True, False)
    """
    if not re.fullmatch(r"[0-9]{17}[0-9Xx]", text):
        return False
    total = sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(text[:17]))
    return "10X98765432"[total % 11] == text[17].upper()


def _typed(rule: Mapping[str, Any], value: Any) -> Any:
    wanted = rule.get("type")
    if wanted == "array":
        values = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
        return [_typed(rule.get("items", {}), each) for each in values if each != ""]
    if isinstance(value, list | tuple):
        value = value[0] if value else ""
    if not isinstance(value, str):
        return value
    text = clean(value)
    if wanted == "boolean":
        # An empty box is no answer, rather than the answer "no".
        return True if text.lower() in _YES else None
    if wanted in ("integer", "number") and text:
        return _number(text)
    return text


def _number(text: str) -> int | float | str:
    plain = text.replace(",", "").replace("，", "")
    if re.fullmatch(r"[+-]?\d{1,18}", plain):
        return int(plain)
    if re.fullmatch(r"[+-]?\d{1,15}\.\d{1,10}", plain):
        return float(plain)
    return text


def _told(schema: Schema, error: jsonschema_rs.ValidationError) -> Iterator[Problem]:
    kind = error.kind.as_dict()
    rule = str(error.kind.name)
    path = [str(part) for part in error.instance_path]
    match rule:
        case "required":
            fields = [path[0] if path else str(kind["property"])]
        case "additionalProperties":
            fields = [path[0]] if path else [str(key)[:60] for key in kind["unexpected"]]
        case _:
            fields = path[:1]
    for field in fields:
        details = {"label": label(schema, field), "limit": kind.get("limit", "")}
        yield Problem(field, _message(rule, kind), details)


def _message(rule: str, kind: Mapping[str, Any]) -> str:
    other = "{label}不符合要求，请核对"
    if rule == "format":
        return _FORMATS.get(str(kind.get("format")), other)
    if rule == "type":
        return next((_TYPES[t] for t in kind.get("types", ()) if t in _TYPES), other)
    return _MESSAGES.get(rule, other)


def _in_words(rule: Mapping[str, Any], value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(_in_words(rule.get("items", {}), each) for each in value)
    for option in rule.get("oneOf", ()):
        if option.get("const") == value:
            return str(option.get("title", value))
    return str(value)


@lru_cache(maxsize=1024)
def _validator(schema: bytes) -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(
        schema.decode(),
        validate_formats=True,
        formats={
            "phone": lambda text: _TELEPHONE.fullmatch(text) is not None,
            "id-number": is_id_number,
        },
    )
