"""Answering a correction notice (补正): only what it asks for."""

from starlette.requests import Request
from starlette.responses import Response

from tongban import cases, catalogue, documents
from tongban.cases import Case, Filled
from tongban.channels.shell.attachments import by_id, handed_in
from tongban.channels.shell.casework import revision_shown
from tongban.channels.shell.forms import text
from tongban.channels.shell.itemform import sections
from tongban.channels.shell.pages import action, go_to, page
from tongban.channels.shell.render import show
from tongban.foundation.errors import Invalid
from tongban.foundation.work import Work


def correction(request: Request, work: Work) -> Response:
    found = cases.case(work, number=request.path_params["number"])
    return _show(request, work, found, kept={}, code=200)


def correct(request: Request, work: Work) -> Response:
    """Hand in what was asked for. Files that are fine are kept even if something else is wrong."""
    found = cases.case(work, number=request.path_params["number"])
    work.actor.must_hold("cases.own", holder=found.holder)
    sent = handed_in(request, work, holder=found.holder)
    problems = sent.problems
    fields = [each.key for each in found.to_correct if each.of == "field"]
    if not problems:
        try:
            with work.savepoint():
                cases.correct(
                    work,
                    number=found.number,
                    filled=Filled(
                        answers={key: text(request, key) for key in fields} if fields else None,
                        materials=sent.files,
                    ),
                    revision=revision_shown(request),
                )
            return go_to(request, "portal.case", flash="补正材料已提交", number=found.number)
        except Invalid as refused:
            problems = list(refused.problems)
    request.state.problems = problems
    return _show(request, work, found, kept=sent.files, code=422)


def _show(
    request: Request, work: Work, found: Case, *, kept: dict[str, tuple[str, ...]], code: int
) -> Response:
    work.actor.must_hold("cases.own", holder=found.holder)
    item = catalogue.item(work, code=found.item_code, version=found.item_version)
    asked = {each.key for each in found.to_correct if each.of == "field"}
    answers = {each.key: each.text for each in cases.answers(work, number=found.number)}
    if request.method == "POST":
        answers |= {key: text(request, key) for key in asked}
    shown = [
        field
        for section in sections(item.form, answers)
        for field in section.fields
        if field.name in asked
    ]
    return show(
        request,
        "portal/my/correct.html",
        status=code,
        case=found,
        fields=shown,
        kept=kept,
        files=by_id(work, kept),
        size_max=documents.SIZE_MAX,
    )


routes = [
    page("/my/cases/{number}/correct", correction, name="portal.correction", permit="cases.own"),
    action("/my/cases/{number}/correct", correct, name="portal.correct", permit="cases.own"),
]
