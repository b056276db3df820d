"""Drafts of processes: begun, drawn, discussed, and published by a second person."""

from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from tongban import cases, identity, process
from tongban.channels.console.processes.pages import (
    EDIT,
    PUBLISH,
    READ,
    STATE_KINDS,
    as_file,
    designer,
    uploaded,
)
from tongban.channels.shell.flow import flow, marks_of
from tongban.channels.shell.forms import text, whole
from tongban.channels.shell.pages import action, go_to, page, saving, visitor
from tongban.channels.shell.render import said, show
from tongban.foundation.errors import Invalid, NotFound, Problem
from tongban.foundation.work import Work


def new(request: Request, work: Work) -> Response:
    """Where a process begins: whose it is, and an empty chart or a file."""
    units = [
        (unit.code, unit.name)
        for unit in identity.departments(work)
        if work.actor.may(EDIT, department=unit.code, region=unit.region)
    ]
    return show(request, "console/processes/new.html", departments=units, sent=_typed(request))


def _typed(request: Request) -> dict[str, str]:
    return {name: text(request, name) for name in ("department", "name", "code")}


def begin(request: Request, work: Work) -> Response:
    problems = []
    try:
        unit = identity.department(work, code=text(request, "department"))
    except NotFound:
        problems.append(Problem("department", "请选择部门"))
    drawn, name, code = uploaded(request), text(request, "name"), text(request, "code")
    if drawn is None and not name:
        problems.append(Problem("name", "请填写流程名称，或者选择一个文件"))
    if drawn is None and not code:
        problems.append(Problem("code", "请填写流程编号"))
    if problems:
        raise Invalid(*problems)
    if drawn is None:
        words = {"begin": "收到申请", "step": "办理", "end": "办结"}
        drawn = process.stored(process.first_process(name[:200], **words))
    made = process.begin_draft(
        work,
        bpmn=process.write(drawn),
        department=unit.code,
        region=unit.region,
        process=code,
    )
    return go_to(request, "console.process_draw", flash="草稿已建立", draft=str(made))


def next_version(request: Request, work: Work) -> Response:
    """Begin the next version from the one in force."""
    found = process.published(work, process=request.path_params["process"])
    made = process.begin_draft(
        work,
        bpmn=process.write(found.definition),
        department=found.line.department,
        region=found.line.region,
        process=found.line.process,
    )
    return go_to(request, "console.process_draw", flash="草稿已建立", draft=str(made))


def one(request: Request, work: Work) -> Response:
    """A draft on one page: what it says, what the check says, what people say, what is next."""
    draft = opened(request, work)
    language = visitor(request).language
    definition = process.read(draft.bpmn.encode())
    chosen = process.the_process(definition, draft.process)
    report = process.judged(draft.bpmn, draft.process)
    where = {"department": draft.department, "region": draft.region}
    is_open = draft.state in process.OPEN_STATES
    return show(
        request,
        "console/processes/draft.html",
        draft=draft,
        state=process.DRAFT_STATES[draft.state],
        state_kind=STATE_KINDS[draft.state],
        flow=flow(definition, chosen, language=language, marks=marks_of(report.findings)),
        report=report,
        remarks=process.remarks(work, draft=draft.id),
        acts=process.REMARK_NAMES,
        unit=_unit(work, draft.department),
        latest=process.latest(work, process=draft.process),
        own=work.actor.id in draft.authors,
        is_open=is_open,
        may_edit=work.actor.may(EDIT, **where),
        may_publish=work.actor.may(PUBLISH, **where),
    )


def _unit(work: Work, code: str) -> str:
    try:
        return identity.department(work, code=code).name
    except NotFound:
        return code


def draw(request: Request, work: Work) -> Response:
    """The designer with a draft."""
    draft = opened(request, work)
    work.actor.must(EDIT, department=draft.department, region=draft.region)
    draft.must_be(process.DraftState.DRAFT)
    return designer(request, work, process.read(draft.bpmn.encode()), draft=draft)


