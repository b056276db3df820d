from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from tongban import cases, documents, identity
from tongban.cases import Act, Case, ClockKind, Desk
from tongban.channels.shell.casework import (
    PAGE_SIZE,
    Casework,
    gather,
    revision_shown,
    sought,
    typed,
)
from tongban.channels.shell.forms import form, text, texts, whole
from tongban.channels.shell.pages import action, go_to, page
from tongban.channels.shell.render import said, show
from tongban.foundation.errors import Invalid, Problem
from tongban.foundation.work import Work

DESKS = (Desk.INTAKE, Desk.APPLICANT)
CORRECTION_WORKDAYS = 15


def home(request: Request, work: Work) -> Response:
    """Show what waits to be accepted, what expires first on top; find a case by its number."""
    wanted = request.query_params.get("q", "").strip()
    found = sought(wanted) if wanted else ""
    if found and isinstance(found, str):
        return go_to(request, "counter.case", number=found)
    asked = request.query_params.get("desk", "")
    desk = Desk(asked) if asked in DESKS else Desk.INTAKE
    after = request.query_params.get("after", "")
    counts = cases.worklist_counts(work, desks=(*DESKS, Desk.DELIVERY))
    return show(
        request,
        "counter/intake/home.html",
        page=cases.worklist(work, desk=desk, after=after, size=PAGE_SIZE),
        desk=desk,
        desks=[(each, counts[each]) for each in DESKS],
        delivery=counts[Desk.DELIVERY],
        after=after,
        q=wanted,
        error=said(request, found) if isinstance(found, Problem) else "",
    )


def case(request: Request, work: Work) -> Response:
    """Show a case in three panes, with what the counter may do with it."""
    casework = gather(work, number=request.path_params["number"])
    case = casework.case
    return show(
        request,
        "counter/intake/case.html",
        work=casework,
        case=case,
        person=identity.profile(work, holder=case.holder),
        next_up=cases.worklist(work, desk=Desk.INTAKE, size=5).rows,
        overdue=_notice_overdue(work, case),
        acts=_acts(work, casework),
        lines=cases.trace(work, number=case.number),
        checked=set(texts(request, "checked")) if request.method == "POST" else _seen(case),
        workdays=CORRECTION_WORKDAYS,
        code=cases.code_to_hand_over(work, case=case),
        handed_in=any(_handed_in(each) for each in case.materials),
        typed=typed(request),
    )


def accept(request: Request, work: Work) -> Response:
    if _wrong(request):
        raise Invalid(
            Problem("checked", "您写了需要补正的内容；要受理请先清空，要补正请按“一次性告知补正”")
        )
    try:
        after = cases.accept(
            work,
            number=request.path_params["number"],
            checked=texts(request, "checked"),
            revision=revision_shown(request),
        )
    except cases.MaterialsMissing as missing:
        # The ticks made so far must not be lost, so it is told on the same page.
        raise Invalid(Problem("checked", missing.message, missing.details)) from missing
    return _done(request, "已受理，受理通知书正在生成", after)


def request_correction(request: Request, work: Work) -> Response:
    days, wrong = whole(text(request, "workdays")), _wrong(request)
    problems = []
    if days is None:
        problems.append(Problem("workdays", "请填写补正期限，例如 15"))
    if not wrong:
        problems.append(Problem("checked", "请在需要补正的材料或信息下面写明要补正什么"))
    if days is None or problems:
        raise Invalid(*problems)
    after = cases.request_correction(
        work,
        number=request.path_params["number"],
        missing=wrong,
        workdays=days,
        revision=revision_shown(request),
    )
    return _done(request, "已一次性告知补正，补正告知书正在生成", after)


def decline(request: Request, work: Work) -> Response:
    after = cases.decline(
        work,
        number=request.path_params["number"],
        reason=text(request, "reason"),
        where_to_go=text(request, "where_to_go"),
        revision=revision_shown(request),
    )
    return _done(request, "已决定不予受理，决定书正在生成", after)


def transfer(request: Request, work: Work) -> Response:
    """Issue the slip by which paper materials go from the counter to the department."""
    case = cases.case(work, number=request.path_params["number"])
    names = [{"name": each.name} for each in case.materials if _handed_in(each)]
    if not names:
        raise Invalid(Problem("materials", "没有可以交接的材料"))
    slip = documents.issue(
        work,
        template=documents.Template.TRANSFER,
        data={
            "unit": case.department_name,
            "item": case.item_name,
            "applicant": case.applicant,
            "sender": work.actor.name,
            "receiver": case.department_name,
            "materials": names,
        },
        case_number=case.number,
        department=case.department,
        region=case.region,
        holder=case.holder,
    )
    return RedirectResponse(request.app.url_path_for("shell.file", id=slip.id), status_code=303)


def withdraw(request: Request, work: Work) -> Response:
    """Take an application back at the wish of the applicant who stands at the counter."""
    try:
        after = cases.withdraw(
            work,
            number=request.path_params["number"],
            reason=text(request, "withdraw.reason"),
            revision=revision_shown(request),
        )
    except Invalid as refused:
        raise Invalid(
            *(Problem(f"withdraw.{p.field}", p.message, p.details) for p in refused.problems)
        ) from refused
    return _done(request, "已按申请人的要求撤回", after)


def _acts(work: Work, casework: Casework) -> set[str]:
    asked = {
        "accept": Act.ACCEPT,
        "correct": Act.REQUEST_CORRECTION,
        "decline": Act.DECLINE,
        "withdraw": Act.WITHDRAW,
        "bring": Act.CORRECT,
    }
    return {name for name, act in asked.items() if casework.may(work, act, "cases.accept")}


def _wrong(request: Request) -> list[tuple[str, str]]:
    """Return what was written beside materials and fields, by their keys."""
    return [
        (name.removeprefix("wrong."), value.strip())
        for name, value in form(request).multi_items()
        if name.startswith("wrong.") and isinstance(value, str) and value.strip()
    ]


def _seen(case: Case) -> set[str]:
    return {each.key for each in case.materials if each.state is cases.MaterialState.CHECKED}


def _handed_in(material: cases.Material) -> bool:
    return bool(material.files) or material.state is cases.MaterialState.CHECKED


def _notice_overdue(work: Work, case: Case) -> bool:
    """Tell whether the case counts as accepted already, because no notice was given in time."""
    return any(
        clock.kind is ClockKind.NOTICE and clock.overdue(work.today) for clock in case.clocks
    )


def _done(request: Request, flash: str, after: Case) -> Response:
    return go_to(request, "counter.case", flash=flash, number=after.number)


_CASE = "/counter/cases/{number}"
_PERMIT = "cases.accept"
routes = [
    page("/counter", home, name="counter.home", permit=_PERMIT),
    page(_CASE, case, name="counter.case", permit=_PERMIT),
    action(f"{_CASE}/accept", accept, name="counter.accept", permit=_PERMIT, again=case),
    action(
        f"{_CASE}/request-correction",
        request_correction,
        name="counter.request_correction",
        permit=_PERMIT,
        again=case,
    ),
    action(f"{_CASE}/decline", decline, name="counter.decline", permit=_PERMIT, again=case),
    action(f"{_CASE}/transfer", transfer, name="counter.transfer", permit=_PERMIT, again=case),
    action(f"{_CASE}/withdraw", withdraw, name="counter.withdraw", permit=_PERMIT, again=case),
]
