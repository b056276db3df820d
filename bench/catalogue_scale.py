"""A province's catalogue: what a search costs beside its peers, and what the pages cost."""

import resource
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from click import echo as say
from million import FIRST_COUNTY, plant
from pages import Site, measure
from peers import Ask, fts5, full_text, full_text_bytes, said_of_items
from quality import Question, judged

from tongban import catalogue
from tongban.catalogue.finding import live
from tongban.catalogue.finding.loading import Loaded, follow, keep, load
from tongban.foundation.actor import SYSTEM
from tongban.foundation.work import Work
from tongban.main import garbage, postgres
from tongban.main.app import create_app
from tongban.main.pool import open_pool

ROUNDS = 3
# Guides that are asked for again and again, and guides that nobody asked for before.
KNOWN, UNREAD = 40, 600
LOCAL = "select name, region from catalogue.item where status <> 'cancelled' order by code"


@dataclass(frozen=True, slots=True)
class Size:
    """How many counties have every service, and how many items are read from a table."""

    regions: int
    imported: int


def scale(
    server: postgres.Server,
    asked: Sequence[Question],
    names: Sequence[tuple[str, str]],
    size: Size,
) -> None:
    """Fill a catalogue and measure everything over it."""
    url = server.url("postgres")
    total = plant(url, names, regions=size.regions, imported=size.imported)
    over(server, asked, total, FIRST_COUNTY if size.regions else "450101")


def over(server: postgres.Server, asked: Sequence[Question], total: int, region: str) -> None:
    url = server.url("postgres")
    garbage.rest()  # As the web and the worker do.
    with _work(url) as work:
        loaded, memory = index(work)
    with live.using(loaded):
        say(f"\n## {total:,} local items, {len(asked)} questions in one county, {ROUNDS} times")
        say(f"{'':12}{'@1, @5, MRR':>18}{'p50':>12}{'p95':>12}   made in, memory")
        with _work(url) as work:
            ours = partial(_names_found, work, region)
            _line("ours", ours, asked, f"{memory:.0f} MB in the process")
        peers_beside(url, asked, region)
        texts = [question.text for question in asked]
        typed = [text[:n] for text in texts for n in (1, 2, 4)]
        with _work(url) as work:
            timed("suggestion", typed, lambda t: catalogue.suggest(work, typed=t))
            reads(work, region)
        pages(server, region)
    with _work(url) as work:
        wall = time.perf_counter()
        loaded = follow(work, loaded)
        say(f"a look for changes: {(time.perf_counter() - wall) * 1000:.1f} ms")
        publication(work, loaded, region)


@contextmanager
def _work(url: str) -> Iterator[Work]:
    """Work on a connection like those of the web, which plans each statement once."""
    pool = open_pool(url, size=1, statement_timeout="0")
    try:
        with pool.connection() as connection:
            yield Work(connection, actor=SYSTEM, now=datetime.now(UTC))
    finally:
        pool.close()


