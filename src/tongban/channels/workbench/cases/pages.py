from collections.abc import Iterator
from contextlib import contextmanager

from starlette.requests import Request
from starlette.responses import Response

from tongban import cases, catalogue, identity
from tongban.cases import Act, Case, Desk, PauseKind, Step
from tongban.channels.shell.casework import (
    PAGE_SIZE,
    Casework,
    gather,
    revision_shown,
    sought,
    typed,
)
from tongban.channels.shell.flow import case_flow
from tongban.channels.shell.forms import text, whole
from tongban.channels.shell.pages import action, go_to, page, visitor
from tongban.channels.shell.render import said, show
from tongban.channels.workbench.cases.desks import DESKS, desk_counts, desks, step_count
from tongban.channels.workbench.cases.ruled import chosen, own_deviation, ruled
from tongban.foundation.actor import Actor
from tongban.foundation.errors import Invalid, Problem
from tongban.foundation.work import Work

# How guides call the step of a process in which each of our steps is done.
STEP_NAMES = {
    Step.HANDLING: ("承办", "初审", "审查"),
    Step.REVIEWING: ("审核", "复审", "复核", "审查"),
    Step.APPROVING: ("批准", "审批", "决定", "办结"),
}


def home(request: Request, work: Work) -> Response:
    """Show what waits on the officer's desks, what expires first on top."""
    wanted = request.query_params.get("q", "").strip()
    found = sought(wanted) if wanted else ""
    if found and isinstance(found, str):
        return go_to(request, "workbench.case", number=found)
    shown = desks(work)
    asked = request.query_params.get("desk", "")
    counts = desk_counts(work)
    busy = [desk for desk in shown if counts[desk]]
    desk = Desk(asked) if asked in shown else (busy or shown)[0]
    after = request.query_params.get("after", "")
    return show(
        request,
        "workbench/cases/home.html",
        page=cases.worklist(work, desk=desk, after=after, size=PAGE_SIZE),
        desk=desk,
        desks=[(each, counts[each]) for each in shown],
        steps=step_count(work),
        after=after,
        reading=not any(work.actor.may(permission) for permission in DESKS.values()),
        rechecks=len(cases.rechecks(work)) if work.actor.may("cases.review") else 0,
        q=wanted,
        error=said(request, found) if isinstance(found, Problem) else "",
    )


def done(request: Request, work: Work) -> Response:
    """Show the cases on which the officer gave an opinion or decided, the latest first."""
    after = request.query_params.get("after", "")
    return show(
        request,
        "workbench/cases/done.html",
        page=cases.done(work, after=after, size=PAGE_SIZE),
        desks=list(desk_counts(work).items()),
        steps=step_count(work),
        after=after,
    )


def case(request: Request, work: Work) -> Response:
    """Show a case on one page."""
    return _case(request, work, gather(work, number=request.path_params["number"]))


def reveal(request: Request, work: Work) -> Response:
    """Show the answers in the clear, once; the applicant is told who looked and why."""
    number = request.path_params["number"]
    with _of("reveal"):
        shown = cases.reveal(work, number=number, reason=text(request, "reveal.reason"))
    return _case(request, work, gather(work, number=number, shown=shown), revealed=True)


def trace(request: Request, work: Work) -> Response:
    """Show who did what with a case, and when."""
    number = request.path_params["number"]
    return show(
        request,
        "workbench/cases/trace.html",
        case=cases.case(work, number=number),
        lines=cases.trace(work, number=number),
    )


def review(request: Request, work: Work) -> Response:
    agree = text(request, "review.agree")
    if agree not in ("yes", "no"):
        raise Invalid(Problem("review.agree", "请选择同意或者不同意"))
    with _of("review"):
        after = cases.review(
            work,
            number=request.path_params["number"],
            opinion=text(request, "review.opinion"),
            agree=agree == "yes",
            chosen=chosen(request, "review"),
            deviation=text(request, "review.deviation"),
            revision=revision_shown(request),
        )
    return _done(request, "意见已提交，办件转到下一环节", after)


