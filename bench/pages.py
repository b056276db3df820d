"""What the pages and acts that people use most cost: `make bench`.

CPU time of the application (this process) and of its database connection (its backend, by the
kernel's account), through the real ASGI application with sessions, permissions, row-level security
and templates; only the parsing of HTTP and the network are left out. The database is a PostgreSQL
of its own, with the demonstration city and as many generated cases as asked for.

    python bench/pages.py [--cases 10000,1000000] [--guides FILE] [--rounds 300]
"""

import argparse
import asyncio
import os
import platform
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode

import psycopg

sys.path[:0] = [str(Path(__file__).parents[1] / part) for part in ("src", "tests", "bench")]
os.environ.setdefault("TONGBAN_KEY_FILE", f"{tempfile.mkdtemp(prefix='tongban-bench-')}/key")

from generated import generate  # noqa: E402
from installed import backend_seconds, installed  # noqa: E402

import given_cases  # noqa: E402
from given import Given  # noqa: E402
from tongban import cases, identity  # noqa: E402
from tongban.foundation.actor import SYSTEM, Actor  # noqa: E402
from tongban.foundation.secrets import vault  # noqa: E402
from tongban.foundation.work import Work  # noqa: E402
from tongban.main import imports, settings  # noqa: E402
from tongban.main.app import create_app  # noqa: E402
from tongban.main.pool import open_pool  # noqa: E402
from wire import statements  # noqa: E402

TODAY = datetime.now(UTC).date()
PASSWORD = "sunny-haizhou-26"
CHEAP = identity.Cost(cost=16, block_size=1, parallelism=1)
WARM_UP = 30
BLOCK = 40
APPLICANT = "张小满"
QUERIES = ("食品经营", "护照", "开店", "住房", "补贴", "驾驶证")


@dataclass(slots=True)
class Spent:
    """Milliseconds of CPU for one request; statements without what frames the transaction."""

    application: float = 0.0
    database: float = 0.0
    statements: int = 0
    bytes: float = 0.0

    @property
    def total(self) -> float:
        return self.application + self.database


@dataclass(slots=True)
class Site:
    """The application over a pool of one connection, whose backend is watched."""

    app: Any
    pool: Any
    cookies: dict[str, str] = field(default_factory=dict)
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)

    def ask(self, path: str, data: dict[str, str] | None = None) -> tuple[int, dict[str, str], str]:
        """Send one request into the application, as a server would."""
        return self.loop.run_until_complete(self.answer(path, data))

    async def answer(
        self, path: str, data: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], str]:
        body = urlencode(data or {}).encode()
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {
            "host": "localhost",
            "cookie": cookies,
            "sec-fetch-site": "same-origin",
            "content-type": "application/x-www-form-urlencoded",
            "content-length": str(len(body)),
        }
        address, _, query = path.partition("?")
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": "POST" if data else "GET",
            "scheme": "http",
            "path": address,
            "raw_path": address.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(k.encode(), v.encode()) for k, v in headers.items() if v],
            "server": ("localhost", 80),
            "client": ("127.0.0.1", 1),
        }
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        await self.app(scope, receive, send)
        told = {k.decode(): v.decode() for k, v in sent[0]["headers"]}
        for name, value in sent[0]["headers"]:
            if name == b"set-cookie":
                key, _, rest = value.decode().partition("=")
                self.cookies[key] = rest.partition(";")[0]
        page = b"".join(each.get("body", b"") for each in sent[1:]).decode()
        return sent[0]["status"], told, page

    def token(self) -> str:
        secret = self.cookies.get("tongban_session") or self.cookies["tongban_visit"]
        return vault().keyed_hash("form:" + secret).hex()

    def sign_in(self, login: str) -> None:
        self.cookies.clear()
        self.ask("/sign-in")
        form = {"csrf_token": self.token(), "login": login, "password": PASSWORD}
        status, _, page = self.ask("/sign-in", form)
        assert status == 303, page

    def connection(self) -> psycopg.Connection[Any]:
        """Return the only one, which the pool gives to every request."""
        with self.pool.connection() as connection:
            return connection

    def backend(self) -> int:
        return int(self.connection().info.backend_pid)


