"""A round of moves as one statement: whatever a move does not change is not in the statement."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import LiteralString, NamedTuple
from zlib import crc32

from tongban.foundation.arrays import array, encoded
from tongban.foundation.work import Work
from tongban.process.model.carry import Move
from tongban.process.model.instance import Instance, Key
from tongban.process.model.tokens import ROOT, Alarm, Effects, Place, Subscription, Token
from tongban.process.store.parts import (
    COLUMNS,
    COUNTED,
    COUNTED_IN_WORKDAYS,
    DUE,
    DUE_IN_WORKDAYS,
    PARTS,
)


@dataclass(frozen=True, slots=True)
class Met:
    """A meeting place to which something came, as it stands now."""

    region: str
    month: int
    instance: int
    scopes: list[int] | None
    home: int
    definition: int
    node: str
    arrived: list[int]
    needed: int


class Note(NamedTuple):
    """What the history says about an act beside the act itself."""

    since: datetime | None = None
    text: str = ""
    data: Mapping[str, object] = MappingProxyType({})


_MANY = "many"
_ALONE = "alone"
_KEY = ("r", "m", "i")

Row = dict[str, object]
Rows = dict[str, list[Row]]


def write(work: Work, rows: Rows) -> list[Met]:
    """Carry rows out, each list by the part of its name, in one statement."""
    values: dict[str, object] = {"now": work.now, "today": work.today}
    if "history" in rows:
        values |= {"actor": work.actor.id, "actor_name": work.actor.name}
    shape = []
    arrays: dict[str, tuple[list[object], object]] = {}
    # What an interactive step changes is of one instance, which is then told once.
    alone = rows["history"][0] if all(len(listed) == 1 for listed in rows.values()) else None
    if alone is not None:
        values |= {column: alone[column] for column in _KEY}
    for name, listed in rows.items():
        if len(listed) > 1:
            shape.append(_many(name, listed, values, arrays))
            continue
        shape.append((_ALONE if alone is not None else "", name, *listed[0]))
        for column, value in listed[0].items():
            if alone is None or column not in _KEY:
                values[f"{name}_{column}"] = encoded(value, COLUMNS[name][column])
    statement = _statement(tuple(shape))
    if "arrivals" in rows:
        return work.all(Met, statement, **values)
    work.run(statement, **values)
    return []


def _many(
    name: str, listed: Sequence[Row], values: Row, arrays: dict[str, tuple[list[object], object]]
) -> tuple[str, ...]:
    """Add the values of several rows: what is the same in all of them once, the rest as arrays.

    ``arrays`` are those of keys that earlier parts had: mostly theirs is the same again.
    """
    same, differing = [], []
    told = set().union(*listed)
    for column, kind in COLUMNS[name].items():
        if column not in told:
            continue
        found = [row.get(column) for row in listed]
        if found.count(found[0]) < len(found):
            differing.append(column)
            written = arrays.get(column)
            if written is None or column not in _KEY or written[0] != found:
                written = arrays[column] = (found, array(found, kind))
            values[f"{name}_{column}"] = written[1]
        elif found[0] is not None:
            same.append(column)
            values[f"{name}_{column}"] = encoded(found[0], kind)
    return ("", name, _MANY, *same, _MANY, *differing)


@lru_cache(maxsize=4_000)
def _statement(shape: tuple[tuple[str, ...], ...]) -> LiteralString:
    """Return the statement for parts in their order, each with the columns that it has."""
    given = {name: columns for _, name, *columns in shape}
    alone = shape[0][0] == _ALONE
    parts = ",".join(_part(name, given[name], alone) for name in PARTS if name in given)
    return "with" + parts + (" select * from met" if "arrivals" in given else " select")


def _part(name: str, given: Sequence[str], alone: bool) -> LiteralString:
    columns = COLUMNS[name]
    differing: Sequence[str] = ()
    if given[:1] == [_MANY]:
        differing = given[given.index(_MANY, 1) + 1 :]
    texts: list[LiteralString] = []
    arrays: list[LiteralString] = []
    for column, kind in columns.items():
        prefix: LiteralString = "" if alone and column in _KEY else name + "_"
        if column in differing:
            arrays.append("%(" + prefix + column + ")s::" + _ARRAYS.get(kind, "text[]"))
            texts.append("u." + column + "::" + kind)
        elif column in given:
            texts.append("%(" + prefix + column + ")s::" + kind)
        else:
            texts.append("null::" + kind)
    source = "(select " + ", ".join(texts)
    if arrays:
        source += " from unnest(" + ", ".join(arrays) + ") as u (" + ", ".join(differing) + ")"
    due, counted = (DUE_IN_WORKDAYS, COUNTED_IN_WORKDAYS) if "l" in given else (DUE, COUNTED)
    text = PARTS[name].replace("{rows}", source + ")")
    text = text.replace("{columns}", "(" + ", ".join(columns) + ")")
    return text.replace("{due}", due).replace("{counted}", counted)


_ARRAYS: Mapping[str, LiteralString] = {
    "bigint": "bigint[]",
    "int": "int[]",
    "boolean": "boolean[]",
    "text": "text[]",
    "timestamptz": "timestamptz[]",
}


def token_keys(keys: Sequence[tuple[Key, int]]) -> dict[str, object]:
    """Return keys of tokens as the arrays r, m, i and t that statements read them from."""
    return {
        "r": array([key.region for key, _ in keys], "text"),
        "m": array([key.month for key, _ in keys], "int"),
        "i": array([key.id for key, _ in keys], "bigint"),
        "t": array([token for _, token in keys], "bigint"),
    }


def started(rows: Rows, instance: Instance) -> None:
    """Add a new instance."""
    rows.setdefault("started", []).append(
        _key(instance.key)
        | {
            "n": instance.number,
            "d": instance.definition,
            "c": instance.department,
            "h": instance.holder,
        }
    )


def moved(rows: Rows, move: Move[Key], instance: Instance, id: int, note: Note | None) -> None:
    """Add what a move changes. ``id`` is a new number of the instance, for its line of history."""
    effects, key = move.effects, _key(move.instance)

    def add(part: str, values: Row) -> None:
        rows.setdefault(part, []).append(key | values)

    _taken_away(effects, add)
    for born in effects.born.values():
        add("born", _token(born, instance.department))
    for scope, values in effects.variables.items():
        add("variables", {"s": scope, "p": _shape(tuple(values)), "a": id, "d": values})
    for alarm in effects.alarms:
        add("alarms", _alarm(alarm))
    for wanted in effects.subscriptions:
        add("subscriptions", _subscription(wanted))
    if effects.arrivals:
        _together(rows, key, move)
    if effects.outcome is not None:
        add("ended", {"o": effects.outcome})
    line: Row = {"a": id, "c": move.act, "n": move.node, "p": " ".join(effects.path)}
    if note is not None:
        _say(line, note)
    add("history", line)


def _say(line: Row, note: Note) -> None:
    if note.since is not None:
        line["b"] = note.since
    if note.text:
        line["o"] = note.text
    if note.data:
        line["d"] = note.data


def _taken_away(effects: Effects, add: Callable[[str, Row], None]) -> None:
    for token in effects.gone:
        add("gone", {"t": token})
    for token in effects.unhelped:
        add("unhelped", {"t": token})
    for scope in effects.felled:
        add("felled", {"s": scope})
    for token in effects.disarmed:
        add("disarmed", {"t": token})
    for token, node in effects.rung:
        add("rung", {"t": token, "n": node})
    for left in effects.left:
        gathering: Row = {"s": left.place.scope, "n": left.node}
        if left.arrived:
            add("left", gathering | {"a": left.arrived})
        else:
            add("emptied", gathering)


def _together(rows: Rows, key: Row, move: Move[Key]) -> None:
    """Add arrivals, those at one place as one row, because one statement meets a row but once."""
    places: dict[tuple[int, str], Row] = {}
    for arrival in move.effects.arrivals:
        at = (arrival.place.scope, arrival.node)
        row = places.get(at)
        if row is None:
            row = places[at] = key | _place(arrival.place)
            row |= {"s": at[0], "n": at[1], "a": [], "e": 0}
        row["a"] += list(arrival.marks)  # type: ignore[operator]
        row["e"] = arrival.needed or row["e"]
    if places:
        rows.setdefault("arrivals", []).extend(places.values())


def _key(key: Key) -> Row:
    return {"r": key.region, "m": key.month, "i": key.id}


def _place(place: Place) -> Row:
    row: Row = {"d": place.definition}
    if place.scopes:
        row["p"] = place.scopes
    if place.home != ROOT:
        row["h"] = place.home
    return row


def _token(token: Token, department: str) -> Row:
    row = _place(token.place)
    row |= {"t": token.id, "n": token.node, "s": token.state, "w": token.sweeping}
    if token.turn >= 0:
        row["u"] = token.turn
    if token.state != "work":
        return row
    duty = token.duty
    row |= {"c": duty.department or department, "o": duty.role}
    if duty.assignee:
        row["a"] = duty.assignee
    if duty.act:
        row["b"] = duty.act
    if token.helps > 0:
        row["z"] = token.helps
    if duty.due is not None:
        row |= _due(duty.due)
    return row


def _alarm(alarm: Alarm) -> Row:
    row = _place(alarm.place) | _due(alarm.due)
    if alarm.since is not None:  # It keeps its moment, and how that was found.
        row |= {"l": alarm.workdays, "y": alarm.since}
    return row | {"t": alarm.token, "n": alarm.node, "f": alarm.fired, "w": alarm.sweeping}


def _due(due: datetime | int) -> Row:
    return {"l": due} if isinstance(due, int) else {"e": due}


def _subscription(wanted: Subscription) -> Row:
    return _place(wanted.place) | {
        "t": wanted.token,
        "n": wanted.node,
        "k": wanted.kind,
        "a": wanted.name,
        "c": wanted.key,
        "w": wanted.sweeping,
    }


@lru_cache(maxsize=4_000)
def _shape(names: tuple[str, ...]) -> int:
    """Return a number that the same names always have."""
    return crc32("\n".join(sorted(names)).encode())
