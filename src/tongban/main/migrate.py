"""Brings a database to the schema that this version of the code expects.

Migrations are plain SQL files in ``migrations/``, applied in the order of their numbers by
yoyo-migrations, each in a transaction of its own, under a lock so that two starts do not collide.
"""

from contextlib import redirect_stdout
from importlib.resources import files
from io import StringIO
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import psycopg

# A migration that cannot get its lock quickly would make every request behind it wait.
LIMITS = "-c lock_timeout=5s -c statement_timeout=15min"
APPLICATION_ROLE = "tongban_app"


def folder() -> Path:
    """Return the folder of migrations: of the installed package, else of the source tree."""
    packaged = Path(str(files("tongban"))) / "migrations"
    return packaged if packaged.is_dir() else Path(__file__).parents[3] / "migrations"


def newest() -> str:
    """Return the name of the last migration this version of the code knows."""
    return max(file.stem for file in folder().glob("*.sql"))


def migrate(url: str, *, migrations: Path | None = None) -> list[str]:
    """Apply what is missing and return the names of the migrations applied.

    :param url: a connection of the role that is to own the schema.
    """
    # Not needed by those who only ask which migrations there are, as every start does.
    from yoyo import get_backend, read_migrations

    ensure_application_role(url)
    backend = get_backend(_yoyo_url(url))
    found = read_migrations(str(migrations or folder()))
    with backend.lock(timeout=60):
        waiting = backend.to_apply(found)
        names = [migration.id for migration in waiting]
        # What a statement returns is printed there, and is of no use to whoever starts the product.
        with redirect_stdout(StringIO()):
            backend.apply_migrations(waiting)
    backend.connection.close()
    return names


def pending(url: str) -> list[str]:
    """Return the names of the migrations that the database still lacks."""
    expected = sorted(file.stem for file in folder().glob("*.sql"))
    with psycopg.connect(url) as connection:
        if connection.execute("select to_regclass('public._yoyo_migration')").fetchone() == (None,):
            return expected
        rows = connection.execute("select migration_id from _yoyo_migration").fetchall()
    return [name for name in expected if name not in {row[0] for row in rows}]


def ensure_application_role(url: str) -> None:
    """Create the role under which the application works, where it does not exist yet.

    It owns nothing, so that neither a mistake nor an intruder can switch row-level security off.
    """
    with psycopg.connect(url, autocommit=True) as connection:
        exists = "select 1 from pg_roles where rolname = %s"
        if connection.execute(exists, [APPLICATION_ROLE]).fetchone() is None:
            try:
                connection.execute("create role tongban_app nologin")
            except psycopg.errors.DuplicateObject:
                pass  # Another start was quicker.
            else:
                connection.execute("grant tongban_app to current_user")


def _yoyo_url(url: str) -> str:
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    query["options"] = f"{query.get('options', '')} {LIMITS}".strip()
    return urlunsplit(
        ("postgresql+psycopg", parts.netloc, parts.path, urlencode(query, quote_via=quote), "")
    )
