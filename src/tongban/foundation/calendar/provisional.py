"""Where the days of the country come from: published notices, and the law where none is out yet.

The General Office of the State Council publishes the days off of a year in the autumn before it;
chinesecalendar carries the notices. For later years stand the thirteen days of
全国年节及纪念日放假办法 (in force since 2025-01-01, arts. 2 and 6): a holiday that falls on a
weekend is made up for by a day off, here the next working day. Which weekends are worked in
exchange for longer holidays only the notice can say, so there are none in a provisional year.
"""

from collections.abc import Iterator
from datetime import date

from tongban.foundation.calendar.model import (
    ONE_DAY,
    Day,
    Kind,
    Status,
    every_day,
    weekly_rule,
)

FIRST_YEAR = 2004

# Month and day of 春节 (正月初一), 清明, 端午 (五月初五), 中秋 (八月十五): facts of the lunisolar
# calendar (GB/T 33661) that no simple rule gives. A test holds them against a library.
MOVABLE: dict[int, tuple[tuple[int, int], tuple[int, int], tuple[int, int], tuple[int, int]]] = {
    2027: ((2, 6), (4, 5), (6, 9), (9, 15)),
    2028: ((1, 26), (4, 4), (5, 28), (10, 3)),
    2029: ((2, 13), (4, 4), (6, 16), (9, 22)),
    2030: ((2, 3), (4, 5), (6, 5), (9, 12)),
    2031: ((1, 23), (4, 5), (6, 24), (10, 1)),
    2032: ((2, 11), (4, 4), (6, 12), (9, 19)),
    2033: ((1, 31), (4, 4), (6, 1), (9, 8)),
    2034: ((2, 19), (4, 5), (6, 20), (9, 27)),
    2035: ((2, 8), (4, 5), (6, 10), (9, 16)),
    2036: ((1, 28), (4, 4), (5, 30), (10, 4)),
    2037: ((2, 15), (4, 4), (6, 18), (9, 24)),
    2038: ((2, 4), (4, 5), (6, 7), (9, 13)),
    2039: ((1, 24), (4, 5), (5, 27), (10, 2)),
    2040: ((2, 12), (4, 4), (6, 14), (9, 20)),
    2041: ((2, 1), (4, 4), (6, 3), (9, 10)),
    2042: ((1, 22), (4, 4), (6, 22), (9, 28)),
    2043: ((2, 10), (4, 5), (6, 11), (9, 17)),
    2044: ((1, 30), (4, 4), (5, 31), (10, 5)),
    2045: ((2, 17), (4, 4), (6, 19), (9, 25)),
    2046: ((2, 6), (4, 4), (6, 8), (9, 15)),
    2047: ((1, 26), (4, 5), (5, 29), (10, 4)),
    2048: ((2, 14), (4, 4), (6, 15), (9, 22)),
    2049: ((2, 2), (4, 4), (6, 4), (9, 11)),
    2050: ((1, 23), (4, 4), (6, 23), (9, 30)),
    2051: ((2, 11), (4, 5), (6, 13), (9, 19)),
    2052: ((2, 1), (4, 4), (6, 1), (9, 7)),
    2053: ((2, 19), (4, 4), (6, 20), (9, 26)),
    2054: ((2, 8), (4, 4), (6, 10), (9, 16)),
    2055: ((1, 28), (4, 5), (5, 30), (10, 5)),
    2056: ((2, 15), (4, 4), (6, 17), (9, 24)),
    2057: ((2, 4), (4, 4), (6, 6), (9, 13)),
    2058: ((1, 24), (4, 4), (6, 25), (10, 2)),
    2059: ((2, 12), (4, 5), (6, 14), (9, 21)),
    2060: ((2, 2), (4, 4), (6, 3), (9, 9)),
}
# Beyond it there is only the weekly rule.
LAST_YEAR = max(MOVABLE)


def published_years() -> range:
    from chinese_calendar import constants

    return range(FIRST_YEAR, max(constants.holidays).year + 1)


def year(number: int) -> list[Day]:
    """Return every day of a year: as published, else provisional."""
    if number in published_years():
        found, otherwise = published(number), Status.OFFICIAL
    else:
        found, otherwise = by_law(number), Status.PROVISIONAL
    days = every_day(date(number, 1, 1), date(number, 12, 31))
    return [found.get(day) or weekly_rule(day, status=otherwise) for day in days]


def published(number: int) -> dict[date, Day]:
    """Return the days of a published year on which its notice departs from the weekly rule."""
    from chinese_calendar import constants

    names = {holiday.value: holiday.chinese for holiday in constants.Holiday}
    sources = ((constants.holidays, Kind.HOLIDAY), (constants.workdays, Kind.MAKE_UP))
    return {
        day: Day(day, kind, names.get(name, name))
        for days, kind in sources
        for day, name in days.items()
        if day.year == number
    }


def by_law(number: int) -> dict[date, Day]:
    """Return the holidays of a year by the law alone, with a day off for each on a weekend."""
    law = sorted(_statutory(number))
    off = dict(law)
    # Two holidays on one weekend day are two days off, which is why the list is gone through.
    for day, name in law:
        if day.weekday() >= 5:
            instead = day
            while instead in off or instead.weekday() >= 5:
                instead += ONE_DAY
            off[instead] = name
    return {day: Day(day, Kind.HOLIDAY, name, Status.PROVISIONAL) for day, name in off.items()}


def _statutory(year: int) -> Iterator[tuple[date, str]]:
    yield date(year, 1, 1), "元旦"
    if year in MOVABLE:
        spring, tomb_sweeping, dragon_boat, mid_autumn = (date(year, *md) for md in MOVABLE[year])
        for offset in range(-1, 3):  # 除夕 to 正月初三
            yield spring + offset * ONE_DAY, "春节"
        yield tomb_sweeping, "清明"
        yield dragon_boat, "端午"
        yield mid_autumn, "中秋"
    for day in (1, 2):
        yield date(year, 5, day), "劳动节"
    for day in (1, 2, 3):
        yield date(year, 10, day), "国庆节"
