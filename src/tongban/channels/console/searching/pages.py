from starlette.requests import Request
from starlette.responses import Response

from tongban import catalogue
from tongban.channels.shell.forms import text
from tongban.channels.shell.pages import action, go_to, page
from tongban.channels.shell.render import show
from tongban.foundation.work import Work

SHOWN = 100


def misses(request: Request, work: Work) -> Response:
    """What people looked for in vain, for the departments to add everyday words."""
    return show(
        request, "console/searching/misses.html", misses=catalogue.misses(work, limit=SHOWN)
    )


def settle(request: Request, work: Work) -> Response:
    catalogue.settle_miss(work, text=text(request, "text"))
    return go_to(request, "console.misses", flash="已处理；如果再有人这样搜而找不到，会重新列出")


routes = [
    page("/console/search", misses, name="console.misses", permit="catalogue.edit"),
    action("/console/search/settle", settle, name="console.settle_miss", permit="catalogue.edit"),
]
