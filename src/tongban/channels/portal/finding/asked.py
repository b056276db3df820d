"""What the visitor asked last, in a cookie of their own browser, until a guide is opened.

So the platform learns that a question was answered, or put again in other words, without keeping
who asked.
"""

import base64
import binascii

from starlette.requests import Request
from starlette.responses import Response

from tongban import catalogue
from tongban.channels.shell.visitor import behind_tls

COOKIE = "tongban_asked"
SECONDS = 20 * 60


def asked_before(request: Request) -> str:
    """Return what was asked last without a guide being opened since, or nothing."""
    try:
        return base64.urlsafe_b64decode(request.cookies.get(COOKIE, "")).decode()[:100]
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""


def remember_asked(request: Request, response: Response, text: str) -> None:
    response.set_cookie(
        COOKIE,
        base64.urlsafe_b64encode(text.encode()).decode(),
        max_age=SECONDS,
        httponly=True,
        samesite="lax",
        secure=behind_tls(request),
    )


def opened(request: Request, response: Response, *, name: str) -> Response:
    """Count that the last question led to this guide; the next guide is not its answer too."""
    if COOKIE in request.cookies:
        if asked := asked_before(request):
            catalogue.note_click(asked, chosen=name)
        response.delete_cookie(COOKIE)
    return response
