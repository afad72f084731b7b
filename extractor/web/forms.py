"""Logging in and out, in the browser."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from fastapi.templating import Jinja2Templates

from extractor.review.actors import note
from extractor.web import keys, logins
from extractor.web.access import AVisitor, TheDesk, TheSettings, Visitor, cookie_name
from extractor.web.settings import WebSettings

router = APIRouter(include_in_schema=False)


def _visit_cookie(settings: WebSettings) -> str:
    """The cookie of who is not logged in yet: it makes sure that our own form logs them in, and to their account."""
    return cookie_name(settings) + "-visit"


def _form(
    request: Request, settings: WebSettings, target: str, status: int = 200, message: str | None = None, name: str = ""
) -> Response:
    templates: Jinja2Templates = request.app.state.templates
    visit = request.cookies.get(_visit_cookie(settings)) or keys.fresh()
    context = {"form_key": keys.form_key(visit), "next": target, "message": message, "name": name}
    response = templates.TemplateResponse(request, "login.html", context, status)
    _set_cookie(response, settings, _visit_cookie(settings), visit)
    return response


def _set_cookie(response: Response, settings: WebSettings, name: str, key: str) -> None:
    response.set_cookie(name, key, httponly=True, samesite="lax", secure=settings.secure, path="/")


def _own(target: str) -> str:
    """A path of this server; anything else would send people who log in somewhere else."""
    plain = target.startswith("/") and not target.startswith("//") and "\\" not in target and target.isprintable()
    return target if plain else "/"


@router.get("/login")
def show(request: Request, settings: TheSettings, next: str = "/") -> Response:
    """The form."""
    if settings.single_user is not None:
        return RedirectResponse("/", 303)
    return _form(request, settings, _own(next))


@router.post("/login")
def log_in(
    request: Request,
    desk: TheDesk,
    settings: TheSettings,
    name: Annotated[str, Form(max_length=200)],
    password: Annotated[str, Form(max_length=1000)],
    form_key: Annotated[str, Form(max_length=200)] = "",
    next: Annotated[str, Form(max_length=2000)] = "/",
) -> Response:
    """A session, if name and password belong together."""
    visit = request.cookies.get(_visit_cookie(settings))
    if visit is None or not keys.is_form_key(form_key, visit):
        message = "页面已过期，请重新登录 (the page was too old; log in again)"
        return _form(request, settings, _own(next), 403, message, name)
    address = request.client.host if request.client else "?"
    try:
        key = logins.log_in(desk.database, settings, name, password, address)
    except logins.LoginFailed as error:
        return _form(request, settings, _own(next), 401, str(error), name)
    except logins.Throttled as error:
        response = _form(request, settings, _own(next), 429, str(error), name)
        response.headers["Retry-After"] = str(error.seconds)
        return response
    response = RedirectResponse(_own(next), 303)
    _set_cookie(response, settings, cookie_name(settings), key)
    response.delete_cookie(_visit_cookie(settings), path="/", secure=settings.secure, httponly=True)
    return response


@router.post("/logout")
def log_out(desk: TheDesk, settings: TheSettings, found: AVisitor) -> Response:
    """End the session."""
    if found.cookie is not None:
        _close(desk, found, found.cookie)
    response = RedirectResponse("/login", 303)
    response.delete_cookie(cookie_name(settings), path="/", secure=settings.secure, httponly=True)
    return response


def _close(desk: TheDesk, found: Visitor, cookie: str) -> None:
    with desk.database.writing() as session:
        keys.close_session(session, cookie)
        note(session, found.actor, "logout")
