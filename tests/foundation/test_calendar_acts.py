"""The administrator's acts: importing a year, correcting a day, stopping work in a region."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from tongban.foundation import calendar
from tongban.foundation.actor import Actor, Grant
from tongban.foundation.calendar import Day, Kind, NotOwnDay, Status, provisional
from tongban.foundation.errors import Forbidden, Invalid
from tongban.foundation.work import Work

NATION, CITY, COUNTY = "000000", "990100", "990102"
WEDNESDAY = date(2026, 6, 10)
FESTIVAL = Day(WEDNESDAY, Kind.HOLIDAY, "城市节日")
NOTICE_2027 = [
    Day(date(2026, 12, 31), Kind.HOLIDAY, "元旦"),
    Day(date(2027, 1, 1), Kind.HOLIDAY, "元旦"),
    *(Day(date(2027, 2, day), Kind.HOLIDAY, "春节") for day in range(5, 13)),
    Day(date(2027, 2, 20), Kind.MAKE_UP, "春节"),
]


def due(work: Work, start: date, days: int, region: str = NATION) -> date:
    return calendar.due_on(work, start=start, days=days, region=region).day


def recorded(work: Work) -> list[str]:
    """Return the changes in the trace, as region, first day, last day, version and reason."""
    rows = work._connection.execute(
        """
        select concat_ws(' ', body->>'region', body->>'first_day', body->>'last_day',
                         body->>'calendar_version', body->>'reason')
          from foundation.event where topic = 'calendar.CalendarChanged' order by id
        """
    ).fetchall()
    return [row[0] for row in rows]


def test_a_published_year_replaces_the_provisional_one(work: Work) -> None:
    before = calendar.due_on(work, start=date(2027, 2, 4), days=1, region=CITY)
    assert (before.day, before.provisional) == (date(2027, 2, 11), True)

    change = calendar.import_year(work, region=NATION, days=NOTICE_2027, reason="国办通知")

    after = calendar.due_on(work, start=date(2027, 2, 4), days=1, region=CITY)
    assert (after.day, after.provisional) == (date(2027, 2, 15), False)
    assert after.version == change.version == before.version + 1
    assert due(work, date(2027, 2, 19), 1) == date(2027, 2, 20)
    assert due(work, date(2026, 12, 30), 1) == date(2027, 1, 4)
    assert len(change.days) == 366  # Every day of the year is settled now, and one of 2026.
    assert recorded(work) == [f"000000 2026-12-31 2027-12-31 {change.version} 国办通知"]


def test_importing_the_same_again_changes_nothing(work: Work) -> None:
    first = calendar.import_year(work, region=NATION, days=NOTICE_2027)
    again = calendar.import_year(work, region=NATION, days=NOTICE_2027)

    assert again == calendar.Change(first.version)
    assert len(recorded(work)) == 1


def test_a_year_far_ahead_leaves_no_gap_behind_it(work: Work) -> None:
    calendar.import_year(work, region=NATION, days=[Day(date(2063, 1, 1), Kind.HOLIDAY, "元旦")])

    between = calendar.year(work, region=CITY, year=2062)
    assert {line.status for line in between} == {Status.PROVISIONAL}
    assert work.value("select count(*) = max(day) - min(day) + 1 from foundation.calendar_number")
    with pytest.raises(Invalid, match="2200 年"):
        calendar.import_year(work, region=NATION, days=[Day(date(2200, 1, 1), Kind.HOLIDAY)])


def test_a_region_imports_its_own_holidays_only(work: Work) -> None:
    calendar.import_year(work, region=CITY, days=[Day(date(2027, 3, 3), Kind.HOLIDAY, "地方节日")])
    calendar.add_stop_work(
        work, region=CITY, first=date(2027, 7, 1), last=date(2027, 7, 1), reason="暴雨停工"
    )
    assert due(work, date(2027, 3, 2), 1, COUNTY) == date(2027, 3, 4)
    assert due(work, date(2027, 3, 2), 1, NATION) == date(2027, 3, 3)

    calendar.import_year(work, region=CITY, days=[Day(date(2027, 3, 10), Kind.HOLIDAY, "地方节日")])

    assert due(work, date(2027, 3, 2), 1, COUNTY) == date(2027, 3, 3)
    assert due(work, date(2027, 3, 9), 1, COUNTY) == date(2027, 3, 11)
    assert due(work, date(2027, 6, 30), 1, COUNTY) == date(2027, 7, 2)  # Still stopped.


def test_the_country_moves_under_a_region_that_decided_other_days(work: Work) -> None:
    calendar.import_year(work, region=CITY, days=[Day(date(2027, 2, 15), Kind.HOLIDAY, "灯会")])
    calendar.import_year(work, region=NATION, days=NOTICE_2027)

    assert due(work, date(2027, 2, 4), 1, COUNTY) == date(2027, 2, 16)
    assert due(work, date(2027, 2, 4), 1, "110000") == date(2027, 2, 15)


def test_a_stopped_day_is_worked_again_when_it_is_withdrawn(work: Work) -> None:
    calendar.add_stop_work(work, region=CITY, first=WEDNESDAY, last=WEDNESDAY, reason="误录")
    assert due(work, WEDNESDAY - timedelta(days=1), 1, CITY) == WEDNESDAY + timedelta(days=1)

    calendar.withdraw_day(work, region=CITY, day=WEDNESDAY, reason="更正误录")

    assert due(work, WEDNESDAY - timedelta(days=1), 1, CITY) == WEDNESDAY
    with pytest.raises(NotOwnDay):
        calendar.withdraw_day(work, region=CITY, day=WEDNESDAY, reason="再撤一次")
    with pytest.raises(Invalid, match="只能更正"):
        calendar.withdraw_day(work, region=NATION, day=WEDNESDAY, reason="撤销")


def test_stopping_work_touches_only_days_that_are_worked(work: Work) -> None:
    friday, monday = date(2026, 6, 12), date(2026, 6, 15)
    change = calendar.add_stop_work(work, region=CITY, first=friday, last=monday, reason="台风")
    assert change.days == (friday, monday)


def test_only_an_officer_of_the_region_changes_its_days(work: Work) -> None:
    city = Actor("o-1", "日历员", grants=(Grant(frozenset({"calendar.edit"}), region="9901"),))
    with work.acting_as(city):
        assert calendar.correct_day(work, region=COUNTY, day=FESTIVAL, reason="决定").days
        for region in (NATION, "990000", "990200"):
            with pytest.raises(Forbidden):
                calendar.correct_day(work, region=region, day=FESTIVAL, reason="决定")


ACTS: dict[str, Callable[[Work], object]] = {
    "correct": lambda work: calendar.correct_day(work, region=CITY, day=FESTIVAL, reason="决定"),
    "import": lambda work: calendar.import_year(work, region=CITY, days=[FESTIVAL]),
    "withdraw": lambda work: calendar.withdraw_day(work, region=CITY, day=WEDNESDAY, reason="决定"),
    "stop": lambda work: calendar.add_stop_work(
        work, region=CITY, first=WEDNESDAY, last=WEDNESDAY, reason="决定"
    ),
    "adopt": calendar.adopt_published,
}


@pytest.mark.parametrize("act", ACTS)
def test_nobody_changes_the_calendar_without_permission(
    work: Work, nobody: Actor, act: str
) -> None:
    with work.acting_as(nobody), pytest.raises(Forbidden):
        ACTS[act](work)


@pytest.mark.parametrize(
    ("days", "says"),
    [
        ([], "没有任何日期"),
        ([Day(date(2027, 2, 5), Kind.MAKE_UP)], "2027-02-05 不是周末"),
        ([Day(date(2027, 2, 5), Kind.WEEKEND)], "应填“节假日”"),
        ([Day(date(2027, 2, 6), Kind.WORKING)], "应填“调休上班”"),
        ([Day(date(2027, 2, 5), Kind.HOLIDAY)] * 2, "2027-02-05 出现了两次"),
        ([Day(date(y, 2, 5), Kind.HOLIDAY) for y in (2026, 2027)], "2026-02-05 与其他日期不在"),
        ([Day(date(2003, 5, 1), Kind.HOLIDAY)], "2003 年不在"),
    ],
)
def test_a_notice_that_cannot_be_right_is_refused(work: Work, days: list[Day], says: str) -> None:
    with pytest.raises(Invalid, match=says):
        calendar.import_year(work, region=NATION, days=days)
    assert recorded(work) == []


@pytest.mark.parametrize(
    ("region", "day", "reason", "field"),
    [
        ("9901", WEDNESDAY, "决定", "region"),
        ("９９０１００", WEDNESDAY, "决定", "region"),
        (CITY, WEDNESDAY, "  ", "reason"),
        (CITY, WEDNESDAY, "决" * 101, "reason"),
        (CITY, date(1999, 6, 10), "决定", "day"),
        (CITY, date(2090, 6, 1), "决定", "day"),
    ],
)
def test_a_correction_names_what_is_wrong_with_it(
    work: Work, region: str, day: date, reason: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        calendar.correct_day(work, region=region, day=Day(day, Kind.HOLIDAY), reason=reason)
    assert [problem.field for problem in refused.value.problems] == [field]


def test_a_stop_that_ends_before_it_begins_is_refused(work: Work) -> None:
    with pytest.raises(Invalid, match="不能早于"):
        calendar.add_stop_work(
            work, region=CITY, first=date(2026, 6, 2), last=date(2026, 6, 1), reason="台风"
        )


def test_years_that_come_published_with_an_upgrade_are_adopted(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert calendar.adopt_published(work) == []

    notice = {day.day: day for day in NOTICE_2027 if day.day.year == 2027}
    monkeypatch.setattr(provisional, "published_years", lambda: range(2004, 2028))
    monkeypatch.setattr(provisional, "published", lambda year: notice if year == 2027 else {})

    assert calendar.adopt_published(work) == [2027]
    assert due(work, date(2027, 2, 4), 1) == date(2027, 2, 15)
    assert calendar.adopt_published(work) == []


def sheet(folder: Path, content: bytes) -> Path:
    file = folder / "2027.csv"
    file.write_bytes(content)
    return file


GOOD = "date,kind,name\n2027-02-05,节假日,春节\n\n2027/02/20,补班,春节\n2027-01-02,make_up,\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_notice_is_read_from_a_spreadsheet(tmp_path: Path, encoding: str) -> None:
    assert calendar.read_csv(sheet(tmp_path, GOOD.encode(encoding))) == [
        Day(date(2027, 2, 5), Kind.HOLIDAY, "春节"),
        Day(date(2027, 2, 20), Kind.MAKE_UP, "春节"),
        Day(date(2027, 1, 2), Kind.MAKE_UP, ""),
    ]


def test_every_wrong_line_of_a_spreadsheet_is_named(tmp_path: Path) -> None:
    text = "date,kind,name\n2027-02-30,节假日,春节\n2027-02-05,放羊,春节\n2027-02-06,节假日\n"
    text += f"2027-02-07,节假日,{'长' * 101}\n二月八日,,春节\n"
    with pytest.raises(Invalid) as refused:
        calendar.read_csv(sheet(tmp_path, text.encode()))
    assert [problem.field for problem in refused.value.problems] == [
        *("2.date", "3.kind", "4", "5.name", "6.date", "6.kind"),
    ]
    assert "第 2 行 date：“2027-02-30”" in str(refused.value)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "表头"),
        (b"day,what\n", "表头"),
        (b"\xff\xfe\x00\x01", "另存为"),
        (b"date,kind,name\n\x00", "应有 3 列"),
        (b'date,kind,name\n2027-02-05,"holiday', "引号"),
        (b"date,kind,name\n" + b"x" * 1_000_001, "过大"),
    ],
)
def test_a_file_that_is_no_calendar_is_refused(tmp_path: Path, content: bytes, says: str) -> None:
    with pytest.raises(Invalid, match=says):
        calendar.read_csv(sheet(tmp_path, content))
