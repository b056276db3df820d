"""Importing a table of local items into an empty catalogue: how fast, at what cost, how it grows.

    python bench/imports.py --items 1000000

The table says what 3,400 services say, county after county. After each hundred thousand items, and
at the end, a line tells items a second (wall clock), CPU of this process and of the whole cluster
for each item, the largest memory of this process, and the size of the database. Then the same file
is imported again, which changes nothing. The cluster is a throwaway one; CPU is read from /proc, so
that this runs on Linux only.
"""

import argparse
import gc
import os
import resource
import time
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from click import echo as say
from local_items import MAPPING, write_items

from catalogue import names
from tongban import catalogue
from tongban.foundation.actor import SYSTEM
from tongban.foundation.work import Work
from tongban.main import install, postgres, wiring
from tongban.main.imports import COLLECTED_AFTER, WRITERS
from tongban.main.migrate import migrate

TICK = os.sysconf("SC_CLK_TCK")


class Meter:
    """Tells what was used since it was last asked."""

    def __init__(self, url: str) -> None:
        self.url = url
        with psycopg.connect(url) as connection:
            [[folder]] = connection.execute("show data_directory").fetchall()
        self.server = int((Path(folder) / "postmaster.pid").read_text().split()[0])
        self.last = self._now()

    def tell(self, what: str, items: int) -> None:
        now = self._now()
        wall, ours, theirs = (new - old for new, old in zip(now, self.last, strict=True))
        self.last = now
        with psycopg.connect(self.url) as connection:
            [[size]] = connection.execute("select pg_database_size(current_database())").fetchall()
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        say(
            f"{what:12} {items:>9,} items {wall:7.0f} s {items / wall:7,.0f} a second;"
            f" CPU of an item {ours / items * 1e6:4.0f} us ours, {theirs / items * 1e6:4.0f} us"
            f" PostgreSQL's; memory {memory:,.0f} MB, database {size / 1e6:,.0f} MB"
        )

    def _now(self) -> tuple[float, float, float]:
        parent, own, theirs = _of_process(self.server)
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                parent, own, _ = _of_process(int(pid))
            except OSError:  # It has ended since.
                continue
            theirs += own if parent == self.server else 0
        return time.perf_counter(), time.process_time(), theirs


def _of_process(pid: int) -> tuple[int, float, float]:
    """Return the parent of a process, its seconds of CPU, and these with its ended children's."""
    told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    own, ended = (int(told[i]) + int(told[i + 1]) for i in (11, 13))
    return int(told[1]), own / TICK, (own + ended) / TICK


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--slice", type=int, default=100_000, help="tell after so many items")
    told = parser.parse_args()
    gc.set_threshold(COLLECTED_AFTER)
    with postgres.throwaway() as running, TemporaryDirectory() as folder:
        migrate(running.url("tongban_owner"))
        url = running.url("postgres")
        with psycopg.connect(url) as connection:
            wiring.prepare(Work(connection, actor=SYSTEM, now=datetime.now(UTC)))
        file = Path(folder) / "items.tsv"
        write_items(file, names(), number=told.items)
        say(f"{told.items:,} rows, {file.stat().st_size / 1e6:,.0f} MB; load {os.getloadavg()}")
        for turn in ("imported", "again"):
            _import(url, file, turn=turn, items=told.items, slice_=told.slice)


def _import(url: str, file: Path, *, turn: str, items: int, slice_: int) -> None:
    whole, part = Meter(url), Meter(url)
    next_at = slice_

    def advance(done: int, total: int) -> None:
        nonlocal next_at
        if items * done / total >= next_at and items > slice_:
            part.tell(f"to {next_at // 1000} k", slice_)
            next_at += slice_

    with install.works(url) as open_work:
        report = catalogue.import_items(
            open_work,
            file=file,
            mapping=catalogue.read_mapping(MAPPING),
            rejects=file.with_name("rejects.jsonl"),
            progress=advance,
            writers=WRITERS,
        )
        assert (report.read, report.rejected) == (items, 0), report
        # Told while the connection lasts: of a process that is just ending nothing can be read.
        whole.tell(turn, report.read)
    say(f"load {os.getloadavg()}")


if __name__ == "__main__":
    main()
