"""What a load balancer and a monitor ask: alive, ready, and the figures."""

import os
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    generate_latest,
    multiprocess,
)
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

HEARTBEAT_MAX_AGE = timedelta(seconds=30)


def healthz(_request: Request) -> Response:
    """This process answers. Says nothing of the database."""
    return PlainTextResponse("ok\n")


def readyz(request: Request) -> Response:
    """200 once the schema is current, the seed is there and a worker is alive; else 503 and why."""
    try:
        with request.app.state.pool.connection(timeout=2) as connection:
            reasons = _missing(connection, request.app.state.expects_migration)
    except (psycopg.Error, TimeoutError) as error:
        reasons = [f"database: {type(error).__name__}"]
    return JSONResponse(
        {"ready": not reasons, "waiting_for": reasons}, status_code=503 if reasons else 200
    )


def metrics(_request: Request) -> Response:
    """Figures for Prometheus, of all processes together where there are several."""
    registry = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


def _missing(connection: psycopg.Connection[Any], migration: str) -> list[str]:
    row = connection.execute(
        """
        select exists (select from foundation.seeded where name = 'schema' and hash = %(schema)s),
               exists (select from foundation.seeded where name = 'ready'),
               exists (select from foundation.heartbeat where seen_at > %(since)s)
        """,
        {"schema": migration, "since": datetime.now(UTC) - HEARTBEAT_MAX_AGE},
    ).fetchone()
    connection.rollback()
    names = ("migrations", "seed", "worker")
    return [name for name, there in zip(names, row or (), strict=True) if not there]


routes = [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)]
for _route in routes:
    _route.endpoint.permit = "public"  # type: ignore[attr-defined]
