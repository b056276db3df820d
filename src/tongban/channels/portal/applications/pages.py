"""One thing for each page; what is filled in is kept as a draft at every step, never refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from tongban import cases, catalogue, documents
from tongban.cases import Draft, Filled
from tongban.catalogue import Item
from tongban.channels.shell.attachments import UUID_TEXT
from tongban.channels.shell.forms import text, uploads
from tongban.channels.shell.itemform import Section, answers_sent, sections
from tongban.channels.shell.pages import action, go_to, page, saving, visitor
from tongban.channels.shell.render import said, show
from tongban.foundation.errors import Conflict, Invalid, Problem
from tongban.foundation.work import Work

NAMES = {
    "choices": "选择情形",
    "form": "填写申请表",
    "materials": "上传材料",
    "delivery": "领取方式",
    "check": "核对并提交",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody is in an application: the steps that this item has, and the present one."""

    steps: tuple[str, ...]
    step: str

    @property
    def number(self) -> int:
        return self.steps.index(self.step) + 1

    @property
    def names(self) -> list[str]:
        return [NAMES[step] for step in self.steps]

    @property
    def following(self) -> str:
        return self.steps[min(self.number, len(self.steps) - 1)]

    @property
    def before(self) -> str:
        return self.steps[self.number - 2] if self.number > 1 else ""


@dataclass(frozen=True, slots=True)
class Party:
    """For whom somebody applies. ``others`` are those they could act for whom the service suits.

    ``here`` is the address of the page, with the answers given on the guide.
    """

    name: str
    here: str
    unsuited: bool
    others: tuple[tuple[str, str], ...]


class NobodyToActFor(Conflict):
    message = "请先在“我的”里选择为谁办事"


def apply(request: Request, work: Work) -> Response:
    """Show one step of an application, with what is filled in so far."""
    item = catalogue.item(work, code=request.path_params["code"])
    draft = cases.draft(work, item_code=item.code, holder=_holder(request))
    asked = request.query_params.get("step", "")
    if not asked and (picked := _picked(request, item)):
        draft = draft.merged(item, Filled(choices=picked))
    return _step(request, work, item, draft, place=_place(item, asked))


def save_choices(request: Request, work: Work) -> Response:
    item = catalogue.item(work, code=request.path_params["code"])
    chosen = {q.key: text(request, f"choice.{q.key}") for q in item.questions}
    return _saved(request, work, item, Filled(choices=chosen), "choices")


def save_form(request: Request, work: Work) -> Response:
    item = catalogue.item(work, code=request.path_params["code"])
    return _saved(request, work, item, Filled(answers=answers_sent(request, item.form)), "form")


def autosave(request: Request, work: Work) -> Response:
    """Keep what is being typed. The page goes on showing what it shows."""
    item = catalogue.item(work, code=request.path_params["code"])
    cases.save_draft(
        work,
        item_code=item.code,
        holder=_holder(request),
        filled=Filled(answers=answers_sent(request, item.form)),
    )
    return Response(status_code=204)


def save_materials(request: Request, work: Work) -> Response:
    """Take in the files that are fine, and name those that are not."""
    item = catalogue.item(work, code=request.path_params["code"])
    holder = _holder(request)
    draft = cases.draft(work, item_code=item.code, holder=holder)
    materials = {key: list(files) for key, files in draft.materials.items()}
    removed = text(request, "remove")
    for key, files in materials.items():
        materials[key] = [file for file in files if f"{key}:{file}" != removed]
    problems = []
    for upload in uploads(request):
        key = upload.field.removeprefix("material.")
        try:
            with work.savepoint():
                stored = documents.store(
                    work, name=upload.name, content=upload.content, holder=holder
                )
        except Invalid as refused:
            problems += [Problem(upload.field, p.message, p.details) for p in refused.problems]
        else:
            materials.setdefault(key, []).append(str(stored.id))
    filled = Filled(materials={key: tuple(files) for key, files in materials.items()})
    stay = bool(removed or problems or text(request, "upload"))
    return _saved(request, work, item, filled, "materials", problems=problems, stay=stay)


def save_delivery(request: Request, work: Work) -> Response:
    item = catalogue.item(work, code=request.path_params["code"])
    names = ("way", "receiver", "telephone", "address")
    delivery = {name: text(request, f"delivery.{name}") for name in names}
    return _saved(request, work, item, Filled(delivery=delivery), "delivery")


def submit(request: Request, work: Work) -> Response:
    try:
        case = cases.submit(
            work,
            item_code=request.path_params["code"],
            holder=_holder(request),
            declared=text(request, "declared") == "1",
        )
    except cases.AlreadySubmitted as already:
        # Somebody went back and pressed once more: what they want has been done.
        number = str(already.details["number"])
        return go_to(request, "portal.receipt", flash="这份申请已经提交过了", number=number)
    return go_to(request, "portal.receipt", number=case.number)


def submit_again(request: Request, work: Work) -> Response:
    item = catalogue.item(work, code=request.path_params["code"])
    draft = cases.draft(work, item_code=item.code, holder=_holder(request))
    return _step(request, work, item, draft, place=_place(item, "check"))


