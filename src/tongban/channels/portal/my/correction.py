"""Answering a correction notice (补正): only what it asks for."""

import re
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from tongban import cases, catalogue, documents
from tongban.cases import Case, Filled
from tongban.channels.portal.applications.fields import sections
from tongban.channels.shell.casework import revision_shown
from tongban.channels.shell.forms import form, text, uploads
from tongban.channels.shell.pages import action, go_to, page
from tongban.channels.shell.render import show
from tongban.foundation.errors import Invalid, Problem
from tongban.foundation.work import Work

KEPT = "kept."
UUID_TEXT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def correction(request: Request, work: Work) -> Response:
    found = cases.case(work, number=request.path_params["number"])
    return _show(request, work, found, kept={}, code=200)


def correct(request: Request, work: Work) -> Response:
    """Hand in what was asked for. Files that are fine are kept even if something else is wrong."""
    found = cases.case(work, number=request.path_params["number"])
    work.actor.must_hold("cases.own", holder=found.holder)
    kept, problems = _take_in(request, work, found)
    fields = [each.key for each in found.to_correct if each.of == "field"]
    if not problems:
        try:
            with work.savepoint():
                cases.correct(
                    work,
                    number=found.number,
                    filled=Filled(
                        answers={key: text(request, key) for key in fields} if fields else None,
                        materials={key: tuple(files) for key, files in kept.items()},
                    ),
                    revision=revision_shown(request),
                )
            return go_to(request, "portal.case", flash="补正材料已提交", number=found.number)
        except Invalid as refused:
            problems = list(refused.problems)
    request.state.problems = problems
    return _show(request, work, found, kept=kept, code=422)


def _take_in(
    request: Request, work: Work, found: Case
) -> tuple[dict[str, list[str]], list[Problem]]:
    kept: dict[str, list[str]] = {}
    for field, value in form(request).multi_items():
        if field.startswith(KEPT) and isinstance(value, str) and UUID_TEXT.fullmatch(value):
            kept.setdefault(field.removeprefix(KEPT), []).append(value)
    problems: list[Problem] = []
    for upload in uploads(request):
        try:
            with work.savepoint():
                stored = documents.store(
                    work, name=upload.name, content=upload.content, holder=found.holder
                )
        except Invalid as refused:
            problems += [Problem(upload.field, p.message, p.details) for p in refused.problems]
        else:
            kept.setdefault(upload.field.removeprefix("material."), []).append(str(stored.id))
    return kept, problems


def _show(
    request: Request, work: Work, found: Case, *, kept: dict[str, list[str]], code: int
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
    ids = [UUID(file) for files in kept.values() for file in files]
    return show(
        request,
        "portal/my/correct.html",
        status=code,
        case=found,
        fields=shown,
        kept=kept,
        files={str(f.id): f for f in documents.files(work, ids=ids)} if ids else {},
        size_max=documents.SIZE_MAX,
    )


routes = [
    page("/my/cases/{number}/correct", correction, name="portal.correction", permit="cases.own"),
    action("/my/cases/{number}/correct", correct, name="portal.correct", permit="cases.own"),
]
