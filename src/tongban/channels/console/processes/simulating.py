"""Simulation of a process: by assumptions or by its past, alone or beside another version."""

from collections.abc import Mapping
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response

from tongban import identity, process
from tongban.channels.console.processes import trying
from tongban.channels.console.processes.pages import READ, sent
from tongban.channels.shell.forms import text, uploads, whole
from tongban.channels.shell.pages import page, saving, visitor
from tongban.channels.shell.render import show
from tongban.foundation.messages import translate
from tongban.foundation.work import Work


def try_published(request: Request, work: Work) -> Response:
    """A published version, run by the usual assumptions."""
    version = whole(request.query_params.get("version", "")) or 0
    found = process.published(work, process=request.path_params["process"], version=version)
    work.actor.must(READ, department=found.line.department, region=found.line.region)
    return _simulated(request, work, found.definition)


def simulate(request: Request, work: Work) -> Response:
    """What was sent, run by what the form supposes, perhaps beside another version."""
    return _simulated(request, work, sent(request))


def _simulated(request: Request, work: Work, definition: process.Definition) -> Response:
    language = visitor(request).language
    shown = process.main_process(definition)
    graph = process.examine(shown).graph
    versions = _versions(work, shown.id, language)
    wanted = text(request, "basis") == "past" and bool(versions)
    past = process.experience(work, process=shown.id) if wanted else None
    asked = trying.asked(request, graph, past)
    against = _against(request, work, shown.id, versions)
    compared = {shown.name or shown.id: graph} | against
    if asked.problems:
        # What was typed is shown again, each fault at its field, and nothing is run by half of it.
        request.state.problems = asked.problems
        compared = {}
    outcomes = [
        _called(process.simulate(one, asked.assumptions, promised=asked.promised), language)
        for one in compared.values()
    ]
    names = list(compared)
    return show(
        request,
        "console/processes/simulate.html",
        xml=process.write(definition).decode(),
        process=shown,
        code=shown.id,
        known=bool(versions),
        asked=asked,
        past=past,
        no_past=wanted and past is None,
        names=names,
        named=list(zip(names, outcomes, strict=True)),
        rows=process.simulation_rows(outcomes, language=language),
        curves=process.picture(outcomes, names, language=language),
        versions=list(versions.items()),
        against=text(request, "against"),
        draft=text(request, "draft"),
        revision=text(request, "revision"),
        status=422 if asked.problems else 200,
    )


def _called(outcome: process.Outcome, language: str) -> process.Outcome:
    """The same outcome with roles by their names instead of their codes."""
    names = {role.value: translate(name, language) for role, name in identity.ROLE_NAMES.items()}
    loads = (replace(load, role=names.get(load.role, load.role)) for load in outcome.roles)
    return replace(outcome, roles=tuple(loads))


def _versions(work: Work, code: str, language: str) -> dict[str, str]:
    """The published versions that the officer may compare with, by their number."""
    return {
        str(line.version): translate("第 {n} 版", language, n=line.version)
        for line in process.versions(work, process=code)
        if work.actor.may(READ, department=line.department, region=line.region)
    }


def _against(
    request: Request, work: Work, code: str, versions: Mapping[str, str]
) -> dict[str, process.Graph]:
    """What to run beside: an uploaded file, or another version of the same process."""
    files = [one for one in uploads(request) if one.field == "other" and one.content]
    if files:
        other = process.main_process(process.read(files[0].content))
        return {f"{other.name or other.id} (2)": process.examine(other).graph}
    chosen = text(request, "against")
    if chosen not in versions:
        return {}
    found = process.published(work, process=code, version=int(chosen))
    return {f"{found.line.name} · {versions[chosen]}": found.graph}


routes = [
    page(
        "/console/processes/published/{process}/simulate",
        try_published,
        name="console.process_try",
        permit=READ,
    ),
    saving("/console/processes/simulate", simulate, name="console.process_simulate", permit=READ),
]
