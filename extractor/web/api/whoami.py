"""Who the server takes the caller for, and how the review gets on."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel

from extractor.review.actors import Actor, Scope
from extractor.review.progress import Progress, progress
from extractor.web.access import AVisitor, TheDesk, may

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


@router.get("/progress")
def show_progress(desk: TheDesk, _: Annotated[Actor, may(Scope.READ)]) -> Progress:
    """What is left, how fast it goes, how often readings that went through unseen are wrong."""
    with desk.database.transaction() as session:
        return progress(session)
