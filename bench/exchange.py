"""What is due for the national exchange, and its worklists, at a million services.

    python bench/exchange.py [MILLIONS]

Before and after are asked of the same rows, in a throwaway cluster that is gone afterwards. Figures
are milliseconds of PostgreSQL for the second run of each query (explain analyze), planning aside.
"""

import json
import sys
from typing import Any, LiteralString, cast

import psycopg

from tongban.catalogue.queries import exchange, exchange_worklists
from tongban.foundation.db import Db
from tongban.main import postgres
from tongban.main.migrate import migrate

# The indexes of the table of services are not asked here, and would make filling it slow.
FILL: list[LiteralString] = [
    """
    do $$ declare one record; begin
        for one in select indexrelid::regclass as name from pg_index
                    where indrelid = 'catalogue.item'::regclass and not indisprimary
        loop execute format('drop index %s', one.name); end loop;
    end $$
    """,
    """
    insert into catalogue.item
    select one.*
      from generate_series(1, %(n)s) n
     cross join lateral jsonb_populate_record(null::catalogue.item, jsonb_build_object(
               'code', 'BENCH-' || n, 'version', 2, 'content_hash', '\\x00', 'name', '事项' || n,
               'parent_name', '', 'short_name', '', 'summary', '', 'kind', '01', 'kind_name', '',
               'audience', 'both', 'department', 'D' || n %% 6000, 'department_name', '部门',
               'region', lpad((110000 + n %% 3000)::text, 6, '0'), 'region_name', '地区',
               'handling', 'committed', 'online_apply', true, 'charged', false,
               'themes', '{}'::text[], 'prominence', 0, 'status', 'published',
               'words', '{}'::text[], 'published_at', now(),
               'base_code', '', 'power', '', 'main_item', '', 'action', '', 'inherits', '',
               'lists', '{}'::text[], 'standard_materials', '{}'::text[])) one
    """,
    """
    insert into catalogue.exchange_item (list, item_code, version, due)
    select 'item', code, version, version from catalogue.item
    """,
    """
    insert into catalogue.exchange_batch (number, made_at, made_by, items, rows)
    values ('1', now(), 'bench', 1, 1)
    """,
    # One check of a foreign key after the other would take longer than all the rest.
    "alter table catalogue.exchange_row drop constraint exchange_row_batch_fkey",
    """
    insert into catalogue.exchange_row (batch, row_guid, table_name, cd_operation, cd_time,
                                        data_source, item_code, item_version, fields)
    select '1', md5(code)::uuid, 'up_task_general_basic', 'I', now(), '11', code, 2, '{}'
      from catalogue.item
    """,
    """
    insert into catalogue.exchange_refusal (row_guid, batch, table_name, cd_operation, item_code,
           item_version, item_name, department, region, field, reason, received_at)
    select md5(code)::uuid, '1', 'up_task_general_basic', 'I', code, 2, name, department, region,
           'by_law', '不规范', now() - random() * interval '90 days'
      from catalogue.item
    """,
    """
    insert into catalogue.exchange_flaw (list, item_code, version, name, department, region, whole,
                                         flaws, found_at)
    select 'item', code, 2, name, department, region, false, '[]', now() from catalogue.item
    """,
    "vacuum (analyze) catalogue.item",
    "vacuum (analyze) catalogue.exchange_item",
    "vacuum (analyze) catalogue.exchange_row",
    "vacuum (analyze) catalogue.exchange_refusal",
    "vacuum (analyze) catalogue.exchange_flaw",
]
DUE_BEFORE: LiteralString = """
    select i.code, i.version
      from catalogue.item i
      left join catalogue.exchange_item e on e.item_code = i.code
     where e.version is distinct from i.version
     order by i.code
     limit %(limit)s
"""
REFUSED_BEFORE: LiteralString = """
    select f.*, i.version as present, e.version = 0 as again, r.fields as sent
      from catalogue.exchange_refusal f
      join catalogue.item i on i.code = f.item_code
      join catalogue.exchange_item e on e.item_code = f.item_code
      join catalogue.exchange_row r on r.batch = f.batch and r.row_guid = f.row_guid
     where f.settled_batch = ''
       and (f.department = any(%(departments)s) or f.region like any(%(regions)s))
     order by f.received_at desc, f.id
     limit 200
"""


class Asked(Db):
    """Notes down what a query of the module asks, and its values, instead of asking it."""

    def __init__(self) -> None:
        self.sql: LiteralString = ""
        self.values: dict[str, object] = {}

    def all(self, row: type[Any], sql: LiteralString, **values: object) -> list[Any]:
        del row
        self.sql, self.values = sql, dict(values)
        return []


def milliseconds(connection: psycopg.Connection[Any], sql: str, values: dict[str, Any]) -> float:
    told = 0.0
    for _ in range(2):
        asked = cast(LiteralString, "explain (analyze, format json) " + sql)
        row = psycopg.ClientCursor(connection).execute(asked, values).fetchone()
        assert row
        told = row[0][0]["Execution Time"]
    return round(told, 2)


def main() -> None:
    number = round(float(sys.argv[1] if len(sys.argv) > 1 else "1") * 1_000_000)
    told: dict[str, Any] = {"services": number}
    with postgres.throwaway() as running:
        url = running.superuser_url()
        migrate(url)
        with psycopg.connect(url, autocommit=True) as connection:
            for step in FILL:
                connection.execute(step, {"n": number} if "%(n)s" in step else None)
            _ask(connection, told)
    json.dump(told, sys.stdout, ensure_ascii=False, indent=1)


def _ask(connection: psycopg.Connection[Any], told: dict[str, Any]) -> None:
    asked = Asked()
    for changed in (0, 100):
        connection.execute(
            "update catalogue.exchange_item set version = 1 where item_code = any(%s)",
            [[f"BENCH-{n * 7 + 1}" for n in range(changed)]],
        )
        exchange.due_for_exchange(asked, limit=20_000)
        told[f"due, {changed} changed"] = {
            "before": milliseconds(connection, DUE_BEFORE, {"limit": 20_000}),
            "after": milliseconds(connection, asked.sql, asked.values),
        }
    everywhere: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
        "one department": (("D17",), ()),
        "three departments": (("D17", "D18", "D19"), ()),
        "one county": ((), ("110017",)),
        "a province": ((), ("11",)),
        "the nation": ((), ("",)),
        "a department and a county": (("D17",), ("110018",)),
    }
    for who, (departments, regions) in everywhere.items():
        before = {"departments": list(departments), "regions": [one + "%" for one in regions]}
        exchange_worklists.refusals(asked, departments=departments, regions=regions)
        refused = milliseconds(connection, asked.sql, asked.values)
        exchange_worklists.held_back(asked, departments=departments, regions=regions)
        told[f"refused, {who}"] = {
            "before": milliseconds(connection, REFUSED_BEFORE, before),
            "after": refused,
            "held back": milliseconds(connection, asked.sql, asked.values),
        }


if __name__ == "__main__":
    main()
