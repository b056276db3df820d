"""``tongban lint``: the quality of the catalogue from the command line."""

import json
import sys
from collections.abc import Iterator
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


def exported(settings: Settings, form: str, *, region: str, base: str) -> Iterator[str]:
    """Return the present versions of the items of a region, line by line."""
    items = _items(settings, region)
    match form:
        case "csv":
            yield from catalogue.as_csv(items)
        case "jsonl":
            yield from catalogue.as_jsonl(items)
        case _:
            for item in items:
                yield json.dumps(catalogue.as_cpsv(item, base=base), ensure_ascii=False) + "\n"


def _items(settings: Settings, region: str) -> Iterator[catalogue.Item]:
    with install.open_work(settings.database_url) as work:
        after = ""
        while found := catalogue.present_after(work, code=after, limit=500, region=region):
            yield from found
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
