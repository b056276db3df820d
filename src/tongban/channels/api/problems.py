"""Errors as other systems read them: Problem Details (RFC 9457)."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from tongban.channels.shell.observe import log
from tongban.channels.shell.render import status_of
from tongban.foundation.errors import Problem, Refusal
from tongban.foundation.messages import LANGUAGES, SOURCE, said, translate

MEDIA_TYPE = "application/problem+json"
_PLAIN = {404: "没有这个地址", 405: "这个地址不支持这种方法"}
# What pydantic calls the rule, and how it is said; the places are pydantic's own.
_RULES = {
    "missing": "缺少这个参数",
    "string_pattern_mismatch": "格式应为 {pattern}",
    "string_too_long": "不能超过 {max_length} 个字符",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
}


def refused(request: Request, error: Exception) -> JSONResponse:
    """A refusal: its status, its message in the caller's language, and every field at fault."""
    assert isinstance(error, Refusal)
    language = language_of(request)
    problems: tuple[Problem, ...] = getattr(error, "problems", ())
    return answer(
        request,
        status=status_of(error),
        kind=type(error).__name__,
        title=said(error, language),
        errors=[{"field": p.field, "message": said(p, language)} for p in problems],
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
            {
                "field": ".".join(str(part) for part in each["loc"][1:]),
                "message": _rule_broken(each, language_of(request)),
            }
            for each in error.errors()
        ],
    )


def _rule_broken(error: Mapping[str, Any], language: str) -> str:
    rule = _RULES.get(error["type"], "取值无效")
    return translate(rule, language, **{**error.get("ctx", {}), "field": ""})


def plain(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    found = answer(
        request,
        status=error.status_code,
        kind="HttpError",
        title=translate(_PLAIN.get(error.status_code, "请求有误"), language_of(request)),
    )
    found.headers.update(error.headers or {})
    return found


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
    return JSONResponse(
        body,
        status_code=status,
        media_type=MEDIA_TYPE,
        headers={"content-language": language_of(request)},
    )


def language_of(request: Request) -> str:
    asked = request.headers.get("accept-language", SOURCE).split(",")[0].strip()
    return next((known for known in LANGUAGES if known[:2] == asked[:2].lower()), SOURCE)
