"""How the national exchange is kept: the outbox, what is held there, what came back."""

from collections.abc import Sequence
from typing import LiteralString

import msgspec

from tongban.catalogue.model import Item
from tongban.catalogue.model.national import NationalRow
from tongban.foundation.work import Work


def hold_exchange(work: Work) -> None:
    """Wait for whoever makes a batch or takes refusals at this moment, and let others wait."""
    work.run("select pg_advisory_xact_lock(hashtext('catalogue.exchange'))")


def next_batch(work: Work) -> str:
    """Return the number of the next batch: the day and a running number."""
    serial: int = work.value("select coalesce(max(id), 0) + 1 from catalogue.exchange_batch")
    return f"{work.today:%Y%m%d}{serial:08}"


# What is held there is compared row by row: new (I), changed (U), gone (D).
_WRITE_OUT: LiteralString = """
with item as (
    select * from unnest(%(codes)s::text[], %(versions)s::int[], %(sources)s::text[])
        as item (code, version, source)
), now as (
    select * from unnest(%(guids)s::uuid[], %(tables)s::text[], %(owners)s::text[],
                         %(fields)s::text[]) as now (guid, name, code, fields)
), held as (
    select * from catalogue.exchange_held where item_code = any(%(codes)s)
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
)
insert into catalogue.exchange_row (batch, row_guid, table_name, cd_operation, cd_time,
                                    data_source, item_code, item_version, fields)
select %(batch)s, due.guid, due.name, due.operation, %(now)s,
       coalesce(nullif(%(source)s, ''), item.source), due.code, item.version, due.fields
  from due join item on item.code = due.code
"""


def write_out(
    work: Work, *, batch: str, source: str, items: Sequence[Item], rows: Sequence[NationalRow]
) -> int:
    """Put into the outbox what differs from what is held there; return the number of rows.

    ``rows`` are all rows of ``items``, each of which a code of the item leads.
    """
    told = [(item.code, item.version, item.region[:2]) for item in items]
    written = work.run(
        _WRITE_OUT,
        codes=[code for code, _, _ in told],
        versions=[version for _, version, _ in told],
        sources=[province for _, _, province in told],
        guids=[row.guid for row in rows],
        tables=[row.table for row in rows],
        owners=[row.item for row in rows],
        fields=[msgspec.json.encode(row.fields).decode() for row in rows],
        batch=batch,
        source=source,
        now=work.now,
    )
    _note_sent(work, batch=batch, items=items)
    return written


def _note_sent(work: Work, *, batch: str, items: Sequence[Item]) -> None:
    """Note how far each service has gone out; what was refused of it before is settled by that."""
    codes = [item.code for item in items]
    work.run(
        """
        insert into catalogue.exchange_item as e (item_code, version)
        select * from unnest(%(codes)s::text[], %(versions)s::int[])
        on conflict (item_code) do update set version = excluded.version
        """,
        codes=codes,
        versions=[item.version for item in items],
    )
    work.run(
        """
        update catalogue.exchange_refusal set settled_batch = %(batch)s
         where item_code = any(%(codes)s) and settled_batch = ''
        """,
        batch=batch,
        codes=codes,
    )


def note_batch(work: Work, *, number: str, items: int, rows: int) -> None:
    work.run(
        """
        insert into catalogue.exchange_batch (number, made_at, made_by, items, rows)
        values (%(number)s, %(now)s, %(actor)s, %(items)s, %(rows)s)
        """,
        number=number,
        now=work.now,
        actor=work.actor.id,
        items=items,
        rows=rows,
    )


def keep_refusals(
    work: Work, *, guids: Sequence[str], fields: Sequence[str], reasons: Sequence[str]
) -> set[str]:
    """Put rows that came back into the inbox, the same only once; return the guids that are known.

    What is held there is set right: a new row that was refused is not there, so it is new again.
    """
    known: list[str] = work.value(
        """
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
                   i.name, i.department, i.region, back.field, back.reason, %(now)s
              from back
              join sent s on s.row_guid = back.guid
              join catalogue.item i on i.code = s.item_code
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
        """,
        guids=list(guids),
        fields=list(fields),
        reasons=list(reasons),
        now=work.now,
    )
    return set(known)


def send_again(work: Work, *, item_code: str) -> None:
    """Let a service go out with the next batch although nothing about it has changed."""
    work.run(
        "update catalogue.exchange_item set version = 0 where item_code = %(code)s",
        code=item_code,
    )
