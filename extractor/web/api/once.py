"""The same request twice is done once: what it was answered is kept for a day in the transaction of the deed itself."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from http import HTTPStatus
from typing import Annotated

import sqlalchemy as sa
from fastapi import Depends, Header, Request
from fastapi.responses import Response
from pydantic import BaseModel
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from extractor.storage.database import Database
from extractor.storage.reviewing import AnswerRow
from extractor.storage.types import now
from extractor.web.access import AVisitor
from extractor.web.problems import Refusal

_KEPT = timedelta(days=1)

REPLAYED = "Idempotency-Replayed"

KeyHeader = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=120,
        pattern=r"^[\x21-\x7e]+$",
        description="The same key with the same request is answered as the first time, for a day.",
    ),
]


@dataclass(frozen=True)
class Once:
    """A request with its idempotency key; without a key nothing is kept."""

    actor: str
    key: str | None
    request: str

    def kept(self, session: Session) -> Response | None:
        """The answer to the same request before. Raises Refusal when the key was used for another request."""
        if self.key is None:
            return None
        row = session.get(AnswerRow, (self.actor, self.key))
        if row is None:
            return None
        if row.request != self.request:
            raise Refusal(
                HTTPStatus.UNPROCESSABLE_ENTITY,
                "Idempotency-Key: 此键已用于另一请求 (the key was used for another request)",
            )
        return Response(row.body, row.status, {REPLAYED: "true"}, "application/json")

    def answer(self, session: Session, status: int, body: BaseModel) -> Response:
        """The answer, kept in the transaction. Raises IntegrityError when the same request has just been answered."""
        text = body.model_dump_json()
        if self.key is not None:
            session.execute(sa.delete(AnswerRow).where(AnswerRow.made_at < now() - _KEPT))
            row = AnswerRow(actor=self.actor, key=self.key, request=self.request, status=status, body=text)
            session.add(row)
            session.flush()
        return Response(text, status, media_type="application/json")

    def run(self, database: Database, status: int, work: Callable[[Session], BaseModel]) -> Response:
        """Do something within one transaction, unless it was done before."""
        try:
            with database.writing() as session:
                return self.kept(session) or self.answer(session, status, work(session))
        except IntegrityError as error:
            return self.again(database, error)

    def again(self, database: Database, error: Exception) -> Response:
        """The answer that another request with this key has just got. Raises the error where there is none."""
        with database.transaction() as session:
            kept = self.kept(session)
        if kept is None:
            raise error
        return kept

    def about(self, *parts: str) -> "Once":
        """The same for a request whose body is told by `parts`: an upload, by the hash of its file."""
        return replace(self, request=hashlib.sha256("\n".join((self.request, *parts)).encode()).hexdigest())


async def _once(request: Request, found: AVisitor, key: KeyHeader = None) -> Once:
    digest = hashlib.sha256(f"{request.method} {request.url.path}?{request.url.query}\n".encode())
    if key is not None and not request.headers.get("content-type", "").startswith("multipart/"):
        digest.update(await request.body())
    return Once(found.actor.name, key, digest.hexdigest())


OnceOnly = Annotated[Once, Depends(_once)]
