"""Published processes: a version with its chart and check, all versions, two of them compared."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from tongban import identity, process
from tongban.channels.console.processes.binding import bind, bound, release
from tongban.channels.console.processes.pages import EDIT, PUBLISH, READ, as_file
from tongban.channels.shell.flow import Flow, flow, marks_of, published_flow
from tongban.channels.shell.forms import text, whole
from tongban.channels.shell.pages import action, page, visitor
from tongban.channels.shell.render import show
from tongban.foundation.errors import NotFound
from tongban.foundation.messages import translate
from tongban.foundation.work import Work

DRAFT = "draft"


def one(request: Request, work: Work) -> Response:
    """A process: the version in force or another one, its chart, what the check says of it."""
    code = request.path_params["process"]
    asked = whole(request.query_params.get("version", "")) or 0
    found = _published(work, code, asked)
    language = visitor(request).language
    line = found.line
    report = process.judged(process.write(found.definition).decode(), code)
    versions = process.versions(work, process=code)
    where = {"department": line.department, "region": line.region}
    return show(
        request,
        "console/processes/process.html",
        line=line,
        running=line.version == versions[0].version,
        versions=versions,
        flow=published_flow(found, language=language, marks=marks_of(report.findings)),
        report=report,
        draft=process.draft_of(work, process=code),
        unit=_unit(work, line.department),
        bound=bound(work, code),
        typed=text(request, "item") if request.method == "POST" else "",
        may_bind=work.actor.may(PUBLISH),
        may_edit=work.actor.may(EDIT, **where),
        may_migrate=work.actor.may("process.migrate", **where),
        may_watch=work.actor.may("process.watch", **where),
    )


def _published(work: Work, code: str, version: int) -> process.Published:
    found = process.published(work, process=code, version=version)
    work.actor.must(READ, department=found.line.department, region=found.line.region)
    return found


def _unit(work: Work, code: str) -> str:
    try:
        return identity.department(work, code=code).name
    except NotFound:
        return code


def file(request: Request, work: Work) -> Response:
    code, version = request.path_params["process"], request.path_params["version"]
    found = _published(work, code, version)
    return as_file(f"{code}-{version}", process.write(found.definition))


@dataclass(frozen=True, slots=True)
class Side:
    """One of two versions that are compared: how it is named, and what it says."""

    value: str
    label: str
    definition: process.Definition
    process: process.Process


def compare(request: Request, work: Work) -> Response:
    """Two versions side by side, or a version and the draft; the differences in words."""
    code = request.path_params["process"]
    versions = process.versions(work, process=code)
    draft = process.draft_of(work, process=code)
    language = visitor(request).language
    newest = DRAFT if draft else (str(versions[0].version) if versions else "")
    before = str(versions[0 if draft or len(versions) < 2 else 1].version) if versions else ""
    old = _side(work, code, request.query_params.get("old", before), language)
    new = _side(work, code, request.query_params.get("new", newest), language)
    found = process.compare(old.process, new.process)
    options = [(str(line.version), _named(line.version, language)) for line in versions]
    if draft:
        options.insert(0, (DRAFT, translate("草稿", language)))
    return show(
        request,
        "console/processes/compare.html",
        code=code,
        old=old,
        new=new,
        old_flow=_drawn(old, found.old_marks, language),
        new_flow=_drawn(new, found.new_marks, language),
        changes=[change.said(language) for change in found.changes],
        options=options,
    )


def _named(version: int, language: str) -> str:
    return translate("第 {n} 版", language, n=version)


def _side(work: Work, code: str, value: str, language: str) -> Side:
    if value == DRAFT:
        number = process.draft_of(work, process=code)
        if number is None:
            raise process.NoSuchDraft
        draft = process.draft(work, draft=number)
        work.actor.must(READ, department=draft.department, region=draft.region)
        definition = process.read(draft.bpmn.encode())
        label = translate("草稿", language)
        return Side(value, label, definition, process.the_process(definition, code))
    found = _published(work, code, whole(value) or 0)
    label = _named(found.line.version, language)
    return Side(str(found.line.version), label, found.definition, found.process)


def _drawn(side: Side, marks: Mapping[str, str], language: str) -> Flow:
    return flow(side.definition, side.process, language=language, marks=marks)


ONE = "/console/processes/published/{process}"
routes = [
    page(ONE, one, name="console.process_one", permit=READ),
    action(ONE + "/bind", bind, name="console.process_bind", permit=PUBLISH, again=one),
    action(ONE + "/release", release, name="console.process_release", permit=PUBLISH),
    page(ONE + "/compare", compare, name="console.process_compare", permit=READ),
    page(ONE + "/{version:int}/file", file, name="console.process_version_file", permit=READ),
]
