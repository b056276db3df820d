"""The kept calendar: PostgreSQL counts as the pure functions do, for each region its own days."""

from datetime import date

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as for_all
from hypothesis import strategies as st

from conftest import as_application
from tongban.foundation import calendar
from tongban.foundation.calendar import Day, Kind, Status, model
from tongban.foundation.db import Db
from tongban.foundation.work import Work

NATION, CITY, COUNTY, OTHER = "000000", "990100", "990102", "110101"
WEDNESDAY = date(2026, 6, 10)


def test_a_region_without_days_of_its_own_inherits_the_nearest_above_it(work: Work) -> None:
    calendar.add_stop_work(work, region=CITY, first=WEDNESDAY, last=WEDNESDAY, reason="台风停工")

    for region, ends in [
        (CITY, 15),  # Thursday and Friday, then the Monday after the weekend.
        (COUNTY, 15),
        (f"{COUNTY}001002", 15),  # A village, whose longer code begins with the county's.
        ("990200", 12),
        (OTHER, 12),
        ("", 12),
        ("not a code", 12),
    ]:
        due = calendar.due_on(work, start=date(2026, 6, 9), days=3, region=region)
        assert due.day == date(2026, 6, ends), region


def test_the_nearest_decision_about_a_day_wins(work: Work) -> None:
    holiday = Day(WEDNESDAY, Kind.HOLIDAY, "城市节日")
    calendar.correct_day(work, region=CITY, day=holiday, reason="市里的决定")
    working = Day(WEDNESDAY, Kind.WORKING, "照常上班")
    calendar.correct_day(work, region=COUNTY, day=working, reason="县里照常上班")

    def used(region: str) -> int:
        return calendar.working_days_between(
            work, start=date(2026, 6, 9), end=WEDNESDAY, region=region
        )

    assert [used(region) for region in (CITY, "990103", COUNTY, OTHER)] == [0, 0, 1, 1]


def test_a_year_is_shown_as_it_stands_for_a_region(work: Work) -> None:
    holiday = Day(WEDNESDAY, Kind.HOLIDAY, "城市节日")
    calendar.correct_day(work, region=CITY, day=holiday, reason="市里的决定")

    year = {line.day: line for line in calendar.year(work, region=COUNTY, year=2026)}

    assert len(year) == 365
    assert (year[WEDNESDAY].name, year[WEDNESDAY].decided_by) == ("城市节日", CITY)
    assert (year[date(2026, 2, 17)].name, year[date(2026, 2, 17)].decided_by) == ("春节", NATION)
    far = calendar.year(work, region=COUNTY, year=2200)
    assert len(far) == 365
    assert {line.status for line in far} == {Status.PROVISIONAL}


@pytest.fixture
def calendars(work: Work) -> dict[str, model.Calendar]:
    """A city and a county that each depart from the country, and a region that does not."""
    for first, last in [
        (date(2026, 6, 8), date(2026, 6, 12)),
        (date(2027, 3, 1), date(2027, 3, 9)),
    ]:
        calendar.add_stop_work(work, region=CITY, first=first, last=last, reason="台风停工")
    rescue = Day(WEDNESDAY, Kind.WORKING, "抢险")
    calendar.correct_day(work, region=COUNTY, day=rescue, reason="抢险期间照常受理")
    calendar.import_year(
        work, region=NATION, days=[Day(date(2028, 1, 3), Kind.HOLIDAY, "元旦")], reason="通知"
    )
    return {region: calendar.load(work, region=region) for region in (CITY, COUNTY, OTHER)}


NEAR = st.dates(date(2025, 12, 1), date(2028, 3, 1))


@settings(
    max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@for_all(
    region=st.sampled_from([CITY, COUNTY, OTHER]),
    start=NEAR | st.dates(date(1950, 1, 1), date(2150, 1, 1)),
    days=st.integers(0, 60) | st.integers(0, 10_000),
    today=NEAR,
)
def test_postgresql_and_the_pure_functions_count_alike(
    work: Work,
    calendars: dict[str, model.Calendar],
    region: str,
    start: date,
    days: int,
    today: date,
) -> None:
    pure = calendars[region]
    due = calendar.due_on(work, start=start, days=days, region=region)

    assert due == model.due_on(pure, start=start, days=days)
    assert due.day == work.value(
        "select foundation.due_on(%(start)s, %(days)s, %(region)s)",
        start=start,
        days=days,
        region=region,
    )
    assert calendar.working_days_between(
        work, start=start, end=today, region=region
    ) == model.working_days_between(pure, start=start, end=today)
    assert calendar.days_left(work, due=due.day, today=today, region=region) == model.days_left(
        pure, due=due.day, today=today
    )


def test_renumbering_leaves_what_counting_anew_would_give(
    work: Work, calendars: dict[str, model.Calendar]
) -> None:
    assert calendars
    rows, wrong = work._connection.execute(
        """
        select count(*), count(*) filter (where number <> anew or step <> 1)
          from (select number,
                       count(*) filter (where working)
                           over (partition by region order by day) as anew,
                       day - lag(day) over (partition by region order by day) as step
                  from foundation.calendar_number) as n
        """
    ).fetchone() or (0, 0)
    assert (rows > 60_000, wrong) == (True, 0)


def test_many_limits_are_counted_in_one_statement(work: Work) -> None:
    calendar.add_stop_work(work, region=CITY, first=WEDNESDAY, last=WEDNESDAY, reason="台风停工")
    same = work.value(
        """
        select count(*) filter (where d.day = foundation.due_on(c.start, c.days, c.region))
          from (select date '2026-01-01' + i as start, mod(i, 30) as days,
                       case mod(i, 2) when 0 then '000000' else '990102' end as region
                  from generate_series(1, 500) as i) as c
         cross join lateral foundation.due_dates(c.start, c.days, c.region) as d
        """
    )
    assert same == 500


def test_an_empty_calendar_counts_by_the_week_and_is_filled_once(own_database: str) -> None:
    with psycopg.connect(own_database) as owner:
        owner.execute("truncate foundation.calendar_day, foundation.calendar_number")
        owner.execute(
            "update foundation.calendar set version = 0, last_day = first_day - 1, last_number = 0"
        )
    with as_application(own_database) as connection:
        db = Db(connection)
        due = calendar.due_on(db, start=date(2026, 2, 13), days=5, region=CITY)
        assert (due.day, due.provisional) == (date(2026, 2, 20), True)

        assert calendar.install(db) is True
        assert calendar.install(db) is False

        due = calendar.due_on(db, start=date(2026, 2, 13), days=5, region=CITY)
        assert (due.day, due.provisional) == (date(2026, 2, 27), False)
