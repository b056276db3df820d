"""Who is at the other end: session cookie, language, mode, and the token that forms carry.

The token of a form is a keyed hash of the visitor's cookie, so it needs no storage and a page
before sign-in has one too. Another site can neither read the cookie nor compute the hash.
"""

import hmac
import os
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from tongban import identity
from tongban.foundation import ids
from tongban.foundation.actor import ANONYMOUS, Actor
from tongban.foundation.db import Db
from tongban.foundation.errors import Forbidden
from tongban.foundation.messages import LANGUAGES, SOURCE
from tongban.foundation.secrets import vault

SESSION, VISIT = "tongban_session", "tongban_visit"
LANGUAGE, MODE, CONTRAST = "tongban_lang", "tongban_mode", "tongban_contrast"
REGION, REGION_CODE = "tongban_region", re.compile("[0-9]{6}", re.ASCII)
MODES = ("standard", "elder")
CONTRASTS = ("normal", "high")
_YEAR = 365 * 24 * 3600


class FromAnotherSite(Forbidden):
    message = "这次提交不是从本网站的页面发出的，已拒绝。请回到本网站重新操作"


class StalePage(Forbidden):
    """The form's token is not this visitor's: the page is older than the session."""

    message = "页面停留过久，请确认后重新提交；您填写的内容都还在"


@dataclass(slots=True)
class Visitor:
    actor: Actor
    session_token: str = ""
    visit: str = ""
    new: bool = False
    language: str = SOURCE
    mode: str = "standard"
    contrast: str = "normal"
    region: str = ""  # The division whose services are meant, as the visitor chose it.
    session: identity.Session | None = None

    @property
    def acting_for(self) -> str:
        """The holder in whose affairs the person acts: themself, or an organisation."""
        return self.session.acting_for if self.session else ""

    @property
    def form_token(self) -> str:
        return vault().keyed_hash("form:" + (self.session_token or self.visit)).hex()


def recognise(request: Request, db: Db) -> Visitor:
    """Find out who asks. An unknown or expired session is an anonymous visitor."""
    visitor = stranger(request)
    token = request.cookies.get(SESSION, "")
    session = identity.session(db, token=token) if token else None
    if session:
        visitor.actor, visitor.session, visitor.session_token = session.actor, session, token
    return visitor


def stranger(request: Request) -> Visitor:
    """Return what is known of a visitor whose session, if any, nobody has looked up."""
    visitor = Visitor(ANONYMOUS, visit=request.cookies.get(VISIT, ""))
    if not visitor.visit:
        visitor.visit, visitor.new = ids.token(), True
    if (language := request.cookies.get(LANGUAGE, "")) in LANGUAGES:
        visitor.language = language
    elif request.headers.get("accept-language", "").lower().startswith("en"):
        visitor.language = "en"
    if (mode := request.cookies.get(MODE, "")) in MODES:
        visitor.mode = mode
    if (contrast := request.cookies.get(CONTRAST, "")) in CONTRASTS:
        visitor.contrast = contrast
    if REGION_CODE.fullmatch(region := request.cookies.get(REGION, "")):
        visitor.region = region
    return visitor


def check_origin(request: Request) -> None:
    """Refuse a form that another site made the browser send.

    :raises FromAnotherSite: by Sec-Fetch-Site, or by Origin where a browser is too old to tell.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        if site not in ("same-origin", "none"):
            raise FromAnotherSite(permission="")
        return
    origin = request.headers.get("origin")
    if origin is not None and _host(origin) != request.headers.get("host", ""):
        raise FromAnotherSite(permission="")


def _host(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None


def check_token(visitor: Visitor, token: str) -> None:
    """Refuse a form whose token is not this visitor's.

    :raises StalePage: so that the visitor may look at the form and send it again.
    """
    if not hmac.compare_digest(token.encode(), visitor.form_token.encode()):
        raise StalePage(permission="")


def remember(request: Request, response: Response, visitor: Visitor) -> None:
    """Give a new visitor the cookie that the form token hangs on."""
    if visitor.new:
        set_cookie(request, response, VISIT, visitor.visit)


def behind_tls(request: Request) -> bool:
    """Tell whether people come over HTTPS: the terminator in front speaks plain HTTP with us."""
    return request.url.scheme == "https" or os.environ.get("TONGBAN_HTTPS") == "1"


def set_cookie(
    request: Request, response: Response, name: str, value: str, *, lasting: bool = False
) -> None:
    response.set_cookie(
        name,
        value,
        max_age=_YEAR if lasting else None,
        httponly=True,
        samesite="lax",
        secure=behind_tls(request),
    )
