from starlette.requests import Request
from starlette.responses import Response

from tongban import catalogue
from tongban.channels.shell.pages import action, go_to, page
from tongban.channels.shell.render import show
from tongban.foundation.work import Work

PERMIT = "catalogue.edit"
OPERATIONS = {"I": "新增", "U": "变更", "D": "删除"}


def listing(request: Request, work: Work) -> Response:
    """What came back to the departments of the officer and is still to be mended."""
    found = catalogue.refusals(work, departments=work.actor.departments, regions=work.actor.regions)
    return show(request, "console/exchange/list.html", lines=found, field_of=_field_of)


def one(request: Request, work: Work) -> Response:
    """One refused row: what was sent, why it came back, and where it is mended."""
    found = catalogue.refusal(work, id=request.path_params["id"])
    work.actor.must(PERMIT, department=found.department, region=found.region)
    draft = catalogue.open_draft(work, item_code=found.item_code)
    return show(
        request,
        "console/exchange/one.html",
        one=found,
        operation=OPERATIONS[found.cd_operation],
        draft=draft,
        field=_field_of(found.field),
        sent=[{"field": name, "text": text} for name, text in sorted(found.sent.items())],
    )


def again(request: Request, work: Work) -> Response:
    catalogue.send_again(work, id=request.path_params["id"])
    return go_to(request, "console.refusals", flash="将随下一批次重新报送")


def _field_of(field: str) -> str:
    """Return the name of the field of the service from which a national one is made."""
    ours = catalogue.MADE_FROM.get(field, "")
    return catalogue.FIELD_NAMES.get(ours, "")


ONE = "/console/exchange/{id:int}"
routes = [
    page("/console/exchange", listing, name="console.refusals", permit=PERMIT),
    page(ONE, one, name="console.refusal", permit=PERMIT),
    action(ONE + "/again", again, name="console.refusal_again", permit=PERMIT, again=one),
]
