"""An application filled in at the counter, on one page: scenario, form, materials, delivery."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from tongban import cases, catalogue, documents, identity
from tongban.cases import Filled
from tongban.catalogue import Item
from tongban.channels.shell.attachments import HandedIn, by_id, handed_in
from tongban.channels.shell.forms import text, texts
from tongban.channels.shell.itemform import answers_sent, sections, with_known
from tongban.channels.shell.pages import action, go_to, page
from tongban.channels.shell.render import show
from tongban.foundation.errors import Invalid
from tongban.foundation.work import Work

DELIVERY = ("way", "receiver", "telephone", "address")


def receiving(request: Request, work: Work) -> Response:
    """Ask first which case it is, where the guide asks; then show the form for it."""
    item = _item(request, work)
    asked = request.query_params
    choices = {q.key: asked.get(f"choice.{q.key}", "") for q in item.questions}
    if not _answered(item, choices) or asked.get("ask"):
        return show(
            request,
            "counter/receiving/questions.html",
            item=item,
            person=identity.profile(work, holder=request.path_params["holder"]),
            choices=choices,
            unanswered=bool(asked.get("asked")),
        )
    return _form(request, work, item, Filled(choices=choices))


def receive(request: Request, work: Work) -> Response:
    """Take the application in. If anything is wrong, everything typed, ticked and sent stays."""
    item, holder = _item(request, work), request.path_params["holder"]
    sent = handed_in(request, work, holder=holder)
    filled = Filled(
        answers=answers_sent(request, item.form),
        materials=sent.files,
        choices={q.key: text(request, f"choice.{q.key}") for q in item.questions},
        delivery={name: text(request, f"delivery.{name}") for name in DELIVERY},
    )
    problems = sent.problems
    try:
        with work.savepoint():
            case = cases.receive(
                work,
                item_code=item.code,
                holder=holder,
                filled=filled,
                seen=texts(request, "seen"),
                declared=text(request, "declared") == "1",
            )
            if problems:
                raise Invalid(*problems)
        return go_to(
            request, "counter.case", flash="已收件，请把编号和查询码交给申请人", number=case.number
        )
    except Invalid as refused:
        # A file that was refused is named rather than told to be missing.
        named = {problem.field for problem in problems}
        new = [p for p in refused.problems if p not in problems and p.field not in named]
        request.state.problems = [*problems, *new]
    return _form(request, work, item, filled, sent=sent)


def _form(
    request: Request, work: Work, item: Item, filled: Filled, *, sent: HandedIn | None = None
) -> Response:
    person = identity.profile(work, holder=request.path_params["holder"])
    files = sent.files if sent else {}
    item = cases.item_at_counter(work, item=item, holder=person.holder, filled=filled)
    shown = sections(item.form, filled.answers or {})
    return show(
        request,
        "counter/receiving/form.html",
        status=422 if sent else 200,
        item=item,
        person=person,
        choices=filled.choices or {},
        sections=with_known(shown, schema=item.form, known=_known(person)),
        materials=item.materials_for(filled.choices or {}),
        kept=files,
        files=by_id(work, files),
        seen=set(texts(request, "seen")) if sent else set(),
        delivery=filled.delivery or {},
        declared=sent is not None and text(request, "declared") == "1",
        ways=[(way.value, way.word) for way in cases.Way],
        size_max=documents.SIZE_MAX,
    )


def _item(request: Request, work: Work) -> Item:
    item = catalogue.item(work, code=request.path_params["code"])
    work.actor.must("cases.accept", department=item.department, region=item.region)
    if item.status is not catalogue.Status.PUBLISHED:
        raise cases.NotReceived(name=item.name)
    return item


def _answered(item: Item, choices: Mapping[str, str]) -> bool:
    return all(
        choices.get(question.key) in {choice.key for choice in question.choices}
        for question in item.questions
    )


def _known(person: identity.Profile) -> dict[str, str]:
    """Return what the registers know, masked as the counter sees it, by the names in forms."""
    return {
        "holder.name": person.name,
        "holder.id_number": person.id_number,
        "holder.credit_code": person.id_number if person.holder.startswith("b-") else "",
        "holder.telephone": person.telephone,
        "holder.address": person.address,
        "holder.legal_representative": person.legal_representative,
    }


_PATH = "/counter/people/{holder}/receive/{code}"
routes = [
    page(_PATH, receiving, name="counter.receiving", permit="cases.accept"),
    action(_PATH, receive, name="counter.receive", permit="cases.accept"),
]
