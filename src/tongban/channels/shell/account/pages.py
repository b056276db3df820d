from urllib.parse import urlsplit

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from tongban import identity
from tongban.channels.shell.forms import form, text
from tongban.channels.shell.pages import PUBLIC, action, page, saving, visitor
from tongban.channels.shell.render import said, show
from tongban.channels.shell.visitor import (
    CONTRAST,
    CONTRASTS,
    LANGUAGE,
    MODE,
    MODES,
    REGION,
    REGION_CODE,
    SESSION,
    set_cookie,
)
from tongban.foundation.actor import Actor, Kind
from tongban.foundation.messages import LANGUAGES
from tongban.foundation.work import Work

# Where an officer's day begins, by the first permission held.
HOMES = (
    ("cases.accept", "/counter"),
    ("cases.review", "/workbench"),
    ("cases.decide", "/workbench"),
    ("operations.read", "/console"),
    ("catalogue.edit", "/console"),
    ("trace.read", "/workbench"),
)


class Kept(msgspec.Struct, frozen=True):
    """A form on its way: where it was being sent to, and its fields with what was filled in."""

    target: str
    kept: list[tuple[str, str]]
    lost: list[str] = []


def sign_in_form(request: Request, _work: Work) -> Response:
    return show(
        request,
        "shell/sign_in.html",
        next=_own_address(request.query_params.get("next", "")),
        resumed=None,
        error="",
        login="",
    )


def sign_in(request: Request, work: Work) -> Response:
    """Sign in; then go where the person was going, or show once more what they had been sending."""
    resumed = _resumed(request)
    after = _own_address(text(request, "next"))
    login = text(request, "login")
    outcome = identity.sign_in(
        work,
        login=login,
        password=str(form(request).get("password", "")),
        session_token=visitor(request).session_token,
    )
    if isinstance(outcome, identity.SignInRefused):
        return show(
            request,
            "shell/sign_in.html",
            status=422,
            next=after,
            resumed=resumed and msgspec.to_builtins(resumed),
            error=said(request, outcome),
            login=login,
        )
    if resumed:
        visitor(request).session_token = outcome.token
        visitor(request).actor = outcome.actor
        response = show(
            request,
            "shell/resume.html",
            sign_in=False,
            message="",
            target=resumed.target,
            kept=resumed.kept,
            lost=resumed.lost,
        )
    else:
        response = RedirectResponse(after or home_of(outcome.actor), status_code=303)
    set_cookie(request, response, SESSION, outcome.token)
    return response


def sign_out(request: Request, work: Work) -> Response:
    identity.sign_out(work, token=visitor(request).session_token)
    response = RedirectResponse("/", status_code=303)
    response.delete_cookie(SESSION)
    return response


def act_for(request: Request, work: Work) -> Response:
    """Act in the affairs of an organisation from now on, or in one's own again."""
    identity.act_for(work, token=visitor(request).session_token, holder=text(request, "holder"))
    return RedirectResponse(_own_address(text(request, "next")) or "/my", status_code=303)


def language(request: Request, _work: Work) -> Response:
    return _switched(request, {LANGUAGE: ("lang", LANGUAGES)})


def mode(request: Request, _work: Work) -> Response:
    return _switched(request, {MODE: ("mode", MODES), CONTRAST: ("contrast", CONTRASTS)})


def region(request: Request, work: Work) -> Response:
    """Show the services of another place from now on, on the page where the visitor is."""
    back = _own_address(text(request, "next")) or _page_before(request)
    response = RedirectResponse(back, status_code=303)
    code = text(request, "region")
    if not code:
        response.delete_cookie(REGION)
    elif REGION_CODE.fullmatch(code):
        set_cookie(request, response, REGION, identity.region(work, code=code).code, lasting=True)
    return response


def home_of(actor: Actor) -> str:
    """Return the address at which somebody begins after signing in."""
    if actor.kind is not Kind.OFFICER:
        return "/my"
    return next((address for permission, address in HOMES if actor.may(permission)), "/")


def _switched(request: Request, switches: dict[str, tuple[str, tuple[str, ...]]]) -> Response:
    response = RedirectResponse(_page_before(request), status_code=303)
    for cookie, (field, allowed) in switches.items():
        if (value := text(request, field)) in allowed:
            set_cookie(request, response, cookie, value, lasting=True)
    return response


def _page_before(request: Request) -> str:
    """Return the address that the browser comes from, without the site that it names."""
    try:
        back = urlsplit(request.headers.get("referer", ""))
    except ValueError:
        return "/"
    return _own_address(back.path + (f"?{back.query}" if back.query else "")) or "/"


def _own_address(address: str) -> str:
    """Return the address if it lies on this site, else nothing: no link may send people away."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    inside = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if inside and not parts.netloc and "\n" not in address else ""


def _resumed(request: Request) -> Kept | None:
    """Return the form that was being sent when the session had run out, as kept in the page."""
    try:
        kept = msgspec.json.decode(text(request, "resumed"), type=Kept)
    except msgspec.DecodeError:
        return None
    return kept if _own_address(kept.target) else None


routes = [
    page("/sign-in", sign_in_form, name="shell.sign_in", permit=PUBLIC),
    action("/sign-in", sign_in, name="shell.signing_in", permit=PUBLIC),
    action("/sign-out", sign_out, name="shell.sign_out", permit=PUBLIC),
    action("/act-for", act_for, name="shell.act_for", permit="cases.own"),
    saving("/language", language, name="shell.language", permit=PUBLIC),
    saving("/region", region, name="shell.region", permit=PUBLIC),
    saving("/mode", mode, name="shell.mode", permit=PUBLIC),
]
