"""What services and departments are called, for the search that PostgreSQL does by itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

import msgspec

from tongban.catalogue.model import Item
from tongban.catalogue.model.search import grams, grams_of, normalise
from tongban.foundation.work import Work


@dataclass(frozen=True, slots=True)
class _Naming:
    """``names`` is name and main name of a service; ``department`` a code. One of them is None."""

    key: int
    grams: tuple[str, ...]
    names: tuple[str, str] | None = None
    department: str | None = None


def note_names(work: Work, items: Iterable[Item]) -> None:
    """Let services be found by what they are called and by whose they are."""
    named = {
        one.key: one
        for item in items
        for one in (
            _of_service(*_said(item)),
            _of_department(item.department, item.department_name),
        )
    }
    new: list[int] = work.value(
        """
        select coalesce(array_agg(key order by key), '{}')
          from unnest(%(keys)s::bigint[]) as asked (key)
         where not exists (select from catalogue.naming n where n.key = asked.key)
        """,
        keys=list(named),
    )
    if not new:
        return
    work.run(
        """
        insert into catalogue.naming (key, document, department, grams)
        select key, catalogue.document_of(names[1], names[2]), department, grams
          from jsonb_to_recordset(%(rows)s)
               as one (key bigint, names text[], department text, grams text[])
         order by key
            on conflict (key) do nothing
        """,
        rows=msgspec.json.encode([named[key] for key in new]).decode(),
    )


def _said(item: Item) -> tuple[tuple[str, ...], str]:
    return (item.name, item.short_name, *item.everyday_words), item.parent_name


@lru_cache(maxsize=20_000)
def _of_service(names: tuple[str, ...], parent: str) -> _Naming:
    return _Naming(_key("", *names, parent), grams_of(names, parent), names=(names[0], parent))


@lru_cache(maxsize=20_000)
def _of_department(code: str, name: str) -> _Naming:
    return _Naming(_key(code, name), tuple(grams(normalise(name))), department=code)


def _key(*texts: str) -> int:
    hashed = sha256("\0".join(texts).encode()).digest()
    return int.from_bytes(hashed[:8], "big", signed=True)
