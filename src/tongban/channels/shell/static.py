"""Style, script and pictures. Their addresses carry a hash, so browsers may keep them for ever."""

import hashlib
from functools import cache
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOLDER = Path(__file__).parent / "static"


@cache
def url(path: str) -> str:
    """Return the address of a static file, which changes whenever the file does."""
    digest = hashlib.sha256((FOLDER / path).read_bytes()).hexdigest()[:12]
    return f"/static/{digest}/{path}"


class Static(StaticFiles):
    """Serves ``/static/<hash>/<path>``; the hash is for the browser's cache only."""

    def __init__(self) -> None:
        super().__init__(directory=FOLDER)

    async def get_response(self, path: str, scope: Scope) -> Response:
        _, _, file = path.partition("/")
        if not file:
            raise HTTPException(404)
        response = await super().get_response(file, scope)
        response.headers["cache-control"] = "public, max-age=31536000, immutable"
        return response
