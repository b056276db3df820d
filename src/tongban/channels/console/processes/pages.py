"""The process designer: a definition is drawn, checked, tried by simulation, kept as a file."""

from starlette.requests import Request
from starlette.responses import Response

from tongban import identity, process
from tongban.channels.console.processes import trying
from tongban.channels.shell.forms import text, uploads
from tongban.channels.shell.pages import page, saving, visitor
from tongban.channels.shell.render import show
from tongban.foundation.errors import Invalid, Problem
from tongban.foundation.work import Work

READ, EDIT = "process.read", "process.publish"
LEVELS = {process.Severity.ERROR: "danger", process.Severity.WARNING: "warn"}


def listing(request: Request, work: Work) -> Response:
    """Where designing begins: an empty chart, or a file."""
    return show(request, "console/processes/list.html", may_edit=work.actor.may(EDIT))


def design(request: Request, work: Work) -> Response:
    """The designer with what was sent: drawn, checked, with the findings on the chart."""
    definition = _sent(request)
    language = visitor(request).language
    chosen = _process_of(definition)
    report = process.check(
        definition, process=chosen, known_roles=[role.value for role in identity.Role]
    )
    drawn = process.with_diagram(definition, process=chosen)
    shown = process.the_process(drawn, chosen)
    marks = _marks(report)
    graph = process.examine(shown).graph
    return show(
        request,
        "console/processes/design.html",
        xml=process.write(drawn).decode(),
        process=shown,
        report=report,
        levels=LEVELS,
        kinds=process.KIND_NAMES,
        severities=process.SEVERITY_NAMES,
        wide=process.chart(drawn, shown, marks=marks, language=language).svg,
        tall=process.chart(drawn, shown, marks=marks, language=language, down=True).svg,
        steps=process.outline(graph, marks=marks, language=language),
        marks=process.MARK_NAMES,
        roles=[(role.value, name) for role, name in identity.ROLE_NAMES.items()],
        specials=[(one.value, name) for one, name in process.SPECIAL_NAMES.items()],
        units=[(one.value, name) for one, name in process.UNIT_NAMES.items()],
        may_edit=work.actor.may(EDIT),
    )


def download(request: Request, work: Work) -> Response:  # noqa: ARG001
    """The definition as a file."""
    definition = _sent(request)
    name = definition.processes[0].id if definition.processes else "process"
    safe = "".join(letter for letter in name if letter.isascii() and letter.isalnum()) or "process"
    return Response(
        process.write(definition),
        media_type="application/xml",
        headers={"content-disposition": f'attachment; filename="{safe}.bpmn"'},
    )


def simulate(request: Request, work: Work) -> Response:  # noqa: ARG001
    """Run cases through what was sent, perhaps beside another version."""
    definition = _sent(request)
    language = visitor(request).language
    shown = process.the_process(definition, _process_of(definition))
    graph = process.examine(shown).graph
    asked = trying.asked(request, graph)
    outcomes, names = [], [shown.name or shown.id]
    outcomes.append(process.simulate(graph, asked.assumptions, promised=asked.promised))
    other = trying.other_version(request)
    if other is not None:
        compared = process.the_process(other, _process_of(other))
        outcomes.append(
            process.simulate(
                process.examine(compared).graph, asked.assumptions, promised=asked.promised
            )
        )
        names.append(f"{compared.name or compared.id} (2)")
    return show(
        request,
        "console/processes/simulate.html",
        xml=process.write(definition).decode(),
        process=shown,
        asked=asked,
        names=names,
        rows=process.simulation_rows(outcomes, language=language),
        curves=process.picture(outcomes, names, language=language),
        outcomes=outcomes,
    )


def _sent(request: Request) -> process.Definition:
    """The definition of the form: an uploaded file, a text, or an empty chart."""
    files = [one for one in uploads(request) if one.field == "file" and one.content]
    if files:
        return process.read(files[0].content)
    sent = text(request, "xml")
    if sent:
        return process.read(sent.encode())
    if text(request, "blank"):
        begun = process.first_process("新流程", begin="收到申请", step="办理", end="办结")
        return process.stored(begun)
    raise Invalid(Problem("file", "请选择一个 BPMN 文件"))


def _process_of(definition: process.Definition) -> str:
    """The process that is meant where a file has several: the largest one."""
    if not definition.processes:
        return ""
    return max(definition.processes, key=lambda one: len(one.content.nodes)).id


def _marks(report: process.Report) -> dict[str, str]:
    """The worst finding of each node that a finding is foremost about."""
    found: dict[str, str] = {}
    for finding in reversed(report.findings):
        if finding.nodes and finding.severity >= process.Severity.WARNING:
            found[finding.nodes[0]] = finding.severity.name.lower()
    return found


routes = [
    page("/console/processes", listing, name="console.processes", permit=READ),
    saving("/console/processes/design", design, name="console.process_design", permit=READ),
    saving("/console/processes/file", download, name="console.process_file", permit=READ),
    saving("/console/processes/simulate", simulate, name="console.process_simulate", permit=READ),
]
