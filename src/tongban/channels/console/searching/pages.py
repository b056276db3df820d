from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from tongban import catalogue
from tongban.catalogue import Asked, ItemLine, Miss
from tongban.channels.console.items.pages import EDIT, scope
from tongban.channels.shell.forms import text
from tongban.channels.shell.pages import action, go_to, page
from tongban.channels.shell.render import show
from tongban.foundation.errors import Invalid, Problem
from tongban.foundation.work import Work

SHOWN = 40
OFFERED = 4


@dataclass(frozen=True, slots=True)
class Line:
    """A question asked in vain, and the services of one's own that it could have meant.

    Only what somebody opened, or asked for by its name, in the end is chosen beforehand.
    """

    miss: Miss
    meant: list[ItemLine]

    @property
    def chosen(self) -> str:
        named = (self.miss.chosen, self.miss.instead)
        return next((line.code for line in self.meant if line.name in named), "")


def misses(request: Request, work: Work) -> Response:
    """What people looked for in vain, for the departments to make everyday words of."""
    return show(request, "console/searching/misses.html", lines=_lines(work))


def _lines(work: Work) -> list[Line]:
    """Return the worklist: what was opened last comes first, then what answers the other words."""
    departments, regions = scope(work)
    found = catalogue.misses(work, limit=SHOWN)
    codes = catalogue.items_called(
        work,
        names=[name for miss in found for name in (miss.chosen, miss.instead) if name],
        departments=departments,
        regions=regions,
    )
    named = catalogue.item_lines(work, codes=codes)
    return [Line(miss, _meant(work, miss, named)) for miss in found]


def _meant(work: Work, miss: Miss, named: list[ItemLine]) -> list[ItemLine]:
    meant = {line.code: line for line in named if line.name in (miss.chosen, miss.instead)}
    if len(meant) < OFFERED:
        asked = Asked(miss.instead or miss.text, limit=OFFERED * 2, quick=True)
        for hit in catalogue.find(work, asked):
            meant.setdefault(hit.line.code, hit.line)
    mine = [
        line
        for line in meant.values()
        if work.actor.may(EDIT, department=line.department, region=line.region)
    ]
    return mine[:OFFERED]


def settle(request: Request, work: Work) -> Response:
    catalogue.settle_miss(work, text=text(request, "text"))
    return go_to(request, "console.misses", flash="已处理；如果再有人这样搜而找不到，会重新列出")


def adopt(request: Request, work: Work) -> Response:
    """One act: the question becomes an everyday word of the service, and is settled."""
    at = text(request, "at")[:4]
    code = text(request, f"code-{at}") or text(request, f"item-{at}")
    if not code:
        raise Invalid(Problem(f"code-{at}", "请选择对应的事项"))
    try:
        catalogue.adopt_miss(work, text=text(request, "text"), item_code=code)
    except catalogue.NoSuchItem:
        told = {"code": code}
        raise Invalid(Problem(f"code-{at}", catalogue.NoSuchItem.message, told)) from None
    except Invalid as wrong:
        raise Invalid(
            *(Problem(f"code-{at}", one.message, one.details) for one in wrong.problems)
        ) from None
    return go_to(request, "console.misses", flash="已成为日常用语，几秒内就能搜到")


routes = [
    page("/console/search", misses, name="console.misses", permit=EDIT),
    action("/console/search/settle", settle, name="console.settle_miss", permit=EDIT),
    action("/console/search/adopt", adopt, name="console.adopt_miss", permit=EDIT, again=misses),
]
