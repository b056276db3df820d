from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from tongban import catalogue, identity
from tongban.catalogue import Entry, EntryDraft, EntryFilter, List, State
from tongban.channels.console.items import sections
from tongban.channels.console.items.pages import EDIT, READ, REVIEW, STATE_KINDS, may, scope
from tongban.channels.console.items.sheets import TRUTH, UNITS
from tongban.channels.console.items.units import choosing, given_by, own_units
from tongban.channels.console.lists.sheets import SHEETS
from tongban.channels.shell.forms import text, whole
from tongban.channels.shell.pages import action, go_to, page
from tongban.channels.shell.render import said, show
from tongban.foundation.errors import Forbidden, Invalid, NotFound, Problem
from tongban.foundation.work import Work

SHOWN = 50


class NoSuchList(NotFound):
    message = "没有这个清单，请从清单列表重新打开"


def listing(request: Request, work: Work) -> Response:
    """What is being changed, and one list: searched by its words, or from its beginning."""
    departments, regions = scope(work)
    of = _list(request.query_params.get("list", "") or List.POWER.value)
    query = request.query_params.get("q", "").replace("\x00", "").strip()[:100]
    found = catalogue.entries(
        work,
        kind=catalogue.LIST_CLASSES[of],
        only=EntryFilter(text=query),
        after=request.query_params.get("after", ""),
        size=SHOWN,
    )
    counted = catalogue.entry_counts(work)
    return show(
        request,
        "console/lists/list.html",
        drafts=catalogue.entry_drafts(work, departments=departments, regions=regions),
        kinds=STATE_KINDS,
        of=of,
        lists=[(one, counted[one]) for one in List],
        query=query,
        found=found.rows,
        following=found.following,
        mine=[may(work, entry.department, entry.region) for entry in found.rows],
        may_edit=work.actor.may(EDIT),
    )


def one(request: Request, work: Work) -> Response:
    """One entry, its versions, and the way to change it."""
    of, entry = _entry(request, work)
    return show(
        request,
        "console/lists/one.html",
        of=of,
        entry=entry,
        sheet=SHEETS[of],
        lists=[(rows, rows.of(entry)) for rows in SHEETS[of].lists],
        value_of=sections.value_of,
        shown=sections.shown,
        draft=catalogue.open_entry_draft(work, of=of, code=entry.code),
        versions=catalogue.entry_versions(work, of=of, code=entry.code),
        kinds=STATE_KINDS,
        may_edit=work.actor.may(EDIT, department=entry.department, region=entry.region),
    )


def begin(request: Request, work: Work) -> Response:
    _, entry = _entry(request, work)
    return go_to(request, "console.entry", id=catalogue.begin_entry(work, entry=entry))


def new(request: Request, work: Work) -> Response:
    unit = choosing("department", given_by(request), own_units(work, EDIT))
    return show(request, "console/lists/new.html", of=_list(request.path_params["list"]), unit=unit)


def add(request: Request, work: Work) -> Response:
    of = _list(request.path_params["list"])
    chosen = choosing("department", given_by(request), own_units(work, EDIT))
    try:
        unit = identity.department(work, code=chosen.code)
    except NotFound:
        raise Invalid(chosen.problem or Problem("department", "请选择部门")) from None
    entry = catalogue.LIST_CLASSES[of](
        code=text(request, "code"),
        name=text(request, "name"),
        department=unit.code,
        department_name=unit.name,
        region=unit.region,
    )
    return go_to(request, "console.entry", id=catalogue.begin_entry(work, entry=entry))


