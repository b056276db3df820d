"""Between FEEL's values and what the rest of the platform, JSON and files have."""

import json
from collections.abc import Mapping
from decimal import Decimal

from tongban.rules.dmn.engine import Model
from tongban.rules.feel.temporal import Date, DateTime, DaysDuration, MonthsDuration, Time
from tongban.rules.feel.temporal_text import (
    parse_date,
    parse_datetime,
    parse_duration,
    parse_time,
)
from tongban.rules.feel.text import literal, number, write
from tongban.rules.feel.types import ANY, Constrained, ContextOf, FeelType, ListOf
from tongban.rules.feel.values import Value

READERS = {
    "date": parse_date,
    "time": parse_time,
    "date and time": parse_datetime,
    "days and time duration": parse_duration,
    "years and months duration": parse_duration,
}
TEXTS = (Date, Time, DateTime, DaysDuration, MonthsDuration)


def facts_from_json(model: Model, data: Mapping[str, object]) -> dict[str, object]:
    """The facts of a JSON object for a model: texts become dates where a type says so."""
    types = {
        fact.variable.name: model.types.resolve(fact.variable.type_ref) or ANY
        for fact in model.definitions.inputs
    }
    return {name: typed(value, types.get(name, ANY)) for name, value in data.items()}


def typed(value: object, wanted: FeelType) -> object:
    """A value of JSON as a type has it; what does not fit stays as it is and is refused later."""
    if isinstance(wanted, Constrained):
        return typed(value, wanted.of)
    if isinstance(wanted, ListOf) and isinstance(value, list):
        return [typed(item, wanted.of) for item in value]
    if isinstance(wanted, ContextOf) and isinstance(value, dict):
        entries = dict(wanted.entries)
        return {name: typed(part, entries.get(name, ANY)) for name, part in value.items()}
    if isinstance(value, str) and wanted.name in READERS:
        return READERS[wanted.name](value) or value
    return value


def to_json(value: Value) -> str:
    """JSON text; numbers keep all their digits, dates and durations become their texts."""
    if value is None or isinstance(value, (bool, str)):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, TEXTS):
        return json.dumps(write(value))
    if isinstance(value, list):
        return f"[{', '.join(map(to_json, value))}]"
    if isinstance(value, dict):
        parts = (f"{json.dumps(k, ensure_ascii=False)}: {to_json(v)}" for k, v in value.items())
        return f"{{{', '.join(parts)}}}"
    return json.dumps(literal(value), ensure_ascii=False)
