"""How items are kept: the line that is listed, the version that stays, the fees."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from tongban.catalogue.model import Item
from tongban.catalogue.model.altering import altered
from tongban.catalogue.model.content import digest, said, stamped
from tongban.catalogue.store.exchange import mark_due
from tongban.catalogue.store.lines import line_of
from tongban.catalogue.store.naming import note_names
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


@dataclass(frozen=True, slots=True)
class Written:
    """An item as it is kept: ``content`` is all that is said, with version and date of effect.

    ``line`` is what is listed, as an object of JSON; it lacks only when it was published.
    """

    content: str
    digest: bytes
    line: bytes


@dataclass(frozen=True, slots=True)
class _New:
    item: Item
    written: Written
    note: str


@dataclass(frozen=True, slots=True)
class _Words:
    item_code: str
    words: list[str]


def written(item: Item, above: Item | None = None, *, text: Item | None = None) -> Written:
    """Write an item down as the version that it is.

    :param above: the version of the item that it inherits from, if any.
    :param text: the text that it shares with others, see ``content.said``.
    """
    told = said(item, above, text=text)
    hashed = digest(told)
    content = stamped(told, version=item.version, effective_from=item.effective_from)
    return Written(content, hashed, line_of(item, hashed, text=text))


def save(
    work: Work,
    items: Sequence[Item],
    *,
    above: Mapping[str, Item] | None = None,
    notes: Mapping[str, str] | None = None,
    known: Mapping[str, Written] | None = None,
) -> list[Item]:
    """Write a new version of each item whose content is new. Return those, as published.

    Items have different codes. Whoever publishes one of them at the same time is waited for.

    :param above: by the code of an item that inherits, the version of the item above it.
    :param notes: what changed, in words, by the code of the item.
    :param known: by the code of an item, what ``written`` gave of it.
    :raises PublishedMeanwhile: if others keep publishing one of them at the same moment.
    """
    upper, noted, told = above or {}, notes or {}, known or {}
    waiting = {
        item.code: (item, told.get(item.code) or written(item, upper.get(item.code)))
        for item in items
    }
    published: list[Item] = []
    for _ in range(ATTEMPTS):
        held = _lock(work, sorted(waiting))
        new: dict[str, _New] = {}
        for code, (item, one) in waiting.items():
            before = held.get(code)
            if before is None or before.content_hash != one.digest:
                version = before.version + 1 if before else 1
                if (item.version, item.effective_from) != (version, work.today):
                    item = altered(item, {"version": version, "effective_from": work.today})
                    one = written(item, upper.get(code))
                new[code] = _New(item, one, noted.get(code, ""))
        done = _write(work, new)
        published += [new[code].item for code in sorted(done)]
        # A code that was new to us both is the other's when it commits first: look again.
        waiting = {code: waiting[code] for code in new if code not in done}
        if not waiting:
            _write_fees(work, published)
            note_names(work, published)
            mark_due(work, of="item", versions={item.code: item.version for item in published})
            return published
    raise PublishedMeanwhile(code=next(iter(waiting)))


def changed_among(work: Work, *, digests: Mapping[str, bytes]) -> list[str]:
    """Return which of these items are published, but say something else than these digests do."""
    held = work.all(
        _Held,
        """
        select code, version, content_hash
          from catalogue.item
         where code = any(%(codes)b::text[])
        """,
        codes=list(digests),
    )
    return [one.code for one in held if one.content_hash != digests[one.code]]


def _lock(work: Work, codes: Sequence[str]) -> dict[str, _Held]:
    held = work.all(
        _Held,
        """
        select code, version, content_hash
          from catalogue.item
         where code = any(%(codes)b::text[])
         order by code
           for update
        """,
        codes=list(codes),
    )
    return {one.code: one for one in held}


def _write(work: Work, new: dict[str, _New]) -> set[str]:
    """Write line and version of each of these items; return the codes written."""
    if not new:
        return set()
    codes = sorted(new)
    done = work.value(
        """
        with line as (
            insert into catalogue.item as i
            -- As json and not jsonb, which would be made of it first, for twice the time.
            select *
              from json_populate_recordset(
                       json_populate_record(null::catalogue.item, %(published)s), %(lines)s)
            on conflict (code) do update
               set (code, version, content_hash, name, parent_name, short_name, summary, kind,
                    kind_name, audience, department, department_name, region, region_name,
                    handling, promised_amount, promised_unit, visits, online_apply, charged,
                    themes, prominence, status, words, published_at, base_code, power,
                    main_item, action, inherits, lists, standard_materials) = row (excluded.*)
             where i.version = excluded.version - 1
            returning i.code, i.version, i.content_hash, i.inherits
        ), version as (
            -- Texts full of quotation marks go in binary: escaping costs more than all the rest.
            insert into catalogue.item_version (item_code, version, content, content_hash,
                                                effective_from, published_at, published_by,
                                                inherits, inherits_version, change_note)
            select line.code, line.version, new.content::json, line.content_hash,
                   %(today)s, %(now)s, %(actor)s, line.inherits,
                   coalesce(more.inherits_version, 0), coalesce(more.note, '')
              from line
              join unnest(%(codes)b::text[], %(contents)b::text[]) as new (code, content)
                on new.code = line.code
              left join json_to_recordset(%(more)s)
                        as more (code text, inherits_version int, note text)
                on more.code = line.code
        )
        select coalesce(array_agg(code), '{}') from line
        """,
        published=msgspec.json.encode({"published_at": work.now}).decode(),
        lines=_lines(work, new),
        codes=codes,
        contents=[new[code].written.content for code in codes],
        more=msgspec.json.encode([*_more(new)]).decode(),
        now=work.now,
        today=work.today,
        actor=work.actor.id,
    )
    return set(done)


def _lines(work: Work, new: Mapping[str, _New]) -> str:
    """Return the lines of these items as one list of JSON."""
    codes = sorted(new)
    lines = {code: new[code].written.line for code in codes}
    for code, words in _words_besides(work, codes).items():
        told = new[code].item
        told = altered(told, {"everyday_words": (*told.everyday_words, *words)})
        lines[code] = line_of(told, new[code].written.digest)
    return (b"[" + b",".join(lines.values()) + b"]").decode()


def _more(new: Mapping[str, _New]) -> Iterator[dict[str, object]]:
    """Yield what is kept with a version and said of few items."""
    for code, one in new.items():
        if one.note or one.item.inherits_version:
            yield {
                "code": code,
                "inherits_version": one.item.inherits_version,
                "note": one.note,
            }


def _words_besides(work: Work, codes: Sequence[str]) -> dict[str, list[str]]:
    """Return the everyday words that departments gave these items beside those of the guides."""
    rows = work.all(
        _Words,
        """
        select item_code, array_agg(word order by word) as words
          from catalogue.everyday_word
         where item_code = any(%(codes)s)
         group by item_code
        """,
        codes=list(codes),
    )
    return {row.item_code: row.words for row in rows}


def _write_fees(work: Work, published: Sequence[Item]) -> None:
    """Let the list of fees say what the present versions say."""
    old = [item.code for item in published if item.version > 1]
    if old:
        work.run("delete from catalogue.fee where item_code = any(%(codes)s)", codes=old)
    rows = [
        {
            "item_code": item.code,
            "place": place,
            "name": fee.name,
            "standard": fee.standard,
            "amount": fee.amount,
            "basis": fee.basis or item.fee_basis,
            "remission": fee.remission,
            "department": item.department,
            "region": item.region,
        }
        for item in published
        for place, fee in enumerate(item.fees, 1)
    ]
    if rows:
        work.run(
            """
            insert into catalogue.fee
            select * from jsonb_populate_recordset(null::catalogue.fee, %(rows)s)
            """,
            rows=msgspec.json.encode(rows).decode(),
        )
