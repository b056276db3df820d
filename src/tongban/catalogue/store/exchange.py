"""How the national exchange is kept: the outbox, what is held there, what came back."""

from collections.abc import Mapping, Sequence
from typing import LiteralString

import msgspec

from tongban.catalogue.model.national import DIRECTORY
from tongban.catalogue.model.national_check import Due, Outgoing
from tongban.foundation.work import Work

FLAWS_KEPT = 100


def mark_due(work: Work, *, of: str, versions: Mapping[str, int]) -> None:
    """Mark what has been published, by code, as due for the exchange in its new version.

    In the order of codes, so that those who publish the same do not wait for each other in a ring.

    :param of: item, or directory.
    """
    if not versions:
        return
    codes = sorted(versions)
    work.run(
        """
        insert into catalogue.exchange_item (list, item_code, version, due)
        select %(list)s, code, 0, version
          from unnest(%(codes)s::text[], %(versions)s::int[]) as published (code, version)
        on conflict (list, item_code) do update set due = excluded.due
        """,
        list=of,
        codes=codes,
        versions=[versions[code] for code in codes],
    )


def hold_exchange(work: Work) -> None:
    """Wait for whoever makes a batch or takes refusals at this moment, and let others wait."""
    work.run("select pg_advisory_xact_lock(hashtext('catalogue.exchange'))")


def next_batch(work: Work) -> str:
    """Return the number of the next batch: the day and a running number."""
    serial: int = work.value("select coalesce(max(id), 0) + 1 from catalogue.exchange_batch")
    return f"{work.today:%Y%m%d}{serial:08}"


# What is held there is compared row by row: new (I), changed (U), gone (D). What is held back stays
# there as it is.
_WRITE_OUT: LiteralString = """
with thing as (
    select * from unnest(%(codes)s::text[], %(versions)s::int[], %(sources)s::text[])
        as thing (code, version, source)
), now as (
    select * from unnest(%(guids)s::uuid[], %(tables)s::text[], %(owners)s::text[],
                         %(fields)s::text[]) as now (guid, name, code, fields)
), held as (
    select * from catalogue.exchange_held
     where item_code = any(%(codes)s) and (table_name = %(directory)s) = %(in_directory)s
       and row_guid <> all(%(held_back)s::uuid[])
), due as (
    select coalesce(now.guid, held.row_guid) as guid,
           coalesce(now.name, held.table_name) as name,
           coalesce(now.code, held.item_code) as code,
           coalesce(now.fields::jsonb, held.fields - '') as fields,
           case when held.row_guid is null then 'I'
                when now.guid is null then 'D' else 'U' end as operation
      from now full join held on held.row_guid = now.guid
     where now.guid is null or held.row_guid is null
        or now.fields::jsonb <> held.fields
), gone as (
    delete from catalogue.exchange_held h using due
     where due.operation = 'D' and h.row_guid = due.guid
), kept as (
    insert into catalogue.exchange_held as h (row_guid, table_name, item_code, fields)
    select guid, name, code, fields from due where operation <> 'D'
    on conflict (row_guid) do update set fields = excluded.fields
), settled as (
    update catalogue.exchange_refusal f set settled_batch = %(batch)s
     where item_code = any(%(codes)s) and (table_name = %(directory)s) = %(in_directory)s
       and settled_batch = '' and row_guid <> all(%(held_back)s::uuid[])
)
insert into catalogue.exchange_row (batch, row_guid, table_name, cd_operation, cd_time,
                                    data_source, item_code, item_version, fields)
select %(batch)s, due.guid, due.name, due.operation, %(now)s, thing.source, due.code,
       thing.version, due.fields
  from due join thing on thing.code = due.code
"""


def write_out(work: Work, *, batch: str, things: Sequence[Outgoing]) -> int:
    """Put into the outbox what differs from what is held there; return the number of rows.

    What is held back as a whole stays there as it is; of other things what is gone is deleted.
    What was refused of them before is settled by that. ``things`` are all of one list.
    """
    going = [one for one in things if one.checked.whole]
    if not going:
        return 0
    rows = [row for one in going for row in one.checked.sound]
    return work.run(
        _WRITE_OUT,
        directory=DIRECTORY,
        in_directory=going[0].list == "directory",
        codes=[one.thing.code for one in going],
        versions=[one.thing.version for one in going],
        sources=[one.source for one in going],
        guids=[row.guid for row in rows],
        tables=[row.table for row in rows],
        owners=[row.item for row in rows],
        fields=[msgspec.json.encode(row.fields).decode() for row in rows],
        held_back=sorted({flaw.guid for one in going for flaw in one.checked.flaws}),
        batch=batch,
        now=work.now,
    )


