"""The description of the interface as a page, without the scripts that usual viewers load."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from tongban.channels.api.app import create_api
from tongban.channels.shell.pages import PUBLIC, page
from tongban.channels.shell.render import show
from tongban.foundation.work import Work

api = create_api()


def description(request: Request, _work: Work) -> Response:
    document: dict[str, Any] = api.openapi()
    return show(
        request,
        "api/description.html",
        document=document,
        operations=[
            (method.upper(), path, operation)
            for path, operations in document["paths"].items()
            for method, operation in operations.items()
        ],
    )


routes = [page("/api/v1/docs", description, name="api.description", permit=PUBLIC)]
