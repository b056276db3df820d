"""Which services run on a published process: bound by their code, and let go again."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from tongban import cases, catalogue
from tongban.channels.console.processes.pages import PUBLISH
from tongban.channels.shell.forms import text
from tongban.channels.shell.pages import go_to
from tongban.foundation.errors import Conflict, Invalid, Problem
from tongban.foundation.work import Work


@dataclass(frozen=True, slots=True)
class Bound:
    """A service that runs on the process. ``may_release``: by whoever looks at the page."""

    line: catalogue.ItemLine
    may_release: bool


def bound(work: Work, code: str) -> list[Bound]:
    """Return the services that run on a process, by their codes."""
    lines = catalogue.item_lines(work, codes=cases.items_on(work, process_id=code))
    return [
        Bound(line, work.actor.may(PUBLISH, department=line.department, region=line.region))
        for line in sorted(lines, key=lambda line: line.code)
    ]


def bind(request: Request, work: Work) -> Response:
    """Let the cases of a service that begin from now on run on this process."""
    code = text(request, "item")
    if not code:
        raise Invalid(Problem("item", "请填写事项编码"))
    try:
        cases.set_course(work, item_code=code, process_id=_process(request))
    except catalogue.NoSuchItem:
        raise Invalid(Problem("item", "没有编码为“{code}”的事项", {"code": code})) from None
    except Conflict as refused:
        raise Invalid(Problem("item", refused.message, refused.details)) from None
    return _back(request, "已绑定，今后提交的办件按这个流程办理")


def release(request: Request, work: Work) -> Response:
    """Let the cases of a service run on the plain process of its kind again."""
    code = text(request, "item")
    if code in cases.items_on(work, process_id=_process(request)):
        cases.unset_course(work, item_code=code)
    return _back(request, "已解除，今后提交的办件按平台自带的流程办理")


def _process(request: Request) -> str:
    return str(request.path_params["process"])


def _back(request: Request, flash: str) -> Response:
    return go_to(request, "console.process_one", flash=flash, process=_process(request))
