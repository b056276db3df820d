"""What an operator sees: request numbers, structured logs, metrics; and the headers of safety."""

import json
import logging
import os
import secrets
import sys
import time
from datetime import UTC, datetime
from functools import cache
from typing import Any

from prometheus_client import Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger("tongban.web")

REQUESTS = Counter("tongban_requests_total", "Requests answered", ["method", "route", "status"])
SECONDS = Histogram("tongban_request_seconds", "Time to answer", ["route"])

BODY_MAX = 40 * 1024 * 1024
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; manifest-src 'self'"
)
SAFETY = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "x-frame-options": "DENY",
}


@cache
def _safety(*, behind_tls: bool) -> list[tuple[bytes, bytes]]:
    """Return the headers of safety as they are sent."""
    strict = {"strict-transport-security": "max-age=31536000"} if behind_tls else {}
    return [(name.encode(), value.encode()) for name, value in (SAFETY | strict).items()]


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, message and whatever was given as ``extra``."""

    _usual = frozenset(vars(logging.makeLogRecord({}))) | {"message", "taskName"}

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {key: value for key, value in vars(record).items() if key not in self._usual}
        if record.exc_info:
            line["fault"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def log_as_json(level: str = "INFO") -> None:
    """Send every log line to standard error as JSON."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)


class BodyTooLarge(Exception):
    """More was sent than any form of ours can hold."""


class Observe:
    """Gives each request a number, refuses huge bodies, counts, times, logs, adds safe headers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        number = secrets.token_hex(6)
        # PostgreSQL has no NUL and refuses to look for one; as in HTML it becomes U+FFFD.
        scope["path"] = scope["path"].replace("\x00", "\ufffd")
        scope["query_string"] = scope["query_string"].replace(b"%00", b"%EF%BF%BD")
        scope.setdefault("state", {})["request_number"] = number
        started, status, received = time.perf_counter(), 500, 0

        async def answering(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers: list[tuple[bytes, bytes]] = message["headers"]
                told = {name for name, _ in headers}
                safety = _safety(behind_tls=os.environ.get("TONGBAN_HTTPS") == "1")
                headers += [header for header in safety if header[0] not in told]
                headers.append((b"x-request-number", number.encode()))
            await send(message)

        async def receiving() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > BODY_MAX:
                raise BodyTooLarge
            return message

        try:
            await self.app(scope, receiving, answering)
        finally:
            _account(scope, status, time.perf_counter() - started, number)


def _account(scope: Scope, status: int, seconds: float, number: str) -> None:
    # The route's own path, never the address: numbers of cases stay out of logs and metrics.
    route = getattr(scope.get("route"), "path", "unknown")
    if route.startswith("/static"):
        return
    REQUESTS.labels(scope["method"], route, str(status)).inc()
    SECONDS.labels(route).observe(seconds)
    log.info(
        "answered",
        extra={
            "request": number,
            "method": scope["method"],
            "route": route,
            "status": status,
            "milliseconds": round(seconds * 1000, 1),
        },
    )
