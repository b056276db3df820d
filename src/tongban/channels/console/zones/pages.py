from dataclasses import replace
from datetime import date

from starlette.requests import Request
from starlette.responses import Response

from tongban import catalogue
from tongban.catalogue import By, Zone, ZoneKind
from tongban.channels.console.items.pages import EDIT, day, scope
from tongban.channels.console.items.units import Choosing, choosing, given_by
from tongban.channels.shell.forms import text, whole
from tongban.channels.shell.pages import action, go_to, page
from tongban.channels.shell.render import show
from tongban.foundation.errors import Invalid, Problem
from tongban.foundation.work import Work

AUDIENCES = {"": "全部", "person": "个人办事", "business": "法人办事"}


def listing(request: Request, work: Work) -> Response:
    """All ways that were put together, with the number of services, and a form for a new one."""
    scope(work)
    return show(
        request,
        "console/zones/list.html",
        zones=catalogue.zones(work),
        kinds=[(kind.value, kind.label) for kind in ZoneKind],
        today=work.today,
    )


def add(request: Request, work: Work) -> Response:
    zone = Zone(
        code=text(request, "code"),
        kind=_kind(request),
        title=text(request, "title"),
        region=work.actor.region,
    )
    catalogue.save_zone(work, zone=zone, new=True)
    return go_to(request, "console.zone", flash="已建立，还没有公布", code=zone.code)


def edit(request: Request, work: Work) -> Response:
    scope(work)
    held = catalogue.zone(work, code=request.path_params["code"])
    zone = _read(request, held, []) if request.method == "POST" else held
    return show(
        request,
        "console/zones/one.html",
        zone=zone,
        lines=catalogue.zone_items(work, code=held.code, limit=100),
        kinds=[(kind.value, kind.label) for kind in ZoneKind],
        audiences=list(AUDIENCES.items()),
        unit=_unit(request, work, held),
        themes=[(c.code, c.code) for c in catalogue.counts(work, by=By.THEME)],
        shown=held.shown_on(work.today),
    )


def save(request: Request, work: Work) -> Response:
    held = catalogue.zone(work, code=request.path_params["code"])
    problems: list[Problem] = []
    unit = _unit(request, work, held)
    zone = replace(_read(request, held, problems), department=unit.code)
    problems += [unit.problem] if unit.problem else []
    if problems:
        raise Invalid(*problems)
    catalogue.save_zone(work, zone=zone)
    return go_to(request, "console.zone", flash="已保存", code=held.code)


def remove(request: Request, work: Work) -> Response:
    catalogue.remove_zone(work, code=request.path_params["code"])
    return go_to(request, "console.zones", flash="已删除，其中的事项不变")


def _kind(request: Request) -> ZoneKind:
    try:
        return ZoneKind(text(request, "kind"))
    except ValueError:
        raise Invalid(Problem("kind", "请选择其中一项")) from None


def _read(request: Request, held: Zone, problems: list[Problem]) -> Zone:
    audience = text(request, "audience")
    return replace(
        held,
        kind=_kind(request) if text(request, "kind") in set(ZoneKind) else held.kind,
        title=text(request, "title"),
        card=text(request, "card"),
        place=whole(text(request, "place"), digits=4) or 0,
        items=tuple(dict.fromkeys(text(request, "items").split())),
        audience=audience if audience in AUDIENCES else "",
        theme=text(request, "theme"),
        words=tuple(dict.fromkeys(text(request, "words").split())),
        published_from=_day(request, "published_from", problems),
        published_until=_day(request, "published_until", problems),
    )


def _unit(request: Request, work: Work, held: Zone) -> Choosing:
    """Return the department whose services stand in a zone, as it is being chosen."""
    units = [(c.code, c.name or c.code) for c in catalogue.counts(work, by=By.DEPARTMENT)]
    given = given_by(request) if request.method == "POST" else {"department": held.department}
    return choosing("department", given, units)


def _day(request: Request, name: str, problems: list[Problem]) -> date | None:
    try:
        return day(request, name)
    except Invalid as wrong:
        problems.extend(wrong.problems)
        return None


ONE = "/console/zones/{code}"
routes = [
    page("/console/zones", listing, name="console.zones", permit=EDIT),
    action("/console/zones", add, name="console.zone_add", permit=EDIT, again=listing),
    page(ONE, edit, name="console.zone", permit=EDIT),
    action(ONE, save, name="console.zone_save", permit=EDIT, again=edit),
    action(ONE + "/remove", remove, name="console.zone_remove", permit=EDIT),
]