def send_back(request: Request, work: Work) -> Response:
    with _of("send_back"):
        after = cases.send_back(
            work,
            number=request.path_params["number"],
            reason=text(request, "send_back.reason"),
            revision=revision_shown(request),
        )
    return _done(request, "办件已退回承办环节", after)


def decide(request: Request, work: Work) -> Response:
    grant = text(request, "decide.grant")
    if grant not in ("yes", "no"):
        raise Invalid(Problem("decide.grant", "请选择准予或者不予许可"))
    with _of("decide"):
        after = cases.decide(
            work,
            number=request.path_params["number"],
            grant=grant == "yes",
            reason=text(request, "decide.reason"),
            chosen=chosen(request, "decide"),
            deviation=text(request, "decide.deviation"),
            revision=revision_shown(request),
        )
    return _done(request, "决定已作出，文书正在生成，等待送达", after)


def propose(request: Request, work: Work) -> Response:
    """Propose what lies outside a discretion standard, for somebody else to decide."""
    with _of("propose"):
        after = cases.propose(
            work,
            number=request.path_params["number"],
            chosen=chosen(request, "propose"),
            deviation=text(request, "propose.deviation"),
            revision=revision_shown(request),
        )
    return _done(request, "裁量意见已提出，等待另一位有决定权限的人决定", after)


def rechecks(request: Request, work: Work) -> Response:
    """Show the grants by rules that the lot drew, to be looked at once more."""
    return show(
        request,
        "workbench/cases/rechecks.html",
        waiting=cases.rechecks(work),
        done=cases.rechecks(work, waiting=False, size=PAGE_SIZE),
        typed=typed(request),
    )


def recheck(request: Request, work: Work) -> Response:
    number = request.path_params["number"]
    fine, note = text(request, f"fine.{number}"), text(request, f"note.{number}")
    if fine not in ("yes", "no"):
        raise Invalid(Problem(f"fine.{number}", "请选择无误或者有误"))
    try:
        cases.recheck(work, number=number, fine=fine == "yes", note=note)
    except Invalid as refused:
        # Many such forms stand on the page, so the number tells to which one it belongs.
        problems = (Problem(f"{p.field}.{number}", p.message, p.details) for p in refused.problems)
        raise Invalid(*problems) from refused
    return go_to(request, "workbench.rechecks", flash="复核结果已记录")


def extend(request: Request, work: Work) -> Response:
    with _of("extend"):
        after = cases.extend(
            work,
            number=request.path_params["number"],
            reason=text(request, "extend.reason"),
            revision=revision_shown(request),
        )
    return _done(request, "办理期限已延长", after)


def pause(request: Request, work: Work) -> Response:
    kind, days = text(request, "pause.kind"), whole(text(request, "pause.days_needed"))
    problems = []
    if kind not in set(PauseKind):
        problems.append(Problem("pause.kind", "请选择特别程序"))
    if days is None:
        problems.append(Problem("pause.days_needed", "请填写需要多少个工作日，例如 10"))
    if days is None or problems:
        raise Invalid(*problems)
    with _of("pause"):
        after = cases.pause(
            work,
            number=request.path_params["number"],
            kind=PauseKind(kind),
            days_needed=days,
            reason=text(request, "pause.reason"),
            revision=revision_shown(request),
        )
    return _done(request, "已进入特别程序，办理时限暂停计算", after)


def resume(request: Request, work: Work) -> Response:
    after = cases.resume(
        work, number=request.path_params["number"], revision=revision_shown(request)
    )
    return _done(request, "特别程序已结束，办理时限继续计算", after)


