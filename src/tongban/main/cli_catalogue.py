"""``tongban lint``, ``export`` and the national exchange from the command line."""

import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from tongban import catalogue
from tongban.foundation.messages import translate
from tongban.main import install
from tongban.main.settings import Settings


def lint(settings: Settings, *, as_json: bool, language: str) -> None:
    """Look over the whole catalogue, keep what is found, and say it."""
    with click.progressbar(length=1, label="lint", file=sys.stderr) as bar:
        report = catalogue.lint_catalogue(
            lambda: install.open_work(settings.database_url),
            progress=lambda done: bar.update(done - bar.pos),
        )
    if as_json:
        click.echo(json.dumps(_told(report), ensure_ascii=False))
        return
    for rule, items in report.rules.most_common():
        found = catalogue.LINT_RULES[rule]
        severity = translate(found.severity.label, language)
        click.echo(f"{items:>8}  {severity:<8} {rule:<32} {translate(found.message, language)}")
    click.echo(f"{report.items} items, {report.with_errors} with errors")


def export_items(
    settings: Settings, form: str, out: Path | None, *, region: str, base: str
) -> None:
    """Write the present versions of the items of a region, one at a time, and say how many.

    The counts are the last line, one JSON object, on standard output; on standard error where the
    services themselves go to standard output.
    """
    written = 0
    with click.progressbar(_in_order(settings, region), label="items", file=sys.stderr) as items:

        def counted() -> Iterator[catalogue.Item]:
            nonlocal written
            for item in items:
                written += 1
                yield item

        told: dict[str, object] = {}
        if form == "xlsx":
            if out is None:
                raise click.UsageError("xlsx: --out FILE / xlsx 须用 --out 给出文件")
            told["cut"] = catalogue.write_workbook(counted(), out)
        elif out is None:
            for line in _lines(counted(), form, base):
                click.echo(line, nl=False)
        else:
            with out.open("w", encoding="utf-8", newline="") as file:
                file.writelines(_lines(counted(), form, base))
    told = {"written": written, "file": str(out or "-")} | told
    click.echo(json.dumps(told, ensure_ascii=False), err=out is None)


def _lines(items: Iterator[catalogue.Item], form: str, base: str) -> Iterator[str]:
    match form:
        case "csv":
            yield from catalogue.as_csv(items)
        case "jsonl":
            yield from catalogue.as_jsonl(items)
        case _:
            for item in items:
                yield json.dumps(catalogue.as_cpsv(item, base=base), ensure_ascii=False) + "\n"


def exchange(
    settings: Settings, folder: Path, *, form: str, batch: str, check_again: bool, **asked: Any
) -> Iterator[str]:
    """Make batches until nothing is left to be sent, or take a known one; write their files.

    Each batch commits before its files are written: a file can be written again, a batch cannot.

    :param check_again: look over once more what was held back.
    :param asked: what else is asked of a batch, as ``catalogue.make_batch`` takes it.
    :raises NoSuchBatch: if there is no such batch.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if batch:
        yield _written(settings, folder, form, batch)
        return
    if check_again:
        with install.open_work(settings.database_url) as work:
            catalogue.check_again(work)
    while True:
        with install.open_work(settings.database_url) as work:
            made = catalogue.make_batch(work, **asked)
        if made is None:
            return
        yield _written(settings, folder, form, made.number)


def _written(settings: Settings, folder: Path, form: str, number: str) -> str:
    tables: dict[str, list[dict[str, str]]] = defaultdict(list)
    with install.open_work(settings.database_url) as work:
        made = catalogue.batch(work, number=number)
        after = ""
        while rows := catalogue.batch_rows(work, number=number, after=after):
            for row in rows:
                tables[row.table_name].append(catalogue.exchanged(row, batch=number))
            after = rows[-1].row_guid
    for table, lines in tables.items():
        file = folder / f"{number}-{table}.{form}"
        if form == "csv":
            columns = sorted({name for line in lines for name in line})
            content = "".join(catalogue.exchange_csv(lines, columns=columns))
        else:
            content = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        file.write_text(content, encoding="utf-8", newline="")
    told = {"items": made.items, "rows": made.rows, "held_back": made.held_back}
    return json.dumps({"batch": number} | told)


def refusals(settings: Settings, file: Path | None) -> str:
    """Take rows that came back into the inbox and return what became of them, as JSON.

    :raises Refusal: if the file cannot be read or a line of it says too little.
    """
    with install.open_work(settings.database_url) as work:
        if file is None:
            taken = catalogue.take_returns(work)
        else:
            try:
                text = file.read_text(encoding="utf-8-sig")
            except (OSError, UnicodeError) as error:
                raise click.ClickException(f"{file}: {error}") from error
            taken = catalogue.take_refusals(work, back=catalogue.read_refusals(text))
    return json.dumps(asdict(taken))


def _in_order(settings: Settings, region: str) -> Iterator[catalogue.Item]:
    """Return items so that each follows the one it inherits from: what inherits, region by level.

    The catalogue is read once, and once more for each level at which something inherits.
    """
    waiting: set[int] = set()
    for item in _items(settings, region):
        if item.inherits:
            waiting.add(_level(item.region))
        else:
            yield item
    for level in sorted(waiting):
        for item in _items(settings, region):
            if item.inherits and _level(item.region) == level:
                yield item


def _level(region: str) -> int:
    """Return 0 for the nation, 1 for a province, 2 for a city, 3 for a county."""
    return (len(region.rstrip("0")) + 1) // 2


def _items(settings: Settings, region: str) -> Iterator[catalogue.Item]:
    with install.open_work(settings.database_url) as work:
        after = ""
        while found := catalogue.present_after(work, code=after, limit=500, region=region):
            yield from catalogue.with_everyday_words(work, found)
            after = found[-1].code


def _told(report: catalogue.LintReport) -> dict[str, Any]:
    return {
        "items": report.items,
        "with_errors": report.with_errors,
        "findings": report.findings,
        "rules": {
            rule: {"severity": catalogue.LINT_RULES[rule].severity, "items": items}
            for rule, items in report.rules.most_common()
        },
    }
