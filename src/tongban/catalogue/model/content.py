"""How an item is written down and recognised again. Pure.

What equals its default is left out, so that a field added later changes neither the text nor the
hash of what was published before it existed. An item that inherits is written down as what it says
differently from the version of the item above it, which keeps a million local items small.
"""

from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass, replace
from datetime import date
from enum import Enum
from functools import cache
from hashlib import sha256
from operator import attrgetter
from typing import Any, TypeVar

import msgspec

from tongban.catalogue.model.entry import Entry
from tongban.catalogue.model.item import Item

E = TypeVar("E", bound=Entry)

_STAMP = frozenset({"version", "effective_from"})
_writers: dict[type[Any], Callable[[Any], Any]] = {}
# What each item has of its own, as objects; all else local items share, and it is written once.
_OWN = frozenset({"codes", "channels", "source", "form", "extra"})
_PLAIN = (str, int, bool, type(None), date)
_NOTHING = object()
_written: dict[int, tuple[Any, Any, Any]] = {}
_WRITTEN_MAX = 50_000
_decoder = msgspec.json.Decoder(Item)


def encode(item: Item, above: Item | None = None) -> str:
    """Write an item down; ``above`` is the version of the item that it inherits from, if any."""
    return stamped(said(item, above), version=item.version, effective_from=item.effective_from)


def said(item: Item, above: Item | None = None) -> bytes:
    """Write down all that is said about the service.

    Version and date of effect are not part of it: they are given when it is published.
    """
    own = _own(item, above)
    for name in _STAMP:
        own.pop(name, None)
    return msgspec.json.encode(own)


def digest(text: bytes) -> bytes:
    """Return the SHA-256 of what is said."""
    return sha256(text).digest()


def stamped(text: bytes, *, version: int, effective_from: date | None) -> str:
    """Return what is said, with its version and date of effect."""
    stamp = {
        **({"version": version} if version else {}),
        **({"effective_from": effective_from.isoformat()} if effective_from else {}),
    }
    joint = b"" if not stamp or text == b"{}" else b","
    return (msgspec.json.encode(stamp)[:-1] + joint + text[1:]).decode()


def decode(content: str, above: Item | None = None) -> Item:
    """Read what ``encode`` wrote, with the same item above it."""
    if above is None:
        return _decoder.decode(content)
    return msgspec.convert(bare(above) | msgspec.json.decode(content), Item)


def content_hash(item: Item, above: Item | None = None) -> bytes:
    """Return the SHA-256 of all that is said about the service."""
    return digest(said(item, above))


def encode_entry(entry: Entry) -> str:
    return msgspec.json.encode(bare(entry)).decode()


def decode_entry(content: str, kind: type[E]) -> E:
    return msgspec.json.decode(content, type=kind)


def entry_hash(entry: Entry) -> bytes:
    """Return the SHA-256 of all that an entry says, version and date of effect aside."""
    plain = replace(entry, version=0, effective_from=None)
    return sha256(msgspec.json.encode(bare(plain))).digest()


def _own(item: Item, above: Item | None) -> dict[str, Any]:
    if above is None:
        return _whole(item)
    # What the item leaves empty although the one above says it is written out as empty.
    return {
        name: bare(value)
        for name, _ in _defaults(Item)
        if (value := getattr(item, name)) != getattr(above, name)
    }


def bare(value: Any) -> Any:
    """Return a value of the model as plain JSON values, without what equals its default."""
    write = _writers.get(type(value))
    if write is None:
        write = _writers[type(value)] = _writer_for(type(value))
    return write(value)


def _writer_for(kind: type[Any]) -> Callable[[Any], Any]:
    """Return how values of a type are written: made once, for a million items are written so."""
    if is_dataclass(kind):
        names, defaults = zip(*_defaults(kind), strict=True)
        values = attrgetter(*names) if len(names) > 1 else lambda one: (getattr(one, names[0]),)

        def write(one: Any) -> Any:
            return {
                name: bare(value)
                for name, value, default in zip(names, values(one), defaults, strict=True)
                if value is not default and value != default
            }

        return write
    if issubclass(kind, tuple):
        return lambda many: [bare(one) for one in many]
    return attrgetter("value") if issubclass(kind, Enum) else lambda plain: plain


def _whole(item: Item) -> dict[str, Any]:
    """Return what ``bare`` returns of an item, most of which another item may have said before.

    Nobody changes the values inside.
    """
    whole: dict[str, Any] = {}
    for (name, default), value in zip(_defaults(Item), _values(item), strict=True):
        if value is default:
            continue
        if isinstance(value, _PLAIN) or name in _OWN:
            if value != default:
                whole[name] = bare(value)
        elif (said_so := _shared(value, default)) is not _NOTHING:
            whole[name] = said_so
    return whole


def _shared(value: Any, default: Any) -> Any:
    """Return a value as it is written, or ``_NOTHING`` if it equals its default."""
    known = _written.get(id(value))
    # The value is held, so that nothing else can come to have its id.
    if known and known[0] is value and known[1] is default:
        return known[2]
    if len(_written) >= _WRITTEN_MAX:
        _written.clear()
    said_so = _NOTHING if value == default else bare(value)
    _written[id(value)] = value, default, said_so
    return said_so


@cache
def _defaults(kind: type[Any]) -> tuple[tuple[str, Any], ...]:
    return tuple(
        (f.name, f.default_factory() if f.default_factory is not MISSING else f.default)
        for f in fields(kind)
    )


_values = attrgetter(*(field.name for field in fields(Item)))
