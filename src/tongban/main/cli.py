"""The ``tongban`` command."""

import json
import logging
import sys
from pathlib import Path
from typing import Any

import click

from tongban.main import settings
from tongban.main.cli_rules import dmn
from tongban.main.postgres import PostgresRefusal

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@click.group(context_settings=CONTEXT)
@click.version_option(package_name="tongban")
def main() -> None:
    """通办 Tongban: an open platform for government services.

    \b
    tongban up        start everything: database, schema, demonstration city, web, worker
    tongban doctor    say what is wrong with an installation, and what to do

    Settings come from the environment: DATABASE_URL (else a PostgreSQL is brought along and kept
    in TONGBAN_DATA), TONGBAN_OWNER_URL, TONGBAN_PORT (8000), TONGBAN_HOST (127.0.0.1).
    """


@main.command()
def up() -> None:
    """Start everything and stay until Ctrl-C."""
    from tongban.main import up as starting

    try:
        sys.exit(starting.up(settings.read(), say=click.echo))
    except PostgresRefusal as refusal:
        raise click.ClickException(str(refusal)) from refusal


@main.command()
def serve() -> None:
    """Serve the web application (needs DATABASE_URL)."""
    from granian import Granian
    from granian.constants import Interfaces

    configured = _with_database()
    Granian(
        "tongban.main.app:served",
        factory=True,
        address=configured.host,
        port=configured.port,
        interface=Interfaces.ASGI,
        workers=configured.processes,
        websockets=False,
        log_level="warning",  # type: ignore[arg-type]
        respawn_failed_workers=True,
    ).serve()


@main.command()
def worker() -> None:
    """Deliver events and run due jobs (needs DATABASE_URL)."""
    from tongban.channels.shell.observe import log_as_json
    from tongban.main import pool
    from tongban.main import worker as working

    configured = _with_database()
    log_as_json()
    with pool.open_pool(configured.database_url, size=2, statement_timeout="5min") as connections:
        working.run(connections)


@main.command()
def migrate() -> None:
    """Bring the database to the schema of this version."""
    from tongban.main import install
    from tongban.main import migrate as migrating

    with _database() as configured:
        applied = migrating.migrate(configured.owner_url)
        with install.open_work(configured.database_url) as work:
            install.mark(work, "schema", migrating.newest())
    for name in applied:
        click.echo(name)
    click.echo(f"{len(applied)} applied, schema is current.")


@main.command()
def seed() -> None:
    """Plant the demonstration city; running it again changes nothing."""
    from tongban.main import install

    with _database() as configured:
        install.prepare(configured, say=click.echo)


@main.group("import")
def importing() -> None:
    """Import data of others. The last line is one JSON object with the counts."""


@importing.command()
@click.argument("file", type=click.Path(path_type=Path))
def guides(file: Path) -> None:
    """Import service guides from a JSONL file, one guide a line."""
    from tongban.main import imports

    with _database() as configured:
        _report(imports.guides(configured, file))


@importing.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--region", default="000000", show_default=True, help="Division code.")
def calendar(file: Path, region: str) -> None:
    """Import days of the working-day calendar from a CSV file (date,kind,name)."""
    from tongban.main import imports

    with _database() as configured:
        _report(imports.calendar(configured, file, region=region))


@main.command()
def doctor() -> None:
    """Say what is wrong with this installation, and what to do about it."""
    from tongban.main import doctor as examining

    findings = examining.examine(settings.read())
    for finding in findings:
        click.echo(f"{'ok  ' if finding.well else 'BAD '} {finding.what}")
        if not finding.well:
            click.echo(f"     {finding.remedy}")
    sys.exit(0 if all(finding.well for finding in findings) else 1)


main.add_command(dmn)


def _report(counts: dict[str, Any]) -> None:
    click.echo(json.dumps(counts, ensure_ascii=False))
    sys.exit(0 if counts["read"] or not counts["rejected"] else 1)


def _with_database() -> settings.Settings:
    configured = settings.read()
    if not configured.database_url:
        raise click.ClickException(
            "DATABASE_URL is not set. `tongban up` starts a database of its own with everything "
            "else; to run the parts one by one, name one. / 未设置 DATABASE_URL。"
        )
    return configured


def _database() -> Any:
    from tongban.main import install

    logging.basicConfig(level="WARNING")
    return install.database(settings.read())
