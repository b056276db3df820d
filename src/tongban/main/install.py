"""From an empty database to one that can serve: schema, calendar, demonstration city."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import psycopg

from tongban import documents
from tongban.foundation.actor import SYSTEM
from tongban.foundation.work import Work
from tongban.main import migrate, postgres, seed, wiring
from tongban.main.settings import Settings


def prepare(settings: Settings, *, say: Callable[[str], None]) -> None:
    """Bring the database to where this version can serve; what is there already stays as it is."""
    applied = migrate.migrate(settings.owner_url)
    if applied:
        say(f"数据库结构已更新 / schema updated: {', '.join(applied)}")
    try:
        documents.installed_fonts()
    except documents.FontsMissing as missing:
        say(str(missing))
    with open_work(settings.database_url) as work:
        wiring.prepare(work)
        mark(work, "schema", migrate.newest())
    if settings.demonstration:
        seed.plant(settings.database_url, say=say)
    with open_work(settings.database_url) as work:
        mark(work, "ready", "")


@contextmanager
def open_work(url: str) -> Iterator[Work]:
    """Open one transaction of the system itself, as the application's role; commit at the end."""
    with psycopg.connect(url) as connection:
        connection.execute("set role tongban_app")
        connection.commit()
        with connection.transaction():
            yield Work(connection, actor=SYSTEM, now=datetime.now(UTC))


def mark(work: Work, name: str, value: str) -> None:
    """Note that something has been put in place, so that the next start need not look again."""
    work.run(
        """
        insert into foundation.seeded (name, hash, at) values (%(name)s, %(hash)s, %(now)s)
        on conflict (name) do update set hash = excluded.hash, at = excluded.at
         where seeded.hash <> excluded.hash
        """,
        name=name,
        hash=value,
        now=work.now,
    )


def marked(work: Work, name: str) -> str | None:
    """Return what was noted under a name, or None."""
    found: str | None = work.value(
        "select hash from foundation.seeded where name = %(name)s", name=name
    )
    return found


def fingerprint(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def welcome(settings: Settings) -> str:
    """Return what is printed once everything runs: where to go, and with which accounts."""
    address = f"http://{settings.host}:{settings.port}"
    lines = [
        "",
        f"通办已就绪 / Tongban is ready:  {address}",
        "",
        f"  门户 portal      {address}/",
        f"  综合窗口 counter  {address}/counter",
        f"  审批 workbench   {address}/workbench",
        f"  管理 console     {address}/console",
        f"  接口 API         {address}/api/v1/docs",
    ]
    if settings.demonstration:
        lines += ["", "演示账号（虚构） / demonstration accounts (fictional):", ""]
        lines += [f"  {a.login:<12} {a.password:<14} {a.says}" for a in seed.accounts()]
    return "\n".join([*lines, "", "Ctrl-C 停止 / to stop."])


@contextmanager
def database(settings: Settings) -> Iterator[Settings]:
    """Give settings with a database: the one named, the running embedded one, or one started now.

    An embedded database that is started for one command is stopped after it.
    """
    if settings.database_url:
        yield settings
        return
    running = postgres.running(settings.data)
    started = None if running else postgres.start(settings.data)
    server = running or started
    assert server is not None
    try:
        configured = replace(
            settings, database_url=server.url(), owner_url=server.url("tongban_owner")
        )
        if started:
            migrate.migrate(configured.owner_url)
            with open_work(configured.database_url) as work:
                wiring.prepare(work)
                mark(work, "schema", migrate.newest())
        yield configured
    finally:
        if started:
            started.stop()
