"""Errors as answers: a status, and one line that says what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from tastemaker.retrieval.errors import (
    ConfigError,
    DataError,
    ModelError,
    ModelUnreachable,
    QueryError,
    SessionBusy,
    TastemakerError,
    ToolError,
)
from tastemaker.ui.gate.overload import Overloaded
from tastemaker.ui.server.bodies import ErrorOut

STATUS: Mapping[type[TastemakerError], int] = {
    QueryError: 422,
    ToolError: 422,
    ConfigError: 422,
    DataError: 422,
    SessionBusy: 409,
    ModelUnreachable: 503,
    ModelError: 502,
}
RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {"model": ErrorOut, "description": words}
    for status, words in {
        400: "Not read: the body is no JSON.",
        401: "No key, or an unknown one.",
        404: "No such thing.",
        405: "Not this way.",
        409: "Another turn of the same session takes too long.",
        413: "Too large.",
        422: "Something in the request is not allowed.",
        429: "Too many requests of one address.",
        503: "Too busy; Retry-After says when to come again.",
    }.items()
}


def problem(status: int, message: str, code: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """An error in the shape that OpenAI's clients read as well."""
    kind = "invalid_request_error" if status < 500 else "server_error"
    return JSONResponse(
        {"error": {"message": message, "type": kind, "code": code, "param": None}},
        status,
        dict(headers or {}),
    )


def status_of(error: TastemakerError) -> int:
    """The status of the nearest class in :data:`STATUS`; 503 for what no caller can help."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 503)


def answer_errors(app: FastAPI) -> None:
    """Let every error of an application be told in one shape."""

    @app.exception_handler(TastemakerError)
    async def ours(_: Request, error: TastemakerError) -> JSONResponse:
        status = status_of(error)
        return problem(
            status, str(error), type(error).__name__, {"Retry-After": "5"} if status == 503 else None
        )

    @app.exception_handler(Overloaded)
    async def overloaded(_: Request, error: Overloaded) -> JSONResponse:
        return problem(503, str(error), "Overloaded", {"Retry-After": str(error.seconds)})

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"] if part != "body")
        return problem(422, f"{place or 'the body'}: {first['msg']}", "Invalid")

    @app.exception_handler(HTTPException)
    async def plain(_: Request, error: HTTPException) -> JSONResponse:
        return problem(error.status_code, str(error.detail), "Refused", error.headers)
