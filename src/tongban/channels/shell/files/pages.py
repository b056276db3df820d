from starlette.requests import Request
from starlette.responses import Response

from tongban import documents
from tongban.channels.shell.pages import PUBLIC, page
from tongban.foundation.actor import Kind
from tongban.foundation.work import Work


def download(request: Request, work: Work) -> Response:
    """Hand out a file to be saved, never to be run: uploads are other people's content."""
    if work.actor.kind is Kind.ANONYMOUS:
        # Nobody known sees no file at all, which after an expired session would be a riddle.
        work.actor.must("cases.own")
    id = request.path_params["id"]
    found = documents.file(work, id=id)
    return Response(documents.read(work, id=id), headers=documents.download_headers(found))


routes = [page("/files/{id:uuid}", download, name="shell.file", permit=PUBLIC)]
