"""Turns plain functions into web pages. A GET can only read; a POST is one transaction.

Every route names its permission. A POST is checked for its origin and its form token, claims its
idempotency key, runs, keeps its answer and commits before anything is sent.
"""

import hashlib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import psycopg
from psycopg import Connection
from psycopg.errors import QueryCanceled
from psycopg_pool import PoolTimeout
from starlette.concurrency import run_in_threadpool
from starlette.convertors import IntegerConvertor, register_url_convertor
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Match, Route

from tongban import identity
from tongban.channels.shell import render
from tongban.channels.shell.forms import KEY_FIELD, TOKEN_FIELD, form, read_form, text
from tongban.channels.shell.kept import distrust, trusted_page
from tongban.channels.shell.observe import BodyTooLarge, log
from tongban.channels.shell.visitor import (
    SESSION,
    Visitor,
    check_origin,
    check_token,
    recognise,
    remember,
)
from tongban.foundation import idempotency
from tongban.foundation.actor import Kind
from tongban.foundation.connection import transaction
from tongban.foundation.db import Db
from tongban.foundation.errors import Invalid, Refusal
from tongban.foundation.messages import translate
from tongban.foundation.work import Work

PUBLIC = "public"
OFFICER = "officer"  # Any officer, whatever they may do.
# A broken connection is replaced and the request run again: reads are harmless, and writes carry
# an idempotency key, so an act whose commit was not acknowledged is found and not repeated.
TRIES = 3

Endpoint = Callable[[Request, Work], Response]
Glance = Callable[[Request, Db], Response | None]


class Number(IntegerConvertor):
    """``{id:int}`` in an address: what PostgreSQL can hold, as any other address is not found."""

    regex = "[0-9]{1,9}"


register_url_convertor("int", Number())


def page(
    path: str, show: Endpoint, *, name: str, permit: str, glance: Glance | None = None
) -> Route:
    """A page to look at. PostgreSQL itself refuses any write.

    :param glance: of a public page, what finds it where it is kept already, by one statement
        outside of any transaction; asked first for whoever has no session.
    """
    return _route(path, _reading(show, permit, glance), name=name, method="GET", permit=permit)


def action(
    path: str, do: Endpoint, *, name: str, permit: str, again: Endpoint | None = None
) -> Route:
    """A button pressed. Commits when ``do`` returns, rolls back when it raises.

    ``again`` shows the same form once more, with what was filled in and what is wrong with it.
    """
    return _route(path, _writing(do, permit, again), name=name, method="POST", permit=permit)


def saving(path: str, do: Endpoint, *, name: str, permit: str) -> Route:
    """A draft that saves itself: an action that may be repeated and so uses up no key."""
    endpoint = _writing(do, permit, None, keyed=False)
    return _route(path, endpoint, name=name, method="POST", permit=permit)


def visitor(request: Request) -> Visitor:
    found: Visitor = request.state.visitor
    return found


def go_to(
    request: Request, name: str, *, flash: str = "", query: str = "", **path: str
) -> Response:
    """Send the browser to a page, with a message to be shown there."""
    address = render.addresses(request)(name, **path) + (f"?{query}" if query else "")
    response = RedirectResponse(address, status_code=303)
    if flash:
        render.flash(request, response, translate(flash, visitor(request).language))
    return response


def page_above(request: Request) -> str:
    """Return the page to which the address of an action belongs, for whoever opens that address.

    A form that is shown again stands at its action's address, which is then reloaded or kept.
    """
    path = request.url.path
    while path:
        path = path.rpartition("/")[0]
        asked = {"type": "http", "method": "GET", "path": path or "/", "headers": []}
        if any(route.matches(asked)[0] is Match.FULL for route in request.app.routes):
            break
    return path or "/"


def _route(
    path: str, endpoint: Callable[[Request], Any], *, name: str, method: str, permit: str
) -> Route:
    endpoint.permit = permit  # type: ignore[attr-defined]  # Read by the snapshot of routes.
    return Route(path, endpoint, name=name, methods=[method])


def _reading(show: Endpoint, permit: str, glance: Glance | None) -> Callable[[Request], Any]:
    def endpoint(request: Request) -> Response:
        def run(connection: Connection[Any]) -> Response:
            if glance and permit == PUBLIC and SESSION not in request.cookies:
                kept = _glanced(request, connection, glance)
                if kept is not None:
                    return kept
            connection.read_only = True
            with transaction(connection):
                response = show(request, _open(request, connection, permit))
            _prolong(visitor(request), connection)
            return response

        return _answered(request, lambda: _with_connection(request, run))

    return _trusting(endpoint) if glance and permit == PUBLIC else endpoint


