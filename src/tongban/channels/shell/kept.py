"""Public pages that many people open: rendered once, shown to all, for a minute at most.

The content of such a page is the same for everyone. Its frame is not: it knows who is signed in.
For those who are not, the whole page is kept with an empty place for the token of its forms. What
PostgreSQL has just confirmed to hold is trusted for a second: to ask again takes a connection, a
thread and a statement, which cost four times what the page itself does.
"""

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from threading import Lock
from typing import Any

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from tongban.channels.shell import render
from tongban.channels.shell.visitor import (
    CONTRAST,
    LANGUAGE,
    MODE,
    REGION,
    VISIT,
    Visitor,
    stranger,
)
from tongban.foundation.actor import ANONYMOUS

PAGES_MAX = 1000  # Of about 15 KiB each.
SECONDS = 60
TRUSTED_SECONDS = 1.0
# Whoever brings any other cookie has a session, a message to see, or something to be counted.
_PLAIN = frozenset({VISIT, LANGUAGE, MODE, CONTRAST, REGION})
# Unguessable, so that no text of a page can be mistaken for the empty place.
_TOKEN_PLACE = secrets.token_hex(16).encode()
_kept: OrderedDict[tuple[Hashable, ...], tuple[object, bytes]] = OrderedDict()
_lock = Lock()


def show_kept(
    request: Request,
    template: str,
    *,
    of: object,
    key: tuple[Hashable, ...],
    fill: Callable[[], Mapping[str, Any]],
    **frame: Any,
) -> Response:
    """Show a page whose content is the same for everyone.

    ``template`` is the frame and finds ``content``; beside it lies ``<name>_content.html``, which
    may use nothing of the visitor but the language.

    :param of: the immutable object that is shown; another one, even if equal, is rendered anew.
    :param key: what else the content depends on and must be current at every request.
    :param fill: what the content needs; asked for where it is not kept, so up to a minute old.
    :param frame: what the frame needs besides.
    """
    visitor: Visitor = request.state.visitor
    place = _place(visitor, template, of, key)

    def content() -> bytes:
        inner = template.replace(".html", "_content.html")
        page = render.rendered(request, inner, **fill(), actor=None, csrf_token=None, nav=None)
        return page.encode()

    def inside() -> Markup:
        return Markup(_once(("content", *place), of, content).decode())

    def page() -> bytes:
        context = frame | {"flashes": [], "status": 200, "csrf_token": _TOKEN_PLACE.decode()}
        return render.rendered(request, template, **context, content=inside()).encode()

    if visitor.actor is not ANONYMOUS or render.FLASH in request.cookies:
        return render.show(request, template, content=inside(), **frame)
    whole = _once(("page", *_looks(request, visitor), *place), of, page)
    return _confirm(request, visitor, whole)


def kept_page(
    request: Request, template: str, *, of: object, key: tuple[Hashable, ...]
) -> Response | None:
    """Return the page that ``show_kept`` showed before to somebody who is not signed in, if any."""
    visitor: Visitor = request.state.visitor
    if visitor.actor is not ANONYMOUS or render.FLASH in request.cookies:
        return None
    looks = _looks(request, visitor)
    whole = _found(("page", *looks, *_place(visitor, template, of, key)), of)
    return None if whole is None else _confirm(request, visitor, whole)


def trusted_page(request: Request) -> tuple[Visitor, Response] | None:
    """Return a kept page that was confirmed just now, and for whom. Needs no database."""
    confirmed = _confirmed(request)
    if not confirmed or not _PLAIN.issuperset(request.cookies):
        return None
    visitor = stranger(request)
    with _lock:
        at, page = confirmed.get(_asked(request, visitor), (0.0, b""))
    fresh = page and time.monotonic() - at < TRUSTED_SECONDS
    return (visitor, _with_token(page, visitor)) if fresh else None


def distrust(request: Request) -> None:
    """Ask PostgreSQL again for every page: this process has changed something."""
    with _lock:
        _confirmed(request).clear()


def _confirm(request: Request, visitor: Visitor, page: bytes) -> Response:
    confirmed, place = _confirmed(request), _asked(request, visitor)
    with _lock:
        confirmed[place] = (time.monotonic(), page)
        confirmed.move_to_end(place)
        while len(confirmed) > PAGES_MAX:
            confirmed.popitem(last=False)
    return _with_token(page, visitor)


def _confirmed(request: Request) -> OrderedDict[tuple[Hashable, ...], tuple[float, bytes]]:
    """Return when each page was confirmed last, by the database of this application."""
    state = request.app.state
    if not hasattr(state, "confirmed"):
        state.confirmed = OrderedDict()
    found: OrderedDict[tuple[Hashable, ...], tuple[float, bytes]] = state.confirmed
    return found


def _asked(request: Request, visitor: Visitor) -> tuple[Hashable, ...]:
    """Return everything of a request that decides how a page looks."""
    scope = request.scope
    return (
        scope["path"],
        scope["query_string"],
        request.headers.get("host", ""),
        visitor.language,
        visitor.mode,
        visitor.contrast,
        visitor.region,
    )


def _place(
    visitor: Visitor, template: str, of: object, key: tuple[Hashable, ...]
) -> tuple[Hashable, ...]:
    return (template, id(of), visitor.language, *key, int(time.monotonic() / SECONDS))


def _looks(request: Request, visitor: Visitor) -> tuple[Hashable, ...]:
    return (visitor.mode, visitor.contrast, request.url.path)


def _with_token(page: bytes, visitor: Visitor) -> Response:
    return HTMLResponse(page.replace(_TOKEN_PLACE, visitor.form_token.encode()))


def _once(place: tuple[Hashable, ...], of: object, make: Callable[[], bytes]) -> bytes:
    found = _found(place, of)
    if found is not None:
        return found
    made = make()
    with _lock:
        # The object is held too, for as long as its id stands for it.
        _kept[place] = (of, made)
        while len(_kept) > PAGES_MAX:
            _kept.popitem(last=False)
    return made


def _found(place: tuple[Hashable, ...], of: object) -> bytes | None:
    with _lock:
        kept = _kept.get(place)
        if kept is None or kept[0] is not of:
            return None
        _kept.move_to_end(place)
        return kept[1]
