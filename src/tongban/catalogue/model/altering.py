"""Copies of frozen values with a few fields changed, made a million times over. Pure."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from itertools import repeat
from operator import attrgetter, call
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Layout:
    values: Callable[[Any], tuple[Any, ...]]
    setters: Sequence[Callable[[Any, Any], None]]
    places: dict[str, int]


_layouts: dict[type[Any], _Layout] = {}


def altered(one: T, changes: dict[str, Any]) -> T:
    """Return what ``dataclasses.replace`` returns, in a quarter of the time.

    The slots of the new value are filled one by one, without the constructor of frozen classes,
    which asks for each field anew how it may be set. The class must have slots, two fields at
    least, and nothing to do after its construction.

    :raises KeyError: if there is no such field.
    """
    kind = type(one)
    layout = _layouts.get(kind) or _layouts.setdefault(kind, _layout(kind))
    values = list(layout.values(one))
    for name, value in changes.items():
        values[layout.places[name]] = value
    made = object.__new__(kind)
    deque(map(call, layout.setters, repeat(made), values), maxlen=0)
    return made


def _layout(kind: type[Any]) -> _Layout:
    names = [field.name for field in fields(kind)]
    assert not hasattr(kind, "__post_init__"), kind
    setters = [getattr(kind, name).__set__ for name in names]
    return _Layout(attrgetter(*names), setters, {name: i for i, name in enumerate(names)})
