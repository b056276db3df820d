from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from tongban import catalogue, identity
from tongban.catalogue import BulkAct, BulkChange, By, Filter, Item
from tongban.channels.console.items.pages import EDIT, READ, REVIEW, may, scope
from tongban.channels.console.items.sheets import UNITS
from tongban.channels.console.items.units import choosing, given_by, own_units
from tongban.channels.shell.forms import text, texts
from tongban.channels.shell.pages import action, go_to, page, visitor
from tongban.channels.shell.render import said, show
from tongban.foundation.errors import Forbidden, Invalid, NotFound, Problem
from tongban.foundation.work import Work

KINDS = {"review": "info", "published": "good", "sent_back": "warn", "undone": "plain"}
LINT_KINDS = {"error": "danger", "warning": "warn", "hint": "plain"}
FILTERS = ("department", "region", "theme", "kind")
NAMED = ("field", "act", "value", "old", "unit")


def listing(request: Request, work: Work) -> Response:
    """The sets so far of one's departments and regions."""
    departments, regions = scope(work)
    return show(
        request,
        "console/sets/list.html",
        sets=catalogue.draft_sets(work, departments=departments, regions=regions),
        kinds=KINDS,
        may_edit=work.actor.may(EDIT),
    )


def new(request: Request, work: Work) -> Response:
    """Choose the items and the change; then see what would change, item by item."""
    departments, regions = scope(work)
    asked, own = _asked(request), own_units(work, EDIT)
    unit = choosing("department", given_by(request), own)
    target = choosing("value", given_by(request), own)
    asked["department"] = unit.code
    if asked["field"] == "department":
        asked["value"] = target.code
    problems = [one.problem for one in (unit, target) if one.problem]
    items = (
        []
        if problems
        else catalogue.matching(
            work,
            only=Filter(**{name: asked[name] for name in FILTERS}),
            departments=departments,
            regions=regions,
            limit=catalogue.SET_MOST,
        )
    )
    planned: list[catalogue.Planned] = []
    if asked["act"] and asked["field"] and not problems:
        try:
            planned = catalogue.foresee_set(work, change=_change(work, asked), items=items)
        except Invalid as wrong:
            problems = list(wrong.problems)
    if problems and request.method == "GET":
        request.state.problems = problems
    field = catalogue.BULK_FIELDS.get(asked["field"])
    return show(
        request,
        "console/sets/new.html",
        asked=asked,
        field=field,
        fields=[
            (one.name, one.label) for one in catalogue.BULK_FIELDS.values() if one.kind != "binding"
        ],
        acts=[(act.value, act.label) for act in field.acts] if field else [],
        units=list(UNITS.items()),
        choices=_choices(work),
        unit=unit,
        target=target,
        matched=len(items),
        most=catalogue.SET_MOST,
        foreseen=not problems and bool(asked["act"] and field),
        lines=[_line(request, one) for one in planned],
        lint_kinds=LINT_KINDS,
    )


def begin(request: Request, work: Work) -> Response:
    asked = _asked(request)
    id = catalogue.begin_set(work, change=_change(work, asked), codes=texts(request, "codes"))
    return go_to(request, "console.set", flash="已提交审核，请另一位有权限的人办理", id=id)


def one(request: Request, work: Work) -> Response:
    """A set: every item with what changes in it, and one review for all."""
    found = catalogue.draft_set(work, id=request.path_params["id"])
    drafts = catalogue.set_drafts(work, id=str(found.id))
    if drafts and not any(may(work, d.item.department, d.item.region) for d in drafts):
        raise Forbidden(permission=EDIT)
    before = {
        (item.code, item.version): item
        for item in catalogue.versions_of(
            work, pairs=[(draft.item.code, draft.based_on) for draft in drafts]
        )
    }
    return show(
        request,
        "console/sets/one.html",
        one=found,
        kinds=KINDS,
        lines=[_drafted(request, draft, before) for draft in drafts],
        lint_kinds=LINT_KINDS,
        own=work.actor.id == found.author,
        may_review=work.actor.may(REVIEW) and work.actor.id != found.author,
    )


