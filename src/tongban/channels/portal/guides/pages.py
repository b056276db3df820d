"""The history of a guide in plain words, and the guide as machines read it."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from tongban import catalogue
from tongban.channels.portal.guides.linked import government_service
from tongban.channels.shell.pages import PUBLIC, page
from tongban.channels.shell.render import said, show
from tongban.foundation.work import Work

SHOWN = 10


def history(request: Request, work: Work) -> Response:
    """What each version changed in the one before, the newest first."""
    item = catalogue.item(work, code=request.path_params["code"])
    versions = catalogue.versions(work, code=item.code)
    shown = []
    for at, version in enumerate(versions[:SHOWN]):
        after = catalogue.item(work, code=item.code, version=version.version)
        changes = None
        if at + 1 < len(versions):
            older = versions[at + 1].version
            before = catalogue.item(work, code=item.code, version=older)
            changes = [said(request, one) for one in catalogue.changes(before, after)]
        shown.append((version, changes))
    return show(
        request,
        "portal/guides/history.html",
        item=item,
        shown=shown,
        older=versions[SHOWN:],
        planned=catalogue.withdrawal(work, code=item.code),
    )


def linked(request: Request, work: Work) -> Response:
    """The service as schema.org GovernmentService; linked from the guide, so nothing is inline."""
    item = catalogue.item(work, code=request.path_params["code"])
    told = government_service(
        item,
        url=str(request.url_for("portal.guide", code=item.code)),
        apply_url=str(request.url_for("portal.apply", code=item.code)),
    )
    return Response(
        msgspec.json.encode(told),
        media_type="application/ld+json",
        headers={"cache-control": "public, max-age=300"},
    )


routes = [
    page("/items/{code}/changes", history, name="portal.history", permit=PUBLIC),
    page("/items/{code}/service.jsonld", linked, name="portal.linked", permit=PUBLIC),
]
