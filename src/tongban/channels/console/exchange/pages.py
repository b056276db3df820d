"""What did not go out to the national platform, or came back: worklists of each department."""

from starlette.requests import Request
from starlette.responses import Response

from tongban import catalogue
from tongban.catalogue import BaseItem, Flaw
from tongban.channels.console.items.pages import scope
from tongban.channels.shell.pages import action, go_to, page
from tongban.channels.shell.render import show
from tongban.foundation.work import Work

PERMIT = "catalogue.edit"
OPERATIONS = {"I": "新增", "U": "变更", "D": "删除"}
SHOWN = 3


def listing(request: Request, work: Work) -> Response:
    """What came back to the departments of the officer and is still to be mended."""
    departments, regions = scope(work)
    after = request.query_params.get("after", "")
    found = catalogue.refusals(work, departments=departments, regions=regions, after=after)
    return show(
        request,
        "console/exchange/list.html",
        page=found,
        after=after,
        name_of=catalogue.national_name,
    )


def one(request: Request, work: Work) -> Response:
    """One refused row: what was sent, why it came back, and where it is mended."""
    found = catalogue.refusal(work, id=request.path_params["id"])
    work.actor.must(PERMIT, department=found.department, region=found.region)
    return show(
        request,
        "console/exchange/one.html",
        one=found,
        operation=OPERATIONS[found.cd_operation],
        mend=_mend(request, work, found.list, found.item_code),
        field=catalogue.national_name(found.table_name, found.field) if found.field else "",
        ours=catalogue.made_from(found.table_name, found.field),
        table=catalogue.table_name(found.table_name),
        sent=[
            {"field": name, "name": catalogue.national_name(found.table_name, name), "text": text}
            for name, text in sorted(found.sent.items())
        ],
    )


def again(request: Request, work: Work) -> Response:
    catalogue.send_again(work, id=request.path_params["id"])
    return go_to(request, "console.refusals", flash="将随下一批次重新报送")


def held_back(request: Request, work: Work) -> Response:
    """What the national tables would not take, and so was not sent, place by place."""
    departments, regions = scope(work)
    after = request.query_params.get("after", "")
    found = catalogue.held_back(work, departments=departments, regions=regions, after=after)
    return show(request, "console/exchange/held.html", page=found, after=after, shown=SHOWN)


def held_back_one(request: Request, work: Work) -> Response:
    """What is wrong with the rows of one service or entry, and where it is mended."""
    of, code = request.path_params["list"], request.path_params["code"]
    found = catalogue.held_back_one(work, list=of, code=code)
    work.actor.must(PERMIT, department=found.department, region=found.region)
    return show(
        request,
        "console/exchange/held_one.html",
        one=found,
        mend=_mend(request, work, found.list, found.code),
        flaws=[{"flaw": flaw, "place": _place_of(flaw)} for flaw in found.flaws],
    )


def _mend(request: Request, work: Work, of: str, code: str) -> dict[str, str]:
    """Return where it is mended: the open draft if there is one, else the thing itself."""
    if of == "directory":
        entry = catalogue.entry(work, kind=BaseItem, code=code)
        entry_draft = catalogue.open_entry_draft(work, of=catalogue.list_of(entry), code=code)
        if entry_draft:
            url = request.url_for("console.entry", id=entry_draft.id)
            return {"label": "打开草稿修改", "url": url.path}
        url = request.url_for("console.list_entry", list=of, code=code)
        return {"label": "打开条目修改", "url": url.path}
    draft = catalogue.open_draft(work, item_code=code)
    if draft:
        return {"label": "打开草稿修改", "url": request.url_for("console.draft", id=draft.id).path}
    return {"label": "打开事项修改", "url": request.url_for("console.item", code=code).path}


def _place_of(flaw: Flaw) -> dict[str, str]:
    """Say where in the service the field is made: in which of its fields, or of which table."""
    table = catalogue.table_name(flaw.table)
    return {"field": catalogue.made_from(flaw.table, flaw.field) or table, "row": flaw.row}


ONE, HELD = "/console/exchange/{id:int}", "/console/exchange/held-back"
routes = [
    page("/console/exchange", listing, name="console.refusals", permit=PERMIT),
    page(HELD, held_back, name="console.held_back", permit=PERMIT),
    page(HELD + "/{list}/{code}", held_back_one, name="console.held_back_one", permit=PERMIT),
    page(ONE, one, name="console.refusal", permit=PERMIT),
    action(ONE + "/again", again, name="console.refusal_again", permit=PERMIT, again=one),
]
