"""The web application: all routes, put together."""

import os
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any

import psycopg
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount

from tongban import catalogue
from tongban.channels import console, counter, portal, workbench
from tongban.channels.api import pages as api
from tongban.channels.console.calendar import pages as console_calendar
from tongban.channels.console.exchange import batches as console_batches
from tongban.channels.console.exchange import pages as console_exchange
from tongban.channels.console.imports import pages as console_imports
from tongban.channels.console.instances import pages as console_instances
from tongban.channels.console.items import drafts as console_drafts
from tongban.channels.console.items import editing as console_editing
from tongban.channels.console.items import pages as console_items
from tongban.channels.console.items import situations as console_situations
from tongban.channels.console.items import words as console_words
from tongban.channels.console.lists import binding as console_binding
from tongban.channels.console.lists import pages as console_lists
from tongban.channels.console.operations import pages as console_operations
from tongban.channels.console.processes import drafts as console_process_drafts
from tongban.channels.console.processes import migrating as console_migrating
from tongban.channels.console.processes import pages as console_processes
from tongban.channels.console.processes import published as console_published
from tongban.channels.console.processes import simulating as console_simulating
from tongban.channels.console.quality import pages as console_quality
from tongban.channels.console.rulebook import editor as console_rules_editor
from tongban.channels.console.rulebook import pages as console_rules
from tongban.channels.console.rulebook import replays as console_replays
from tongban.channels.console.searching import pages as console_searching
from tongban.channels.console.searching import words as console_word_lists
from tongban.channels.console.sets import pages as console_sets
from tongban.channels.console.themes import pages as console_themes
from tongban.channels.console.zones import pages as console_zones
from tongban.channels.counter.delivery import pages as counter_delivery
from tongban.channels.counter.intake import pages as counter_intake
from tongban.channels.counter.people import pages as counter_people
from tongban.channels.counter.receiving import correction as counter_correction
from tongban.channels.counter.receiving import pages as counter_receiving
from tongban.channels.portal.applications import pages as portal_applications
from tongban.channels.portal.finding import pages as portal_finding
from tongban.channels.portal.finding import places as portal_places
from tongban.channels.portal.guides import pages as portal_guides
from tongban.channels.portal.lists import pages as portal_lists
from tongban.channels.portal.my import correction as portal_correction
from tongban.channels.portal.my import pages as portal_my
from tongban.channels.portal.rules import pages as portal_rules
from tongban.channels.portal.services import eligibility as portal_eligibility
from tongban.channels.portal.services import pages as portal_services
from tongban.channels.shell import health, render
from tongban.channels.shell.account import pages as account
from tongban.channels.shell.files import pages as files
from tongban.channels.shell.observe import BodyTooLarge, Observe, log, log_as_json
from tongban.channels.shell.pages import page_above
from tongban.channels.shell.static import Static
from tongban.channels.workbench.cases import pages as workbench_cases
from tongban.channels.workbench.steps import pages as workbench_steps
from tongban.foundation.actor import SYSTEM
from tongban.foundation.connection import transaction
from tongban.foundation.errors import Refusal
from tongban.foundation.work import Work
from tongban.main import migrate, pool, schemes, settings, wiring
from tongban.main.lifetime import end_with
from tongban.main.searching import with_model

ROUTES: list[BaseRoute] = [
    *health.routes,
    *account.routes,
    *files.routes,
    *portal_services.routes,
    *portal_finding.routes,
    *portal_places.routes,
    *portal_eligibility.routes,
    *portal_applications.routes,
    *portal_my.routes,
    *portal_correction.routes,
    *portal_rules.routes,
    *portal_guides.routes,
    *portal_lists.routes,
    *counter_intake.routes,
    *counter_delivery.routes,
    *counter_people.routes,
    *counter_receiving.routes,
    *counter_correction.routes,
    *workbench_cases.routes,
    *workbench_steps.routes,
    *console_operations.routes,
    *console_calendar.routes,
    *console_batches.routes,
    *console_exchange.routes,
    *console_imports.routes,
    *console_quality.routes,
    *console_processes.routes,
    *console_process_drafts.routes,
    *console_published.routes,
    *console_simulating.routes,
    *console_migrating.routes,
    *console_instances.routes,
    *console_items.routes,
    *console_words.routes,
    *console_drafts.routes,
    *console_editing.routes,
    *console_situations.routes,
    *console_sets.routes,
    *console_lists.routes,
    *console_binding.routes,
    *console_themes.routes,
    *console_zones.routes,
    *console_rules.routes,
    *console_rules_editor.routes,
    *console_replays.routes,
    *console_searching.routes,
    *console_word_lists.routes,
    *api.routes,
    Mount("/api/v1", api.api, name="api"),
    Mount("/static", Static(), name="static"),
]

# Which navigation a page shows, by the first part of its address; the portal's is everybody's.
NAVS: dict[str, list[render.NavEntry]] = {
    "": portal.NAV,
    "counter": counter.NAV,
    "workbench": workbench.NAV,
    "console": console.NAV,
}


def create_app(connections: Any, *, lifespan: Callable[..., Any] | None = None) -> Starlette:
    """Return the application over a pool of connections."""
    wiring.connect()
    app = Starlette(
        routes=ROUTES,
        middleware=[Middleware(Observe)],
        exception_handlers={
            BodyTooLarge: _too_large,
            HTTPException: _plain_error,
            Exception: _fault,
        },
        lifespan=lifespan,
    )
    app.state.pool = api.api.state.pool = connections
    app.state.navs = NAVS
    app.state.expects_migration = migrate.newest()
    return app


def served() -> Starlette:
    """Return the application as ``tongban serve`` runs it, one for each process."""
    # Whoever watches over this process would, being killed, leave it behind with the port.
    end_with(os.getppid(), by=signal.SIGKILL)
    log_as_json(os.environ.get("TONGBAN_LOG_LEVEL", "INFO"))
    configured = schemes.take_up(settings.read())
    connections = pool.open_pool(configured.database_url, size=configured.threads + 2)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        # A thread of its own, begun after the process was forked.
        end = catalogue.keep_current(
            partial(_looking, connections),
            folder=configured.data,
            open_work=partial(_counting, connections),
            model=_model(configured),
        )
        yield
        end()
        connections.close()

    return create_app(connections, lifespan=lifespan)


def _model(configured: settings.Settings) -> catalogue.SearchModel | None:
    """Return the model that searching asks; one that is gone since the start is done without."""
    try:
        return with_model(configured)
    except Refusal as refusal:
        log.error("search goes on without its model", extra={"error": str(refusal)})
        return None


@contextmanager
def _looking(connections: Any) -> Iterator[Work]:
    """Open a transaction that reads everything as of one moment."""
    with connections.connection() as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        with transaction(connection):
            yield Work(connection, actor=SYSTEM, now=datetime.now(UTC))


@contextmanager
def _counting(connections: Any) -> Iterator[Work]:
    with connections.connection() as connection, transaction(connection):
        yield Work(connection, actor=SYSTEM, now=datetime.now(UTC))


def _plain_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 405 and request.method == "GET":
        return RedirectResponse(page_above(request), status_code=303)
    response = render.failed(request, error.status_code)
    response.headers.update(error.headers or {})
    return response


def _too_large(request: Request, _error: Exception) -> Response:
    return render.failed(request, 413)


def _fault(request: Request, error: Exception) -> Response:
    log.error("fault", exc_info=error, extra={"request": request.state.request_number})
    return render.failed(request, 500)