def index(work: Work) -> tuple[Loaded, float]:
    """Return the index over everything, and by how many megabytes this process grew for it."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    wall, cpu = time.perf_counter(), time.process_time()
    loaded = load(work)
    seconds = f"{time.perf_counter() - wall:.1f} s, {time.process_time() - cpu:.1f} s of our CPU"
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    arrays = loaded.index.postings.memory / 1e6
    tally = loaded.tally
    say(f"index of {len(loaded.documents):,} documents: {seconds}")
    say(f"memory: {grown:.0f} MB more at the peak, {arrays:.0f} MB of it arrays")
    if tally:
        say(f"counts: {len(tally.items):,} sums, taken in {tally.seconds:.1f} s")
    with TemporaryDirectory() as folder:
        keep(work, loaded, Path(folder))
        wall = time.perf_counter()
        load(work, folder=Path(folder), counted=False)
        say(f"index of what another process kept: {time.perf_counter() - wall:.1f} s")
    return loaded, grown


def publication(work: Work, loaded: Loaded, region: str) -> None:
    """Publish another version of a service, and see how long index and counts take to follow."""
    [code] = [line.code for line in catalogue.browse(work, only=catalogue.Filter(at=region)).rows][
        :1
    ]
    item = catalogue.item(work, code=code)
    catalogue.publish(work, item=replace(item, everyday_words=("一百万里找一个",)))
    wall = time.perf_counter()
    followed = follow(work, loaded)
    seconds = time.perf_counter() - wall
    with live.using(followed):
        found = catalogue.find(work, catalogue.Asked("一百万里找一个", region=region, limit=1))
    assert found[0].line.code == code
    behind = followed.tally.behind if followed.tally else ()
    say(f"after a publication index and counts follow in {seconds:.2f} s, behind: {len(behind)}")


def _names_found(work: Work, region: str, text: str) -> list[str]:
    return [one.line.name for one in catalogue.find(work, catalogue.Asked(text, region=region))]


def peers_beside(url: str, asked: Sequence[Question], region: str) -> None:
    """Ask the peers what ours was asked: how well, how long, and in how much memory."""
    with psycopg.connect(url, autocommit=True) as connection, TemporaryDirectory() as folder:
        local = connection.execute(LOCAL).fetchall()
        began = time.perf_counter()
        ask = full_text(connection, said_of_items(local), region)
        held, table = full_text_bytes(connection)
        told = f"{time.perf_counter() - began:.0f} s, index {held / 1e6:.0f} MB"
        _line("PostgreSQL", ask, asked, f"{told}, table with it {table / 1e6:.0f} MB")
        connection.execute("drop table said")
        began = time.perf_counter()
        file = Path(folder) / "said.sqlite"
        ask = fts5(said_of_items(local), region, file)
        told = f"{time.perf_counter() - began:.0f} s, file {file.stat().st_size / 1e6:.0f} MB"
        _line("FTS5", ask, asked, told)
    say("")


def _line(who: str, ask: Ask, asked: Sequence[Question], told: str) -> None:
    quality = judged(ask, asked)  # Whatever is read from disk is in memory after this.
    walls = []
    for question in list(asked) * ROUNDS:
        wall = time.perf_counter()
        ask(question.text)
        walls.append(time.perf_counter() - wall)
    half, most = percentile(walls, 0.5), percentile(walls)
    say(f"{who:12}{quality:>18}{half:>9.1f} ms{most:>9.1f} ms   {told}")


def reads(work: Work, region: str) -> None:
    """Measure what the pages of the portal and the console ask of a catalogue of this size."""
    wall = time.perf_counter()
    catalogue.compare_lists(work)
    say(f"lists compared in the background: {time.perf_counter() - wall:.1f} s")
    at = catalogue.Filter(at=region)
    one = catalogue.browse(work, only=at).rows[0]
    for what, ask in {
        "first page": lambda: catalogue.browse(work),
        "page of a region": lambda: catalogue.browse(work, only=at),
        "page of a department": lambda: catalogue.browse(
            work, only=catalogue.Filter(department=one.department)
        ),
        "page of a region's theme": lambda: catalogue.browse(
            work, only=catalogue.Filter(at=region, theme="户籍办理")
        ),
        "popular in a region": lambda: catalogue.popular(work, only=at),
        **{
            f"counted by {by} {where}": partial(counted, work, by, only)
            for by in (catalogue.By.DEPARTMENT, catalogue.By.REGION, catalogue.By.THEME)
            for where, only in (("everywhere", catalogue.Filter()), ("in a region", at))
        },
        "lists derived by rule, counted": lambda: catalogue.derived_counts(work),
        "items for a bulk change": lambda: catalogue.matching(
            work, only=at, regions=(region,), limit=200
        ),
        "items without a theme, a county": lambda: catalogue.bare_of_theme(work, regions=(region,)),
        "items without a theme, the country": lambda: catalogue.bare_of_theme(work, regions=("",)),
        "examples of themes": lambda: catalogue.themed_names(work),
        "materials to bind, a county": lambda: catalogue.unbound_materials(work, regions=(region,)),
        "materials to bind, the country": lambda: catalogue.unbound_materials(work, regions=("",)),
        "where lists disagree, a county": lambda: catalogue.compared(work, regions=(region,)),
        "where lists disagree, the country": lambda: catalogue.compared(work),
        "items of one kind for a bulk change, the country": lambda: catalogue.matching(
            work, only=catalogue.Filter(kind="01"), regions=("",), limit=200
        ),
        "items of one theme for a bulk change, the country": lambda: catalogue.matching(
            work, only=catalogue.Filter(theme="户籍办理"), regions=("",), limit=200
        ),
    }.items():
        timed(what, [""] * 5, lambda _, ask=ask: ask())


def counted(work: Work, by: catalogue.By, only: catalogue.Filter) -> object:
    """Count as for the first page that asks; what follows finds the answer ready."""
    loaded = live.current()
    if loaded and loaded.tally:
        loaded.tally.known.clear()
    return catalogue.counts(work, by=by, only=only)


def pages(server: postgres.Server, region: str) -> None:
    """Measure pages in this process and in its backend; guides read before, and never read."""
    with psycopg.connect(server.url("postgres")) as connection:
        rows = connection.execute(
            "select '/items/' || code from catalogue.item where region = %s order by code limit %s",
            [region, KNOWN + UNREAD],
        ).fetchall()
    guides = [path for (path,) in rows]
    pool = open_pool(server.url(), size=1)
    site = Site(create_app(pool), pool)
    try:
        for what, paths in {
            f"guide page, {KNOWN} of a county in turn": guides[:KNOWN] * 8,
            f"guide page, {UNREAD} of a county once each": guides[KNOWN:],
            "home page": ["/"] * 120,
            "list of all services": ["/services"] * 120,
        }.items():
            spent = measure(site, ((path, None) for path in paths))
            say(
                f"{what}: {spent.total:.2f} ms of CPU, {spent.database:.2f} of it PostgreSQL,"
                f" {spent.statements} SQL"
            )
    finally:
        pool.close()


def percentile(times: Sequence[float], share: float = 0.95) -> float:
    return sorted(times)[int(len(times) * share)] * 1000


def timed(what: str, texts: Sequence[str], ask: Callable[[str], object]) -> None:
    for text in texts[:4]:  # From the fourth time on a connection has a statement prepared.
        ask(text)
    walls, cpus = [], []
    for text in texts:
        wall, cpu = time.perf_counter(), time.process_time()
        ask(text)
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    shown = f"p50 {percentile(walls, 0.5):.1f} ms, p95 {percentile(walls):.1f} ms"
    say(f"{what}: {shown}; our CPU p95 {percentile(cpus):.1f} ms ({len(texts)} times)")
