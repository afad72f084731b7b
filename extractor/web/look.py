"""How pages look: language, light or dark, and what every page shows around its contents."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import Response
from fastapi.templating import Jinja2Templates

from extractor.storage.people import Role
from extractor.web.access import TheSettings, Visitor

LANGUAGES = ("zh", "en")
THEMES = ("auto", "light", "dark")
COOKIE = "gouji-look"
YEAR = 365 * 24 * 3600


@dataclass(frozen=True)
class Look:
    """What a person chose."""

    language: str = "zh"
    theme: str = "auto"

    @classmethod
    def of(cls, request: Request) -> "Look":
        """From the cookie; anything else in it is as if there were none."""
        language, _, theme = request.cookies.get(COOKIE, "").partition(".")
        return cls(language if language in LANGUAGES else LANGUAGES[0], theme if theme in THEMES else THEMES[0])

    @property
    def chooser(self) -> Callable[[Any, Any], Any]:
        """The one of two wordings that is meant: `t("任务", "tasks")`."""
        return (lambda zh, en: zh) if self.language == "zh" else (lambda zh, en: en)


def keep(response: Response, look: Look, settings: TheSettings) -> None:
    """Remember what a person chose."""
    value = f"{look.language}.{look.theme}"
    response.set_cookie(COOKIE, value, max_age=YEAR, httponly=True, samesite="lax", secure=settings.secure, path="/")


def shown(request: Request, template: str, visitor: Visitor, status: int = 200, **context: Any) -> Response:
    """A page, or a part of one, for a person."""
    templates: Jinja2Templates = request.app.state.templates
    look = Look.of(request)
    context.update(
        t=look.chooser,
        look=look,
        actor=visitor.actor,
        is_lead=visitor.actor.role.includes(Role.LEAD),
        alone=request.app.state.settings.single_user is not None,
        form_key=visitor.form_key,
        here=request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        query=urlencode,
    )
    return templates.TemplateResponse(request, template, context, status)
