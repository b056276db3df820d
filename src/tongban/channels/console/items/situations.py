"""The questions of a draft (情形), by ticking: if the answer is this, then these materials."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from starlette.requests import Request
from starlette.responses import Response

from tongban import catalogue, rulebook
from tongban.catalogue import Choice, Item, Question
from tongban.channels.console.items.editing import draft_of, may_change, store
from tongban.channels.console.items.pages import EDIT, READ
from tongban.channels.shell.forms import text, texts, whole
from tongban.channels.shell.pages import action, go_to, page
from tongban.channels.shell.render import said, show
from tongban.foundation.errors import Invalid, Problem
from tongban.foundation.work import Work

MOST = 50
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Needs:
    """What an answer can ask for, as pairs of key and name."""

    materials: tuple[tuple[str, str], ...]
    fields: tuple[tuple[str, str], ...]
    forms: tuple[tuple[str, str], ...]


def edit(request: Request, work: Work) -> Response:
    """The questions with their answers, and for each answer the boxes of what it asks for."""
    draft = draft_of(request, work)
    item = draft.item
    if request.method == "POST":
        item = replace(item, questions=_read(request, item, []))
    bound = rulebook.bindings(work, item_code=item.code)
    return show(
        request,
        "console/items/situations.html",
        draft=draft,
        item=item,
        needs=_needs(item),
        rules=next((b for b in bound if b.purpose == rulebook.Purpose.SCENARIO), None),
        lost=[said(request, one) for one in catalogue.changes(draft.item, item)]
        if request.method == "POST"
        else [],
        editable=may_change(work, draft),
    )


def save(request: Request, work: Work) -> Response:
    draft = draft_of(request, work)
    problems: list[Problem] = []
    questions = _read(request, draft.item, problems)
    if problems:
        raise Invalid(*problems)
    store(request, work, draft, replace(draft.item, questions=questions))
    if text(request, "act") == "row":
        return go_to(request, "console.draft_situations", flash="已保存", id=draft.id)
    return go_to(request, "console.draft", flash="情形问题已保存", id=draft.id)


def _needs(item: Item) -> Needs:
    fields = catalogue.fields_of(item.form)
    forms = dict.fromkeys(field.form for field in fields if field.form)
    return Needs(
        tuple((material.key, material.name) for material in item.materials),
        tuple((field.key, field.title) for field in fields),
        tuple((form, form) for form in forms),
    )


def _read(request: Request, item: Item, problems: list[Problem]) -> tuple[Question, ...]:
    needs = _needs(item)
    found: list[Question] = []
    for at in range(min(whole(text(request, "questions"), digits=2) or 0, MOST)):
        before = item.questions[at] if at < len(item.questions) else None
        title = text(request, f"{at}-title")
        choices = _choices(request, at, before.choices if before else (), needs)
        if not title and not (choices and before is None):
            continue
        if not title or len(title) > LONGEST:
            problems.append(Problem(f"{at}-title", "问题应为 1 至 200 个字"))
        if len(choices) < 2:
            problems.append(Problem(f"{at}-title", "一个问题至少要有两个答案"))
        key = before.key if before else _new_key("q", (*item.questions, *found))
        found.append(Question(key, title, choices))
    return tuple(found)


def _choices(
    request: Request, question: int, before: Sequence[Choice], needs: Needs
) -> tuple[Choice, ...]:
    found: list[Choice] = []
    for at in range(min(whole(text(request, f"{question}-choices"), digits=2) or 0, MOST)):
        start = f"{question}-{at}"
        title = text(request, f"{start}-title")[:LONGEST]
        if not title:
            continue
        key = before[at].key if at < len(before) else _new_key("c", (*before, *found))
        found.append(
            Choice(
                key,
                title,
                materials=_ticked(request, f"{start}-materials", needs.materials),
                fields=_ticked(request, f"{start}-fields", needs.fields),
                forms=_ticked(request, f"{start}-forms", needs.forms),
            )
        )
    return tuple(found)


def _ticked(request: Request, name: str, known: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    ticked = frozenset(texts(request, name))
    return tuple(key for key, _ in known if key in ticked)


def _new_key(start: str, present: Iterable[Question | Choice]) -> str:
    taken = {one.key for one in present}
    return next(key for n in range(1, 1000) if (key := f"{start}{n}") not in taken)


_PATH = "/console/drafts/{id}/situations"
routes = [
    page(_PATH, edit, name="console.draft_situations", permit=READ),
    action(_PATH, save, name="console.draft_situations_save", permit=EDIT, again=edit),
]
