from starlette.requests import Request
from starlette.responses import Response

from tongban import documents
from tongban.channels.shell.pages import OFFICER, PUBLIC, page, saving
from tongban.channels.shell.render import show
from tongban.foundation.actor import Kind
from tongban.foundation.work import Work


def download(request: Request, work: Work) -> Response:
    """Hand out a file to be saved, never to be run: uploads are other people's content.

    An officer who comes by the address alone is asked to press a button first, because a GET cannot
    note who looked.
    """
    if work.actor.kind is Kind.ANONYMOUS:
        # Nobody known sees no file at all, which after an expired session would be a riddle.
        work.actor.must("cases.own")
    id = request.path_params["id"]
    found = documents.file(work, id=id)
    if documents.is_look(work.actor, found):
        return show(request, "shell/file.html", file=found)
    return Response(documents.read(work, id=id), headers=documents.download_headers(found))


def open_file(request: Request, work: Work) -> Response:
    """Hand out a file of somebody else, who will see that it was opened, and by whom."""
    found, content = documents.look_at(work, id=request.path_params["id"])
    return Response(content, headers=documents.download_headers(found))


routes = [
    page("/files/{id:uuid}", download, name="shell.file", permit=PUBLIC),
    # Opening a file twice is two looks, so it uses up no key.
    saving("/files/{id:uuid}", open_file, name="shell.open_file", permit=OFFICER),
]
