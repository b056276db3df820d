"""How an item is written down and recognised again. Pure.

What equals its default is left out, so that a field added later changes neither the text nor the
hash of what was published before it existed.
"""

from dataclasses import MISSING, fields, is_dataclass, replace
from enum import Enum
from functools import cache
from hashlib import sha256
from typing import Any

import msgspec

from tongban.catalogue.model.item import Item

_decoder = msgspec.json.Decoder(Item)


def encode(item: Item) -> str:
    return msgspec.json.encode(_bare(item)).decode()


def decode(content: str) -> Item:
    return _decoder.decode(content)


def content_hash(item: Item) -> bytes:
    """Return the SHA-256 of all that is said about the service.

    Version and date of effect are not part of it: they are given when it is published.
    """
    said = replace(item, version=0, effective_from=None)
    return sha256(msgspec.json.encode(_bare(said))).digest()


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
