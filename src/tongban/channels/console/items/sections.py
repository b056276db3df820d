"""How a sheet of an item is read from its form, and how values stand in its fields.

A sheet changes only its own fields. What a form cannot show of a part (its key, say) stays.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from starlette.requests import Request

from tongban import catalogue
from tongban.catalogue import Limit, Need, Option, Unit, Widget
from tongban.channels.console.items.inputs import Input, Rows, Sheet
from tongban.channels.console.items.sheets import UNITS
from tongban.channels.shell.forms import Upload, text, texts, uploads, whole
from tongban.foundation.errors import Invalid, Problem

ROWS_MAX = 200
LONGEST = 20_000
# What the values of these fields are; all other choices are plain texts.
_CHOSEN: dict[str, Callable[[str], Any]] = {
    "need": Need,
    "handling": catalogue.Handling,
    "widget": Widget,
    "status": catalogue.Status,
    "audience": catalogue.Audience,
    "access": catalogue.Access,
}
Keep = Callable[[Upload], str]


def shown(value: Any, kind: str) -> str:
    """Return a value as it stands in its field."""
    match kind:
        case "lines":
            return "\n".join(value)
        case "options":
            return "\n".join(one.title for one in value or ())
        case "truth":
            return "" if value is None else str(int(value))
        case "limit":
            return str(value.amount) if value else ""
    return "" if value is None else str(getattr(value, "value", value))


def value_of(thing: Any, name: str) -> Any:
    """Return the value of a path such as ``channels.address``."""
    for part in name.split("."):
        thing = getattr(thing, part)
    return thing


@dataclass(frozen=True, slots=True)
class _Reading:
    request: Request
    thing: Any
    keep: Keep | None
    problems: list[Problem]


def read(request: Request, thing: Any, sheet: Sheet, *, keep: Keep | None = None) -> Any:
    """Return the thing as the form of a sheet says it.

    :param keep: takes in an uploaded file and returns its id; without it files stay as they are.
    :raises Invalid: naming every field that cannot be read.
    """
    reading = _Reading(request, thing, keep, [])
    made = _made(reading, sheet)
    if reading.problems:
        raise Invalid(*reading.problems)
    return made


def typed(request: Request, thing: Any, sheet: Sheet) -> Any:
    """Return the thing as far as its form can be read, for a form that is shown again."""
    return _made(_Reading(request, thing, None, []), sheet)


def _made(reading: _Reading, sheet: Sheet) -> Any:
    made = reading.thing
    for field in sheet.fields:
        made = _with(made, field.name, _read(reading, field, field.name, made))
    for rows in sheet.lists:
        made = rows.into(made, _read_rows(reading, rows, rows.of(made)))
    return made


def _read_rows(reading: _Reading, rows: Rows, present: Sequence[Any]) -> tuple[Any, ...]:
    request = reading.request
    number = whole(text(request, f"{rows.prefix}rows"), digits=3) or 0
    found: list[Any] = []
    for at in range(min(number, ROWS_MAX)):
        start = f"{rows.prefix}{at}-"
        if not text(request, start + rows.named):
            continue
        before = present[at] if at < len(present) else None
        name = text(request, start + rows.named)
        if rows.distinct and any(getattr(one, rows.named) == name for one in found):
            reading.problems.append(
                Problem(start + rows.named, "“{name}”前面已经有了，请换一个名称", {"name": name})
            )
        said = {
            field.name: _read(reading, field, start + field.name, before) for field in rows.inputs
        }
        if before is not None:
            found.append(replace(before, **said))
        else:
            keyed = {"key": _new_key(rows.key, present, found)} if rows.key else {}
            found.append(rows.make(**keyed, **said))
    return tuple(_marked(one) for one in found)


def _marked(part: Any) -> Any:
    """Say of a part that it has a blank form or a sample, where a file of it is there."""
    names = {field.name for field in fields(part)}
    said = {
        f"has_{name}": True
        for name in ("blank_form", "sample")
        if f"has_{name}" in names and getattr(part, name)
    }
    return replace(part, **said) if said else part


def _new_key(start: str, present: Sequence[Any], found: Sequence[Any]) -> str:
    taken = {one.key for one in (*present, *found)}
    return next(key for n in range(1, 10_000) if (key := f"{start}{n}") not in taken)


def _read(reading: _Reading, field: Input, name: str, before: Any) -> Any:
    request, problems = reading.request, reading.problems
    said = text(request, name)
    if len(said) > LONGEST:
        problems.append(Problem(name, "最多 {limit} 个字", {"limit": LONGEST}))
    match field.kind:
        case "options":
            return _options(_lines(said), before.options if before else ())
        case "number":
            return _number(name, said, problems)
        case "limit":
            return _limit(_number(name, said, problems), text(request, f"{name}-unit"))
        case "several":
            known = dict(field.options)
            return tuple(one for one in texts(request, name) if one in known)
        case "choice":
            return _chosen(field, name, said, problems, before)
        case "answers":
            return _answers(reading, name)
        case "standard":
            return text(request, f"{name}-other") or ("" if said == "none" else said)
        case "file":
            return _file(reading, name, getattr(before, field.name) if before else "")
    return _PLAIN.get(field.kind, str)(said)


def _lines(said: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (line.strip() for line in said.splitlines()))))


_PLAIN: dict[str, Callable[[str], Any]] = {
    "lines": _lines,
    "tick": lambda said: said == "1",
    "truth": {"1": True, "0": False}.get,
}


def _options(titles: Sequence[str], before: Sequence[Option]) -> tuple[Option, ...]:
    """Keep the values of options that were there, because answers and rules know them."""
    known = {one.title: one for one in before}
    return tuple(known.get(title) or Option(title, title) for title in titles)


def _chosen(field: Input, name: str, said: str, problems: list[Problem], before: Any) -> Any:
    if said in dict(field.options):
        return _CHOSEN.get(field.name, str)(said)
    # What an import brought stays, although nobody would choose it.
    if before is not None and said == shown(value_of(before, field.name), "choice"):
        return value_of(before, field.name)
    problems.append(Problem(name, "请选择其中一项"))
    if before is not None:
        return value_of(before, field.name)
    return _CHOSEN.get(field.name, str)(field.options[0][0])


def _answers(reading: _Reading, name: str) -> dict[str, str]:
    """Return the answer to each question; what belongs to no question any more is let go.

    An answer that its question has not (any more) is told, and stays to be seen.
    """
    found: dict[str, str] = {}
    for question in reading.thing.questions:
        at = f"{name}-{question.key}"
        said = text(reading.request, at)
        if said:
            found[question.key] = said
        if said and said not in {choice.key for choice in question.choices}:
            message = "问题“{question}”没有您选的这个答案（已经改了），请重新选择"
            reading.problems.append(Problem(at, message, {"question": question.title}))
    return found


def _file(reading: _Reading, name: str, before: str) -> str:
    """Return the id of the file that a field has now: a new one, none, or the one it had."""
    for upload in uploads(reading.request):
        if upload.field == name and reading.keep is not None:
            try:
                return reading.keep(upload)
            except Invalid as refused:
                reading.problems.extend(
                    Problem(name, one.message, one.details) for one in refused.problems
                )
                return before
    return "" if text(reading.request, f"{name}-remove") == "1" else before


def _limit(amount: int | None, unit: str) -> Limit | None:
    if amount is None:
        return None
    return Limit(amount, Unit(unit if unit in UNITS else "workday"))


def _number(name: str, said: str, problems: list[Problem]) -> int | None:
    if not said:
        return None
    if (number := whole(said)) is None:
        problems.append(Problem(name, "请填写整数"))
    return number


def _with(thing: Any, path: str, value: Any) -> Any:
    first, _, rest = path.partition(".")
    if not rest:
        return replace(thing, **{first: value})
    return replace(thing, **{first: replace(getattr(thing, first), **{rest: value})})
