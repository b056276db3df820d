"""How limits are counted in working days: by the published calendar, and by the law beyond it."""

import json
from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from conftest import beside
from tongban.foundation.calendar import Day, Kind, Status, model, provisional
from tongban.foundation.errors import Invalid

PUBLISHED = model.calendar([day for year in range(2024, 2028) for day in provisional.year(year)])


def due(start: str, days: int) -> str:
    return model.due_on(PUBLISHED, start=date.fromisoformat(start), days=days).day.isoformat()


@pytest.mark.parametrize(
    ("start", "days", "ends"),
    [
        ("2024-06-03", 1, "2024-06-04"),  # Monday: the day itself is not counted.
        ("2024-06-07", 1, "2024-06-11"),  # Friday before the weekend of 端午, Monday off.
        ("2024-06-08", 1, "2024-06-11"),  # Begun on a day off, the next working day is the first.
        ("2024-06-10", 1, "2024-06-11"),
        ("2026-02-13", 1, "2026-02-14"),  # Friday, and the Saturday after it is worked.
        ("2026-02-14", 1, "2026-02-24"),
        ("2026-09-30", 1, "2026-10-08"),
        ("2026-12-31", 1, "2027-01-04"),
        ("2026-06-18", 0, "2026-06-18"),  # No days at all end at once where people work,
        ("2026-06-19", 0, "2026-06-22"),  # or else on the next working day.
    ],
)
def test_a_limit_is_counted_in_days_that_are_worked(start: str, days: int, ends: str) -> None:
    assert due(start, days) == ends


def test_the_limits_that_others_counted_come_out_the_same() -> None:
    file = beside("data/workday_test_vectors.json")
    vectors = json.loads(file.read_text(encoding="utf-8"))["vectors"]
    assert len(vectors) >= 6
    for vector in vectors:
        assert due(vector["start"], vector["workdays"]) == vector["due"], vector


@pytest.mark.parametrize(
    ("today", "left"),
    [
        ("2026-09-21", 3),  # Three more working days before the holiday,
        ("2026-09-24", 0),  # none on the due date itself;
        ("2026-09-25", -1),  # late on the first day after it, although nobody works,
        ("2026-09-28", -1),  # and still one working day late on the first that is worked.
        ("2026-09-29", -2),
    ],
)
def test_days_left_turn_negative_the_day_after_the_limit(today: str, left: int) -> None:
    due = date(2026, 9, 24)
    assert model.days_left(PUBLISHED, due=due, today=date.fromisoformat(today)) == left


def test_a_limit_that_reaches_an_unpublished_year_is_provisional() -> None:
    assert not model.due_on(PUBLISHED, start=date(2026, 12, 1), days=5).provisional
    assert model.due_on(PUBLISHED, start=date(2026, 12, 25), days=10).provisional


def test_an_unpublished_year_has_the_thirteen_statutory_days_and_those_in_lieu() -> None:
    year = {day.day: day for day in provisional.year(2027)}
    off = [day.strftime("%m-%d") for day in sorted(year) if year[day].kind is Kind.HOLIDAY]

    assert off == [
        "01-01",
        *("02-05", "02-06", "02-07", "02-08"),  # 除夕 to 正月初三
        *("02-09", "02-10"),  # in lieu of the weekend
        "04-05",
        *("05-01", "05-02", "05-03", "05-04"),
        "06-09",
        "09-15",
        *("10-01", "10-02", "10-03", "10-04", "10-05"),
    ]
    assert not any(day.kind is Kind.MAKE_UP for day in year.values())
    assert {day.status for day in year.values()} == {Status.PROVISIONAL}


def test_the_moon_is_where_an_independent_library_sees_it() -> None:
    for year in range(2027, provisional.LAST_YEAR + 1):
        theirs = holidays.country_holidays("CN", years=year, language="zh_CN")
        # What was exchanged for weekends is no day of the law, and known of published years only.
        law = {day for day, name in theirs.items() if not name.startswith("休息日")}
        assert set(provisional.by_law(year)) == {day for day in law if day.year == year}, year


def test_beyond_the_lunar_table_the_fixed_holidays_remain() -> None:
    assert date(2300, 10, 1) in provisional.by_law(2300)
    assert len(provisional.year(2300)) == 365


def test_every_published_year_has_its_make_up_days() -> None:
    for year in provisional.published_years():
        days = provisional.year(year)
        assert {day.status for day in days} == {Status.OFFICIAL}
        assert any(day.kind is Kind.MAKE_UP for day in days), year


def test_calendars_have_no_gaps() -> None:
    first, third = Day(date(2026, 1, 1), Kind.HOLIDAY), Day(date(2026, 1, 3), Kind.WEEKEND)
    with pytest.raises(ValueError, match="2026-01-03 does not follow"):
        model.calendar([first, third])
    with pytest.raises(ValueError, match="at least one"):
        model.calendar([])


@pytest.mark.parametrize("days", [-1, 10_001])
def test_a_limit_that_cannot_be_one_is_refused_by_name(days: int) -> None:
    with pytest.raises(Invalid) as refused:
        model.due_on(PUBLISHED, start=date(2026, 1, 5), days=days)
    assert [problem.field for problem in refused.value.problems] == ["days"]


def test_no_year_is_too_far_away() -> None:
    for year in (2, 1900, 2500, 9000):
        assert model.due_on(PUBLISHED, start=date(year, 6, 1), days=10_000).provisional
    with pytest.raises(Invalid, match="起算日"):
        model.due_on(PUBLISHED, start=date.max, days=1)


ANY_DAY = st.dates(date(1990, 1, 1), date(2100, 1, 1))


@for_all(ANY_DAY, st.integers(0, 500), st.integers(0, 500))
def test_more_days_never_end_sooner(start: date, fewer: int, more: int) -> None:
    fewer, more = sorted((fewer, more))
    sooner = model.due_on(PUBLISHED, start=start, days=fewer).day
    assert start <= sooner <= model.due_on(PUBLISHED, start=start, days=more).day


@for_all(ANY_DAY, st.integers(1, 300), st.integers(1, 300))
def test_two_limits_one_after_the_other_are_one_limit(start: date, first: int, then: int) -> None:
    between = model.due_on(PUBLISHED, start=start, days=first).day
    end = model.due_on(PUBLISHED, start=between, days=then).day
    assert end == model.due_on(PUBLISHED, start=start, days=first + then).day


@for_all(ANY_DAY, st.integers(1, 500))
def test_on_the_due_date_all_days_are_used_and_none_is_left(start: date, days: int) -> None:
    end = model.due_on(PUBLISHED, start=start, days=days).day
    assert model.working_days_between(PUBLISHED, start=start, end=end) == days
    assert model.days_left(PUBLISHED, due=end, today=end) == 0
    assert model.days_left(PUBLISHED, due=end, today=end + timedelta(days=1)) == -1


@for_all(ANY_DAY, ANY_DAY, ANY_DAY)
def test_days_between_add_up(one: date, two: date, three: date) -> None:
    def between(start: date, end: date) -> int:
        return model.working_days_between(PUBLISHED, start=start, end=end)

    assert between(one, two) + between(two, three) == between(one, three)
    assert between(one, two) == -between(two, one)