def measure(site: Site, requests: Iterator[tuple[str, dict[str, str] | None]]) -> Spent:
    """Send every request; only what happens inside of them counts."""
    return site.loop.run_until_complete(_measure(site, requests))


async def _measure(site: Site, requests: Iterator[tuple[str, dict[str, str] | None]]) -> Spent:
    """One task for all requests, because its end would end the threads that pages run in.

    Other programs on the machine disturb some requests and never speed one up, so what is told is
    the quietest of a few blocks of requests: the medians in it.
    """
    blocks: list[list[Spent]] = [[]]
    backend = site.backend()
    for number, (path, data) in enumerate(requests):
        before, before_there = time.process_time(), backend_seconds(backend) * 1e3
        status, _, page = await site.answer(path, data)
        spent = Spent(
            (time.process_time() - before) * 1000,
            backend_seconds(backend) * 1e3 - before_there,
            bytes=len(page.encode()),
        )
        assert status in (200, 303), f"{path}: {status} {page[:2000]}"
        if number < WARM_UP:
            continue
        if len(blocks[-1]) == BLOCK:
            blocks.append([])
        blocks[-1].append(spent)
    quietest = min((medians(block) for block in blocks), key=lambda spent: spent.total)
    if data is None:
        with statements(site.connection()) as sent:
            await site.answer(path)
        quietest.statements = len(sent)
    return quietest


def medians(block: list[Spent]) -> Spent:
    """Return what a request of a block cost at the median."""
    return Spent(
        median(each.application for each in block),
        median(each.database for each in block),
        bytes=median(each.bytes for each in block),
    )


