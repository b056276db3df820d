"""``tongban bpmn``: process definitions from the command line."""

import sys
from pathlib import Path
from typing import Any

import click

from tongban.main.language import LANGUAGE
from tongban.process import (
    Assumptions,
    Faulty,
    check,
    examine,
    picture,
    read,
    read_assumptions,
    simulate,
    simulation_told,
    the_process,
)

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)
SOUND, ERRORS, NOT_PROVEN = 0, 1, 2


@click.group()
def bpmn() -> None:
    """Check and simulate BPMN process definitions. / 检查、模拟流程定义。"""


@bpmn.command("check")
@click.argument("file", type=FILE)
@click.option("--process", default="", help="Id of the process, where the file has several.")
@click.option("--roles", default=None, help="Codes of the roles that somebody has, by commas.")
@click.option("--promised", default=0, help="Working days promised to the applicant.")
@LANGUAGE
def check_file(file: Path, process: str, roles: str | None, promised: int, language: str) -> None:
    """Say in words what stands against publishing the process in FILE.

    Ends with 0 if it is sound (warnings may remain), 1 if there are errors, 2 if it is not proven
    either way or the file cannot be read.
    """
    known = None if roles is None else [role.strip() for role in roles.split(",")]
    try:
        report = check(
            read(file.read_bytes()), process=process, known_roles=known, promised=promised
        )
    except Faulty as refused:
        click.echo(refused.told(language), err=True)
        sys.exit(NOT_PROVEN)
    click.echo(report.told(language))
    sys.exit({True: SOUND, False: ERRORS, None: NOT_PROVEN}[report.sound])


@bpmn.command("simulate")
@click.argument("file", type=FILE)
@click.option("--assumptions", "supposed", type=FILE, help="JSON with arrivals, officers, times.")
@click.option("--against", type=FILE, help="Another version, run with the same assumptions.")
@click.option("--process", default="", help="Id of the process, where a file has several.")
@click.option("--promised", default=0, help="Working days promised to the applicant.")
@click.option("--svg", type=click.Path(path_type=Path, dir_okay=False), help="Write the curves.")
@LANGUAGE
def simulate_file(file: Path, language: str, **given: Any) -> None:
    """Say how cases would fare on the process in FILE: times, waiting, bottleneck, promise.

    The seed is one of the assumptions; the same seed gives the same result. Ends with 2 if
    something cannot be read.
    """
    files = [file, *([given["against"]] if given["against"] else [])]
    try:
        supposed = given["supposed"]
        assumed = read_assumptions(supposed.read_bytes()) if supposed else Assumptions()
        outcomes = []
        for one in files:
            graph = examine(the_process(read(one.read_bytes()), given["process"])).graph
            outcomes.append(simulate(graph, assumed, promised=given["promised"]))
    except Faulty as refused:
        click.echo(refused.told(language), err=True)
        sys.exit(NOT_PROVEN)
    click.echo(simulation_told(outcomes, language=language))
    if given["svg"]:
        names = [one.stem for one in files]
        given["svg"].write_text(picture(outcomes, names, language=language), encoding="utf-8")
