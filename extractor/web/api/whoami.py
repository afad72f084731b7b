"""Who the server takes the caller for."""

from fastapi import APIRouter
from pydantic import BaseModel

from extractor.web.access import AVisitor

router = APIRouter(tags=["people"])


class Me(BaseModel):
    """A person, and what the token or session at hand may be used for."""

    name: str
    role: str
    scopes: list[str]


@router.get("/me")
def me(found: AVisitor) -> Me:
    """Who is asking."""
    actor = found.actor
    return Me(name=actor.name, role=actor.role.value, scopes=sorted(scope.value for scope in actor.scopes))
