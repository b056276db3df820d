"""How items are kept. Used by the commands of this module and by nobody else."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec

from tongban.catalogue.model import Item
from tongban.catalogue.model.content import content_hash, encode
from tongban.catalogue.model.search import grams_of, words_of
from tongban.foundation.errors import Conflict
from tongban.foundation.work import Work

ATTEMPTS = 5


class PublishedMeanwhile(Conflict):
    message = "事项 {code} 正在被他人发布，请稍后再试"


@dataclass(frozen=True, slots=True)
class _Held:
    code: str
    version: int
    content_hash: bytes


def save(work: Work, items: Sequence[Item]) -> list[Item]:
    """Write a new version of each item whose content is new. Return those, as published.

    Items have different codes. Whoever publishes one of them at the same time is waited for.

    :raises PublishedMeanwhile: if others keep publishing one of them at the same moment.
    """
    waiting = {item.code: (item, content_hash(item)) for item in items}
    published: list[Item] = []
    for _ in range(ATTEMPTS):
        held = _lock(work, sorted(waiting))
        new: dict[str, tuple[Item, bytes]] = {}
        for code, (item, digest) in waiting.items():
            before = held.get(code)
            if before is None or before.content_hash != digest:
                version = before.version + 1 if before else 1
                new[code] = (replace(item, version=version, effective_from=work.today), digest)
        written = _write(work, new)
        published += [new[code][0] for code in sorted(written)]
        # A code that was new to us both is the other's when it commits first: look again.
        waiting = {code: waiting[code] for code in new if code not in written}
        if not waiting:
            return published
    raise PublishedMeanwhile(code=next(iter(waiting)))


def _lock(work: Work, codes: Sequence[str]) -> dict[str, _Held]:
    held = work.all(
        _Held,
        """
        select code, version, content_hash
          from catalogue.item
         where code = any(%(codes)s)
         order by code
           for update
        """,
        codes=list(codes),
    )
    return {one.code: one for one in held}


def _write(work: Work, new: dict[str, tuple[Item, bytes]]) -> set[str]:
    """Write line and version of each of these items; return the codes written."""
    if not new:
        return set()
    codes = sorted(new)
    lines = [_line(*new[code]) | {"published_at": work.now} for code in codes]
    written = work.value(
        """
        with line as (
            insert into catalogue.item as i
            select * from jsonb_populate_recordset(null::catalogue.item, %(lines)s)
            on conflict (code) do update
               set (code, version, content_hash, name, parent_name, short_name, summary, kind,
                    kind_name, audience, department, department_name, region, region_name,
                    handling, promised_amount, promised_unit, visits, online_apply, charged,
                    themes, prominence, status, words, grams, published_at) = row (excluded.*)
             where i.version = excluded.version - 1
            returning i.code, i.version, i.content_hash
        ), version as (
            insert into catalogue.item_version (item_code, version, content, content_hash,
                                                effective_from, published_at, published_by)
            select line.code, line.version, new.content::json, line.content_hash,
                   %(today)s, %(now)s, %(actor)s
              from line
              join unnest(%(codes)s::text[], %(contents)s::text[]) as new (code, content)
                on new.code = line.code
        )
        select coalesce(array_agg(code), '{}') from line
        """,
        lines=msgspec.json.encode(lines).decode(),
        codes=codes,
        contents=[encode(new[code][0]) for code in codes],
        now=work.now,
        today=work.today,
        actor=work.actor.id,
    )
    return set(written)


def _line(item: Item, digest: bytes) -> dict[str, object]:
    return {
        "code": item.code,
        "version": item.version,
        "content_hash": "\\x" + digest.hex(),
        "name": item.name,
        "parent_name": item.parent_name,
        "short_name": item.short_name,
        "summary": item.summary,
        "kind": item.kind,
        "kind_name": item.kind_name,
        "audience": item.audience,
        "department": item.department,
        "department_name": item.department_name,
        "region": item.region,
        "region_name": item.region_name,
        "handling": item.handling,
        "promised_amount": item.promised.amount if item.promised else None,
        "promised_unit": item.promised.unit if item.promised else None,
        "visits": item.visits,
        "online_apply": item.online_apply,
        "charged": item.charged,
        "themes": item.themes,
        "prominence": item.prominence,
        "status": item.status,
        "words": words_of(item),
        "grams": grams_of(item),
    }