def review(request: Request, work: Work) -> Response:
    agree = text(request, "agree")
    if agree not in ("yes", "no"):
        raise Invalid(Problem("agree", "请选择通过或者退回"))
    id = request.path_params["id"]
    catalogue.review_set(work, id=id, agree=agree == "yes", comment=text(request, "comment"))
    flash = "这一批已全部发布，立即生效" if agree == "yes" else "这一批已退回，事项没有改变"
    return go_to(request, "console.set", flash=flash, id=id)


def undo(request: Request, work: Work) -> Response:
    if text(request, "sure") != "1":
        raise Invalid(Problem("sure", "请勾选确认后再撤销"))
    id = request.path_params["id"]
    catalogue.undo_set(work, id=id)
    return go_to(request, "console.set", flash="已撤销，事项恢复原来的内容", id=id)


def _asked(request: Request) -> dict[str, str]:
    """Return the filter and the change, from the address or from the form that repeats it."""
    if request.method == "POST":
        return {name: text(request, name) for name in (*FILTERS, *NAMED)}
    given = request.query_params
    return {
        name: given.get(name, "").replace("\x00", "").strip()[:3000] for name in (*FILTERS, *NAMED)
    }


def _change(work: Work, asked: Mapping[str, str]) -> BulkChange:
    act = asked["act"]
    if act not in {one.value for one in BulkAct}:
        raise Invalid(Problem("act", "请选择怎样改"))
    name, region = "", ("", "")
    if asked["field"] == "department" and asked["value"]:
        try:
            unit = identity.department(work, code=asked["value"])
            name, region = unit.name, (unit.region, identity.region(work, code=unit.region).name)
        except NotFound:
            raise Invalid(Problem("value", "请选择部门")) from None
    return BulkChange(
        asked["field"],
        asked["value"],
        BulkAct(act),
        asked["old"],
        asked["unit"] if asked["unit"] in UNITS else "workday",
        name,
        region,
    )


def _choices(work: Work) -> dict[str, list[tuple[str, str]]]:
    """Return what items can be chosen by, as options of lists."""
    return {
        by.value: [
            (count.code, count.name or count.code)
            for count in catalogue.counts(work, by=by)
            if count.code
        ]
        for by in (By.REGION, By.THEME, By.KIND)
    }


def _line(request: Request, planned: catalogue.Planned) -> dict[str, Any]:
    language = visitor(request).language
    return {
        "item": planned.item,
        "changes": [said(request, change) for change in planned.changes],
        "warned": [(one, one.said(language)) for one in planned.warned],
        "hindered": said(request, planned.hindered) if planned.hindered else "",
    }


def _drafted(
    request: Request, draft: catalogue.Draft, before: Mapping[tuple[str, int], Item]
) -> dict[str, Any]:
    language = visitor(request).language
    held = before.get((draft.item.code, draft.based_on))
    found = catalogue.lint(draft.item)
    known = {one.message for one in catalogue.lint(held)} if held else set()
    return {
        "draft": draft,
        "item": draft.item,
        "changes": [said(request, one) for one in catalogue.changes(held, draft.item)]
        if held
        else [],
        "warned": [(one, one.said(language)) for one in found if one.message not in known],
    }


ONE = "/console/sets/{id}"
routes = [
    page("/console/sets", listing, name="console.sets", permit=READ),
    page("/console/sets/new", new, name="console.sets_new", permit=EDIT),
    action("/console/sets/new", begin, name="console.sets_begin", permit=EDIT, again=new),
    page(ONE, one, name="console.set", permit=READ),
    action(ONE + "/review", review, name="console.set_review", permit=REVIEW, again=one),
    action(ONE + "/undo", undo, name="console.set_undo", permit=REVIEW, again=one),
]
