from starlette.requests import Request
from starlette.responses import Response

from tongban import cases, identity
from tongban.cases import Act, Desk, Way
from tongban.channels.shell.casework import PAGE_SIZE, gather, revision_shown, sought, typed
from tongban.channels.shell.forms import text
from tongban.channels.shell.pages import action, go_to, page
from tongban.channels.shell.render import said, show
from tongban.documents import FileKind, Template
from tongban.foundation.errors import Problem
from tongban.foundation.work import Work


def home(request: Request, work: Work) -> Response:
    """Show the decided cases whose result has not reached the applicant yet."""
    wanted = request.query_params.get("q", "").strip()
    found = sought(wanted) if wanted else ""
    if found and isinstance(found, str):
        return go_to(request, "counter.hand_out", number=found)
    after = request.query_params.get("after", "")
    return show(
        request,
        "counter/delivery/home.html",
        page=cases.worklist(work, desk=Desk.DELIVERY, after=after, size=PAGE_SIZE),
        after=after,
        q=wanted,
        error=said(request, found) if isinstance(found, Problem) else "",
    )


def hand_out(request: Request, work: Work) -> Response:
    """Show what is to be handed out, to whom, and the form that says it has been."""
    casework = gather(work, number=request.path_params["number"])
    case = casework.case
    return show(
        request,
        "counter/delivery/case.html",
        work=casework,
        case=case,
        person=identity.profile(work, holder=case.holder),
        results=[
            each
            for each in casework.notices
            if each.template in (Template.GRANT, Template.REFUSAL) or each.kind is FileKind.RESULT
        ],
        slips=[each for each in casework.notices if each.template == Template.DELIVERY],
        ways=list(Way),
        may_deliver=casework.may(work, Act.DELIVER, "cases.deliver"),
        may_close=casework.may(work, Act.CLOSE, "cases.deliver"),
        typed=typed(request),
    )


def deliver(request: Request, work: Work) -> Response:
    after = cases.deliver(
        work,
        number=request.path_params["number"],
        way=text(request, "way"),
        receiver=text(request, "receiver"),
        revision=revision_shown(request),
    )
    return go_to(
        request, "counter.hand_out", flash="已登记送达，送达回证正在生成", number=after.number
    )


def close(request: Request, work: Work) -> Response:
    after = cases.close(
        work, number=request.path_params["number"], revision=revision_shown(request)
    )
    return go_to(request, "counter.hand_out", flash="办件已归档", number=after.number)


_CASE = "/counter/delivery/{number}"
_PERMIT = "cases.deliver"
routes = [
    page("/counter/delivery", home, name="counter.delivery", permit=_PERMIT),
    page(_CASE, hand_out, name="counter.hand_out", permit=_PERMIT),
    action(f"{_CASE}/deliver", deliver, name="counter.deliver", permit=_PERMIT, again=hand_out),
    action(f"{_CASE}/close", close, name="counter.close", permit=_PERMIT, again=hand_out),
]
