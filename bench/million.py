"""A catalogue of a province: a few thousand services, county after county, each with its text.

Some items are imported from a table as anybody would; the others are copies of those, written by
one statement for each table, with their own code, region, department and theme. The indexes are
taken away meanwhile and made again, as after restoring a backup.
"""

import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
from click import echo as say
from local_items import MAPPING, write_items

from tongban import catalogue
from tongban.main import install
from tongban.main.imports import WRITERS

FIRST_COUNTY = "100101"
THEMES = ("生育收养", "户籍办理", "民族宗教", "教育科研", "就业创业", "设立变更", "准营准办",
          "职业资格", "行政缴费", "婚姻登记", "优待抚恤", "规划建设", "住房保障", "社会保障",
          "证件办理", "交通出行", "医疗卫生", "公安消防", "其他", "其他")  # fmt: skip
ITEMS = """
insert into catalogue.item
select made.*
  from (select distinct on (name, parent_name) * from catalogue.item
         order by name, parent_name, code) i
 cross join generate_series(0, %(regions)s - 1) as n
 cross join lateral (select (100101 + n / 20 * 100 + n %% 20)::text as region,
                            abs(hashtext(i.name)) as dice) as of_county
 cross join lateral jsonb_populate_record(
       null::catalogue.item, to_jsonb(i) || jsonb_build_object(
       'code', i.code || '-' || of_county.region, 'region', of_county.region,
       'region_name', '县' || of_county.region,
       'department', 'D' || of_county.region || dice %% 30,
       'department_name', '县' || of_county.region || '第' || dice %% 30 || '局',
       'audience', (array['person', 'business', 'both'])[1 + dice %% 3],
       'themes', array[(%(themes)s::text[])[1 + dice / 7 %% 20]],
       'charged', dice / 5 %% 8 = 0,
       'power', case when dice / 3 %% 20 > 0
                     then 'P' || left(of_county.region, 4) || lpad((dice %% 9000)::text, 5, '0')
                     else '' end,
       'prominence', case when dice %% 40 = 0 then dice / 11 %% 50 else 0 end)) made
"""
VERSIONS = """
insert into catalogue.item_version (item_code, version, content, content_hash, effective_from,
                                    published_at, published_by, inherits, inherits_version)
select i.code, 1, replace(replace(v.content::text, v.item_code, i.code),
                          '"region":"' || left(v.item_code, 6), '"region":"' || i.region)::json,
       v.content_hash, v.effective_from, v.published_at, v.published_by, '', 0
  from catalogue.item i
  join catalogue.item_version v on v.item_code = left(i.code, -7) and v.version = 1
 where i.region like '10%%'

"""


def plant(url: str, names: Sequence[tuple[str, str]], *, regions: int, imported: int) -> int:
    """Import some items from a table, measured; copy them for other counties. Return how many."""
    _imported(url, names, number=imported)
    with psycopg.connect(url, autocommit=True) as connection:
        if regions:
            began = time.perf_counter()
            connection.execute("set session_replication_role = replica")  # No triggers, no checks.
            connection.execute("set maintenance_work_mem = '1GB'")
            _copied(connection, "item", ITEMS, {"regions": regions, "themes": list(THEMES)})
            _copied(connection, "item_version", VERSIONS, {})
            say(f"written in {time.perf_counter() - began:.0f} s")
        connection.execute("vacuum analyze catalogue.item")
        connection.execute("vacuum analyze catalogue.item_version")
        [(total,)] = connection.execute("select count(*) from catalogue.item").fetchall()
    say(f"{total:,} items in the table")
    return int(total)


def _imported(url: str, names: Sequence[tuple[str, str]], *, number: int) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "items.tsv"
        write_items(file, names, number=number)
        mapping = catalogue.read_mapping(MAPPING)
        size = file.stat().st_size
        for turn in ("imported", "imported again"):
            wall, cpu = time.perf_counter(), time.process_time()
            known: list[float] = []

            def advance(done: int, _total: int, known: list[float] = known) -> None:
                if done >= size * len(names) / number and not known:
                    known += [done / size, time.perf_counter()]

            with install.works(url) as open_work:
                report = catalogue.import_items(
                    open_work,
                    file=file,
                    mapping=mapping,
                    rejects=Path(folder) / "rejects.jsonl",
                    progress=advance,
                    writers=WRITERS,
                )
            ended = time.perf_counter()
            assert not report.rejected, report
            later = report.read * (1 - known[0]) / max(ended - known[1], 1e-9)
            say(
                f"{turn} {report.read:,} items: {report.read / (ended - wall):,.0f} a second, after"
                f" the first county {later:,.0f};"
                f" {(time.process_time() - cpu) / report.read * 1e6:.0f} us of our CPU for each"
            )


def _copied(
    connection: "psycopg.Connection[Any]", table: str, sql: str, told: dict[str, Any]
) -> None:
    indexes = connection.execute(
        """
        select indexname, indexdef from pg_indexes
         where schemaname = 'catalogue' and tablename = %s and indexdef not like '%% UNIQUE %%'
        """,
        [table],
    ).fetchall()
    for name, _ in indexes:
        connection.execute(f"drop index catalogue.{name}")  # type: ignore[arg-type]
    connection.execute(sql, told)  # type: ignore[arg-type]
    for _, definition in indexes:
        connection.execute(definition)
