from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from tongban import evaluation
from tongban.channels.shell.forms import text
from tongban.channels.shell.pages import action, go_to, page
from tongban.channels.shell.render import show
from tongban.foundation.errors import Invalid, Problem
from tongban.foundation.work import Work


def remedies(request: Request, work: Work) -> Response:
    found = evaluation.remedies(work, after=request.query_params.get("after", ""))
    return show(
        request,
        "console/ratings/remedies.html",
        lines=found.rows,
        following="?" + urlencode({"after": found.following}) if found.following else "",
    )


def remedy(request: Request, work: Work) -> Response:
    return show(
        request,
        "console/ratings/remedy.html",
        remedy=evaluation.remedy(work, case_number=request.path_params["number"]),
        outcomes=[(outcome.value, outcome.word) for outcome in evaluation.Outcome],
        tags=evaluation.content(online=True).bad,
    )


def contact(request: Request, work: Work) -> Response:
    number, outcome = request.path_params["number"], text(request, "outcome")
    if outcome not in set(evaluation.Outcome):
        raise Invalid(Problem("outcome", "请选择联系的结果"))
    evaluation.contact(
        work,
        case_number=number,
        outcome=evaluation.Outcome(outcome),
        note=text(request, "note"),
    )
    return go_to(request, "console.remedy", flash="联系情况已记录", number=number)


def settle(request: Request, work: Work) -> Response:
    number = request.path_params["number"]
    evaluation.settle(work, case_number=number, measure=text(request, "measure"))
    return go_to(request, "console.remedies", flash="整改已办结，评价人可以看到结果")


routes = [
    page("/console/ratings", remedies, name="console.remedies", permit="evaluation.remedy"),
    page("/console/ratings/{number}", remedy, name="console.remedy", permit="evaluation.remedy"),
    action(
        "/console/ratings/{number}/contact",
        contact,
        name="console.remedy_contact",
        permit="evaluation.remedy",
        again=remedy,
    ),
    action(
        "/console/ratings/{number}/settle",
        settle,
        name="console.remedy_settle",
        permit="evaluation.remedy",
        again=remedy,
    ),
]