def save(request: Request, work: Work) -> Response:
    """Keep what was drawn. What cannot be kept stays on the page, with the reason."""
    draft = opened(request, work)
    drawn = text(request, "xml").encode()
    revision = whole(text(request, "revision"))
    try:
        process.save_draft(
            work, draft=draft.id, revision=-1 if revision is None else revision, bpmn=drawn
        )
    except process.Faulty as faulty:
        # No chart, so no designer: the text stays, with what is wrong in it.
        return show(
            request,
            "console/processes/text.html",
            status=422,
            draft=draft,
            revision=revision,
            xml=drawn.decode(),
            refused=said(request, faulty),
        )
    except process.DraftChanged as changed:
        return designer(
            request, work, process.read(drawn), draft=draft, refused=said(request, changed)
        )
    if text(request, "act") == "done":
        return go_to(request, "console.process_draft", flash="草稿已保存", draft=str(draft.id))
    return go_to(request, "console.process_draw", flash="草稿已保存", draft=str(draft.id))


def upload(request: Request, work: Work) -> Response:
    """Take over a file that was drawn with another tool, or change the note."""
    draft = opened(request, work)
    drawn = uploaded(request)
    revision = whole(text(request, "revision"))
    process.save_draft(
        work,
        draft=draft.id,
        revision=-1 if revision is None else revision,
        bpmn=None if drawn is None else process.write(drawn),
        note=text(request, "note"),
    )
    return _back(request, "草稿已保存")


def download(request: Request, work: Work) -> Response:
    draft = opened(request, work)
    return as_file(f"{draft.process}-draft-{draft.revision}", draft.bpmn.encode())


def submit(request: Request, work: Work) -> Response:
    process.submit_draft(work, draft=number(request))
    return _back(request, "已提交审查，请另一位有发布权限的人办理")


def turn_down(request: Request, work: Work) -> Response:
    process.return_draft(work, draft=number(request), reason=text(request, "reason"))
    return _back(request, "已退回修改")


def publish(request: Request, work: Work) -> Response:
    draft = opened(request, work)
    graph = process.examine(
        process.the_process(process.read(draft.bpmn.encode()), draft.process)
    ).graph
    # Cases of today begin with the new version, so it must have the steps that cases need.
    cases.must_carry(
        work, process_id=draft.process, acts={node.attributes.act for node in graph.nodes}
    )
    line = process.publish_draft(work, draft=draft.id, reason=text(request, "reason"))
    return go_to(
        request,
        "console.process_one",
        flash="已发布，今后启动的办件按这一版办理",
        process=line.process,
    )


def withdraw(request: Request, work: Work) -> Response:
    process.withdraw_draft(work, draft=number(request), reason=text(request, "reason"))
    return _back(request, "草稿已撤回，现行版本不变")


def comment(request: Request, work: Work) -> Response:
    process.comment_draft(work, draft=number(request), text=text(request, "text"))
    return _back(request, "意见已写下")


def number(request: Request) -> UUID:
    return UUID(str(request.path_params["draft"]))


def opened(request: Request, work: Work) -> process.Draft:
    """The draft of the address, for whoever may read it."""
    draft = process.draft(work, draft=number(request))
    work.actor.must(READ, department=draft.department, region=draft.region)
    return draft


def _back(request: Request, flash: str) -> Response:
    return go_to(request, "console.process_draft", flash=flash, draft=str(number(request)))


ONE = "/console/processes/drafts/{draft:uuid}"
routes = [
    page("/console/processes/new", new, name="console.process_new", permit=EDIT),
    action("/console/processes/new", begin, name="console.process_begin", permit=EDIT, again=new),
    action(
        "/console/processes/published/{process}/draft",
        next_version,
        name="console.process_next",
        permit=EDIT,
    ),
    page(ONE, one, name="console.process_draft", permit=READ),
    page(ONE + "/design", draw, name="console.process_draw", permit=EDIT),
    saving(ONE + "/design", save, name="console.process_save", permit=EDIT),
    page(ONE + "/file", download, name="console.process_draft_file", permit=READ),
    action(ONE + "/file", upload, name="console.process_upload", permit=EDIT, again=one),
    action(ONE + "/submit", submit, name="console.process_submit", permit=EDIT, again=one),
    action(ONE + "/return", turn_down, name="console.process_return", permit=PUBLISH, again=one),
    action(ONE + "/publish", publish, name="console.process_publish", permit=PUBLISH, again=one),
    action(ONE + "/withdraw", withdraw, name="console.process_withdraw", permit=EDIT, again=one),
    action(ONE + "/comment", comment, name="console.process_comment", permit=READ, again=one),
]
