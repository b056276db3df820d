"""One sheet of a draft as a form: a section of the item, or the business manual of a step."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from tongban import catalogue, documents
from tongban.catalogue import KINDS, Draft, Item, Section, State, Step
from tongban.channels.console.items import binding, sections
from tongban.channels.console.items.inputs import Sheet
from tongban.channels.console.items.pages import EDIT, READ, seen
from tongban.channels.console.items.sheets import MANUAL, SHEETS, TRUTH, UNITS
from tongban.channels.shell.forms import Upload, text, whole
from tongban.channels.shell.pages import action, go_to, page, visitor
from tongban.channels.shell.render import said, show
from tongban.foundation.errors import Invalid, NotFound, Problem
from tongban.foundation.work import Work

LINT_KINDS = {"error": "danger", "warning": "warn", "hint": "plain"}


class NoSuchSection(NotFound):
    message = "没有这一节，请从草稿页面重新打开"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sheet lies in an item: a section, or the manual of the step at ``step``."""

    title: str
    sheet: Sheet
    section: Section
    step: int | None = None

    def thing(self, item: Item) -> Item | Step:
        return item if self.step is None else item.steps[self.step]

    def into(self, item: Item, thing: Any) -> Item:
        if self.step is None:
            if thing.kind != item.kind:  # Its name in words follows, whatever the source wrote.
                thing = replace(thing, kind_name=KINDS.get(thing.kind, ""))
            return thing  # type: ignore[no-any-return]
        steps = list(item.steps)
        steps[self.step] = thing
        return replace(item, steps=tuple(steps))


def edit(request: Request, work: Work) -> Response:
    """One sheet as a form. What was typed stays on the page, whatever happened."""
    draft = draft_of(request, work)
    place = _place(request, draft.item)
    item = _typed(request, draft.item, place)
    findings = [one for one in catalogue.lint(item) if one.section is place.section]
    thing = place.thing(item)
    return show(
        request,
        "console/items/section.html",
        draft=draft,
        item=item,
        place=place,
        thing=thing,
        lists=[(rows, rows.of(thing)) for rows in place.sheet.lists],
        value_of=sections.value_of,
        shown=sections.shown,
        units=list(UNITS.items()),
        truth=list(TRUTH.items()),
        files=_files(work, item),
        size_max=documents.SIZE_MAX,
        upload=any(field.kind == "file" for rows in place.sheet.lists for field in rows.inputs),
        findings=[(one, one.said(visitor(request).language)) for one in findings]
        if place.step is None
        else [],
        lint_kinds=LINT_KINDS,
        bound=binding.choices(request, work, item) if place.section is Section.MATERIALS else {},
        lost=[said(request, one) for one in catalogue.changes(draft.item, item)]
        if request.method == "POST"
        else [],
        others=[one for one in Section if one is not place.section],
        adding=request.query_params.get("more") == "1",
        editable=may_change(work, draft),
    )


def save(request: Request, work: Work) -> Response:
    draft = draft_of(request, work)
    place, item = _place(request, draft.item), draft.item

    def keep(upload: Upload) -> str:
        with work.savepoint():
            stored = documents.store_for_guide(
                work,
                name=upload.name,
                content=upload.content,
                guide=item.code,
                department=item.department,
                region=item.region,
            )
        return str(stored.id)

    thing = sections.read(request, place.thing(item), place.sheet, keep=keep)
    store(request, work, draft, place.into(item, thing))
    path: dict[str, str] = {"id": draft.id}
    if place.step is not None:
        path["step"] = str(place.step + 1)
    else:
        path["section"] = place.section.value
    if text(request, "act") == "row":
        back = "console.draft_section" if place.step is None else "console.draft_manual"
        return go_to(request, back, query="more=1", **path)
    if place.step is not None:
        return go_to(
            request,
            "console.draft_section",
            flash="业务手册已保存",
            id=draft.id,
            section=Section.STEPS.value,
        )
    return go_to(request, "console.draft", flash="这一节已保存", id=draft.id)


def store(request: Request, work: Work, draft: Draft, item: Item) -> None:
    """Save a draft by the revision that the page showed.

    :raises Invalid: if somebody else changed it meanwhile, so that the form is shown again.
    """
    revision = whole(text(request, "revision")) or 0
    try:
        catalogue.save_draft(work, id=draft.id, revision=revision, item=item)
    except catalogue.DraftChanged as changed:
        raise Invalid(Problem("", changed.message, changed.details)) from None


def draft_of(request: Request, work: Work) -> Draft:
    """Return the draft of the address to whoever keeps that department's catalogue."""
    draft = catalogue.draft(work, id=request.path_params["id"])
    seen(work, draft.item)
    return draft


def may_change(work: Work, draft: Draft) -> bool:
    item = draft.item
    return draft.state is State.DRAFT and work.actor.may(
        EDIT, department=item.department, region=item.region
    )


def _place(request: Request, item: Item) -> Place:
    step = request.path_params.get("step")
    if step is not None:
        if not 1 <= step <= len(item.steps):
            raise NoSuchSection
        return Place("业务手册", MANUAL, Section.STEPS, step - 1)
    try:
        section = Section(request.path_params["section"])
    except ValueError:
        raise NoSuchSection from None
    return Place(section.label, SHEETS[section], section)


def _typed(request: Request, item: Item, place: Place) -> Item:
    if request.method != "POST":
        return item
    return place.into(item, sections.typed(request, place.thing(item), place.sheet))


def _files(work: Work, item: Item) -> dict[str, documents.File]:
    ids = [m.blank_form for m in item.materials] + [m.sample for m in item.materials]
    ids += [result.sample for result in item.results]
    found = documents.files(work, ids=[UUID(one) for one in ids if one]) if any(ids) else []
    return {str(file.id): file for file in found}


ONE = "/console/drafts/{id}"
_SECTION, _MANUAL = ONE + "/sections/{section}", ONE + "/steps/{step:int}"
routes = [
    page(_SECTION, edit, name="console.draft_section", permit=READ),
    action(_SECTION, save, name="console.draft_save", permit=EDIT, again=edit),
    page(_MANUAL, edit, name="console.draft_manual", permit=READ),
    action(_MANUAL, save, name="console.draft_manual_save", permit=EDIT, again=edit),
]
