"""What ``tongban import`` does: open the work, show progress, keep the rejected lines."""

import gc
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import msgspec

from tongban import catalogue, identity
from tongban.foundation import calendar as calendars
from tongban.foundation.errors import Invalid, Problem
from tongban.foundation.messages import said
from tongban.main import install
from tongban.main.language import chosen
from tongban.main.settings import Settings

COLLECTED_AFTER = 100_000
# Two keep a machine with two cores busy; more only wait for each other.
WRITERS = 2


def guides(settings: Settings, file: Path) -> dict[str, Any]:
    """Import service guides and return the counts.

    :raises Refusal: if nothing of the file can be read.
    """
    rejects = _rejects(settings, file)
    with _bar("guides") as advance, install.works(settings.database_url) as open_work:
        report = catalogue.import_guides(
            open_work,
            file=file,
            rejects=rejects,
            progress=advance,
            writers=WRITERS,
        )
    _tell_number(report)
    counts: dict[str, Any] = json.loads(report.as_json())
    return counts


def items(settings: Settings, file: Path, *, mapping: catalogue.Mapping | None) -> dict[str, Any]:
    """Import the services of a file and return the counts.

    :param mapping: how a table is read; None: the file holds one JSON object a line.
    :raises Refusal: if nothing of the file can be read.
    """
    if mapping is None:
        return guides(settings, file)
    rejects = _rejects(settings, file)
    with (
        _bar("items") as advance,
        _rarely_collected(),
        install.works(settings.database_url) as open_work,
    ):
        report = catalogue.import_items(
            open_work,
            file=file,
            mapping=mapping,
            rejects=rejects,
            progress=advance,
            writers=WRITERS,
        )
    _tell_number(report)
    counts: dict[str, Any] = json.loads(report.as_json())
    return counts


def preview(settings: Settings, file: Path, *, mapping: catalogue.Mapping | None) -> str:
    """Return, as one JSON object, what importing a file would change.

    :raises Refusal: if nothing of the file can be read.
    """
    with install.open_work(settings.database_url) as work:
        source = catalogue.mapped_rows(file, mapping) if mapping else catalogue.records(file)
        found = catalogue.preview_items(work, source=source)
    told: dict[str, Any] = msgspec.to_builtins(found)
    for one in told["altered"]:
        changes = (Problem("", *change) for change in one["changes"])
        one["changes"] = [said(change, chosen()) for change in changes]
    return json.dumps(told, ensure_ascii=False)


def undo(settings: Settings, number: int) -> str:
    """Undo an import and return, as one JSON object, what became of its services.

    :raises Refusal: if it cannot be undone.
    """
    with install.open_work(settings.database_url) as work:
        report = catalogue.undo_import(work, number=number)
    return json.dumps(asdict(report))


def _tell_number(report: catalogue.ImportReport) -> None:
    if report.accepted:
        click.echo(f"tongban import undo {report.number}  # 撤销这次导入 / undoes this", err=True)


def mapping(table: Path, format_: str | None, file: Path | None) -> catalogue.Mapping | None:
    """Return the mapping of a known format or of a file, or else what the table's headings say.

    Return None for a file with one JSON object a line, which needs none.

    :raises Refusal: if there is no such mapping.
    """
    if format_ and file:
        raise click.UsageError("--format or --map, not both / --format 与 --map 只能给出一个")
    if format_:
        return catalogue.shipped_mapping(format_)
    if file is None:
        return None if catalogue.holds_guides(table) else catalogue.suggested_for(table)
    try:
        return catalogue.read_mapping(file.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeError) as error:
        raise click.ClickException(f"{file}: {error}") from error


def draft(table: Path) -> str:
    """Return a first mapping for a table, in TOML.

    :raises UnreadableFile: if nothing of the file can be read.
    """
    return catalogue.suggested_mapping(catalogue.headings(table))


def calendar(settings: Settings, file: Path, *, region: str) -> dict[str, Any]:
    """Import the days of a year from a notice and return the counts."""
    if not file.is_file():
        raise click.ClickException(f"{file}: no such file / 没有这个文件")
    rejects = _rejects(settings, file)
    rejects.touch()
    try:
        days = calendars.read_csv(file)
        with install.open_work(settings.database_url) as work:
            change = calendars.import_year(work, region=region, days=days, reason=str(file.name))
    except Invalid as refusal:
        told = [
            {"field": problem.field, "reason": str(problem), "reason_en": said(problem, "en")}
            for problem in refusal.problems
        ]
        lines = [json.dumps(each, ensure_ascii=False) + "\n" for each in told]
        rejects.write_text("".join(lines), encoding="utf-8")
        for problem in refusal.problems:
            click.echo(f"{problem.field}: {said(problem, chosen())}", err=True)
        return _counts(read=len(told), rejected=len(told), rejects=rejects)
    changed = min(len(change.days), len(days))
    return _counts(read=len(days), accepted=changed, unchanged=len(days) - changed, rejects=rejects)


def divisions(settings: Settings, file: Path) -> dict[str, Any]:
    """Import administrative divisions and return the counts.

    :raises Invalid: if nothing of the file can be read.
    """
    with install.open_work(settings.database_url) as work:
        report = identity.import_divisions(work, file=file, rejects=_rejects(settings, file))
    return asdict(report)


def _counts(
    *,
    read: int,
    accepted: int = 0,
    unchanged: int = 0,
    rejected: int = 0,
    rejects: Path,
) -> dict[str, Any]:
    return {
        "read": read,
        "accepted": accepted,
        "unchanged": unchanged,
        "rejected": rejected,
        "rejects_file": str(rejects),
    }


def _rejects(settings: Settings, file: Path) -> Path:
    folder = settings.data / "rejects"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{file.stem}-{datetime.now(UTC):%Y%m%d-%H%M%S}.jsonl"


@contextmanager
def _rarely_collected() -> Iterator[None]:
    """What an import makes and drops refers to nothing in circles: looking for some costs more."""
    before = gc.get_threshold()
    gc.set_threshold(COLLECTED_AFTER, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def _bar(label: str) -> Iterator[Any]:
    """Show progress by bytes on standard error; standard output is for the counts."""
    with click.progressbar(length=1, label=label, file=sys.stderr) as bar:

        def advance(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        yield advance
