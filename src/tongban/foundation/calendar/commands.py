"""The acts that change the calendar. Each one: permit, lock, check, change, renumber, record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tongban.foundation.calendar import provisional, store
from tongban.foundation.calendar.events import CalendarChanged
from tongban.foundation.calendar.model import (
    NAME_MAX,
    NATION,
    Day,
    Kind,
    Status,
    every_day,
    weekly_rule,
)
from tongban.foundation.db import Db
from tongban.foundation.errors import Invalid, NotFound, Problem
from tongban.foundation.work import Work

# A year further ahead than this is a slip of the pen.
YEARS_AHEAD_MAX = 40
STOP_WORK_MAX = timedelta(days=366)


class NotOwnDay(NotFound):
    message = "区划 {region} 没有自行规定 {day}，无需撤销"


@dataclass(frozen=True, slots=True)
class Change:
    """What an act changed: the version that stands now, and the days that became something else."""

    version: int
    days: tuple[date, ...] = ()


def install(db: Db) -> bool:
    """Fill an empty calendar: the published years and, provisional, those after them.

    Return whether there was anything to do; a calendar that is there is left as it is.
    """
    kept = store.lock(db)
    if kept.last_day >= kept.first_day:
        return False
    years = range(provisional.FIRST_YEAR, provisional.LAST_YEAR + 1)
    store.fill(db, days=[day for year in years for day in provisional.year(year)], version=1)
    return True


def adopt_published(work: Work) -> list[int]:
    """Settle the years that are still provisional here but published in the library by now.

    Every start does this, so nobody has to type in what came with it. Return the
    years.
    """
    work.actor.must("calendar.edit", region=NATION)
    years = sorted(store.provisional_years(work) & set(provisional.published_years()))
    for year in years:
        days = list(provisional.published(year).values())
        import_year(work, region=NATION, days=days, reason="随版本升级采用已公布的放假安排")
    return years


def import_year(work: Work, *, region: str, days: Sequence[Day], reason: str = "") -> Change:
    """Settle a year from its notice: the days that depart from the weekly rule.

    For the country (region 000000) the whole year becomes official, days not named by the weekly
    rule. For any other region the named days become its own and replace those it had named before
    for that year; days of stopped work stay. The last days of the December before may be named too,
    because a New Year's holiday sometimes begins there.

    :raises Invalid: naming every day that cannot be so.
    """
    work.actor.must("calendar.edit", region=region)
    _check_region(region)
    year = _check_days(days)
    kept = store.lock(work)
    first, last = date(year - 1, 12, 1), date(year, 12, 31)
    if first < kept.first_day or year > kept.last_day.year + YEARS_AHEAD_MAX:
        raise Invalid(Problem("days", "{year} 年不在日历可以导入的年份内", {"year": year}))
    named = {day.day: day for day in days}
    before = store.decided(work, region=region, first=first, last=last)
    if region == NATION:
        wanted = _missing_years(until=year, after=kept.last_day)
        wanted |= {
            day: weekly_rule(day, status=Status.OFFICIAL)
            for day in every_day(date(year, 1, 1), last)
        }
        wanted |= named
        back: list[date] = []
    else:
        wanted = named
        back = [
            day
            for day, was in before.items()
            if day not in named and day.year == year and was.kind is not Kind.STOP_WORK
        ]
    changed = [day for day in wanted.values() if before.get(day.day) != day]
    return _apply(work, region=region, put=changed, back=back, reason=reason)


def correct_day(work: Work, *, region: str, day: Day, reason: str) -> Change:
    """Decide one day for a region and for all below it that have not decided it themselves.

    :raises Invalid: if the day lies outside the calendar or cannot be of that kind, or if no
        reason is given.
    """
    work.actor.must("calendar.edit", region=region)
    _check_region(region)
    _check_reason(reason)
    _check_days([day])
    _check_inside(store.lock(work), day.day, day.day)
    before = store.decided(work, region=region, first=day.day, last=day.day)
    changed = [day] if before.get(day.day) != day else []
    return _apply(work, region=region, put=changed, back=[], reason=reason)


def add_stop_work(work: Work, *, region: str, first: date, last: date, reason: str) -> Change:
    """Stop work in a region from one day to another, such as for a typhoon.

    Only days that would be worked are touched; limits then run on without them.
    """
    work.actor.must("calendar.edit", region=region)
    _check_region(region)
    _check_reason(reason)
    if not timedelta() <= last - first <= STOP_WORK_MAX:
        raise Invalid(Problem("last", "停工的最后一天不能早于第一天，也不能超过一年"))
    _check_inside(store.lock(work), first, last)
    stopped = []
    own = store.decided(work, region=region, first=first, last=last)
    for day in every_day(first, last):
        now = own.get(day) or store.inherits_from(work, region=region, day=day)
        if now is not None and now.working:
            stopped.append(Day(day, Kind.STOP_WORK, reason))
    return _apply(work, region=region, put=stopped, back=[], reason=reason)


def withdraw_day(work: Work, *, region: str, day: date, reason: str) -> Change:
    """Take back what a region had decided about a day; it inherits the day from above again.

    :raises Invalid: for the country, which has nothing above it; its days are corrected instead.
    :raises NotOwnDay: if the region had not decided the day itself.
    """
    work.actor.must("calendar.edit", region=region)
    _check_region(region)
    _check_reason(reason)
    if region == NATION:
        raise Invalid(Problem("region", "全国日历的日期不能撤销，只能更正"))
    store.lock(work)
    if not store.decided(work, region=region, first=day, last=day):
        raise NotOwnDay(region=region, day=day.isoformat())
    return _apply(work, region=region, put=[], back=[day], reason=reason)


def _apply(
    work: Work, *, region: str, put: Sequence[Day], back: Sequence[date], reason: str
) -> Change:
    """Write the days under a new version, renumber, and tell the modules that keep due dates."""
    kept = store.lock(work)
    days = tuple(sorted([*(day.day for day in put), *back]))
    if not days:
        return Change(int(work.value("select foundation.calendar_version(%(r)s)", r=region)))
    version = store.next_version(work)
    new = store.open_calendar(work, region=region)
    store.put(work, region=region, days=put, version=version)
    store.take_back(work, region=region, days=back)
    since = kept.first_day if new else days[0]
    store.renumber(work, region=region, since=since, version=version)
    work.record(
        CalendarChanged(
            region=region,
            first_day=days[0],
            last_day=days[-1],
            calendar_version=version,
            days=len(days),
            reason=reason,
        )
    )
    return Change(version, days)


def _missing_years(*, until: int, after: date) -> dict[date, Day]:
    """Return the years between the end of the calendar and a later year, so that no gap is left."""
    years = range(after.year + 1, until)
    return {day.day: day for year in years for day in provisional.year(year)}


def _check_region(region: str) -> None:
    if not (len(region) == 6 and region.isascii() and region.isdigit()):
        raise Invalid(
            Problem("region", "区划代码应为六位数字，不能是“{text}”", {"text": region[:20]})
        )


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise Invalid(Problem("reason", "请写明变更日历的原因"))
    if len(reason) > NAME_MAX:
        raise Invalid(Problem("reason", "原因不能超过 {most} 个字", {"most": NAME_MAX}))


def _check_inside(kept: store.Kept, first: date, last: date) -> None:
    if first < kept.first_day or last > kept.last_day:
        raise Invalid(
            Problem(
                "day",
                "日期应在 {first} 到 {last} 之间",
                {"first": kept.first_day.isoformat(), "last": kept.last_day.isoformat()},
            )
        )


def _check_days(days: Sequence[Day]) -> int:
    """Return the year the days are of; refuse days that cannot be what they are said to be."""
    if not days:
        raise Invalid(Problem("days", "没有任何日期可以导入"))
    year = max(day.day.year for day in days)
    problems: list[Problem] = []
    seen: set[date] = set()
    for day in days:
        where = {"day": day.day.isoformat()}
        weekend = day.day.weekday() >= 5
        if day.day in seen:
            problems.append(Problem("days", "{day} 出现了两次", where))
        if day.day.year != year and (day.day.year, day.day.month) != (year - 1, 12):
            problems.append(Problem("days", "{day} 与其他日期不在同一年，请分年导入", where))
        if day.kind is Kind.MAKE_UP and not weekend:
            problems.append(Problem("days", "{day} 不是周末，不能是调休上班日", where))
        if day.kind is Kind.WORKING and weekend:
            problems.append(Problem("days", "{day} 是周末，上班应填“调休上班”", where))
        if day.kind is Kind.WEEKEND and not weekend:
            problems.append(Problem("days", "{day} 不是周末，放假应填“节假日”", where))
        seen.add(day.day)
    if problems:
        raise Invalid(*problems)
    return year
