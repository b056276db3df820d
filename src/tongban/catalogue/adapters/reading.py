"""Reading a record that may hold anything, and saying in words what is wrong with it. Pure."""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from tongban.catalogue.adapters.guide import (
    BasisRecord,
    ChannelsRecord,
    CodeRecord,
    FaqRecord,
    FeesRecord,
    Guide,
    MaterialRecord,
    QuestionRecord,
    RedressRecord,
    ResultRecord,
    SpecialRecord,
    StepRecord,
)
from tongban.catalogue.model.flaw import Flaw
from tongban.foundation.errors import Invalid

_INNER: dict[str, type[Any]] = {
    "codes": CodeRecord,
    "materials": MaterialRecord,
    "questions": QuestionRecord,
    "steps": StepRecord,
    "fees": FeesRecord,
    "legal_basis": BasisRecord,
    "results": ResultRecord,
    "faq": FaqRecord,
    "special_procedures": SpecialRecord,
    "channels": ChannelsRecord,
    "rights": RedressRecord,
}
_EXPECTED = re.compile(r"Expected `(?P<expected>[^`]+)`, got `(?P<found>[^`]+)`")
_MISSING = re.compile(r"Object missing required field `(?P<field>[^`]+)`")
_VALUE = re.compile(r"Invalid enum value (?P<value>.+?)(?: - at|$)")
_PATH = re.compile(r" - at `\$(?P<path>[^`]*)`$")
_NAMES = {
    "str": "文本",
    "int": "整数",
    "float": "小数",
    "bool": "是或否（true/false）",
    "array": "列表",
    "object": "对象",
    "null": "空值",
}


class BadGuide(Invalid):
    """A guide cannot be taken over; ``flaws`` are all that was found."""

    def __init__(self, *flaws: Flaw) -> None:
        super().__init__(*(flaw.problem for flaw in flaws))
        self.flaws = flaws


def read_json(line: bytes) -> dict[str, Any]:
    """Return the object in a line of JSON.

    :raises BadGuide: if it is not UTF-8, not JSON or not an object.
    """
    try:
        record = msgspec.json.decode(line.decode("utf-8"))
    except UnicodeDecodeError:
        raise BadGuide(Flaw("", "encoding", {"guess": _guess(line)})) from None
    except RecursionError:
        raise BadGuide(Flaw("", "json_depth")) from None
    except msgspec.DecodeError as error:
        position = re.search(r"byte (\d+)", str(error))
        at = int(position[1]) if position else len(line)
        shown = len(line[:at].decode("utf-8", "replace")) + 1
        raise BadGuide(Flaw("", "json", {"position": shown})) from None
    if not isinstance(record, dict):
        raise BadGuide(Flaw("", "object", {"found": word_for(record)}))
    return record


def read_guide(record: dict[str, Any]) -> Guide:
    """Return a record as a guide: its types are right, its values still to be checked.

    What the exchange shape does not know is kept in ``extra``.

    :raises BadGuide: if a field is missing or of the wrong type.
    """
    if at := _nul(record, ""):
        raise BadGuide(Flaw(at, "nul"))
    known = {name: value for name, value in record.items() if name in Guide.__dataclass_fields__}
    if unknown := dict(_unknown(record)):
        known["extra"] = unknown
    return as_guide(known)


def as_guide(known: dict[str, Any]) -> Guide:
    """Return a record that holds nothing unknown as a guide.

    :raises BadGuide: if a field is missing or of the wrong type.
    """
    for name in ("name", "department", "region"):
        if known.get(name) is None or not str(known[name]).strip():
            raise BadGuide(Flaw(name, "missing"))
    try:
        return msgspec.convert(known, Guide)
    except msgspec.ValidationError as error:
        raise BadGuide(_in_words(str(error))) from None


def word_for(value: object) -> str:
    """Return what a value of JSON is, in a word."""
    kind = {list: "array", dict: "object", type(None): "null"}.get(type(value))
    return _NAMES[kind or type(value).__name__]


def _unknown(record: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield what the exchange shape does not know, by its path in the record."""
    given = record.get("extra")
    yield from (given if isinstance(given, dict) else {}).items()
    for name, value in record.items():
        if name not in Guide.__dataclass_fields__:
            yield name, value
        elif inner := _INNER.get(name):
            for i, one in enumerate(value if isinstance(value, list) else [value]):
                at = f"{name}[{i}]" if isinstance(value, list) else name
                for field, what in one.items() if isinstance(one, dict) else ():
                    if field not in inner.__dataclass_fields__:
                        yield f"{at}.{field}", what


def _in_words(error: str) -> Flaw:
    found = _PATH.search(error)
    path = found["path"].lstrip(".") if found else ""
    if match := _MISSING.search(error):
        return Flaw(f"{path}.{match['field']}".lstrip("."), "missing")
    if match := _VALUE.search(error):
        return Flaw(path, "unknown_code", {"value": match["value"].strip("'"), "known": "—"})
    if match := _EXPECTED.search(error):
        if match["found"] == "null":
            return Flaw(path, "missing")
        wanted = [_NAMES.get(kind, kind) for kind in match["expected"].split(" | ")]
        expected = "或".join(word for word in wanted if word != _NAMES["null"])
        got = _NAMES.get(match["found"], match["found"])
        return Flaw(path, "type", {"expected": expected, "found": got})
    return Flaw(path, "type", {"expected": "规定的类型", "found": error})


def _nul(value: object, path: str) -> str:
    """Return where in a record a text holds U+0000, which PostgreSQL cannot keep."""
    if isinstance(value, str):
        return (path or "?") if "\0" in value else ""
    if isinstance(value, dict):
        for name, one in value.items():
            if at := _nul(name, path) or _nul(one, f"{path}.{name}".lstrip(".")):
                return at
    elif isinstance(value, list):
        for i, one in enumerate(value):
            if at := _nul(one, f"{path}[{i}]"):
                return at
    return ""


def _guess(line: bytes) -> str:
    try:
        line.decode("gb18030")
    except UnicodeDecodeError:
        return "无法识别"
    return "看起来是 GBK"