def edit(request: Request, work: Work) -> Response:
    """A draft of an entry: its fields as a form, what changes, and what is next."""
    draft = _draft(request, work)
    entry, of = draft.entry, catalogue.list_of(draft.entry)
    typed = _typed(request, entry, of)
    where = {"department": entry.department, "region": entry.region}
    held = catalogue.entries_named(work, kind=type(entry), codes=[entry.code]).get(entry.code)
    sheet = SHEETS[of]
    return show(
        request,
        "console/lists/draft.html",
        draft=draft,
        entry=typed,
        of=of,
        sheet=sheet,
        lists=[(rows, rows.of(typed)) for rows in sheet.lists],
        value_of=sections.value_of,
        shown=sections.shown,
        units=list(UNITS.items()),
        truth=list(TRUTH.items()),
        files={},
        size_max=0,
        changes=[said(request, change) for change in catalogue.entry_changes(held, typed)]
        if held
        else None,
        kinds=STATE_KINDS,
        editable=draft.state is State.DRAFT and work.actor.may(EDIT, **where),
        may_edit=work.actor.may(EDIT, **where),
        own=work.actor.id in draft.authors,
        may_review=work.actor.may(REVIEW, **where) and work.actor.id not in draft.authors,
    )


def save(request: Request, work: Work) -> Response:
    draft = _draft(request, work)
    of = catalogue.list_of(draft.entry)
    try:
        catalogue.save_entry(
            work,
            id=draft.id,
            revision=whole(text(request, "revision")) or 0,
            entry=sections.read(request, draft.entry, SHEETS[of]),
            change_note=text(request, "change_note"),
        )
    except catalogue.DraftChanged as changed:
        raise Invalid(Problem("", changed.message, changed.details)) from None
    return go_to(request, "console.entry", flash="已保存", id=draft.id)


def submit(request: Request, work: Work) -> Response:
    catalogue.submit_entry(work, id=request.path_params["id"])
    return _back(request, "已提交审核，请另一位有权限的人办理")


def review(request: Request, work: Work) -> Response:
    agree = text(request, "agree")
    if agree not in ("yes", "no"):
        raise Invalid(Problem("agree", "请选择通过或者退回"))
    catalogue.review_entry(
        work,
        id=request.path_params["id"],
        agree=agree == "yes",
        comment=text(request, "comment"),
    )
    return _back(request, "已发布，立即生效" if agree == "yes" else "已退回修改")


def withdraw(request: Request, work: Work) -> Response:
    catalogue.withdraw_entry(work, id=request.path_params["id"])
    return _back(request, "草稿已撤回，现行版本不变")


def _list(name: str) -> List:
    try:
        return List(name)
    except ValueError:
        raise NoSuchList from None


def _entry(request: Request, work: Work) -> tuple[List, Entry]:
    of = _list(request.path_params["list"])
    kind: type[Any] = catalogue.LIST_CLASSES[of]
    entry: Entry = catalogue.entry(work, kind=kind, code=request.path_params["code"])
    _seen(work, entry)
    return of, entry


def _draft(request: Request, work: Work) -> EntryDraft:
    draft = catalogue.entry_draft(work, id=request.path_params["id"])
    _seen(work, draft.entry)
    return draft


def _seen(work: Work, entry: Entry) -> None:
    if not may(work, entry.department, entry.region):
        raise Forbidden(permission=EDIT)


def _typed(request: Request, entry: Entry, of: List) -> Entry:
    if request.method != "POST" or "revision" not in request.state.form:
        return entry
    try:
        typed: Entry = sections.read(request, entry, SHEETS[of])
    except Invalid:
        return entry
    return typed


def _back(request: Request, flash: str) -> Response:
    return go_to(request, "console.entry", flash=flash, id=request.path_params["id"])


ONE, LIST = "/console/entries/{id}", "/console/lists/{list}"
routes = [
    page("/console/lists", listing, name="console.lists", permit=READ),
    page(LIST + "/new", new, name="console.entry_new", permit=EDIT),
    action(LIST + "/new", add, name="console.entry_add", permit=EDIT, again=new),
    page(LIST + "/entries/{code}", one, name="console.list_entry", permit=READ),
    action(LIST + "/entries/{code}/begin", begin, name="console.entry_begin", permit=EDIT),
    page(ONE, edit, name="console.entry", permit=READ),
    action(ONE + "/save", save, name="console.entry_save", permit=EDIT, again=edit),
    action(ONE + "/submit", submit, name="console.entry_submit", permit=EDIT, again=edit),
    action(ONE + "/review", review, name="console.entry_review", permit=REVIEW, again=edit),
    action(ONE + "/withdraw", withdraw, name="console.entry_withdraw", permit=EDIT),
]