def discard(request: Request, work: Work) -> Response:
    cases.discard_draft(work, item_code=request.path_params["code"], holder=_holder(request))
    return go_to(request, "portal.my", flash="草稿已删除")


def _saved(
    request: Request,
    work: Work,
    item: Item,
    filled: Filled,
    step: str,
    *,
    problems: Sequence[Problem] = (),
    stay: bool = False,
) -> Response:
    """Keep what was filled in; go on, or stay and say what is still wrong on this page."""
    draft = cases.save_draft(work, item_code=item.code, holder=_holder(request), filled=filled)
    place = _place(item, step)
    wrong = list(problems)
    if not stay and text(request, "later") != "1":
        asked, _ = _as_ruled(work, item, draft)
        wrong += [p for p in cases.check_draft(asked, draft) if _step_of(p.field) == step]
    if wrong:
        request.state.problems = wrong
        return _step(request, work, item, draft, place=place, code=422)
    if text(request, "later") == "1":
        return go_to(request, "portal.my", flash="草稿已保存，可以随时回来接着填")
    return _to(request, item, place.step if stay else place.following)


def _to(request: Request, item: Item, step: str) -> Response:
    address = str(request.app.url_path_for("portal.apply", code=item.code))
    return RedirectResponse(f"{address}?{urlencode({'step': step})}", status_code=303)


def _step(
    request: Request, work: Work, item: Item, draft: Draft, *, place: Place, code: int = 200
) -> Response:
    item, fee = _as_ruled(work, item, draft)
    # Beside what is asked for now, nothing of an answer given before is shown or checked.
    draft = draft.merged(item, Filled())
    problems = cases.check_draft(item, draft) if place.step == "check" else []
    return show(
        request,
        f"portal/applications/{place.step}.html",
        status=code,
        item=item,
        fee=fee,
        draft=draft,
        place=place,
        party=_party(request, item),
        sections=_sections(item, draft),
        materials=item.materials_for(draft.choices),
        files=_files(work, draft),
        unfinished=[(p, _step_of(p.field), said(request, p)) for p in problems],
        offered={
            file
            for material in item.materials
            for file in (material.blank_form, material.sample)
            if UUID_TEXT.fullmatch(file)
        },
        ways=[(way.value, way.word) for way in cases.Way],
        size_max=documents.SIZE_MAX,
    )


def _as_ruled(work: Work, item: Item, draft: Draft) -> tuple[Item, int | None]:
    """Return what rules leave of an item for this draft, and the fee in cents if they set one."""
    asked, found = cases.item_for(work, item=item, choices=draft.choices, answers=draft.answers)
    return asked, found.fee if found else None


def _place(item: Item, step: str) -> Place:
    steps = tuple(name for name in NAMES if name != "choices" or item.questions)
    return Place(steps, step if step in steps else steps[0])


def _step_of(field: str) -> str:
    """Return the step on which a field stands, by its name in a problem."""
    kind = field.split(".")[0] if "." in field else ""
    return {"choice": "choices", "material": "materials", "delivery": "delivery"}.get(kind, "form")


def _holder(request: Request) -> str:
    if not (holder := visitor(request).acting_for):
        raise NobodyToActFor
    return holder


def _party(request: Request, item: Item) -> Party:
    session = visitor(request).session
    holders = session.holders if session else ()
    mine = _holder(request)
    here = str(request.app.url_path_for("portal.apply", code=item.code))
    prefix = {catalogue.Audience.PERSON: "p-", catalogue.Audience.BUSINESS: "b-"}
    suited = prefix.get(item.audience, "")
    return Party(
        dict(holders).get(mine, ""),
        f"{here}?{request.url.query}",
        not mine.startswith(suited),
        tuple(each for each in holders if each[0] != mine and each[0].startswith(suited)),
    )


def _picked(request: Request, item: Item) -> dict[str, str]:
    """Return the answers that were given on the guide page already."""
    asked = request.query_params
    return {q.key: asked[q.key] for q in item.questions if asked.get(q.key)}


def _sections(item: Item, draft: Draft) -> list[Section]:
    return sections(item.form, draft.answers)


def _files(work: Work, draft: Draft) -> dict[str, documents.File]:
    ids = [UUID(file) for file in draft.files]
    return {str(file.id): file for file in documents.files(work, ids=ids)} if ids else {}


routes = [
    page("/apply/{code}", apply, name="portal.apply", permit="cases.apply"),
    saving("/apply/{code}/choices", save_choices, name="portal.choices", permit="cases.apply"),
    saving("/apply/{code}/form", save_form, name="portal.form", permit="cases.apply"),
    saving("/apply/{code}/autosave", autosave, name="portal.autosave", permit="cases.apply"),
    saving(
        "/apply/{code}/materials", save_materials, name="portal.materials", permit="cases.apply"
    ),
    saving("/apply/{code}/delivery", save_delivery, name="portal.delivery", permit="cases.apply"),
    action(
        "/apply/{code}/submit",
        submit,
        name="portal.submit",
        permit="cases.apply",
        again=submit_again,
    ),
    action("/apply/{code}/discard", discard, name="portal.discard", permit="cases.apply"),
]
