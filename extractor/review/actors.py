"""Who does something, and the log of who saw and did what."""

import json
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from extractor.storage.people import Role
from extractor.storage.reviewing import EventRow
from schemas.base import GoujiError


class Channel(StrEnum):
    """Through what something was done."""

    WEB = "web"
    API = "api"
    CLI = "cli"


class Scope(StrEnum):
    """What an API token may be used for, within what its owner may do."""

    READ = "read"  # documents, records, findings, tasks
    REVIEW = "review"  # claim and settle tasks
    SUBMIT = "submit"  # upload documents, start jobs
    EXPORT = "export"  # whole exports, the log


ALL_SCOPES = frozenset(Scope)


@dataclass(frozen=True)
class Actor:
    """A person at work, in the browser or through a program."""

    name: str
    role: Role
    channel: Channel
    scopes: frozenset[Scope] = ALL_SCOPES

    def require(self, role: Role) -> None:
        """Raises NotAllowed for an act that takes a higher role."""
        if not self.role.includes(role):
            raise NotAllowed(f"{self.name}: 需要“{role.value}”角色 (this takes the role {role.value})")


class NotAllowed(GoujiError):
    """The person's role, or the token's scopes, do not reach that far."""


def note(
    session: Session,
    actor: Actor,
    action: str,
    task_id: int | None = None,
    document_id: str | None = None,
    **detail: object,
) -> None:
    """Write a line of the log. `detail` must hold no password, token or session."""
    session.add(
        EventRow(
            actor=actor.name,
            channel=actor.channel,
            action=action,
            task_id=task_id,
            document_id=document_id,
            detail=json.dumps(detail, ensure_ascii=False, default=str) if detail else None,
        )
    )