def keep_flaws(work: Work, *, things: Sequence[Outgoing]) -> int:
    """Put what was held back on the worklist, and take off it what is mended.

    Return how many things have rows that were held back. ``things`` are all of one list.
    """
    flawed = [one for one in things if one.checked.flaws]
    work.run(
        """
        delete from catalogue.exchange_flaw
         where list = %(list)s and item_code = any(%(codes)s)
        """,
        list=things[0].list,
        codes=[one.thing.code for one in things],
    )
    work.run(
        """
        insert into catalogue.exchange_flaw (list, item_code, version, name, department, region,
                                             whole, flaws, found_at)
        select %(list)s, code, version, name, department, region, whole, flaws::jsonb, %(now)s
          from unnest(%(codes)s::text[], %(versions)s::int[], %(names)s::text[],
                      %(departments)s::text[], %(regions)s::text[], %(wholes)s::boolean[],
                      %(flaws)s::text[])
               as found (code, version, name, department, region, whole, flaws)
        """,
        list=things[0].list,
        codes=[one.thing.code for one in flawed],
        versions=[one.thing.version for one in flawed],
        names=[one.thing.name for one in flawed],
        departments=[one.thing.department for one in flawed],
        regions=[one.thing.region for one in flawed],
        wholes=[one.checked.whole for one in flawed],
        flaws=[msgspec.json.encode(one.checked.flaws[:FLAWS_KEPT]).decode() for one in flawed],
        now=work.now,
    )
    return len(flawed)


def note_done(work: Work, *, due: Sequence[Due]) -> None:
    """Note up to which version each has been looked at.

    Last of all, and in the order in which publications write: these wait for us from here on.
    Whoever published a newer version meanwhile has left the mark of it, and it goes out next time.
    """
    work.run(
        """
        insert into catalogue.exchange_item as e (list, item_code, version, due)
        select list, code, version, version
          from unnest(%(lists)s::text[], %(codes)s::text[], %(versions)s::int[])
               as done (list, code, version)
        on conflict (list, item_code) do update set version = excluded.version
        """,
        lists=[one.list for one in due],
        codes=[one.code for one in due],
        versions=[one.version for one in due],
    )


def note_batch(work: Work, *, number: str, items: int, rows: int, held_back: int) -> None:
    work.run(
        """
        insert into catalogue.exchange_batch (number, made_at, made_by, items, rows, held_back)
        values (%(number)s, %(now)s, %(actor)s, %(items)s, %(rows)s, %(held_back)s)
        """,
        number=number,
        now=work.now,
        actor=work.actor.id,
        items=items,
        rows=rows,
        held_back=held_back,
    )


_KEEP_REFUSALS: LiteralString = """
with back as (
    select * from unnest(%(guids)s::uuid[], %(fields)s::text[], %(reasons)s::text[])
        as back (guid, field, reason)
), sent as (
    select distinct on (row_guid) r.*
      from catalogue.exchange_row r
     where row_guid = any(%(guids)s::uuid[])
     order by row_guid, batch desc
), fresh as (
    insert into catalogue.exchange_refusal (row_guid, batch, table_name, cd_operation,
           item_code, item_version, item_name, department, region, field, reason,
           received_at)
    select s.row_guid, s.batch, s.table_name, s.cd_operation, s.item_code, s.item_version,
           of.name, of.department, of.region, back.field, back.reason, %(now)s
      from back
      join sent s on s.row_guid = back.guid
      join lateral (
          select name, department, region from catalogue.item
           where code = s.item_code and s.table_name <> %(directory)s
          union all
          select name, department, region from catalogue.entry
           where code = s.item_code and list = 'directory'
             and s.table_name = %(directory)s
      ) of on true
    on conflict (row_guid, batch, field, reason) do nothing
    returning row_guid
), absent as (
    delete from catalogue.exchange_held h using sent s
     where h.row_guid = s.row_guid and s.cd_operation = 'I'
       and s.row_guid in (select row_guid from fresh)
), older as (
    insert into catalogue.exchange_held (row_guid, table_name, item_code, fields)
    select s.row_guid, s.table_name, s.item_code, s.fields || '{"": ""}'
      from sent s
     where s.cd_operation <> 'I' and s.row_guid in (select row_guid from fresh)
    on conflict (row_guid) do update set fields = excluded.fields
)
select coalesce(array_agg(row_guid::text), '{}') from sent
"""


def keep_refusals(
    work: Work, *, guids: Sequence[str], fields: Sequence[str], reasons: Sequence[str]
) -> set[str]:
    """Put rows that came back into the inbox, the same only once; return the guids that are known.

    What is held there is set right: a new row that was refused is not there, so it is new again.
    """
    known: list[str] = work.value(
        _KEEP_REFUSALS,
        directory=DIRECTORY,
        guids=list(guids),
        fields=list(fields),
        reasons=list(reasons),
        now=work.now,
    )
    return set(known)


def send_again(work: Work, *, list: str, code: str) -> None:
    """Let a service or an entry go out with the next batch although nothing about it changed."""
    work.run(
        """
        update catalogue.exchange_item set version = 0
         where list = %(list)s and item_code = %(code)s
        """,
        list=list,
        code=code,
    )


def check_again(work: Work) -> int:
    """Let all that was held back be looked over with the next batch; return how many they are."""
    return work.run(
        """
        update catalogue.exchange_item e set version = 0
          from catalogue.exchange_flaw f
         where (e.list, e.item_code) = (f.list, f.item_code)
        """
    )