def _case(request: Request, work: Work, casework: Casework, *, revealed: bool = False) -> Response:
    case = casework.case
    opinions = cases.opinions(work, number=case.number)
    said_by_rules = ruled(request, work, case)
    return show(
        request,
        "workbench/cases/case.html",
        ruled=said_by_rules,
        own_deviation=own_deviation(work.actor, said_by_rules.standard),
        work=casework,
        case=case,
        acts=_acts(work.actor, case),
        own=not case.instant
        and any(each.step is Step.HANDLING and each.officer == work.actor.id for each in opinions),
        revealed=revealed,
        opinions=opinions,
        lines=cases.trace(work, number=case.number),
        standard=_standard(casework.item, case.step),
        flow=case_flow(work, case.number, language=visitor(request).language),
        pause_kinds=list(PauseKind),
        standing=cases.standing(work, case=case),
        roles=identity.ROLE_NAMES,
        typed=typed(request),
    )


def _acts(actor: Actor, case: Case) -> set[str]:
    """Return the acts that stage and step allow and that the officer may do."""

    def may(permission: str) -> bool:
        return actor.may(permission, department=case.department, region=case.region)

    asked = {
        "review": (Act.REVIEW, "cases.review"),
        "send_back": (
            Act.SEND_BACK,
            "cases.decide" if case.step is Step.APPROVING else "cases.review",
        ),
        "decide": (Act.GRANT, "cases.review" if case.instant else "cases.decide"),
        "extend": (Act.EXTEND, "cases.decide"),
        "pause": (Act.PAUSE, "cases.review"),
        "resume": (Act.RESUME, "cases.review"),
    }
    return {name for name, (act, permit) in asked.items() if case.may(act) and may(permit)}


def _standard(item: catalogue.Item, step: Step | None) -> catalogue.Step | None:
    """Return the step of the guide by whose standard the case is examined now."""
    names = STEP_NAMES.get(step, ()) if step else ()
    return next((each for name in names for each in item.steps if name in each.name), None)


def _done(request: Request, flash: str, after: Case) -> Response:
    return go_to(request, "workbench.case", flash=flash, number=after.number)


@contextmanager
def _of(form: str) -> Iterator[None]:
    """Name the fields of a problem as they are called on the page, where each form has its own."""
    try:
        yield
    except Invalid as refused:
        raise Invalid(
            *(Problem(f"{form}.{p.field}", p.message, p.details) for p in refused.problems)
        ) from refused


_CASE = "/workbench/cases/{number}"
routes = [
    page("/workbench", home, name="workbench.home", permit="cases.read"),
    page("/workbench/done", done, name="workbench.done", permit="cases.read"),
    page(_CASE, case, name="workbench.case", permit="cases.read"),
    page(f"{_CASE}/trace", trace, name="workbench.trace", permit="cases.read"),
    action(f"{_CASE}/reveal", reveal, name="workbench.reveal", permit="cases.read", again=case),
    action(f"{_CASE}/review", review, name="workbench.review", permit="cases.review", again=case),
    action(
        f"{_CASE}/send-back",
        send_back,
        name="workbench.send_back",
        permit="cases.review",
        again=case,
    ),
    action(f"{_CASE}/decide", decide, name="workbench.decide", permit="cases.decide", again=case),
    # An instant item is decided by whoever handles it.
    action(f"{_CASE}/settle", decide, name="workbench.settle", permit="cases.review", again=case),
    action(
        f"{_CASE}/propose", propose, name="workbench.propose", permit="cases.review", again=case
    ),
    page("/workbench/rechecks", rechecks, name="workbench.rechecks", permit="cases.review"),
    action(
        f"{_CASE}/recheck",
        recheck,
        name="workbench.recheck",
        permit="cases.review",
        again=rechecks,
    ),
    action(f"{_CASE}/extend", extend, name="workbench.extend", permit="cases.decide", again=case),
    action(f"{_CASE}/pause", pause, name="workbench.pause", permit="cases.review", again=case),
    action(f"{_CASE}/resume", resume, name="workbench.resume", permit="cases.review", again=case),
]
