"""Events are facts in the past tense. Modules publish them; others may subscribe.

The body of an event is kept for ever. Fields are only ever added, with a default; when that is
not enough, ``version`` goes up and ``upcast`` turns the body of an older one into today's shape.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

import msgspec


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom an event concerns. Row-level security shows it to them and to nobody else."""

    region: str = ""
    department: str = ""
    holder: str = ""


class Event(ABC):
    """Something that happened. Holds ids and plain values, never rows of another module."""

    __slots__ = ()
    version: ClassVar[int] = 1

    def __init_subclass__(cls) -> None:
        # A dataclass with slots is made twice; the second, final class takes the first's place.
        _registry[topic_of(cls)] = cls

    @property
    @abstractmethod
    def subject(self) -> str:
        """The business key the event is about, by which its whole trace can be found again."""

    @property
    def scope(self) -> Scope:
        return Scope()

    @classmethod
    def upcast(cls, body: dict[str, Any], version: int) -> dict[str, Any]:  # noqa: ARG003
        """Return the body of an older version in the shape of the present one."""
        return body


E = TypeVar("E", bound=Event)
Handler = Callable[[Any, Any], None]

_registry: dict[str, type[Event]] = {}
_handlers: dict[type[Event], dict[str, Handler]] = {}


class UnknownTopic(LookupError):
    """The trace holds an event that no installed module knows."""


def subscribe(event: type[E]) -> Callable[[Callable[[Any, E], None]], Callable[[Any, E], None]]:
    """Call the decorated function for each such event, in a transaction of its own."""

    def register(handler: Callable[[Any, E], None]) -> Callable[[Any, E], None]:
        _handlers.setdefault(event, {})[_name(handler)] = handler
        return handler

    return register


def handlers_of(event: type[Event]) -> list[str]:
    return list(_handlers.get(event, {}))


def registered() -> dict[str, type[Event]]:
    """Return every event type by its topic."""
    return dict(_registry)


def decode(*, topic: str, version: int, body: str) -> Event:
    """Return a recorded event as it would be written today.

    :raises UnknownTopic: if no installed module knows the topic.
    """
    event = _registry.get(topic)
    if event is None:
        raise UnknownTopic(topic)
    if version == event.version:
        return msgspec.json.decode(body, type=event)
    return msgspec.convert(event.upcast(msgspec.json.decode(body), version), event)


def handle(work: Any, *, event: Event, handler: str) -> None:
    """Hand an event to one of its subscribers."""
    _handlers[type(event)][handler](work, event)


def encode(event: Event) -> str:
    return msgspec.json.encode(event).decode()


def topic_of(event: type[Event]) -> str:
    """Return the lasting name of an event type, such as "cases.CaseAccepted"."""
    return _name(event)


def _name(thing: Any) -> str:
    return f"{_owner(thing.__module__.split('.'))}.{thing.__name__}"


def _owner(path: list[str]) -> str:
    """Return the module that owns a file, be it in a folder ``events`` or ``subscribers``."""
    for folder in ("events", "subscribers"):
        if folder in path[1:]:
            return path[path.index(folder) - 1]
    return path[-2] if len(path) > 1 else path[0]
