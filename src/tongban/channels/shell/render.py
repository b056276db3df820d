"""Pages as people see them: templates, language, money and dates, flash messages, error pages."""

import base64
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import msgspec
from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_currency
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from tongban.channels.shell import static
from tongban.channels.shell.forms import KEY_FIELD, TOKEN_FIELD, form
from tongban.channels.shell.visitor import StalePage, Visitor, set_cookie
from tongban.foundation import ids, messages
from tongban.foundation.actor import ANONYMOUS
from tongban.foundation.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    Problem,
    Refusal,
    SignInNeeded,
)
from tongban.foundation.messages import SOURCE, translate
from tongban.foundation.work import LOCAL

FLASH = "tongban_flash"
STATUS: tuple[tuple[type[Refusal], int], ...] = (
    (NotFound, 404),
    (SignInNeeded, 401),
    (Forbidden, 403),
    (Invalid, 422),
    (Conflict, 409),
)
_LANGUAGE: ContextVar[str] = ContextVar("language of the page", default=SOURCE)
_ADDRESS: ContextVar[Callable[..., str]] = ContextVar("what makes addresses of the application")
_BABEL = {"zh-CN": Locale.parse("zh_Hans_CN"), "en": Locale.parse("en_GB")}
MOMENTS_MAX = 5000

environment = Environment(
    loader=FileSystemLoader([Path(__file__).parent / "templates", Path(__file__).parents[1]]),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    # Looking for changed files at each rendering costs more than some pages do.
    auto_reload=False,
    cache_size=-1,
)


@dataclass(frozen=True, slots=True)
class Flash:
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class NavEntry:
    """A place to go, shown to those who hold the permission (empty: to everyone)."""

    label: str
    route: str
    permit: str = ""
    icon: str = ""
    group: str = ""
    # The beginnings of further addresses that belong to this place.
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str
    current: bool
    icon: str
    group: str


class Errors(dict[str, str]):
    """What is wrong, by field. A template may ask for any field; most have no error."""

    def __missing__(self, field: str) -> None:
        return None


def show(request: Request, template: str, *, status: int = 200, **context: Any) -> Response:
    """Render a template. It finds ``_``, dates, money, the actor and the form token in place."""
    if not hasattr(request.state, "visitor"):
        request.state.visitor = Visitor(ANONYMOUS)
    flashes = _flashes(request)
    page = rendered(request, template, **{"status": status, "flashes": flashes} | context)
    response = HTMLResponse(page, status_code=status)
    if flashes:
        response.delete_cookie(FLASH)
    if request.state.visitor.actor is not ANONYMOUS:
        response.headers["cache-control"] = "no-store"
    return response


def rendered(request: Request, template: str, **context: Any) -> str:
    """Render a template with what every page finds in place, and what the context replaces."""
    _LANGUAGE.set(request.state.visitor.language)
    _ADDRESS.set(addresses(request))
    return environment.get_template(template).render(_surroundings(request) | context)


def flash(request: Request, response: Response, message: str, *, kind: str = "success") -> None:
    """Show a message on the next page. ``message`` is said in the visitor's language already."""
    value = base64.urlsafe_b64encode(msgspec.json.encode([kind, message])).decode()
    set_cookie(request, response, FLASH, value)


def explain(request: Request, refusal: Refusal) -> Response:
    """Make a refusal a page that says what is wrong and what to do."""
    if isinstance(refusal, SignInNeeded | StalePage):
        return _resumable(request, refusal)
    actions = _way_back(request) if isinstance(refusal, Conflict) else []
    return failed(request, status_of(refusal), message=said(request, refusal), actions=actions)


def status_of(refusal: Refusal) -> int:
    """Return the HTTP status of a kind of refusal."""
    return next((code for kind, code in STATUS if isinstance(refusal, kind)), 400)


def failed(
    request: Request, code: int, *, message: str = "", actions: Sequence[Mapping[str, str]] = ()
) -> Response:
    """Show the page for an HTTP status; it needs neither database nor visitor."""
    return show(request, "shell/error.html", status=code, message=message, actions=actions)


def said(request: Request, thing: Refusal | Problem) -> str:
    """Return what a refusal or a problem says, in the visitor's language."""
    visitor: Visitor | None = getattr(request.state, "visitor", None)
    return messages.said(thing, visitor.language if visitor else SOURCE)


def _resumable(request: Request, refusal: Refusal) -> Response:
    """Keep what was sent while the person signs in or confirms; a page that was asked for, too."""
    if request.method == "GET":
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        target = request.app.url_path_for("shell.sign_in")
        return RedirectResponse(f"{target}?{urlencode({'next': here})}", status_code=303)
    kept = [
        (field, value)
        for field, value in form(request).multi_items()
        if isinstance(value, str) and field not in (TOKEN_FIELD, KEY_FIELD)
    ]
    files = [v.filename for v in form(request).values() if isinstance(v, UploadFile)]
    return show(
        request,
        "shell/resume.html",
        status=401 if isinstance(refusal, SignInNeeded) else 403,
        sign_in=isinstance(refusal, SignInNeeded),
        message=said(request, refusal),
        target=request.url.path,
        kept=kept,
        # A file can be taken in only for somebody, and no page can choose it again for them.
        lost=[name for name in files if name],
    )


