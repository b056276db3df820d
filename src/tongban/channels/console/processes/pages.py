"""Processes in the console: the list, and a definition that is drawn, checked and tried unkept."""

from starlette.requests import Request
from starlette.responses import Response

from tongban import identity, process
from tongban.channels.shell.flow import flow, marks_of
from tongban.channels.shell.forms import text, uploads
from tongban.channels.shell.pages import page, saving, visitor
from tongban.channels.shell.render import show
from tongban.foundation.errors import Invalid, Problem
from tongban.foundation.work import Work

READ, EDIT, PUBLISH = "process.read", "process.draft", "process.publish"
PAGE = 50
STATE_KINDS = {"draft": "plain", "review": "info", "published": "good", "withdrawn": "warn"}


def listing(request: Request, work: Work) -> Response:
    """Every process that the officer may read, with what is published and what is being drawn."""
    asked = request.query_params
    search, department = asked.get("q", "").strip()[:100], asked.get("department", "")
    found = process.processes(
        work, search=search, department=department, after=asked.get("after", ""), limit=PAGE + 1
    )
    units = {unit.code: unit.name for unit in identity.departments(work)}
    return show(
        request,
        "console/processes/list.html",
        lines=process.seen(work, found[:PAGE]),
        next=found[PAGE - 1].process if len(found) > PAGE else "",
        first=not asked.get("after"),
        search=search,
        department=department,
        departments=list(units.items()),
        units=units,
        states=process.DRAFT_STATES,
        state_kinds=STATE_KINDS,
        may_edit=work.actor.may(EDIT),
    )


def design(request: Request, work: Work) -> Response:
    """The designer with what was sent: drawn, checked, with the findings on the chart."""
    return designer(request, work, sent(request))


def designer(
    request: Request,
    work: Work,  # noqa: ARG001 - what every page has.
    definition: process.Definition,
    *,
    draft: process.Draft | None = None,
    refused: str = "",
) -> Response:
    """The designer with a definition; ``refused`` says why a draft was not saved."""
    language = visitor(request).language
    chosen = process.main_process(definition).id
    report = process.judged(process.write(definition).decode(), chosen)
    drawn = process.with_diagram(definition, process=chosen)
    return show(
        request,
        "console/processes/design.html",
        status=409 if refused else 200,
        xml=process.write(drawn).decode(),
        process=process.the_process(drawn, chosen),
        report=report,
        flow=flow(
            drawn,
            process.the_process(drawn, chosen),
            language=language,
            marks=marks_of(report.findings),
        ),
        roles=[(role.value, name) for role, name in identity.ROLE_NAMES.items()],
        specials=[(one.value, name) for one, name in process.SPECIAL_NAMES.items()],
        units=[(one.value, name) for one, name in process.UNIT_NAMES.items()],
        draft=draft,
        refused=refused,
    )


def download(request: Request, work: Work) -> Response:  # noqa: ARG001
    """The definition as a file."""
    definition = sent(request)
    name = definition.processes[0].id if definition.processes else "process"
    return as_file(name, process.write(definition))


def as_file(name: str, bpmn: bytes) -> Response:
    """Send a definition as a file of this name."""
    safe = "".join(one for one in name if one.isascii() and (one.isalnum() or one in "-_"))
    return Response(
        bpmn,
        media_type="application/xml",
        headers={"content-disposition": f'attachment; filename="{safe or "process"}.bpmn"'},
    )


def sent(request: Request) -> process.Definition:
    """The definition of the form: an uploaded file or a text."""
    found = uploaded(request)
    if found is not None:
        return found
    xml = text(request, "xml")
    if xml:
        return process.read(xml.encode())
    raise Invalid(Problem("file", "请选择一个 BPMN 文件"))


def uploaded(request: Request) -> process.Definition | None:
    """The definition of an uploaded file, if there is one."""
    files = [one for one in uploads(request) if one.field == "file" and one.content]
    return process.read(files[0].content) if files else None


routes = [
    page("/console/processes", listing, name="console.processes", permit=READ),
    saving("/console/processes/design", design, name="console.process_design", permit=READ),
    saving("/console/processes/file", download, name="console.process_file", permit=READ),
]
