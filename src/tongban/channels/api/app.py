"""The endpoints of ``/api/v1``. They are public: they show what the portal shows to everyone."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Annotated, Any

from fastapi import FastAPI, Path, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from tongban import catalogue, identity
from tongban.channels.api import problems
from tongban.foundation import calendar
from tongban.foundation.actor import ANONYMOUS
from tongban.foundation.connection import transaction
from tongban.foundation.errors import Refusal
from tongban.foundation.work import Work

LIMIT_MAX = 100


class Found(BaseModel):
    """One search result; ``score`` compares results of one search only."""

    name: str
    code: str
    score: float
    department: str
    region: str


class Results(BaseModel):
    results: list[Found]


class ServiceLine(BaseModel):
    code: str
    version: int
    name: str
    department: str
    department_name: str
    region: str
    kind: str
    audience: str
    handling: str
    online_apply: bool


class Services(BaseModel):
    """``following`` is the cursor of the next page, empty at the end."""

    services: list[ServiceLine]
    following: str


class Department(BaseModel):
    code: str
    name: str
    region: str


class DueDate(BaseModel):
    """``provisional``: the calendar of that time is not published yet and may still change."""

    due_on: date
    calendar_version: int
    provisional: bool


def create_api() -> FastAPI:
    """Return the application to be mounted at /api/v1. The connections are the outer one's."""
    api = FastAPI(
        title="Tongban",
        version="1",
        summary="Services, departments and working days, as other systems need them.",
        openapi_url="/openapi.json",
        docs_url=None,  # The page of the shell shows the description; this one would load scripts.
        redoc_url=None,
        servers=[{"url": "/api/v1"}],
    )
    api.add_exception_handler(Refusal, problems.refused)
    api.add_exception_handler(RequestValidationError, problems.malformed)
    api.add_exception_handler(HTTPException, problems.plain)
    api.add_exception_handler(Exception, problems.fault)
    for path, endpoint in ENDPOINTS:
        api.add_api_route(path, endpoint, methods=["GET"], responses=_PROBLEM)
    return api


@contextmanager
def reading(request: Request) -> Iterator[Work]:
    """Open a read-only Work for a caller who is not known."""
    with request.app.state.pool.connection() as connection:
        connection.read_only = True
        with transaction(connection):
            yield Work(
                connection,
                actor=ANONYMOUS,
                now=datetime.now(UTC),
                request=request.state.request_number,
            )


def search(
    request: Request,
    q: Annotated[str, Query(max_length=100, description="What is looked for, in any words.")],
    region: Annotated[str, Query(pattern=r"^(\d{6}|\d{9}|\d{12})?$")] = "",
    limit: Annotated[int, Query(ge=1, le=LIMIT_MAX)] = 20,
) -> Results:
    """Search services, best first.

    The region is a division code of 6, 9 or 12 digits; of a township, its county's services.
    """
    with reading(request) as work:
        asked = catalogue.Asked(q, region=region, limit=limit)
        found = catalogue.find(work, asked)
    return Results(
        results=[
            Found(
                name=each.line.name,
                code=each.line.code,
                score=each.score,
                department=each.line.department_name,
                region=each.line.region,
            )
            for each in found
        ]
    )


def services(
    request: Request,
    department: str = "",
    audience: Annotated[str, Query(pattern="^(person|business)?$")] = "",
    after: str = "",
    limit: Annotated[int, Query(ge=1, le=LIMIT_MAX)] = 20,
) -> Services:
    """List services by name, page by page."""
    only = catalogue.Filter(department=department, audience=audience)
    with reading(request) as work:
        page = catalogue.browse(work, only=only, after=after, size=limit)
    return Services(
        services=[
            ServiceLine(**{name: getattr(line, name) for name in ServiceLine.model_fields})
            for line in page.rows
        ],
        following=page.following,
    )


def service(request: Request, code: Annotated[str, Path()]) -> JSONResponse:
    """Return the whole guide of one service, in the version in force."""
    with reading(request) as work:
        item = catalogue.item(work, code=code)
    return JSONResponse(_plain(asdict(item)))


def departments(
    request: Request, region: Annotated[str, Query(pattern=r"^\d{6}$")]
) -> list[Department]:
    """List the departments of a region."""
    with reading(request) as work:
        found = identity.departments(work, region=region)
    return [Department(code=each.code, name=each.name, region=each.region) for each in found]


def due_date(
    request: Request,
    start: date,
    days: Annotated[int, Query(ge=0, le=3650, description="Working days; the start is not one.")],
    region: Annotated[str, Query(pattern=r"^\d{6}$")] = calendar.NATION,
) -> DueDate:
    """Tell on which day a limit of so many working days runs out."""
    with reading(request) as work:
        due = calendar.due_on(work, start=start, days=days, region=region)
    return DueDate(due_on=due.day, calendar_version=due.version, provisional=due.provisional)


def _plain(value: Any) -> Any:
    """Return a value of dates and enums as JSON has it."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


_PROBLEM: dict[int | str, dict[str, Any]] = {
    "4XX": {"description": "Problem Details (RFC 9457)", "content": {problems.MEDIA_TYPE: {}}}
}

ENDPOINTS = (
    ("/search", search),
    ("/services", services),
    ("/services/{code}", service),
    ("/departments", departments),
    ("/calendar/due-date", due_date),
)
