"""What a correction notice asks for, brought to the counter (补正)."""

from starlette.requests import Request
from starlette.responses import Response

from tongban import cases, documents
from tongban.cases import Act, Case, Filled
from tongban.channels.shell.attachments import HandedIn, by_id, handed_in
from tongban.channels.shell.casework import revision_shown
from tongban.channels.shell.forms import texts
from tongban.channels.shell.itemform import answers_sent, sections
from tongban.channels.shell.pages import action, go_to, page
from tongban.channels.shell.render import show
from tongban.foundation.errors import Invalid, Problem
from tongban.foundation.work import Work


def correction(request: Request, work: Work) -> Response:
    return _show(request, work, _case(request, work))


def correct(request: Request, work: Work) -> Response:
    """Hand in what was asked for. What was typed, ticked and sent stays if something is wrong."""
    found = _case(request, work)
    item = cases.item_of(work, case=found)
    sent = handed_in(request, work, holder=found.holder)
    asked = {each.key: each.label for each in found.to_correct if each.of == "field"}
    answers = {k: v for k, v in answers_sent(request, item.form).items() if k in asked}
    problems = [
        *sent.problems,
        # What stands there now is not shown to the officer, so an empty field says nothing.
        *(
            Problem(key, "请填写{label}", {"label": label})
            for key, label in asked.items()
            if answers.get(key, "") in ("", [])
        ),
    ]
    if not problems:
        try:
            with work.savepoint():
                cases.correct(
                    work,
                    number=found.number,
                    filled=Filled(answers=answers or None, materials=sent.files),
                    seen=_seen(request, found),
                    revision=revision_shown(request),
                )
            return go_to(
                request, "counter.case", flash="补正材料已登记，请重新核对", number=found.number
            )
        except Invalid as refused:
            problems = list(refused.problems)
    request.state.problems = problems
    return _show(request, work, found, sent=sent, answers=answers)


def _show(
    request: Request,
    work: Work,
    found: Case,
    *,
    sent: HandedIn | None = None,
    answers: dict[str, object] | None = None,
) -> Response:
    item = cases.item_of(work, case=found)
    asked = {each.key for each in found.to_correct if each.of == "field"}
    shown = sections(item.form, answers or {})
    files = sent.files if sent else {}
    return show(
        request,
        "counter/receiving/correct.html",
        status=422 if sent else 200,
        case=found,
        revision=revision_shown(request) if sent else found.revision,
        now={each.key: each.text for each in cases.answers(work, number=found.number)},
        fields=[f for section in shown for f in section.fields if f.name in asked],
        kept=files,
        files=by_id(work, files),
        seen=set(_seen(request, found)) if sent else set(),
        size_max=documents.SIZE_MAX,
    )


def _case(request: Request, work: Work) -> Case:
    found = cases.case(work, number=request.path_params["number"])
    work.actor.must("cases.accept", department=found.department, region=found.region)
    found.moved(Act.CORRECT)  # Refuses where nothing was asked for.
    return found


def _seen(request: Request, found: Case) -> list[str]:
    asked = {each.key for each in found.to_correct if each.of == "material"}
    return [key for key in texts(request, "seen") if key in asked]


_PATH = "/counter/cases/{number}/correct"
routes = [
    page(_PATH, correction, name="counter.correction", permit="cases.accept"),
    action(_PATH, correct, name="counter.correct", permit="cases.accept"),
]
