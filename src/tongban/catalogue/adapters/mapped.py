"""A row of somebody else's table becomes a guide, as a mapping says. Pure.

What a row says that no code list knows is kept unread and told; it costs nobody their service.
The services of three hundred counties say what a few thousand say, each under its own code, of its
own department, at its own counter: what rows share is read, checked and translated once.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tongban import identity
from tongban.catalogue.adapters.checks import (
    KEY,
    doubtful_codes,
    flaws,
    own_doubts,
    own_flaws,
    shared_doubts,
)
from tongban.catalogue.adapters.guide import Guide
from tongban.catalogue.adapters.mapping import FLAGS, LISTS, NUMBERS, BadMapping, From, Mapping
from tongban.catalogue.adapters.offer import Offer, offer_of
from tongban.catalogue.adapters.reading import BadGuide, as_guide
from tongban.catalogue.adapters.tables import Row
from tongban.catalogue.adapters.translation import text_of
from tongban.catalogue.model import KINDS, Code, Item
from tongban.catalogue.model.altering import altered
from tongban.catalogue.model.codes import (
    DEPTHS,
    HANDLINGS,
    KIND_CODES,
    SEVERAL,
    audience_of,
    scheme_of,
    unit_of,
)
from tongban.catalogue.model.flaw import Flaw
from tongban.foundation.errors import Problem

Cells = Sequence[str]
Reading = Callable[[Cells], str]

# Neither "5-10个工作日" nor 2024-05-10, which programs make of 5-10, nor 1.5 says one number.
_NUMBER = re.compile(
    r"\s*(\d{1,9}+)(?:\.0+)?+\s*+(?:个)?+\s*+(工作日|自然日|日|天|小时|分钟|个?月)?+"
    r"(?![\d.]|\s*[-–—~～至到/]\s*\d)"
)
_SCIENTIFIC = re.compile(r"\d(\.\d+)?E\+\d{2,}", re.IGNORECASE)
_INSTANT = re.compile(r"即办|即时|当场|立即|马上")
# The rules of doubts about cells that were not understood.
NOT_READ = frozenset({"unknown_value", "not_a_number"})
_YES = frozenset({"是", "1", "true", "y", "yes", "有", "支持", "收费", "√"})
_NO = frozenset({"否", "0", "false", "n", "no", "无", "不支持", "不收费", "不收", "×", "免费"})
_LENGTHS = {"basic_code": (12,), "code": (31, 33)}
_CODED: dict[str, Callable[[str], object]] = {
    "type_code": KINDS.get,
    "handling_type": HANDLINGS.get,
    "service_object": audience_of,
    "day_unit": unit_of,
    "statutory_unit": unit_of,
    "promised_unit": unit_of,
    "channels.online_depth": DEPTHS.get,
}


# What a row says of itself alone: texts, which are taken as they are.
_OWN = frozenset({
    "item_code", "code", "source_item_id", "region", "region_code", "department",
    "department_credit_code", "channels.address", "channels.time", "channels.consult",
    "channels.complaint",
})  # fmt: skip
# What the channels of an item call what a guide calls so.
_CHANNELS = {
    "channels.address": "address",
    "channels.time": "hours",
    "channels.consult": "consult",
    "channels.complaint": "complaint",
}
# So many different texts are remembered at once; a whole province has some four thousand.
SHARED_MAX = 6000


@dataclass(frozen=True, slots=True)
class Shared:
    """What rows of the same text have in common.

    ``guide``, ``text`` and ``offer`` lack what each row says of itself; without the last two, rows
    are refused whatever they say. ``extra`` is what was not understood, ``found`` the doubts.
    """

    guide: Guide
    text: Item | None
    offer: Offer | None
    extra: dict[str, Any]
    found: tuple[Flaw, ...]


@dataclass(frozen=True, slots=True)
class Read:
    """A row that can be taken over: what it says of its own place, what is doubtful, its text."""

    offer: Offer
    doubts: tuple[Flaw, ...]
    text: Item | None


class Reader:
    """Reads the rows of one table by one mapping.

    :raises BadMapping: if the mapping names a column that the table lacks.
    """

    def __init__(self, mapping: Mapping, headings: Sequence[str]) -> None:
        self._at = {heading: i for i, heading in enumerate(headings) if heading}
        self._check(mapping)
        fields = [(t, one, self._reading(one)) for t, one in mapping.fields.items()]
        self._fields = [field for field in fields if field[0] not in _OWN]
        own = [
            (t, read if one.value is None else _always(str(one.value)))
            for t, one, read in fields
            if t in _OWN
        ]
        self._own = [(name, read) for name, read in own if name not in _CHANNELS]
        self._channels = [(_CHANNELS[name], read) for name, read in own if name in _CHANNELS]
        self._codes = [(scheme, self._reading(one)) for scheme, one in mapping.codes.items()]
        used = {c for one in (*mapping.fields.values(), *mapping.codes.values()) for c in one.named}
        self._rest = [(h, i) for h, i in self._at.items() if h not in {*used, *mapping.ignore}]
        self._places = sorted({self._at[c] for _, one, _ in self._fields for c in one.named})
        self._columns = {t: "、".join(one.named) for t, one in mapping.fields.items() if one.named}
        self._columns |= {f"codes.{s}": "、".join(one.named) for s, one in mapping.codes.items()}
        self._shared: dict[tuple[str, ...], Shared] = {}

    def __call__(self, row: Row) -> Read:
        """Return what a row says.

        :raises BadGuide: with every flaw for which it cannot be taken over.
        """
        try:
            return self._read(row.cells)
        except BadGuide as bad:
            raise BadGuide(*map(self._by_column, bad.flaws)) from None

    def _by_column(self, flaw: Flaw) -> Flaw:
        """Return a flaw that is told by the heading under which it stands."""
        column = self._columns.get(flaw.field.split("[")[0]) or self._columns.get(
            f"{flaw.field}_code", ""
        )
        return replace(flaw, details={"field": column} | flaw.details) if column else flaw

    def _read(self, cells: Cells) -> Read:
        shared = self._shared_with(cells)
        own = {name: text for name, read in self._own if (text := read(cells))}
        extra = {h: text for h, i in self._rest if (text := cells[i].strip())} | shared.extra
        codes = [Code(scheme, code) for scheme, read in self._codes if (code := read(cells))]
        _refuse_numbers(own.items())
        _refuse_numbers((f"codes.{one.scheme}", one.code) for one in codes)
        _tidy(own, extra)
        for name in ("department", "region"):
            if not own.get(name, "").strip():
                raise BadGuide(Flaw(name, "missing"))
        if shared.offer is None or next(own_flaws(own), None):
            raise BadGuide(*flaws(altered(shared.guide, own)))
        channels = {name: text for name, read in self._channels if (text := read(cells))}
        offer = _offered(shared.offer, own, codes=codes, channels=channels, extra=extra)
        said = offer.channels
        odd = own_doubts(offer.code, consult=said.consult, complaint=said.complaint)
        doubts = (*odd, *doubtful_codes(codes))
        return Read(offer, (*shared.found, *_odd_lengths(own, "code"), *doubts), shared.text)

    def _shared_with(self, cells: Cells) -> Shared:
        key = tuple([cells[place] for place in self._places])
        shared = self._shared.get(key)
        if shared is None:
            if len(self._shared) >= SHARED_MAX:
                self._shared.clear()
            shared = self._shared[key] = self._read_shared(cells)
        return shared

    def _read_shared(self, cells: Cells) -> Shared:
        record: dict[str, Any] = {}
        extra: dict[str, Any] = {}
        found: list[Flaw] = []
        for target, one, read in self._fields:
            if one.value is not None:
                _put(record, target, one.value)
            elif text := read(cells):
                flaw = _set(record, target, one, text)
                if flaw:
                    found.append(self._by_column(flaw))
                    if flaw.rule != "instant_limit":
                        extra[one.named[0]] = text
        _refuse_numbers([("basic_code", record.get("basic_code"))])
        found += _odd_lengths(record, "basic_code")
        if not record.get("name", "").strip():
            raise BadGuide(Flaw("name", "missing"))
        # Texts of one letter stand for what each row says of itself.
        guide = as_guide(record | {"department": "-", "region": "-"})
        told = (*found, *shared_doubts(guide))
        if flaws(guide):
            return Shared(guide, None, None, extra, told)
        return Shared(guide, text_of(guide), offer_of(guide), extra, told)

    def _check(self, mapping: Mapping) -> None:
        asked: dict[str, str] = {}
        for group, sources in (("fields", mapping.fields), ("codes", mapping.codes)):
            for name, one in sources.items():
                for column in (*one.named, *filter(None, [one.level])):
                    asked.setdefault(column, f"{group}.{name}")
        missing = {column: at for column, at in asked.items() if column not in self._at}
        if missing:
            known = "、".join(self._at)
            raise BadMapping(
                *(
                    Problem(
                        at, "表中没有“{column}”这一列；有：{known}", {"column": c, "known": known}
                    )
                    for c, at in missing.items()
                )
            )

    def _reading(self, one: From) -> Reading:
        """Return how the text of one value is taken out of a row's cells."""
        places = [self._at[column] for column in one.named]
        if not places:
            return lambda _: ""
        if len(places) == 1:
            [place] = places
            read: Reading = lambda cells: cells[place].strip()  # noqa: E731
        else:
            read = lambda cells: one.join.join(  # noqa: E731
                text for place in places if (text := cells[place].strip())
            )
        if one.part or one.take or one.values or one.blank or one.level or one.home:
            level = self._at.get(one.level)
            return lambda cells: _cut(one, read(cells), cells[level] if level is not None else "")
        return read


