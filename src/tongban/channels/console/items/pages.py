"""Services in the console: what is being changed, one service, its versions, its withdrawal."""

from datetime import date

from starlette.requests import Request
from starlette.responses import Response

from tongban import catalogue, identity
from tongban.catalogue import Filter, Item, Status, WordSource
from tongban.channels.console.items.units import choosing, given_by, own_units
from tongban.channels.shell.forms import text, texts, whole
from tongban.channels.shell.pages import action, go_to, page, visitor
from tongban.channels.shell.render import said, show
from tongban.foundation.actor import Kind
from tongban.foundation.errors import Forbidden, Invalid, NotFound, Problem
from tongban.foundation.messages import translate
from tongban.foundation.work import Work

READ, EDIT, REVIEW = "catalogue.read", "catalogue.edit", "catalogue.review"
FOUND = 30
STATE_KINDS = {
    "draft": "plain",
    "review": "info",
    "approved": "info",
    "scheduled": "warn",
    "published": "good",
    "withdrawn": "plain",
}


def scope(work: Work) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the departments, and the prefixes of regions, whose catalogue an officer keeps.

    :raises Forbidden: if there are none.
    """
    if work.actor.kind is Kind.SYSTEM:
        return (), ("",)
    held = [grant for grant in work.actor.grants if {EDIT, REVIEW} & grant.permissions]
    if not held:
        raise Forbidden(permission=EDIT)
    return (
        tuple(grant.department for grant in held if grant.department),
        tuple(grant.region for grant in held if not grant.department),
    )


def listing(request: Request, work: Work) -> Response:
    """What is being changed, what has changed above, and the way to every service."""
    units_mine, regions = scope(work)
    query = request.query_params.get("q", "").replace("\x00", "").strip()[:100]
    unit = choosing("department", given_by(request), own_units(work, EDIT, REVIEW))
    department = unit.code[:100]
    if unit.problem:
        request.state.problems = [unit.problem]
    mine = request.query_params.get("mine", "") == "1"
    lines = _found(work, query, department, _home(work)) if query or department else []
    if mine:
        lines = catalogue.item_lines(work, codes=catalogue.assigned_to(work, officer=work.actor.id))
    held = {
        one.item_code: one
        for one in catalogue.assignments(work, codes=[line.code for line in lines])
    }
    lines = [line for line in lines if _is_mine(work, line, held.get(line.code))]
    gives = [
        line
        for line in lines
        if work.actor.may(REVIEW, department=line.department, region=line.region)
    ]
    return show(
        request,
        "console/items/list.html",
        drafts=catalogue.drafts(work, departments=units_mine, regions=regions),
        notices=catalogue.notices(work, departments=units_mine, regions=regions),
        lines=lines,
        held=held,
        mine=mine,
        gives={line.code for line in gives},
        editors=_editors(work, gives[0].department, gives[0].region) if gives else [],
        query=query,
        department=department,
        unit=unit,
        kinds=STATE_KINDS,
        may_edit=work.actor.may(EDIT),
    )


def _is_mine(work: Work, line: catalogue.ItemLine, held: catalogue.Assignment | None) -> bool:
    """Tell whether an officer sees an item: editors see what is theirs, reviewers all."""
    if held is None or held.officer == work.actor.id:
        return True
    return work.actor.may(REVIEW, department=line.department, region=line.region)


def _editors(work: Work, department: str, region: str) -> list[tuple[str, str]]:
    return identity.officers_who_may(work, permission=EDIT, department=department, region=region)


def assign(request: Request, work: Work) -> Response:
    """Give items to one editor, or back to all editors of the department."""
    codes = texts(request, "codes")
    lines = catalogue.item_lines(work, codes=codes)
    if not lines:
        raise Invalid(Problem("codes", "请至少选择一个事项"))
    officer, name = text(request, "officer"), ""
    for line in lines if officer else []:
        name = dict(_editors(work, line.department, line.region)).get(officer, "")
        if not name:
            raise Invalid(Problem("officer", "这个人不能编写“{name}”", {"name": line.name}))
    number = catalogue.assign_items(work, codes=codes, officer=officer, name=name)
    if text(request, "one") == "1":
        return go_to(request, "console.item", flash="已分派", code=lines[0].code)
    return go_to(request, "console.items", flash="已分派" if number else "")


def _home(work: Work) -> str:
    """Return the division in which an officer keeps services, whose services come first."""
    units, regions = scope(work)
    if regions:
        return regions[0].ljust(6, "0") if regions[0] else ""
    return identity.department(work, code=units[0]).region


def _found(work: Work, query: str, department: str, home: str) -> list[catalogue.ItemLine]:
    if query:
        found = [
            one.line for one in catalogue.search(work, text=query, region=home, limit=FOUND * 3)
        ]
        found += catalogue.item_lines(work, codes=[query])
    else:
        only = Filter(department=department)
        found = list(catalogue.browse(work, only=only, size=FOUND).rows)
    seen = {line.code: line for line in found if not department or line.department == department}
    return [line for line in seen.values() if may(work, line.department, line.region)][:FOUND]


def may(work: Work, department: str, region: str) -> bool:
    return any(work.actor.may(one, department=department, region=region) for one in (EDIT, REVIEW))


def seen(work: Work, item: Item) -> None:
    """Refuse whoever keeps the catalogue of neither this department nor this region.

    :raises Forbidden: then.
    """
    if not may(work, item.department, item.region):
        raise Forbidden(permission=EDIT)
    if work.actor.may(REVIEW, department=item.department, region=item.region):
        return
    if any(one.officer != work.actor.id for one in catalogue.assignments(work, codes=[item.code])):
        raise Forbidden(permission=EDIT)


def one(request: Request, work: Work) -> Response:
    code = request.path_params["code"]
    item = catalogue.item(work, code=code)
    seen(work, item)
    above = catalogue.item_above(work, item=item)
    from_above = catalogue.changes(above, item) if isinstance(above, Item) else []
    where = {"department": item.department, "region": item.region}
    return show(
        request,
        "console/items/item.html",
        item=item,
        draft=catalogue.open_draft(work, item_code=code),
        versions=catalogue.versions(work, code=code),
        handling=catalogue.handling_items(work, code=code),
        above=above,
        from_above=[
            said(request, change)
            for change in from_above
            if change.field.split(".")[0] not in ("department_name", "agency", "codes")
        ],
        warnings=[said(request, warning) for warning in catalogue.code_warnings(item.codes)],
        withdrawal=catalogue.withdrawal(work, code=code),
        kinds=STATE_KINDS,
        words=catalogue.everyday_words(work, item=item),
        sources=[(one.value, one.label) for one in WordSource if one is not WordSource.OFFICIAL],
        may_edit=work.actor.may(EDIT, **where),
        may_review=work.actor.may(REVIEW, **where),
        held=next(iter(catalogue.assignments(work, codes=[code])), None),
        editors=_editors(work, item.department, item.region)
        if work.actor.may(REVIEW, **where)
        else [],
        offered=item.status is not Status.CANCELLED,
    )


def begin(request: Request, work: Work) -> Response:
    draft = catalogue.begin_draft(work, item_code=request.path_params["code"])
    return go_to(request, "console.draft", id=draft.id)


def new(request: Request, work: Work) -> Response:
    unit = choosing("department", given_by(request), own_units(work, EDIT))
    language = visitor(request).language
    kinds = [
        (code, translate(name, language)) for code, name in catalogue.KINDS.items() if code != "16"
    ]
    return show(request, "console/items/new.html", unit=unit, kinds=kinds)


def add(request: Request, work: Work) -> Response:
    problems = []
    chosen = choosing("department", given_by(request), own_units(work, EDIT))
    try:
        unit = identity.department(work, code=chosen.code)
    except NotFound:
        problems.append(chosen.problem or Problem("department", "请选择部门"))
    kind = text(request, "kind")
    if kind not in catalogue.KINDS:
        problems.append(Problem("kind", "请选择事项类型"))
    if problems:
        raise Invalid(*problems)
    region = identity.region(work, code=unit.region)
    draft = catalogue.begin_item(
        work,
        item=Item(
            text(request, "code"),
            text(request, "name"),
            unit.code,
            unit.name,
            region.code,
            region.full_name or region.name,
            kind=kind,
            kind_name=catalogue.KINDS[kind],
            form=catalogue.schema(catalogue.BASIC),
        ),
    )
    return go_to(request, "console.draft", flash="草稿已建立，请逐节填写", id=draft.id)


def compare(request: Request, work: Work) -> Response:
    """Two versions field by field, in plain words."""
    code = request.path_params["code"]
    seen(work, catalogue.item(work, code=code))
    versions = catalogue.versions(work, code=code)
    newest = versions[0].version
    new = whole(request.query_params.get("new", "")) or newest
    old = whole(request.query_params.get("old", "")) or max(1, new - 1)
    before = catalogue.item(work, code=code, version=old)
    after = catalogue.item(work, code=code, version=new)
    return show(
        request,
        "console/items/compare.html",
        item=after,
        old=old,
        new=new,
        changes=[said(request, change) for change in catalogue.changes(before, after)],
        versions=versions,
    )


def withdraw(request: Request, work: Work) -> Response:
    code = request.path_params["code"]
    catalogue.withdraw_item(
        work,
        code=code,
        reason=text(request, "reason"),
        withdrawn_from=day(request, "withdrawn_from"),
    )
    return go_to(
        request,
        "console.item",
        flash="已取消：在办的办件继续办理，不再受理新的申请"
        if catalogue.item(work, code=code).status is Status.CANCELLED
        else "已安排取消：在办的办件继续办理，到期后不再受理新的申请",
        code=code,
    )


def settle(request: Request, work: Work) -> Response:
    catalogue.settle_notices(work, item_code=request.path_params["code"])
    return go_to(request, "console.items", flash="已记下：这个事项不需要随上级修改")


def agreement(request: Request, work: Work) -> Response:
    """Where the lists did not agree with each other when they were compared last."""
    departments, regions = scope(work)
    return show(
        request,
        "console/items/agreement.html",
        compared=catalogue.compared(work, departments=departments, regions=regions),
        may_edit=work.actor.may(EDIT),
    )


def compare_lists(request: Request, work: Work) -> Response:
    catalogue.compare_soon(work)
    return go_to(request, "console.agreement", flash="已开始核对，请过一会儿再看")


def day(request: Request, field: str) -> date | None:
    """Return a date that was typed, or None if none was.

    :raises Invalid: if it is no date.
    """
    typed = text(request, field)
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError:
        raise Invalid(Problem(field, "请填写日期，如 2027-10-01")) from None


ONE = "/console/items/{code}"
routes = [
    page("/console/items", listing, name="console.items", permit=READ),
    action("/console/items/assign", assign, name="console.items_assign", permit=REVIEW),
    page("/console/items/new", new, name="console.items_new", permit=EDIT),
    action("/console/items/new", add, name="console.items_add", permit=EDIT, again=new),
    page("/console/agreement", agreement, name="console.agreement", permit=READ),
    action("/console/agreement", compare_lists, name="console.compare_lists", permit=EDIT),
    page(ONE, one, name="console.item", permit=READ),
    page(ONE + "/compare", compare, name="console.item_compare", permit=READ),
    action(ONE + "/begin", begin, name="console.item_begin", permit=EDIT),
    action(ONE + "/settle", settle, name="console.item_settle", permit=EDIT),
    action(ONE + "/withdraw", withdraw, name="console.item_withdraw", permit=REVIEW, again=one),
]
