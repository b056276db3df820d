"""Many values as one array of PostgreSQL, written faster than psycopg adapts them one by one."""

from collections.abc import Sequence

import msgspec


def array(values: Sequence[object], kind: str) -> object:
    """Return values as an array of PostgreSQL; what cannot be an element of one goes as text."""
    if kind in ("bigint", "int"):
        return _joined([None if one is None else str(one) for one in values])
    if kind == "timestamptz":
        return _joined([None if one is None else f'"{one}"' for one in values])
    if kind == "boolean":
        return list(values)
    if kind == "jsonb":
        texts: Sequence[object] = [encoded(one, kind) for one in values]
    elif kind.endswith("[]"):
        texts = [None if one is None else "{" + ",".join(map(str, one)) + "}" for one in values]  # type: ignore[call-overload]
    else:
        texts = values
    return _joined([None if one is None else _quoted(str(one)) for one in texts])


def encoded(value: object, kind: str) -> object:
    """Return a single value as it goes to PostgreSQL: documents as text, tuples as lists."""
    if kind == "jsonb":
        return None if value is None else msgspec.json.encode(value).decode()
    return list(value) if isinstance(value, tuple) else value


def _joined(elements: Sequence[str | None]) -> str:
    return "{" + ",".join(["null" if one is None else one for one in elements]) + "}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
