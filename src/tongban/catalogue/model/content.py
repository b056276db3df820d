"""How an item is written down and recognised again. Pure.

What equals its default is left out, so that a field added later changes neither the text nor the
hash of what was published before it existed. An item that inherits is written down as what it says
differently from the version of the item above it, which keeps a million local items small.
"""

from collections.abc import Callable, Sequence
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
T = TypeVar("T")

_STAMP = frozenset({"version", "effective_from"})
_writers: dict[type[Any], Callable[[Any], Any]] = {}
_TEXTS_MAX = 6000
_decoder = msgspec.json.Decoder(Item)


def encode(item: Item, above: Item | None = None) -> str:
    """Write an item down; ``above`` is the version of the item that it inherits from, if any."""
    return stamped(said(item, above), version=item.version, effective_from=item.effective_from)


def said(item: Item, above: Item | None = None, *, text: Item | None = None) -> bytes:
    """Write down all that is said about the service.

    Version and date of effect are not part of it: they are given when it is published.

    :param text: the text that the item shares with others, from which it differs in ``OWN`` alone;
        it is written once for all of them.
    """
    if above is None:
        return _whole(item, _cut(item) if text is None else _pieces_of(text))
    # What the item leaves empty although the one above says it is written out as empty.
    own = {
        name: bare(value)
        for name, _ in _defaults(Item)
        if name not in _STAMP and (value := getattr(item, name)) != getattr(above, name)
    }
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


def of_text(make: Callable[[Item], T]) -> Callable[[Item], T]:
    """Remember what is made of a text that many items share.

    A text is known by its identity, for it says too much to be compared. Nobody changes it.
    """
    made: dict[int, tuple[Item, T]] = {}

    def remembered(text: Item) -> T:
        known = made.get(id(text))
        if known is None:
            if len(made) >= _TEXTS_MAX:
                made.clear()
            # The text is held, so that nothing else can come to have its id.
            known = made[id(text)] = text, make(text)
        return known[1]

    return remembered


def _whole(item: Item, pieces: Sequence[bytes]) -> bytes:
    """Write down all that an item says: between the pieces of its text stands what is its own."""
    parts: list[bytes] = []
    own = zip(_names, _own_defaults, _own_of(item), strict=True)
    for piece, (name, default, value) in zip(pieces, own, strict=False):
        parts.append(piece)
        if value != default:
            parts += name, msgspec.json.encode(value if type(value) is str else bare(value))
    parts.append(pieces[-1])
    return b"{" + b"".join(parts)[1:] + b"}"


def _cut(text: Item) -> list[bytes]:
    """Return a text as it is written, cut where what is an item's own stands."""
    pieces = [b""]
    for name, default in _defaults(Item):
        if name in _STAMP:
            continue
        if name in OWN:
            pieces.append(b"")
        elif (value := getattr(text, name)) != default:
            pieces[-1] += _named(name) + msgspec.json.encode(bare(value))
    return pieces


_pieces_of = of_text(_cut)


def _named(name: str) -> bytes:
    return b',"%s":' % name.encode()


@cache
def _defaults(kind: type[Any]) -> tuple[tuple[str, Any], ...]:
    return tuple(
        (f.name, f.default_factory() if f.default_factory is not MISSING else f.default)
        for f in fields(kind)
    )


# What each item has of its own; all else the services of many places share.
OWN = tuple(
    name
    for name, _ in _defaults(Item)
    if name
    in {"code", "department", "department_name", "region", "region_name", "codes", "channels",
        "source", "agency", "extra", "inherits_version"}
)  # fmt: skip
_names = tuple(map(_named, OWN))
_own_defaults = tuple(default for name, default in _defaults(Item) if name in OWN)
_own_of = attrgetter(*OWN)
