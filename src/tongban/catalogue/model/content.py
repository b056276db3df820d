"""How an item is written down and recognised again. Pure.

What equals its default is left out, so that a field added later changes neither the text nor the
hash of what was published before it existed. An item that inherits is written down as what it says
differently from the version of the item above it, which keeps a million local items small.
"""

from dataclasses import MISSING, fields, is_dataclass, replace
from enum import Enum
from functools import cache
from hashlib import sha256
from typing import Any, TypeVar

import msgspec

from tongban.catalogue.model.entry import Entry
from tongban.catalogue.model.item import Item

E = TypeVar("E", bound=Entry)

_decoder = msgspec.json.Decoder(Item)


def encode(item: Item, above: Item | None = None) -> str:
    """Write an item down; ``above`` is the version of the item that it inherits from, if any."""
    return msgspec.json.encode(_own(item, above)).decode()


def decode(content: str, above: Item | None = None) -> Item:
    """Read what ``encode`` wrote, with the same item above it."""
    if above is None:
        return _decoder.decode(content)
    return msgspec.convert(_bare(above) | msgspec.json.decode(content), Item)


def content_hash(item: Item, above: Item | None = None) -> bytes:
    """Return the SHA-256 of all that is said about the service.

    Version and date of effect are not part of it: they are given when it is published.
    """
    said = replace(item, version=0, effective_from=None)
    return sha256(msgspec.json.encode(_own(said, above))).digest()


def encode_entry(entry: Entry) -> str:
    return msgspec.json.encode(_bare(entry)).decode()


def decode_entry(content: str, kind: type[E]) -> E:
    return msgspec.json.decode(content, type=kind)


def entry_hash(entry: Entry) -> bytes:
    """Return the SHA-256 of all that an entry says, version and date of effect aside."""
    said = replace(entry, version=0, effective_from=None)
    return sha256(msgspec.json.encode(_bare(said))).digest()


def _own(item: Item, above: Item | None) -> Any:
    if above is None:
        return _bare(item)
    # What the item leaves empty although the one above says it is written out as empty.
    return {
        name: _bare(said)
        for name, _ in _defaults(Item)
        if (said := getattr(item, name)) != getattr(above, name)
    }


def _bare(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {
            name: _bare(said)
            for name, default in _defaults(type(value))
            if (said := getattr(value, name)) != default
        }
    if isinstance(value, tuple):
        return [_bare(one) for one in value]
    return value.value if isinstance(value, Enum) else value


@cache
def _defaults(kind: type[Any]) -> tuple[tuple[str, Any], ...]:
    return tuple(
        (f.name, f.default_factory() if f.default_factory is not MISSING else f.default)
        for f in fields(kind)
    )
