"""Steps of processes that are none of the acts of a case: what waits, and doing one."""

from starlette.requests import Request
from starlette.responses import Response

from tongban import cases, documents, identity, process
from tongban.cases import Said
from tongban.channels.shell.casework import PAGE_SIZE, typed
from tongban.channels.shell.forms import text
from tongban.channels.shell.itemform import answers_sent, sections
from tongban.channels.shell.pages import action, go_to, page, saving
from tongban.channels.shell.render import show
from tongban.channels.workbench.cases.desks import desk_counts, step_count
from tongban.foundation.errors import Invalid, Problem
from tongban.foundation.work import Work
from tongban.process import ItemKey


def home(request: Request, work: Work) -> Response:
    """Show the steps that wait for the officer's roles and units, the most urgent first."""
    after = request.query_params.get("after", "")
    found = process.worklist(work, after=after, size=PAGE_SIZE)
    return show(
        request,
        "workbench/steps/home.html",
        page=found,
        names=cases.names(work, numbers={one.number for one in found.rows}),
        units=_units(work, {one.department for one in found.rows}),
        roles=identity.ROLE_NAMES,
        desks=list(desk_counts(work).items()),
        steps=step_count(work),
        after=after,
    )


def step(request: Request, work: Work) -> Response:
    """Show one step with what is looked at to do it, and the form for it."""
    todo = cases.step_todo(work, item=_item(request))
    given = typed(request)
    return show(
        request,
        "workbench/steps/step.html",
        part=todo.part,
        case=todo.part.case,
        standing=todo.standing,
        item=str(todo.standing.item),
        sections=sections(todo.form, given),
        typed=given,
        mine=todo.standing.assignee == work.actor.id,
        unit=_units(work, {todo.standing.department}).get(todo.standing.department, ""),
        role=identity.ROLE_NAMES.get(identity.Role(todo.standing.role), "")
        if todo.standing.role in set(identity.Role)
        else "",
    )


def done(request: Request, work: Work) -> Response:
    """List the steps that the officer did, the latest first."""
    after = request.query_params.get("after", "")
    found = cases.done_steps(work, after=after, size=PAGE_SIZE)
    return show(request, "workbench/steps/done.html", page=found, after=after)


def part(request: Request, work: Work) -> Response:
    """Show what is seen of a case by whoever has, or had, a step in it."""
    found = cases.part(work, number=request.path_params["number"])
    return show(request, "workbench/steps/part.html", part=found, case=found.case)


def open_file(request: Request, work: Work) -> Response:
    """Hand out a file of a case in which the officer has a step; whose file it is will see it."""
    found, content = cases.open_part_file(
        work, number=request.path_params["number"], file=request.path_params["id"]
    )
    return Response(content, headers=documents.download_headers(found))


def do(request: Request, work: Work) -> Response:
    """Give conclusion, opinion and form; the process goes on."""
    item, agree = _item(request), text(request, "agree")
    todo = cases.step_todo(work, item=item)
    if agree not in ("yes", "no"):
        raise Invalid(Problem("agree", "请选择同意或者不同意"))
    answers = answers_sent(request, todo.form)
    cases.do_step(work, item=item, said=Said(agree == "yes", text(request, "opinion"), answers))
    return go_to(request, "workbench.steps", flash="已办理，流程转到下一环节")


def claim(request: Request, work: Work) -> Response:
    process.claim(work, item=_item(request))
    return _back(request, "已领取，其他人不能再办理这一环节")


def release(request: Request, work: Work) -> Response:
    process.release(work, item=_item(request))
    return _back(request, "已放回，同岗位的人都可以办理")


def _back(request: Request, flash: str) -> Response:
    return go_to(request, "workbench.step", flash=flash, item=request.path_params["item"])


def _item(request: Request) -> ItemKey:
    return process.read_item_key(request.path_params["item"])


def _units(work: Work, codes: set[str]) -> dict[str, str]:
    """Return the names of units by code."""
    return {code: identity.department(work, code=code).name for code in codes if code}


_STEP = "/workbench/steps/{item}"
_PART = "/workbench/steps/cases/{number}"
_PERMIT = "process.work"
routes = [
    page("/workbench/steps", home, name="workbench.steps", permit=_PERMIT),
    page("/workbench/steps/done", done, name="workbench.steps_done", permit=_PERMIT),
    page(_STEP, step, name="workbench.step", permit=_PERMIT),
    page(_PART, part, name="workbench.part", permit=_PERMIT),
    # Opening a file twice is two looks, so it uses up no key.
    saving(
        f"{_PART}/files/{{id:uuid}}", open_file, name="workbench.open_part_file", permit=_PERMIT
    ),
    action(f"{_STEP}/do", do, name="workbench.do_step", permit=_PERMIT, again=step),
    action(f"{_STEP}/claim", claim, name="workbench.claim_step", permit=_PERMIT),
    action(f"{_STEP}/release", release, name="workbench.release_step", permit=_PERMIT),
]
