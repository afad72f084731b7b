"""Errors as clients see them: problem+json (RFC 9457) for programs, a page for people."""

import traceback
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from pydantic import BaseModel
from sqlalchemy.exc import DataError, OperationalError
from starlette.exceptions import HTTPException

from extractor.errors import ConfigurationError, LoadError
from extractor.review.actors import NotAllowed
from extractor.review.edits import EditRefused
from extractor.review.queue import Held
from extractor.review.settling import Conflict, WrongStep
from extractor.storage.repository import NotStored
from extractor.web.accounts import BadAccount
from extractor.web.logins import LoginFailed, Throttled
from schemas.base import GoujiError

MEDIA_TYPE = "application/problem+json"


class Unauthorised(GoujiError):
    """Nobody is logged in, or what should say who it is does not count."""


class Forged(GoujiError):
    """A request that no page of ours has made."""


class Refusal(GoujiError):
    """A request that cannot be answered as it is, with the status that says so."""

    def __init__(self, status: HTTPStatus, message: str) -> None:
        super().__init__(message)
        self.status = status


_STATUS: tuple[tuple[type[Exception], HTTPStatus], ...] = (
    (Unauthorised, HTTPStatus.UNAUTHORIZED),
    (LoginFailed, HTTPStatus.UNAUTHORIZED),
    (Throttled, HTTPStatus.TOO_MANY_REQUESTS),
    (Forged, HTTPStatus.FORBIDDEN),
    (NotAllowed, HTTPStatus.FORBIDDEN),
    (NotStored, HTTPStatus.NOT_FOUND),
    (Conflict, HTTPStatus.CONFLICT),
    (Held, HTTPStatus.CONFLICT),
    (WrongStep, HTTPStatus.CONFLICT),
    (EditRefused, HTTPStatus.UNPROCESSABLE_ENTITY),
    (LoadError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (ConfigurationError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (BadAccount, HTTPStatus.UNPROCESSABLE_ENTITY),
    (GoujiError, HTTPStatus.BAD_REQUEST),
)
"""The first kind that fits decides."""


class Problem(BaseModel):
    """What a failed request is answered with. `type` tells kinds apart, `detail` says what is wrong and what to do."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[dict[str, Any]] | None = None


def problem(status: int, kind: str, detail: str, errors: list[dict[str, Any]] | None = None) -> JSONResponse:
    """A problem as a response."""
    body = Problem(
        type=f"urn:gouji:problem:{kind}", title=HTTPStatus(status).phrase, status=status, detail=detail, errors=errors
    )
    return JSONResponse(body.model_dump(exclude_none=True), status, media_type=MEDIA_TYPE)


def status_of(error: GoujiError) -> HTTPStatus:
    """The HTTP status that says what kind of error this is."""
    if isinstance(error, Refusal):
        return error.status
    return next(status for kind, status in _STATUS if isinstance(error, kind))


ErrorPage = Callable[[Request, int, str], Response]
"""Shows a person what went wrong: the request, the status, the sentence. The app keeps one as `state.error_page`."""


def answered(
    request: Request, status: int, kind: str, detail: str, errors: list[dict[str, Any]] | None = None
) -> Response:
    """What went wrong: a problem for programs, a page for people."""
    if is_api(request):
        return problem(status, kind, detail, errors)
    page: ErrorPage = request.app.state.error_page
    return page(request, status, detail)


def unforeseen(request: Request) -> Response:
    """The answer when our own code failed."""
    return answered(request, 500, "unforeseen", "程序出错，请报告 (an unforeseen error; please report it)")


def install(app: FastAPI) -> None:
    """Answer every error that is foreseen."""
    app.add_exception_handler(GoujiError, _known)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(DataError, _unfit)
    app.add_exception_handler(OperationalError, _away)


async def _known(request: Request, error: Exception) -> Response:
    assert isinstance(error, GoujiError)
    if isinstance(error, Unauthorised) and not is_api(request):
        return to_login(request)
    response = answered(request, status_of(error), _kebab(type(error).__name__), str(error))
    if isinstance(error, Throttled):
        response.headers["Retry-After"] = str(error.seconds)
    if isinstance(error, Unauthorised):
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    # what was sent is not repeated: it may be a password
    found = [{"where": [str(part) for part in each["loc"]], "what": each["msg"]} for each in error.errors()]
    said = "; ".join(f"{'.'.join(each['where'])}: {each['what']}" for each in found[:5])
    return answered(
        request, 422, "invalid-request", f"请求不合格式 (the request is not as it should be): {said}", errors=found
    )


async def _unfit(request: Request, _: Exception) -> Response:
    detail = "有值无法存入数据库 (a value is none that the database can hold, for instance a NUL in a text)"
    return answered(request, 422, "unfit-value", detail)


async def _away(request: Request, _: Exception) -> Response:
    detail = "数据库暂时无法使用，请稍后再试 (the database cannot be used at the moment; try again)"
    return answered(request, 503, "database-away", detail)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    phrase = HTTPStatus(error.status_code).phrase
    response = answered(request, error.status_code, phrase.lower().replace(" ", "-"), str(error.detail or phrase))
    response.headers.update(error.headers or {})
    return response


def is_api(request: Request) -> bool:
    """Whether a program is asking."""
    path: str = request.scope["path"]  # not of the URL, which a Host header that is none would spoil
    return path.startswith("/api/")


def to_login(request: Request) -> Response:
    """Send a person to the login page, and back afterwards."""
    target = request.url.path if request.method == "GET" else "/"
    where = "/login" if target == "/" else f"/login?next={target}"
    if request.headers.get("HX-Request"):
        return Response(status_code=204, headers={"HX-Redirect": where})
    return RedirectResponse(where, 303)


def trace_of(error: BaseException) -> str:
    """Where an unforeseen error came from: places in the code alone, for its message may hold what nobody should read."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{type(error).__name__} " + " < ".join(f"{each.filename}:{each.lineno}" for each in reversed(frames[-8:]))


def _kebab(name: str) -> str:
    return "".join(f"-{each.lower()}" if each.isupper() else each for each in name).lstrip("-")
