"""Walking over the boxed expressions of a model."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from tongban.rules.dmn.model import ContextBox, Definitions, RelationBox, TableBox


def component_names(definitions: Definitions) -> Iterator[str]:
    """The names that its boxed expressions give to parts of their values.

    They may stand behind a dot anywhere in the model, also before the place that gives them.
    """
    for part in _parts(definitions):
        if isinstance(part, ContextBox):
            yield from (entry.name for entry in part.entries)
        elif isinstance(part, RelationBox):
            yield from part.columns
        elif isinstance(part, TableBox):
            yield from (output.name for output in part.outputs)


def _parts(value: Any) -> Iterator[Any]:
    pending = [value]
    while pending:
        found = pending.pop()
        if isinstance(found, tuple):
            pending.extend(found)
        elif is_dataclass(found):
            yield found
            pending.extend(getattr(found, field.name) for field in fields(found))
