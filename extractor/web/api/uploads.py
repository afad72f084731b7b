"""Documents that come in through the server: looked at, kept under their SHA-256, read in a child process."""

import hashlib
import secrets
import shutil
import tempfile
import threading
import unicodedata
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from starlette.datastructures import FormData, UploadFile

from extractor.batch.files import Fetched, FileStore
from extractor.batch.reading import ReadingOptions, Task
from extractor.review.actors import Actor, Scope, note
from extractor.review.desk import Desk
from extractor.storage.packing import Packed, Source
from extractor.storage.people import Role
from extractor.storage.repository import find, store
from extractor.storage.reviewing import UploadRow
from extractor.web.access import TheDesk, may
from extractor.web.api.documents import ReadingOut, reading
from extractor.web.api.once import Once, OnceOnly
from extractor.web.problems import Refusal
from extractor.web.settings import WebSettings

LONGEST_NAME = 200
"""Bytes of a file's name; file systems hold 255."""

_BESIDE = 64 << 10
"""Bytes of an upload that are not the file: the frame of the form, the region."""

PATH = "/api/v1/documents"

_FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "region": {"type": "string", "maxLength": 100},
                    },
                }
            }
        },
    }
}


@dataclass(frozen=True)
class _Upload:
    """A file that came in, on this machine's disk under its own name."""

    file: Fetched
    region: str | None

    @property
    def document_id(self) -> str:
        return self.file.sha256[:16]

    @property
    def address(self) -> str:
        """Where the document is said to come from: its name stands at the end."""
        return f"upload/{self.document_id}/{self.file.path.name}"


def largest(settings: WebSettings) -> int:
    """How many bytes an upload may have."""
    return (settings.upload_megabytes << 20) + _BESIDE


def create_router(settings: WebSettings) -> APIRouter:
    """The route that takes files in."""
    router = APIRouter(tags=["documents"])
    slots = threading.BoundedSemaphore(settings.uploads_at_once)

    @router.post(
        "/documents",
        status_code=201,
        response_model=ReadingOut,
        responses={200: {"model": ReadingOut, "description": "The document was there and is read already"}},
        openapi_extra=_FORM,
        max_body_size=largest(settings),
    )
    async def upload(
        request: Request,
        desk: TheDesk,
        actor: Annotated[Actor, may(Scope.SUBMIT, Role.LEAD)],
        once: OnceOnly,
    ) -> Response:
        """Take a document in and read it with the rules. One file a request; TXT, PDF, DOCX, HTML, XLSX or XLS."""
        if not slots.acquire(blocking=False):
            raise Refusal(HTTPStatus.SERVICE_UNAVAILABLE, "上传过多，请稍后再试 (too many uploads at once; try again)")
        try:
            async with request.form(max_files=1, max_fields=1, max_part_size=1000) as form:
                return await run_in_threadpool(_take_in, desk, settings, actor, once, form)
        finally:
            slots.release()

    return router


def _take_in(desk: Desk, settings: WebSettings, actor: Actor, once: Once, form: FormData) -> Response:
    store_ = desk.store
    if store_ is None:
        raise Refusal(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "服务器没有配置文件存储 (the server has nowhere to keep files; its operator sets GOUJI_FILES)",
        )
    sent = form.get("file")
    if not isinstance(sent, UploadFile):
        raise _unfit("file: 请以 multipart/form-data 上传一个文件 (send one file as multipart/form-data)")
    region = _region(form.get("region"))
    name = plain_name(sent.filename or "")
    with tempfile.TemporaryDirectory(prefix="gouji-upload-") as folder:
        path = Path(folder, name)
        with path.open("wb") as target:
            shutil.copyfileobj(sent.file, target)
        with path.open("rb") as source:
            digest = hashlib.file_digest(source, "sha256").hexdigest()
        taken = _Upload(Fetched(path, digest, path.stat().st_size), region)
        return _read_and_store(desk, store_, settings, actor, once.about(digest, name, region or ""), taken)


def _read_and_store(
    desk: Desk, files: FileStore, settings: WebSettings, actor: Actor, once: Once, taken: _Upload
) -> Response:
    options = ReadingOptions()
    with desk.database.transaction() as session:
        kept = once.kept(session)
        known = find(session, taken.document_id, options.fingerprint) is not None
    if kept is not None:
        return kept
    packed = None if known else _read(desk, settings, taken, options)
    files.put(taken.file)

    def work(session: Session) -> ReadingOut:
        if packed is not None:
            store(session, packed)
        _note(session, actor, taken)
        return reading(session, taken.document_id)

    try:
        return once.run(desk.database, HTTPStatus.CREATED if packed is not None else HTTPStatus.OK, work)
    except IntegrityError:  # the same bytes came in twice at once, and the other was faster
        return once.run(desk.database, HTTPStatus.OK, lambda session: reading(session, taken.document_id))


def _read(desk: Desk, settings: WebSettings, taken: _Upload, options: ReadingOptions) -> Packed:
    """What a child process reads in the file. Raises Refusal with the reason where it reads nothing."""
    if taken.file.size == 0:
        raise _unfit("文件是空的 (the file is empty)")
    source = Source(taken.address, taken.file.size, True, taken.region)
    result = desk.workbench.read(Task(taken.file.path, source, options), taken.file.sha256)
    if result.packed is None:
        reason = (result.reason or "").replace(f"{taken.file.path.parent}/", "")
        raise _unfit(f"读不了这份文件 (the file cannot be read): {reason}")
    pages = result.packed.document["pages"]
    if pages is not None and pages > settings.upload_pages:
        raise _unfit(
            f"文件有 {pages} 页，最多 {settings.upload_pages} 页"
            f" (the file has {pages} pages; {settings.upload_pages} are allowed)"
        )
    return result.packed


def _note(session: Session, actor: Actor, taken: _Upload) -> None:
    row = UploadRow(
        id=secrets.token_hex(8),
        sha256=taken.file.sha256,
        name=taken.file.path.name,
        size=taken.file.size,
        region=taken.region,
        actor=actor.name,
    )
    session.add(row)
    note(session, actor, "upload", document_id=taken.document_id, size=taken.file.size)


def plain_name(given: str) -> str:
    """A file's name, if it is one and nothing more. Raises Refusal for paths and what no file should be called."""
    name = unicodedata.normalize("NFC", given)
    wrong = (
        not name.strip()
        or name.startswith(".")
        or any(character in "/\\:" or not character.isprintable() for character in name)
        or len(name.encode("utf-8", "replace")) > LONGEST_NAME
    )
    if wrong:
        raise _unfit(
            "文件名不能含路径、冒号或控制字符，不能以点开头，且不超过"
            f" {LONGEST_NAME} 字节 (a file's name has no path, colon or control character, does not begin with a dot,"
            f" and has up to {LONGEST_NAME} bytes)"
        )
    return name


def _region(given: object) -> str | None:
    if given is None or given == "":
        return None
    if not isinstance(given, str) or len(given) > 100 or not given.isprintable():
        raise _unfit("region: 地区应为 1 到 100 个可见字符 (a region has 1 to 100 visible characters)")
    return given


def _unfit(message: str) -> Refusal:
    return Refusal(HTTPStatus.UNPROCESSABLE_ENTITY, message)