def _way_back(request: Request) -> list[Mapping[str, str]]:
    """Return the page that somebody acted from, to be looked at again as it is now."""
    came_from = urlsplit(request.headers.get("referer", ""))
    if request.method == "GET" or came_from.netloc != request.headers.get("host"):
        return []
    visitor: Visitor = request.state.visitor
    label = translate("重新打开刚才的页面", visitor.language)
    url = came_from.path + (f"?{came_from.query}" if came_from.query else "")
    return [{"label": label, "url": url}]


def _flashes(request: Request) -> list[Flash]:
    value = request.cookies.get(FLASH, "")
    if not value:
        return []
    try:
        kind, message = msgspec.json.decode(base64.urlsafe_b64decode(value), type=tuple[str, str])
    except (ValueError, msgspec.DecodeError):
        return []
    return [Flash(kind, message)]


def _surroundings(request: Request) -> dict[str, Any]:
    visitor: Visitor = request.state.visitor
    language = visitor.language
    return {
        "lang": language,
        "mode": visitor.mode,
        "contrast": visitor.contrast,
        "actor": visitor.actor,
        "csrf_token": visitor.form_token,
        "new_key": ids.token,
        "request_number": request.state.request_number,
        "here": request.url.path,
        "nav": _nav(request, language),
        "errors": Errors(
            {p.field: said(request, p) for p in getattr(request.state, "problems", ())}
        ),
    }


def addresses(request: Request) -> Callable[..., str]:
    """Return what makes the address of a page from its name, without trying all of the routes."""
    app = request.app
    kept: Callable[..., str] | None = getattr(app.state, "addresses", None)
    if kept is not None:
        return kept
    named = [route for route in app.routes if isinstance(route, Route)]
    often = Counter(route.name for route in named)
    patterns = {route.name: route.path_format for route in named if often[route.name] == 1}

    def address(name: str, **path: Any) -> str:
        pattern = patterns.get(name)
        return pattern.format(**path) if pattern else str(app.url_path_for(name, **path))

    app.state.addresses = address
    return address


def _nav(request: Request, language: str) -> list[Link]:
    channel = request.url.path.split("/")[1]
    entries: list[NavEntry] = request.app.state.navs.get(
        channel, request.app.state.navs.get("", [])
    )
    path_for = addresses(request)
    allowed = [e for e in entries if not e.permit or request.state.visitor.actor.may(e.permit)]
    urls = [path_for(entry.route) for entry in allowed]
    here = request.url.path + "/"
    under = [
        (len(begin), url)
        for entry, url in zip(allowed, urls, strict=True)
        for begin in (url, *entry.also)
        if here.startswith(begin.rstrip("/") + "/") and (begin != "/" or here == "//")
    ]
    best = max(under, default=(0, ""))[1]
    return [
        Link(translate(e.label, language), url, url == best, e.icon, translate(e.group, language))
        for e, url in zip(allowed, urls, strict=True)
    ]


def moment(request: Request, at: datetime | None) -> str:
    """Return a moment in local time, in the visitor's language; nothing for none."""
    return _datetime(request.state.visitor.language, at)


def _translate(language: str, message: str, **details: object) -> str:
    return translate(message, language, **details)


def _url_for(name: str, **path: Any) -> str:
    return _ADDRESS.get()(name, **path)


def _plural(language: str, one: str, many: str, number: int) -> str:
    return translate(one if number == 1 else many, language)


@lru_cache(MOMENTS_MAX)  # A list shows the same few days again and again.
def _date(language: str, day: date | None) -> str:
    return format_date(day, "long", locale=_BABEL[language]) if day else ""


@lru_cache(MOMENTS_MAX)
def _datetime(language: str, moment: datetime | None) -> str:
    if moment is None:
        return ""
    local = moment.astimezone(LOCAL)
    pattern = "y年M月d日 HH:mm" if language == "zh-CN" else "d MMM y, HH:mm"
    return format_datetime(local, pattern, locale=_BABEL[language])


def _money(language: str, cents: int | None) -> str:
    return "" if cents is None else format_currency(cents / 100, "CNY", locale=_BABEL[language])


def _days_left(language: str, days: int | None) -> str:
    """Say how many working days are left; a late one is said in words, not by colour alone."""
    if days is None:
        return ""
    # One day has words of its own, because English counts it otherwise.
    if days == -1:
        return translate("已超期 1 个工作日", language)
    if days == 1:
        return translate("还剩 1 个工作日", language)
    if days < 0:
        return translate("已超期 {days} 个工作日", language, days=-days)
    if days == 0:
        return translate("今天到期", language)
    return translate("还剩 {days} 个工作日", language, days=days)


def _spoken(say: Callable[..., str]) -> Callable[..., str]:
    """Let a function that takes a language first speak that of the page being rendered."""

    def spoken(*things: Any, **details: Any) -> str:
        return say(_LANGUAGE.get(), *things, **details)

    return spoken


# As globals these reach the components without their being compiled again for each page, which
# would cost more than most pages do.
environment.filters["start"] = lambda text: text[:1].upper() + text[1:]  # A word at its beginning.
environment.globals |= {
    "static": static.url,
    "url_for": _url_for,
    "_": _spoken(_translate),
    "ngettext": _spoken(_plural),
    "fmt_date": _spoken(_date),
    "fmt_datetime": _spoken(_datetime),
    "fmt_money": _spoken(_money),
    "fmt_days_left": _spoken(_days_left),
}
