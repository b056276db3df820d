"""How entries of the lists are kept, and what keeps their hierarchies free of circles."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec

from tongban.catalogue.model.content import encode_entry, entry_hash
from tongban.catalogue.model.entry import (
    BaseItem,
    Circular,
    Entry,
    list_of,
    refers_to,
    said_of,
)
from tongban.catalogue.model.search import grams, normalise
from tongban.catalogue.store.exchange import mark_due
from tongban.foundation.work import Work

DEEPEST = 20


@dataclass(frozen=True, slots=True)
class _Held:
    list: str
    code: str
    version: int
    content_hash: bytes


def save_entries(work: Work, entries: Sequence[Entry], *, note: str) -> list[Entry]:
    """Write a new version of each entry whose content is new. Return those, as published.

    :raises Circular: if an entry of the directory would stand below itself.
    """
    # Lists are changed by few people; one after the other keeps versions and hierarchies simple.
    work.run("select pg_advisory_xact_lock(hashtext('catalogue.entry'))")
    held = _held(work, entries)
    published = []
    for entry in entries:
        before, digest = held.get((list_of(entry), entry.code)), entry_hash(entry)
        if before is not None and before.content_hash == digest:
            continue
        version = before.version + 1 if before else 1
        made = replace(entry, version=version, effective_from=work.today)
        _write(work, made, digest, note)
        if isinstance(entry, BaseItem) and entry.parent:
            _must_end(work, entry)
        published.append(made)
    directory = {one.code: one.version for one in published if isinstance(one, BaseItem)}
    mark_due(work, of="directory", versions=directory)
    return published


def hold_hierarchy(work: Work) -> None:
    """Let nobody else put items below others until the transaction ends."""
    work.run("select pg_advisory_xact_lock(hashtext('catalogue.main_item'))")


def handling_among(work: Work, *, codes: Sequence[str]) -> set[str]:
    """Return which of these items are handling items themselves."""
    return set(
        work.value(
            """
            select coalesce(array_agg(code), '{}') from catalogue.item
             where code = any(%(codes)s) and main_item <> ''
            """,
            codes=list(codes),
        )
    )


def mains_among(work: Work, *, codes: Sequence[str]) -> set[str]:
    """Return which of these items have handling items."""
    return set(
        work.value(
            """
            select coalesce(array_agg(distinct main_item), '{}') from catalogue.item
             where main_item = any(%(codes)s) and main_item <> ''
            """,
            codes=list(codes),
        )
    )


def _held(work: Work, entries: Sequence[Entry]) -> dict[tuple[str, str], _Held]:
    rows = work.all(
        _Held,
        """
        select e.list, e.code, e.version, e.content_hash
          from catalogue.entry e
          join unnest(%(lists)s::text[], %(codes)s::text[]) as asked (list, code)
            on (e.list, e.code) = (asked.list, asked.code)
        """,
        lists=[list_of(entry) for entry in entries],
        codes=[entry.code for entry in entries],
    )
    return {(row.list, row.code): row for row in rows}


def _write(work: Work, entry: Entry, digest: bytes, note: str) -> None:
    names = [entry.name, *said_of(entry)]
    words = list(dict.fromkeys(filter(None, map(normalise, [*names, entry.code]))))
    found = dict.fromkeys(gram for word in words for gram in [*grams(word), *word])
    line = {
        "list": list_of(entry),
        "code": entry.code,
        "version": entry.version,
        "content_hash": "\\x" + digest.hex(),
        "name": entry.name,
        "kind": getattr(entry, "kind", "") or getattr(entry, "access", ""),
        "department": entry.department,
        "department_name": entry.department_name,
        "region": entry.region,
        "refers": refers_to(entry),
        "status": entry.status,
        "words": words,
        "grams": list(found),
        "published_at": work.now,
    }
    work.run(
        """
        with line as (
            insert into catalogue.entry as e
            select (jsonb_populate_record(null::catalogue.entry, %(line)s)).*
            on conflict (list, code) do update
               set (list, code, version, content_hash, name, kind, department, department_name,
                    region, refers, status, words, grams, content, published_at)
                 = row (excluded.*)
            returning e.list, e.code, e.version, e.content_hash
        )
        insert into catalogue.entry_version (list, code, version, content, content_hash,
                                             effective_from, published_at, published_by,
                                             change_note)
        select line.list, line.code, line.version, %(content)s::json, line.content_hash,
               %(today)s, %(now)s, %(actor)s, %(note)s
          from line
        """,
        line=msgspec.json.encode(
            line | {"content": msgspec.Raw(encode_entry(entry).encode())}
        ).decode(),
        content=encode_entry(entry),
        today=work.today,
        now=work.now,
        actor=work.actor.id,
        note=note,
    )


@dataclass(frozen=True, slots=True)
class _Step:
    code: str
    name: str
    refers: list[str]


def _must_end(work: Work, entry: BaseItem) -> None:
    """Walk up from an entry of the directory; who meets it again stands in a circle."""
    chain, above = [entry.name], entry.parent
    for _ in range(DEEPEST):
        step = work.one(
            _Step,
            """
            select code, name, refers from catalogue.entry
             where list = 'directory' and code = %(code)s
            """,
            code=above,
        )
        if step is None:
            return
        chain.append(step.name)
        if step.code == entry.code:
            break
        if not step.refers:
            return
        above = step.refers[0]
    raise Circular(name=entry.name, above=chain[1], chain=" → ".join(chain))
