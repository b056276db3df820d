"""From an empty database to one that can serve: schema, calendar, demonstration city."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psycopg

import tongban
from tongban.foundation import secrets
from tongban.foundation.actor import SYSTEM
from tongban.foundation.connection import Connection, transaction
from tongban.foundation.work import Work
from tongban.main import city, migrate, postgres, schemes
from tongban.main.settings import BadSetting, Settings

# Under this name stands a hash that tells whether a key file is the right one.
KEY = "key"


def prepare(settings: Settings, *, say: Callable[[str], None]) -> None:
    """Bring the database to where this version can serve; what is there already stays as it is."""
    told = all_that_is_put_in_place(settings)
    if _was_prepared(settings, told):
        must_have_key(settings.database_url)
        return
    # Loading everything that a first start needs takes seconds, which every other start saves.
    from tongban import documents
    from tongban.main import seed, wiring

    applied = migrate.migrate(settings.owner_url)
    if applied:
        say(f"数据库结构已更新 / schema updated: {', '.join(applied)}")
    must_have_key(settings.database_url)
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
        mark(work, "ready", told)


def _was_prepared(settings: Settings, told: str) -> bool:
    """Tell whether the last start put in place just what this one would."""
    try:
        with psycopg.connect(settings.owner_url) as connection:
            row = connection.execute(
                "select hash from foundation.seeded where name = 'ready'"
            ).fetchone()
    except (psycopg.errors.UndefinedTable, psycopg.errors.InsufficientPrivilege):
        return False
    return row == (told,)


def all_that_is_put_in_place(settings: Settings) -> str:
    """Return a hash of what a start depends on: code, migrations, city, and the calendar's year.

    Size and time of each file tell whether it is another one; reading them all would take longer
    than what is saved.
    """
    package = Path(tongban.__file__).parent
    folders = [package, migrate.folder(), *([city.folder()] if settings.demonstration else [])]
    stats = [
        (str(file), stat.st_size, stat.st_mtime_ns)
        for folder in folders
        for file in sorted(folder.rglob("*.*"))
        if "__pycache__" not in file.parts and (stat := file.stat())
    ]
    published = version("chinesecalendar"), datetime.now(UTC).year
    return fingerprint(repr((published, stats)).encode())


@contextmanager
def open_work(url: str) -> Iterator[Work]:
    """Open one transaction of the system itself, as the application's role; commit at the end."""
    with works(url) as open_one, open_one() as work:
        yield work


@contextmanager
def works(url: str) -> Iterator[Callable[[], AbstractContextManager[Work]]]:
    """Give what opens transactions of the system, one after the other or several at a time.

    There are as many connections as there were transactions at a time.
    """
    with ExitStack() as held:

        def connected() -> Connection:
            connection = held.enter_context(Connection.connect(url))
            connection.execute("set role tongban_app")
            connection.commit()
            return connection

        idle = [connected()]

        @contextmanager
        def open_one() -> Iterator[Work]:
            try:
                connection = idle.pop()
            except IndexError:
                connection = connected()
            try:
                with transaction(connection):
                    yield Work(connection, actor=SYSTEM, now=datetime.now(UTC))
            finally:
                idle.append(connection)

        yield open_one


def must_have_key(url: str) -> None:
    """Refuse to run on a database with another key than the one it was filled under.

    Otherwise a lost key file would be made anew in silence: what is stored could not be read any
    more, and what comes in would be readable under another key only. The first start notes a hash.

    :raises BadSetting: if the key file is missing, no key, or another one.
    """
    with open_work(url) as work:
        if work.value("select to_regclass('foundation.seeded')") is None:
            return  # Nothing is stored yet.
        file = secrets.key_file()
        if marked(work, KEY) and not file.exists():
            raise BadSetting(
                f"密钥文件 {file} 不存在，而数据库里的个人信息是用它加密的。请从备份恢复这个文件，"
                "或用 TONGBAN_KEY_FILE 指定它的位置。"
                f" / The key file {file} is missing: restore it, or name it in TONGBAN_KEY_FILE."
            )
        if not opens(work):
            raise BadSetting(
                f"密钥文件 {file} 不是这个数据库的密钥，无法读取其中的个人信息。"
                "请换回原来的密钥文件，或检查 DATABASE_URL 是否正确。"
                f" / {file} is not the key of this database: put the right one back,"
                " or check DATABASE_URL."
            )


def opens(work: Work) -> bool:
    """Tell whether our key is that of the database. The first key that asks becomes it."""
    try:
        ours = secrets.vault().keyed_hash("installation").hex()
    except secrets.WrongKey:
        return False
    work.run(
        """
        insert into foundation.seeded (name, hash, at) values (%(name)s, %(hash)s, %(now)s)
        on conflict do nothing
        """,
        name=KEY,
        hash=ours,
        now=work.now,
    )
    return marked(work, KEY) == ours


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
        lines += [f"  {a.login:<12} {a.password:<14} {a.says}" for a in city.accounts()]
    return "\n".join([*lines, "", "Ctrl-C 停止 / to stop."])


@contextmanager
def database(settings: Settings) -> Iterator[Settings]:
    """Give settings with a database: the one named, the running embedded one, or one started now.

    An embedded database that is started for one command is stopped after it.

    :raises BadSetting: if the installation's own schemes of codes cannot be so.
    """
    schemes.take_up(settings)
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
            # Loaded only here, as in ``prepare``.
            from tongban.main import wiring

            migrate.migrate(configured.owner_url)
            must_have_key(configured.database_url)
            with open_work(configured.database_url) as work:
                wiring.prepare(work)
                mark(work, "schema", migrate.newest())
        yield configured
    finally:
        if started:
            started.stop()
