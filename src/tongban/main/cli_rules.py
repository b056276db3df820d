"""``tongban dmn``: decision models from the command line."""

import json
import sys
from pathlib import Path

import click

from tongban.main.language import LANGUAGE
from tongban.rules import ModelError, RuleError, Severity, to_json
from tongban.rules.analysis import translator
from tongban.rules.checking import check_file, explain_file
from tongban.rules.explanation import explanation_text
from tongban.rules.tck import report, run_tck, total

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group()
def dmn() -> None:
    """Check, evaluate and test DMN decision models. / 检查、试算、测试决策模型。"""


@dmn.command()
@click.argument("file", type=FILE)
@LANGUAGE
def check(file: Path, language: str) -> None:
    """Say in words what is wrong or remarkable in FILE.

    Ends with 0 if nothing worse than a note was found, 1 with warnings, 2 with errors.
    """
    try:
        found = check_file(file, language)
    except ModelError as error:
        click.echo(error.reason.text(translator(language)), err=True)
        sys.exit(int(Severity.ERROR))
    click.echo(found.text)
    sys.exit(int(found.severity or Severity.NOTE))


@dmn.command("eval")
@click.argument("file", type=FILE)
@click.option("--decision", required=True, help="Name of the decision.")
@click.option("--input", "given", default="{}", help="Facts as a JSON object, or @FILE with one.")
@click.option("--explain", "explaining", is_flag=True, help="Say which rules fired and why.")
@LANGUAGE
def evaluate(file: Path, decision: str, given: str, explaining: bool, language: str) -> None:
    """Decide with FILE and print the value as JSON.

    Ends with 0 if the decision is complete, 1 if it is for a person (what is missing is on stderr).
    """
    translate = translator(language)
    try:
        found = explain_file(file, decision, _facts(given))
    except RuleError as error:
        raise click.ClickException(error.reason.text(translate)) from error
    click.echo(to_json(found.value))
    if explaining:
        click.echo(explanation_text(found, language))
    elif found.needs_person:
        click.echo(explanation_text(found, language), err=True)
    sys.exit(1 if found.needs_person else 0)


def _facts(given: str) -> dict[str, object]:
    try:
        text = Path(given[1:]).read_text(encoding="utf-8") if given.startswith("@") else given
        found = json.loads(text)
    except (OSError, ValueError) as error:
        raise click.BadParameter(f"--input: {error}") from error
    if not isinstance(found, dict):
        raise click.BadParameter("--input must be a JSON object with one entry for each fact.")
    return found


@dmn.command()
@click.argument("directory", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--details", is_flag=True, help="Show what each failing case expected.")
def tck(directory: Path, details: bool) -> None:
    """Run a DIRECTORY laid out as the DMN conformance kit and count what passes.

    Cases that expect a value and cases that expect an error are counted apart. Ends with 1 when a
    case failed or none was found.
    """
    tallies = run_tck(directory)
    click.echo(report(tallies, details))
    whole = total(tallies, "")
    failed = whole.values_failed + whole.errors_failed
    passed = whole.values_passed + whole.errors_passed
    sys.exit(1 if failed or not passed else 0)