def submissions(site: Site, url: str, rounds: int) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield submissions of applications with two files, filled in over another connection."""
    with psycopg.connect(url) as connection:
        connection.execute("set role tongban_app")
        work = Work(connection, actor=SYSTEM, now=datetime.now(UTC))
        item = Given(work).item(code=f"BENCH-{time.monotonic_ns()}")
        person = identity.actor(work, id=applicant(connection))
        connection.commit()
        for number in range(rounds):
            prepare_draft(connection, item, person)
            yield (
                f"/apply/{item.code}/submit",
                {
                    "csrf_token": site.token(),
                    "idempotency_key": f"{item.code}-{number:08}",
                    "declared": "1",
                },
            )


def applicant(connection: Any) -> str:
    """Return the person of these benchmarks."""
    found = connection.execute("select id from identity.person where name = %s", [APPLICANT])
    return str(found.fetchone()[0])


def prepare_draft(connection: Any, item: Any, person: Actor) -> None:
    work = Work(connection, actor=person, now=datetime.now(UTC))
    filled = given_cases.filled_for(work, item, by=person, holder=person.id, files=2)
    cases.save_draft(work, item_code=item.code, holder=person.id, filled=filled)
    connection.commit()


def statements_of_a_submission(site: Site, url: str) -> int:
    """Return how many are sent for one submission, from the session to the kept answer."""
    for path, data in submissions(site, url, 2):
        with statements(site.connection()) as sent:
            status, _, page = site.ask(path, data)
        assert status == 303, page
    return len(sent)


def people(url: str) -> None:
    """Make an applicant, an officer of one department and one of the whole city."""
    with psycopg.connect(url) as connection:
        connection.execute("set role tongban_app")
        work = Work(connection, actor=SYSTEM, now=datetime.now(UTC))
        given = Given(work)
        unit = given.department(name="海州市行政审批局", code="BENCH-01")
        both = ["clerk", "handler"]
        for login, actor in (
            ("bench-person", given.person(name=APPLICANT)),
            ("bench-clerk", given.officer(role=both, department=unit.code)),
            ("bench-city", given.officer(role=both, department=unit.code, region="990100")),
        ):
            identity.open_account(
                work, subject=actor.id, login=login, password=PASSWORD, cost=CHEAP
            )


def say(what: str, spent: Spent, bar: float | None = None) -> None:
    line = (
        f"{TODAY} {what:<44} {spent.total:6.2f} ms CPU = application {spent.application:5.2f}"
        f" + PostgreSQL {spent.database:5.2f}"
    )
    if spent.statements:
        line += f"; {spent.statements} SQL"
    if spent.bytes > 1000:
        line += f"; {spent.bytes / 1024:.0f} KiB"
    if bar is not None:
        line += f"   [bar {bar:g} ms: {'met' if spent.total <= bar else 'MISSED'}]"
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def pages(site: Site, rounds: int, *paths: str) -> Spent:
    return measure(site, ((paths[n % len(paths)], None) for n in range(WARM_UP + rounds)))


def everything(site: Site, url: str, superuser: str, asked: argparse.Namespace) -> None:
    rounds = asked.rounds
    people(url)
    site.sign_in("bench-person")
    spent = measure(site, submissions(site, url, WARM_UP + rounds))
    spent.statements = statements_of_a_submission(site, url)
    say("submit, 1 material with 2 files", spent, 4)
    site.cookies.clear()
    with psycopg.connect(superuser) as connection:
        codes = [
            row[0]
            for row in connection.execute(
                "select code from catalogue.item where code not like 'BENCH-%' order by code"
            )
        ]
    guides = [f"/items/{code}" for code in codes[:40]]
    say(f"guide page, {len(guides)} services in turn", pages(site, rounds, *guides), 1)
    say("home page", pages(site, rounds, "/"))
    say("search page, 6 queries in turn", pages(site, rounds, *(
        f"/search?{urlencode({'q': q})}" for q in QUERIES
    )))  # fmt: skip
    for count in sorted(asked.cases):
        began = time.monotonic()
        with psycopg.connect(superuser, autocommit=True) as connection:
            generate(connection, count=count)
        took = time.monotonic() - began
        sys.stdout.write(f"{TODAY} {count:,} generated cases in {took:.0f} s\n")
        for login, who in (("bench-clerk", "one department"), ("bench-city", "whole city")):
            site.sign_in(login)
            for path in ("/counter", "/workbench?desk=handling"):
                spent = pages(site, rounds, path)
                say(f"{path.partition('?')[0]}, {who}, {count:,} cases", spent, 5)
        site.sign_in("bench-person")
        say(f"own cases, {count:,} cases", pages(site, rounds, "/my"))


def import_figure(configured: settings.Settings, file: Path) -> None:
    began, cpu = time.monotonic(), time.process_time()
    counts = imports.guides(configured, file)
    took, used = time.monotonic() - began, time.process_time() - cpu
    sys.stdout.write(
        f"{TODAY} {counts['accepted']} of {counts['read']} guides imported in {took:.1f} s"
        f" ({used:.1f} s CPU of the application)   [bar 20 s]\n"
    )


def main() -> None:
    """Print one dated line for each figure."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--cases", type=_numbers, default=[10_000])
    parser.add_argument("--guides", type=Path)
    parser.add_argument("--rounds", type=int, default=300)
    asked = parser.parse_args()
    with installed(city=True) as ours:
        pool = open_pool(ours.url, size=1)
        site = Site(create_app(pool), pool)
        try:
            everything(site, ours.url, ours.superuser, asked)
            if asked.guides:
                import_figure(ours.settings, asked.guides)
        finally:
            pool.close()
    versions = f"Python {platform.python_version()}, {os.cpu_count()} cores"
    sys.stdout.write(f"{TODAY} {versions}\n")


def _numbers(text: str) -> list[int]:
    return [int(each) for each in re.split(r"[,\s]+", text.replace("_", ""))]


if __name__ == "__main__":
    main()
