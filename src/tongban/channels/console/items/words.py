"""Everyday words of one service: whose each is and where it comes from; added and taken away."""

from starlette.requests import Request
from starlette.responses import Response

from tongban import catalogue
from tongban.channels.console.items.pages import EDIT, ONE, one
from tongban.channels.shell.forms import text
from tongban.channels.shell.pages import action, go_to
from tongban.foundation.work import Work


def add(request: Request, work: Work) -> Response:
    catalogue.add_word(
        work,
        item_code=request.path_params["code"],
        word=text(request, "word"),
        source=catalogue.checked_source(text(request, "source")),
    )
    return _back(request, "日常用语已添加，几秒内就能搜到")


def remove(request: Request, work: Work) -> Response:
    catalogue.remove_word(work, item_code=request.path_params["code"], word=text(request, "word"))
    return _back(request, "日常用语已去掉")


def _back(request: Request, flash: str) -> Response:
    return go_to(request, "console.item", flash=flash, code=request.path_params["code"])


routes = [
    action(ONE + "/words", add, name="console.word_add", permit=EDIT, again=one),
    action(ONE + "/words/remove", remove, name="console.word_remove", permit=EDIT),
]
