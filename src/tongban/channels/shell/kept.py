"""Public pages that many people open: rendered once, shown to all, for a minute at most.

The content of such a page is the same for everyone. Its frame is not: it knows who is signed in.
For those who are not, the whole page is kept with an empty place for the token of its forms.
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
from tongban.channels.shell.visitor import Visitor
from tongban.foundation.actor import ANONYMOUS

PAGES_MAX = 1000  # Of about 15 KiB each.
SECONDS = 60
# Unguessable, so that no text of a page can be mistaken for the empty place.
_TOKEN_PLACE = secrets.token_hex(16)
_kept: OrderedDict[tuple[Hashable, ...], tuple[object, str]] = OrderedDict()
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
    place = (template, id(of), visitor.language, *key, int(time.monotonic() / SECONDS))

    def content() -> str:
        inner = template.replace(".html", "_content.html")
        return render.rendered(request, inner, **fill(), actor=None, csrf_token=None, nav=None)

    def page(token: str) -> str:
        inside = Markup(_once(("content", *place), of, content))
        context = frame | {"flashes": [], "status": 200, "csrf_token": token}
        return render.rendered(request, template, **context, content=inside)

    if visitor.actor is not ANONYMOUS or render.FLASH in request.cookies:
        inside = Markup(_once(("content", *place), of, content))
        return render.show(request, template, content=inside, **frame)
    looks = (visitor.mode, visitor.contrast, request.url.path)
    whole = _once(("page", *looks, *place), of, lambda: page(_TOKEN_PLACE))
    return HTMLResponse(whole.replace(_TOKEN_PLACE, visitor.form_token))


def _once(place: tuple[Hashable, ...], of: object, make: Callable[[], str]) -> str:
    with _lock:
        kept = _kept.get(place)
        if kept is not None and kept[0] is of:
            _kept.move_to_end(place)
            return kept[1]
    made = make()
    with _lock:
        # The object is held too, for as long as its id stands for it.
        _kept[place] = (of, made)
        while len(_kept) > PAGES_MAX:
            _kept.popitem(last=False)
    return made