def _offered(
    shared: Offer,
    own: dict[str, Any],
    *,
    codes: Sequence[Code],
    channels: dict[str, Any],
    extra: dict[str, Any],
) -> Offer:
    """Return the offer of one row: what it shares with others, and what it says of itself."""
    official = own.get("code")
    found = (*shared.codes, *([Code(scheme_of(official), official)] if official else ()), *codes)
    changes = own | {"codes": tuple(dict.fromkeys(found)) if len(found) > 1 else found}
    if channels:
        changes["channels"] = altered(shared.channels, channels)
    if item_id := own.get("source_item_id"):
        changes["source"] = replace(shared.source, item_id=item_id)
    return altered(shared, changes | {"extra": extra})


def _always(text: str) -> Reading:
    return lambda _: text


def _cut(one: From, text: str, level: str) -> str:
    if one.part:
        parts = text.split(one.part.by)
        text = parts[one.part.number - 1] if 0 < one.part.number <= len(parts) else ""
    if one.take:
        first, last = one.take
        text = text[first - 1 : last]
    if text and level in ("2", "3"):
        digits = 2 * (int(level) - 1)
        text = text[:digits] + "0" * (len(text) - digits)
    if one.home and text[:2] in ("00", "10"):
        text = one.home
    text = one.values.get(text, text)
    return "" if text in one.blank else text


