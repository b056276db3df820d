"""The text by which a definition is known: the same for the same content, in every version of ours.
Pure.

What a field holds by default is left out, so that a field that is added later changes no hash; and
so is what equality does not look at, such as lines of the file.
"""

import dataclasses
import json
from collections.abc import Mapping
from enum import Enum

ENCODING = "tongban-process-1"
"""The name of the encoding, which is part of the text: a further one gives other hashes."""


def encoded(value: object) -> bytes:
    """Return the text of a definition or a part of it.

    >>> from tongban.process.model.definition import Flow
    >>> encoded(Flow("f", "a", "b", line=7)).decode()
    '["tongban-process-1",{"Flow":{"id":"f","source":"a","target":"b"}}]'
    """
    told = json.dumps(
        [ENCODING, _plain(value)], ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    return told.encode()


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, str | int | float):
        return value
    if dataclasses.is_dataclass(value):
        return {
            type(value).__name__: {
                one.name: _plain(getattr(value, one.name))
                for one in dataclasses.fields(value)
                if one.compare and not _by_default(one, getattr(value, one.name))
            }
        }
    if isinstance(value, Mapping):
        return {str(_plain(key)): _plain(one) for key, one in value.items()}
    if isinstance(value, frozenset):
        return sorted(map(str, map(_plain, value)))
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    raise TypeError(f"no encoding of {type(value).__name__}")


def _by_default(field: "dataclasses.Field[object]", value: object) -> bool:
    if field.default is not dataclasses.MISSING:
        return bool(value == field.default)
    if field.default_factory is not dataclasses.MISSING:
        return bool(value == field.default_factory())
    return False
