"""The application: routes, guards and answers to errors put together."""

import contextlib
import gc
from collections.abc import AsyncIterator, Sequence
from http import HTTPStatus
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import Response
from fastapi.staticfiles import StaticFiles
from fastapi.templating import Jinja2Templates
from starlette.middleware.body_limit import RequestBodyLimitMiddleware

from extractor.batch.files import FileStore
from extractor.review.desk import Desk
from extractor.storage.database import open_database
from extractor.storage.people import UserRow
from extractor.version import VERSION
from extractor.web import api, cards, forms, pages, problems
from extractor.web.accounts import add
from extractor.web.api import uploads
from extractor.web.guards import Guard, KnownHosts
from extractor.web.joblink import JobLink
from extractor.web.settings import WebSettings

HERE = Path(__file__).parent

CONNECTIONS = 16
"""Database connections that are kept open; as many more for a while. Requests run in up to 40 threads."""


def open_desk(settings: WebSettings) -> Desk:
    """What all requests work with. Raises ConfigurationError when the database cannot be opened."""
    from extractor.storage.people import Role

    database = open_database(settings.database, pool=CONNECTIONS)
    files = settings.files or (str(database.file.with_suffix(".files")) if database.file else None)
    if settings.single_user is not None:
        with database.transaction() as session:
            if session.query(UserRow).filter_by(name=settings.single_user).first() is None:
                add(session, settings.single_user, Role.ADMIN, None)
    return Desk(database, settings, FileStore(files) if files else None)


def create_app(desk: Desk, settings: WebSettings, hosts: Sequence[str]) -> FastAPI:
    """The application at a desk, which it closes at its end; it answers only to the Host headers given."""
    jobs = JobLink(desk)

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        _calm_collector()
        yield
        jobs.close()
        desk.close()

    app = FastAPI(
        title="gouji 勾稽",
        version=VERSION,
        summary="Documents, records, findings and their review.",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.desk, app.state.settings, app.state.jobs = desk, settings, jobs
    app.state.templates = Jinja2Templates(HERE / "templates")
    app.state.error_page = _error_page
    problems.install(app)
    largest = {"": settings.request_kilobytes << 10, uploads.PATH: uploads.largest(settings)}
    app.add_middleware(RequestBodyLimitMiddleware, max_body_size=largest[""])  # of what does not say its length
    app.add_middleware(KnownHosts, hosts=hosts)
    app.add_middleware(Guard, secure=settings.secure, largest=largest)  # added last: it is the outermost
    app.include_router(forms.router)
    app.include_router(pages.router)
    app.include_router(cards.router)
    app.include_router(api.create_router(settings))
    api.describe(app)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    return app


def _calm_collector() -> None:
    """Let whole extractions stay in memory without being searched for cycles at every turn.

    They have none. A full collection among them took 200 to 400 ms of one request in twenty.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)


def _error_page(request: Request, status: int, detail: str) -> Response:
    templates: Jinja2Templates = request.app.state.templates
    context = {"status": status, "phrase": HTTPStatus(status).phrase, "detail": detail}
    return templates.TemplateResponse(request, "problem.html", context, status)
