"""Who is asking, and what they may do: what every page and every call of the API depends on.

    @router.get("/documents")
    def documents(desk: TheDesk, actor: Annotated[Actor, may(Scope.READ)]) -> …

People come with the cookie of a session, programs with a token; on loopback there may be one person without login.
A request that changes something and comes with a cookie must also bring the page's form key, as the field
`form_key` of a form or as the header X-Form-Key.
"""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request

from extractor.review.actors import ALL_SCOPES, Actor, Channel, NotAllowed, Scope
from extractor.review.desk import Desk
from extractor.storage.people import Role
from extractor.web import keys
from extractor.web.guards import READING
from extractor.web.problems import Forged, Unauthorised, is_api
from extractor.web.settings import WebSettings

FORM_KEY_HEADER = "X-Form-Key"
FORM_KEY_FIELD = "form_key"


def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


def _settings(request: Request) -> WebSettings:
    settings: WebSettings = request.app.state.settings
    return settings


TheDesk = Annotated[Desk, Depends(_desk)]
TheSettings = Annotated[WebSettings, Depends(_settings)]


def cookie_name(settings: WebSettings) -> str:
    """The session's cookie; over https with the prefix that keeps other hosts from setting it."""
    return "__Host-gouji" if settings.secure else "gouji"


@dataclass(frozen=True)
class Visitor:
    """Who is asking. `cookie` is the key of the session, None for who comes without one."""

    actor: Actor
    cookie: str | None = None

    @property
    def form_key(self) -> str:
        """What forms and scripts of a page must send back."""
        return "" if self.cookie is None else keys.form_key(self.cookie)


def visitor(request: Request, desk: TheDesk, settings: TheSettings) -> Visitor:
    """Who is asking. Raises Unauthorised."""
    channel = Channel.API if is_api(request) else Channel.WEB
    found = _by_token(request, desk) or _by_session(request, desk, settings, channel)
    if found is None and settings.single_user is not None:
        found = Visitor(Actor(settings.single_user, Role.ADMIN, channel))
    if found is None:
        raise Unauthorised("请先登录，或附上令牌 (log in, or send a token: Authorization: Bearer …)")
    request.state.actor = found.actor.name
    return found


def _by_token(request: Request, desk: Desk) -> Visitor | None:
    header = request.headers.get("Authorization")
    if header is None:
        return None
    kind, _, token = header.partition(" ")
    with desk.database.transaction() as session:
        use = keys.use_of_token(session, token.strip()) if kind.lower() == "bearer" else None
    if use is None:
        raise Unauthorised("令牌无效或已过期 (the token does not count, or no more)")
    if use.is_stale:
        with desk.database.writing() as session:
            keys.see_token(session, token.strip())
    return Visitor(Actor(use.user.name, Role(use.user.role), Channel.API, use.scopes))


def _by_session(request: Request, desk: Desk, settings: WebSettings, channel: Channel) -> Visitor | None:
    cookie = request.cookies.get(cookie_name(settings))
    if cookie is None or settings.single_user is not None:
        return None
    with desk.database.transaction() as session:
        use = keys.use_of_session(session, cookie)
    if use is None:
        return None
    if use.is_stale:
        with desk.database.writing() as session:
            keys.see_session(session, cookie)
    return Visitor(Actor(use.user.name, Role(use.user.role), channel), cookie)


async def _no_forgery(request: Request, found: Annotated[Visitor, Depends(visitor)]) -> Visitor:
    """The visitor, once it is certain that a page of ours made the request. Raises Forged."""
    if found.cookie is None or request.method in READING:
        return found
    given = request.headers.get(FORM_KEY_HEADER)
    if given is None and request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        field = (await request.form(max_fields=100)).get(FORM_KEY_FIELD)
        given = field if isinstance(field, str) else None
    if not keys.is_form_key(given, found.cookie):
        raise Forged(f"缺少表单密钥，请刷新页面 (the form key is missing or old: reload the page; {FORM_KEY_HEADER})")
    return found


AVisitor = Annotated[Visitor, Depends(_no_forgery)]


def may(scope: Scope, role: Role = Role.REVIEWER) -> Any:
    """The person who is asking, if a scope and a role of theirs reach that far. Raises NotAllowed."""

    def allowed(found: AVisitor) -> Actor:
        actor = found.actor
        actor.require(role)
        if scope not in actor.scopes:
            raise NotAllowed(f"令牌没有“{scope.value}”权限 (the token lacks the scope {scope.value})")
        return actor

    return Depends(allowed)


__all__ = ["ALL_SCOPES", "AVisitor", "TheDesk", "TheSettings", "Visitor", "cookie_name", "may", "visitor"]