def _trusting(
    endpoint: Callable[[Request], Response],
) -> Callable[[Request], Awaitable[Response]]:
    """Answer with a page that is known to hold where the request arrives."""

    async def at_once(request: Request) -> Response:
        found = trusted_page(request)
        if found is None:
            return await run_in_threadpool(endpoint, request)
        request.state.visitor, response = found
        remember(request, response, found[0])
        return response

    return at_once


def _glanced(request: Request, connection: Connection[Any], glance: Glance) -> Response | None:
    """Look for a page that is kept. To begin a transaction and to end it costs more than that."""
    connection.autocommit = True
    request.state.visitor = recognise(request, Db(connection))
    kept = glance(request, Db(connection))
    connection.autocommit = False  # After an error the pool sees to it.
    return kept


def _writing(
    do: Endpoint, permit: str, again: Endpoint | None, *, keyed: bool = True
) -> Callable[[Request], Awaitable[Response]]:
    def act(request: Request, connection: Connection[Any]) -> Response:
        connection.read_only = False
        with transaction(connection):
            work = _open(request, connection, permit)
            check_token(visitor(request), text(request, TOKEN_FIELD))
            key = text(request, KEY_FIELD)
            if not key or not keyed:
                return do(request, work)
            earlier = idempotency.claim(work, key=key, fingerprint=_fingerprint(request))
            # What had no effect worth a page of its own, such as a form shown again, is done anew.
            if earlier and earlier.location:
                return RedirectResponse(earlier.location, status_code=earlier.status)
            response = do(request, work)
            location = response.headers.get("location", "")
            if location:
                idempotency.answer(work, key=key, status=response.status_code, location=location)
        _prolong(visitor(request), connection)
        return response

    def show_again(request: Request, connection: Connection[Any]) -> Response:
        assert again is not None
        connection.read_only = True
        with transaction(connection):
            response = again(request, _open(request, connection, permit))
        response.status_code = 422
        return response

    def answer(request: Request) -> Response:
        def run() -> Response:
            check_origin(request)
            try:
                response = _with_connection(request, lambda c: act(request, c))
                distrust(request)
                return response
            except Invalid as invalid:
                if again is None:
                    raise
                request.state.problems = invalid.problems
                return _with_connection(request, lambda c: show_again(request, c))

        return _answered(request, run)

    return _received(answer)


def _received(
    answer: Callable[[Request], Response],
) -> Callable[[Request], Awaitable[Response]]:
    """Take the form in where it arrives: a thread that asks for it costs more than most forms."""

    async def endpoint(request: Request) -> Response:
        await read_form(request)
        return await run_in_threadpool(answer, request)

    return endpoint


def _open(request: Request, connection: Connection[Any], permit: str) -> Work:
    request.state.visitor = who = recognise(request, Db(connection))
    if permit == OFFICER:
        if who.actor.kind is not Kind.OFFICER:
            who.actor.must(permit)
    elif permit != PUBLIC:
        who.actor.must(permit)
    return Work(
        connection, actor=who.actor, now=datetime.now(UTC), request=request.state.request_number
    )


def _prolong(who: Visitor, connection: Connection[Any]) -> None:
    """Keep the session of somebody who only reads alive, with one write every few minutes."""
    now = datetime.now(UTC)
    if who.session and who.session.needs_touch(now):
        connection.read_only = False
        with transaction(connection):
            identity.touch(Db(connection), token=who.session_token, now=now)


def _with_connection(request: Request, run: Callable[[Connection[Any]], Response]) -> Response:
    for attempt in range(1, TRIES + 1):
        try:
            with request.app.state.pool.connection() as connection:
                return run(connection)
        except psycopg.OperationalError as error:
            if attempt == TRIES or isinstance(error, QueryCanceled | PoolTimeout):
                raise
            request.app.state.pool.check()
    raise AssertionError("unreachable")


def _answered(request: Request, run: Callable[[], Response]) -> Response:
    try:
        response = run()
    except Refusal as refusal:
        response = render.explain(request, refusal)
    except (BodyTooLarge, HTTPException):
        raise
    except Exception as error:
        log.error("fault", exc_info=error, extra={"request": request.state.request_number})
        away = isinstance(error, psycopg.OperationalError) and not isinstance(error, QueryCanceled)
        response = render.failed(request, 503 if away else 500)
    if hasattr(request.state, "visitor"):
        remember(request, response, visitor(request))
    return response


def _fingerprint(request: Request) -> str:
    """Return a hash of what was sent, by which the same key with other content is noticed."""
    digest = hashlib.sha256(request.url.path.encode())
    for field, value in form(request).multi_items():
        if field in (TOKEN_FIELD, KEY_FIELD):
            continue
        if isinstance(value, UploadFile):
            value.file.seek(0)
            content = hashlib.file_digest(value.file, "sha256").hexdigest()  # type: ignore[arg-type]
            digest.update(f"\0{field}\0{value.filename}\0{content}".encode())
        else:
            digest.update(f"\0{field}\0{value}".encode())
    return digest.hexdigest()
