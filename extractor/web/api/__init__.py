"""The HTTP API for programs, under /api/v1: the same rights as in the browser.

Errors are problem+json; lists come in pages, each with the cursor of the next; a request that makes something may
bring an Idempotency-Key, and then the same request again is answered as the first time.
"""

from typing import Any

from fastapi import APIRouter, FastAPI

from extractor.web.api import documents, exports, findings, jobs, tables, tasks, uploads, verdicts, whoami
from extractor.web.problems import MEDIA_TYPE, Problem
from extractor.web.settings import WebSettings

_PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {
        "description": description,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for status, description in (
        (400, "The request cannot be understood"),
        (401, "Nobody is logged in, or the token does not count"),
        (403, "The role or the token's scopes do not reach that far"),
        (404, "There is no such thing"),
        (409, "Another person was faster"),
        (413, "The request is too large"),
        (415, "Not a type of body that can be read"),
        (422, "The request is not as it should be"),
        (503, "The server cannot do this now"),
    )
}


def describe(app: FastAPI) -> None:
    """Let the OpenAPI description name problems, which no route returns as its own answer."""
    openapi = app.openapi

    def with_problems() -> dict[str, Any]:
        found = openapi()
        found["components"]["schemas"]["Problem"] = Problem.model_json_schema()
        return found

    app.openapi = with_problems  # type: ignore[method-assign]


def create_router(settings: WebSettings) -> APIRouter:
    """All routes of the API."""
    router = APIRouter(prefix="/api/v1", responses=_PROBLEMS)
    for each in (whoami, documents, findings, jobs, tasks, verdicts, exports, tables):
        router.include_router(each.router)
    router.include_router(uploads.create_router(settings))
    return router
