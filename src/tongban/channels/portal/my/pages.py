from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from tongban import cases, documents, evaluation, identity
from tongban.cases import Act, Case
from tongban.channels.portal.my.told import Told, stops, told
from tongban.channels.shell.flow import case_flow
from tongban.channels.shell.forms import text, texts
from tongban.channels.shell.pages import PUBLIC, action, go_to, page, visitor
from tongban.channels.shell.render import show
from tongban.foundation import ids
from tongban.foundation.errors import Invalid, Problem
from tongban.foundation.work import Work


def my(request: Request, work: Work) -> Response:
    """Where somebody finds everything of theirs: what is waiting for them first."""
    found = cases.own(work, after=request.query_params.get("after", ""), size=20)
    session = visitor(request).session
    return show(
        request,
        "portal/my/home.html",
        lines=found.rows,
        following="?" + urlencode({"after": found.following}) if found.following else "",
        waiting=[line for line in found.rows if line.stage is cases.Stage.CORRECTING],
        drafts=cases.drafts(work),
        holders=session.holders if session else (),
        acting_for=visitor(request).acting_for,
        names=dict(session.holders) if session else {},
    )


def case(request: Request, work: Work) -> Response:
    """One case as its holder sees it: where it is, what is due from whom, what it consists of."""
    found = cases.case(work, number=request.path_params["number"])
    # Officers have a page of their own; this one says "you" to the holder.
    work.actor.must_hold("cases.own", holder=found.holder)
    return show(request, "portal/my/case.html", **_of(request, work, found))


def receipt(request: Request, work: Work) -> Response:
    found = cases.case(work, number=request.path_params["number"])
    work.actor.must_hold("cases.own", holder=found.holder)
    return show(
        request,
        "portal/my/receipt.html",
        case=found,
        code=cases.query_code(work, number=found.number),
        clock=found.clock,
        **_ruled(request, work, found),
    )


def withdraw(request: Request, work: Work) -> Response:
    number = request.path_params["number"]
    cases.withdraw(work, number=number, reason=text(request, "reason"))
    return go_to(request, "portal.case", flash="申请已撤回", number=number)


def rate(request: Request, work: Work) -> Response:
    number = request.path_params["number"]
    stars = text(request, "stars")
    asked = evaluation.content(online=True).aspects
    scores = {key: text(request, f"score.{key}") for key in asked}
    evaluation.rate(
        work,
        case_number=number,
        stars=_digit(stars),
        scores={key: _digit(score) for key, score in scores.items() if score},
        tags=texts(request, "tags"),
        comment=text(request, "comment"),
    )
    return go_to(request, "portal.case", flash="感谢您的评价", number=number)


def _digit(value: str) -> int:
    """Return a number of stars as it was sent; 0, which nothing accepts, for anything else."""
    return int(value) if value in set("12345") else 0


def trace(request: Request, work: Work) -> Response:
    found = cases.case(work, number=request.path_params["number"])
    work.actor.must_hold("cases.own", holder=found.holder)
    return show(
        request,
        "portal/my/trace.html",
        case=found,
        lines=told(request, cases.trace(work, number=found.number)),
    )


def profile(request: Request, work: Work) -> Response:
    """One's own data as registered, and who was shown it."""
    holder = visitor(request).acting_for
    return show(
        request,
        "portal/my/profile.html",
        profile=identity.profile(work, holder=holder),
        details=identity.details(work, holder=holder),
        looks=identity.looks(work, holder=holder),
        fields=Told.fields,
    )


def change_contact(request: Request, work: Work) -> Response:
    identity.change_contact(
        work,
        holder=visitor(request).acting_for,
        telephone=text(request, "telephone"),
        address=text(request, "address"),
    )
    return go_to(request, "portal.profile", flash="联系方式已更新")


def track_form(request: Request, _work: Work) -> Response:
    return show(
        request,
        "portal/my/track.html",
        number=request.query_params.get("number", ""),
        wrong="",
    )


def track(request: Request, work: Work) -> Response:
    """Follow a case by number and query code. A wrong code is counted, so it is no refusal."""
    typed = text(request, "number")
    number = ids.read_case_number(typed)
    if isinstance(number, Problem):
        raise Invalid(number)
    found = cases.track(work, number=str(number), code=text(request, "code").upper())
    if found is None:
        return show(request, "portal/my/track.html", status=422, number=typed, wrong="1")
    with work.acting_as(cases.follower(found.number)):
        return show(
            request,
            "portal/my/tracked.html",
            case=found,
            stops=stops(request, cases.timeline(work, case=found)),
            flow=case_flow(work, found.number, language=visitor(request).language),
        )


def _of(request: Request, work: Work, found: Case) -> dict[str, Any]:
    return {
        "case": found,
        "stops": stops(request, cases.timeline(work, case=found)),
        "flow": case_flow(work, found.number, language=visitor(request).language),
        "clocks": cases.clocks(work, number=found.number),
        "answers": cases.answers(work, number=found.number),
        "files": documents.files_of_case(work, case_number=found.number),
        "may_withdraw": found.may(Act.WITHDRAW),
        "may_correct": found.may(Act.CORRECT),
        "may_rate": evaluation.may_rate(work, case=found),
        "asked": evaluation.content(online=found.channel is cases.Channel.PORTAL),
        "rating": evaluation.rating(work, case_number=found.number),
        "code": cases.query_code(work, number=found.number),
        **_ruled(request, work, found),
    }


def _ruled(request: Request, work: Work, found: Case) -> dict[str, Any]:
    """Return what rules have decided about a case, and why, in the visitor's words."""
    language = visitor(request).language
    instant = cases.instant(work, number=found.number)
    reasons = instant.reasons if instant and not instant.granted else ()
    return {
        "instant": instant,
        "why_here": [cases.Sentence(each.message, each.details).say(language) for each in reasons],
        "scenario": cases.scenario(work, number=found.number),
        "explained": [
            (line, [said.say(language) for said in line.said])
            for line in cases.explanation(work, number=found.number)
        ],
    }


routes = [
    page("/my", my, name="portal.my", permit="cases.own"),
    page("/my/cases/{number}", case, name="portal.case", permit="cases.own"),
    page("/my/cases/{number}/receipt", receipt, name="portal.receipt", permit="cases.own"),
    page("/my/cases/{number}/trace", trace, name="portal.trace", permit="cases.own"),
    action(
        "/my/cases/{number}/withdraw",
        withdraw,
        name="portal.withdraw",
        permit="cases.own",
        again=case,
    ),
    action(
        "/my/cases/{number}/rate", rate, name="portal.rate", permit="evaluation.rate", again=case
    ),
    page("/my/profile", profile, name="portal.profile", permit="cases.own"),
    action(
        "/my/profile",
        change_contact,
        name="portal.change_contact",
        permit="cases.own",
        again=profile,
    ),
    page("/track", track_form, name="portal.track", permit=PUBLIC),
    action("/track", track, name="portal.tracking", permit=PUBLIC, again=track_form),
]