def _set(record: dict[str, Any], target: str, one: From, text: str) -> Flaw | None:
    """Put the text of a column into the record as what it is; tell if it is not understood."""
    if target in NUMBERS:
        return _set_number(record, target, text)
    if target in FLAGS:
        if (word := text.lower()) not in _YES | _NO:
            return Flaw(target, "unknown_value", {"value": text[:100]})
        _put(record, target, word in _YES)
        return None
    if target in LISTS:
        parts = list(dict.fromkeys(one.values.get(p, p) for p in _parts(text, one.split)))
        records = target in ("materials", "steps")
        _put(record, target, [{"name": part} for part in parts] if records else parts)
        return None
    if target == "service_object" and one.values:
        text = "、".join(one.values.get(p, p) for p in _parts(text, SEVERAL))
    if target == "type" and text.isascii() and text.isdigit():
        target, text = "type_code", text.zfill(2)
    known = _CODED.get(target) or (KIND_CODES.get if target == "type" else None)
    if known and not known(text):
        return Flaw(target, "unknown_value", {"value": text[:100]})
    _put(record, target, text)
    return None


def _set_number(record: dict[str, Any], target: str, text: str) -> Flaw | None:
    limit = target in ("statutory_days", "promised_days")
    number = _NUMBER.match(text)
    if number:
        record[target] = int(number[1])
        # "20日" does not say which days; the report then tells that working days were assumed.
        if limit and unit_of(number[2] or ""):
            record.setdefault(target.replace("_days", "_unit"), number[2])
        return None
    if limit and _INSTANT.search(text):
        record |= {target: 1, target.replace("_days", "_unit"): "工作日"}
        record.setdefault("handling_type", "即办件")
        return Flaw(target, "instant_limit", {"value": text[:100]})
    return Flaw(target, "not_a_number", {"value": text[:100]})


def _tidy(record: dict[str, Any], extra: dict[str, Any]) -> None:
    """Bring codes and places into the form in which they are kept."""
    region = re.sub(r"\D", "", record.pop("region_code", ""))
    if not region and re.fullmatch(r"\d{6}|\d{9}|\d{12}", record.get("region", "")):
        region = record.pop("region")
    if region:
        record["region_code"] = region[:6]
        record.setdefault("region", region[:6])
    unit = record.get("department_credit_code")
    if unit and identity.credit_code_problem(unit):
        extra["department_credit_code"] = record.pop("department_credit_code")
    if (own := record.get("item_code")) and not KEY.fullmatch(own):
        record.setdefault("code", record.pop("item_code"))


def _refuse_numbers(given: Iterable[tuple[str, object]]) -> None:
    """Refuse a code of which a spreadsheet program has made a number, such as 1.14401E+30.

    :raises BadGuide: naming it.
    """
    for name, value in given:
        is_code = name.endswith("code") or name.startswith("codes.")
        if is_code and isinstance(value, str) and _SCIENTIFIC.fullmatch(value):
            raise BadGuide(Flaw(name, "code_as_number", {"value": value}))


def _odd_lengths(record: dict[str, Any], name: str) -> Iterator[Flaw]:
    code = record.get(name)
    lengths = _LENGTHS[name]
    if code and code.isascii() and code.isalnum() and len(code) not in lengths:
        expected = "、".join(map(str, lengths))
        details: dict[str, object] = {"code": code, "length": len(code), "expected": expected}
        zeros = code.isdigit() and 0 < lengths[0] - len(code) <= 4
        yield Flaw(name, "zeros_lost" if zeros else "code_length", details)


def _put(record: dict[str, Any], target: str, value: object) -> None:
    group, _, name = target.rpartition(".")
    (record.setdefault(group, {}) if group else record)[name] = value


def _parts(text: str, separators: str) -> Iterator[str]:
    for separator in separators[1:]:
        text = text.replace(separator, separators[0])
    for part in text.split(separators[0]) if separators else [text]:
        if part := part.strip():
            yield part
