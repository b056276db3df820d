"""How the calendar is kept. Used by the commands of this package and by nobody else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tongban.foundation.calendar.model import NATION, Day, prefix, region_and_above
from tongban.foundation.db import Db


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of one region's calendar as a whole."""

    region: str
    version: int
    first_day: date
    last_day: date
    last_number: int


def lock(db: Db) -> Kept:
    """Return the country's calendar and let changes of any calendar come one by one."""
    found = db.one(
        Kept,
        "select * from foundation.calendar where region = %(nation)s for update",
        nation=NATION,
    )
    assert found is not None, "the first migration of the calendar writes this row"
    return found


def next_version(db: Db) -> int:
    """Return the number of the change about to be made; the lock keeps it from coming twice."""
    return int(db.value("select max(version) + 1 from foundation.calendar"))


def open_calendar(db: Db, *, region: str) -> bool:
    """Give a region a calendar of its own where it has none yet. Return whether it is new."""
    return bool(
        db.run(
            """
            insert into foundation.calendar (region, version, first_day, last_day, last_number)
            select %(region)s, version, first_day, first_day - 1, 0
              from foundation.calendar
             where region = %(nation)s
            on conflict do nothing
            """,
            region=region,
            nation=NATION,
        )
    )


def decided(db: Db, *, region: str, first: date, last: date) -> dict[date, Day]:
    """Return the days that a region itself decided."""
    found = db.all(
        Day,
        """
        select day, kind, name, status
          from foundation.calendar_day
         where region = %(region)s and day between %(first)s and %(last)s
        """,
        region=region,
        first=first,
        last=last,
    )
    return {day.day: day for day in found}


def provisional_years(db: Db) -> set[int]:
    """Return the years of the country's calendar that hold days which may still change."""
    return set(
        db.value(
            """
            select coalesce(array_agg(distinct extract(year from day)::int), '{}')
              from foundation.calendar_day
             where region = %(nation)s and status = 'provisional'
            """,
            nation=NATION,
        )
    )


def put(db: Db, *, region: str, days: Sequence[Day], version: int) -> None:
    """Write days that a region decided, over what it had decided before."""
    db.run(
        """
        insert into foundation.calendar_day (region, day, kind, name, status, version)
        select %(region)s, day, kind, name, status, %(version)s
          from unnest(%(days)s::date[], %(kinds)s::text[], %(names)s::text[], %(statuses)s::text[])
               as t (day, kind, name, status)
        on conflict (region, day) do update
           set kind = excluded.kind, name = excluded.name, status = excluded.status,
               version = excluded.version
        """,
        region=region,
        version=version,
        days=[day.day for day in days],
        kinds=[str(day.kind) for day in days],
        names=[day.name for day in days],
        statuses=[str(day.status) for day in days],
    )


def take_back(db: Db, *, region: str, days: Sequence[date]) -> int:
    """Remove decisions of a region, so that it inherits those days again."""
    return db.run(
        "delete from foundation.calendar_day where region = %(region)s and day = any(%(days)s)",
        region=region,
        days=list(days),
    )


def renumber(db: Db, *, region: str, since: date, version: int) -> None:
    """Count the working days of a region and of all below it anew from a day on."""
    # The planner cannot know how few calendars there are, and compiling would take it seconds.
    db.run("set local jit = off")
    db.run(
        """
        with renumbered as (
            select c.region, d.day,
                   coalesce(before.number, 0) + count(*) filter (where d.working)
                       over (partition by c.region order by d.day) as number,
                   d.working, d.provisional
              from foundation.calendar c
             cross join lateral (
                   select distinct on (o.day) o.day, o.kind in ('working', 'make_up') as working,
                          o.status = 'provisional' as provisional
                     from foundation.calendar_day o
                    where o.region = any (foundation.region_and_above(c.region))
                      and o.day >= %(since)s
                    order by o.day, o.region desc) as d
              left join foundation.calendar_number before
                on before.region = c.region and before.day = %(since)s::date - 1
             where c.region like %(below)s
        ), written as (
            insert into foundation.calendar_number as old
                   (region, day, number, working, provisional)
            select region, day, number, working, provisional from renumbered
            on conflict (region, day) do update
               set number = excluded.number, working = excluded.working,
                   provisional = excluded.provisional
             where (old.number, old.working, old.provisional)
                   is distinct from (excluded.number, excluded.working, excluded.provisional)
        )
        update foundation.calendar c
           set version = %(version)s, last_day = last.day, last_number = last.number
          from (select region, max(day) as day, max(number) as number
                  from renumbered group by region) as last
         where c.region = last.region
        """,
        since=since,
        below=prefix(region) + "%",
        version=version,
    )


def fill(db: Db, *, days: Sequence[Day], version: int) -> None:
    """Write the country's days into an empty calendar, as fast as PostgreSQL takes them."""
    db.copy(
        "copy foundation.calendar_day (region, day, kind, name, status, version) from stdin",
        ((NATION, day.day, day.kind, day.name, day.status, version) for day in days),
    )
    renumber(db, region=NATION, since=days[0].day, version=version)


def inherits_from(db: Db, *, region: str, day: date) -> Day | None:
    """Return what a day is for a region by the decisions of those above it alone."""
    return db.one(
        Day,
        """
        select day, kind, name, status
          from foundation.calendar_day
         where region = any(%(above)s) and day = %(day)s
         order by region desc limit 1
        """,
        above=[code for code in region_and_above(region) if code != region],
        day=day,
    )
