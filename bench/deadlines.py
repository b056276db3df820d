"""What it costs to reckon all running clocks anew when the calendar changes.

A PostgreSQL of its own with the demonstration city and, by default, a million generated cases that
are all open, so that a million clocks run. Then the calendar changes as it does in life, and every
clock is reckoned as the product does it: part by part, each a job and a transaction. CPU time is
that of the database backend.

    python bench/deadlines.py [--clocks 1000000]
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import psycopg

sys.path[:0] = [str(Path(__file__).parents[1] / part) for part in ("src", "tests", "bench")]
os.environ.setdefault("TONGBAN_KEY_FILE", f"{tempfile.mkdtemp(prefix='tongban-bench-')}/key")

from generated import generate  # noqa: E402
from installed import backend_seconds, connected, installed  # noqa: E402

from tongban.cases.commands import counting  # noqa: E402
from tongban.foundation import calendar, jobs  # noqa: E402
from tongban.foundation.actor import SYSTEM  # noqa: E402
from tongban.foundation.calendar import Day, Kind  # noqa: E402
from tongban.foundation.calendar.events import CalendarChanged  # noqa: E402
from tongban.foundation.connection import Connection  # noqa: E402
from tongban.foundation.work import Work  # noqa: E402
from tongban.main import wiring  # noqa: E402

TODAY = datetime.now(UTC).date()
BAR = 10.0
NATION, CITY = "000000", "990100"
Change = Callable[[Work], object]


def changes() -> list[tuple[str, str, Change]]:
    """Return what happens to a calendar in life: what it is, where, and the act."""
    soon = following(TODAY + timedelta(days=1))
    later = following(TODAY + timedelta(days=14))
    new_year = following(date(TODAY.year + 1, 1, 2))
    sunday = new_year + timedelta(days=6 - new_year.weekday())

    def holiday(day: date) -> Change:
        return lambda work: calendar.correct_day(
            work, region=NATION, day=Day(day, Kind.HOLIDAY, "放假"), reason="临时放假"
        )

    return [
        (f"{later} becomes a holiday", NATION, holiday(later)),
        (
            f"{later} is worked after all",
            NATION,
            lambda work: calendar.correct_day(
                work, region=NATION, day=Day(later, Kind.WORKING, ""), reason="取消放假"
            ),
        ),
        (
            f"the notice for {new_year.year} comes, two days differ",
            NATION,
            lambda work: calendar.import_year(
                work,
                region=NATION,
                days=[
                    Day(date(new_year.year, 1, 1), Kind.HOLIDAY, "元旦"),
                    Day(new_year, Kind.HOLIDAY, "元旦"),
                    Day(sunday, Kind.MAKE_UP, "元旦"),
                ],
            ),
        ),
        (
            f"work stops in the city on {soon}",
            CITY,
            lambda work: calendar.add_stop_work(
                work, region=CITY, first=soon, last=soon, reason="台风"
            ),
        ),
        (f"{soon} becomes a holiday", NATION, holiday(soon)),
    ]


def following(day: date) -> date:
    """Return the day, or the Monday after it at a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() >= 5 else 0)


def reckon(url: str, what: str, region: str, change: Change) -> None:
    """Change the calendar, reckon all clocks anew, and say what the second cost."""
    with connected(url) as connection:
        work = Work(connection, actor=SYSTEM, now=datetime.now(UTC))
        change(work)
        body = work.value(
            "select body::text from foundation.event where topic = %(topic)s"
            " order by id desc limit 1",
            topic="calendar.CalendarChanged",
        )
        connection.commit()
        work = Work(connection, actor=SYSTEM, now=datetime.now(UTC))
        event = msgspec.json.decode(body, type=CalendarChanged)
        running = work.value("select count(*) from cases.clock where state = 'running'")
        backend = connection.info.backend_pid
        before, began = backend_seconds(backend), time.monotonic()
        counting.move_due_dates(work, change=event)
        connection.commit()
        parts(connection)
        used, took = backend_seconds(backend) - before, time.monotonic() - began
        moved = work.value(
            "select count(*) from cases.due_date_change where changed_at >= %(now)s", now=work.now
        )
    sys.stdout.write(
        f"{TODAY} {what} ({region}): {moved:,} of {running:,} running clocks moved"
        f" ({moved / running:.0%}); {used:.1f} s CPU, {took:.1f} s elapsed"
        f"   [bar {BAR:g} s: {'met' if used <= BAR else 'MISSED'}]\n"
    )
    sys.stdout.flush()


def parts(connection: Connection) -> None:
    """Do what is due now: the further parts, and not the last look."""
    while taken := jobs.take(Work(connection, actor=SYSTEM, now=datetime.now(UTC))):
        connection.commit()
        jobs.perform(Work(connection, actor=SYSTEM, now=datetime.now(UTC)), taken)
        connection.commit()


def main() -> None:
    """Print one dated line for each change."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--clocks", type=int, default=1_000_000)
    asked = parser.parse_args()
    wiring.connect()
    with installed(city=True) as ours:
        measure(ours.url, ours.superuser, clocks=asked.clocks)


def measure(url: str, superuser: str, *, clocks: int) -> None:
    with psycopg.connect(superuser, autocommit=True) as connection:
        began = time.monotonic()
        generate(connection, count=clocks, stages=("submitted", "accepted"))
        sys.stdout.write(f"{TODAY} {clocks:,} cases in {time.monotonic() - began:.0f} s\n")
        # What else the city would do by itself is not what is measured.
        connection.execute("update foundation.job set done_at = now() where done_at is null")
        for what, region, change in changes():
            reckon(url, what, region, change)
            # As autovacuum does between two changes of a calendar.
            connection.execute("vacuum (analyze) cases.clock, cases.case_file")


if __name__ == "__main__":
    main()
