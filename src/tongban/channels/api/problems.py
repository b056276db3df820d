"""Errors as other systems read them: Problem Details (RFC 9457)."""

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from tongban.channels.shell.observe import log
from tongban.channels.shell.render import status_of
from tongban.foundation.errors import Problem, Refusal
from tongban.foundation.messages import LANGUAGES, SOURCE, translate

MEDIA_TYPE = "application/problem+json"


def refused(request: Request, error: Exception) -> JSONResponse:
    """A refusal: its status, its message in the caller's language, and every field at fault."""
    assert isinstance(error, Refusal)
    language = language_of(request)
    problems: tuple[Problem, ...] = getattr(error, "problems", ())
    return answer(
        request,
        status=status_of(error),
        kind=type(error).__name__,
        title=translate(error.message, language, **error.details),
        errors=[
            {"field": p.field, "message": translate(p.message, language, **p.details)}
            for p in problems
        ],
    )


def malformed(request: Request, error: Exception) -> JSONResponse:
    """Parameters that are missing or of the wrong type."""
    assert isinstance(error, RequestValidationError)
    return answer(
        request,
        status=422,
        kind="Malformed",
        title=translate("请求参数有误", language_of(request)),
        errors=[
            {"field": ".".join(str(part) for part in each["loc"][1:]), "message": each["msg"]}
            for each in error.errors()
        ],
    )


def plain(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    return answer(request, status=error.status_code, kind="HttpError", title=str(error.detail))


def fault(request: Request, error: Exception) -> JSONResponse:
    log.error("fault", exc_info=error, extra={"request": request.state.request_number})
    return answer(
        request,
        status=500,
        kind="Fault",
        title=translate("系统出了问题，请把请求编号告诉我们", language_of(request)),
    )


def answer(
    request: Request,
    *,
    status: int,
    kind: str,
    title: str,
    errors: list[dict[str, str]] | None = None,
) -> JSONResponse:
    body: dict[str, object] = {
        "type": f"urn:tongban:problem:{kind}",
        "title": title,
        "status": status,
        "instance": f"urn:tongban:request:{request.state.request_number}",
    }
    if errors:
        body["errors"] = errors
    return JSONResponse(body, status_code=status, media_type=MEDIA_TYPE)


def language_of(request: Request) -> str:
    asked = request.headers.get("accept-language", SOURCE).split(",")[0].strip()
    return next((known for known in LANGUAGES if known[:2] == asked[:2].lower()), SOURCE)
