"""Pictures of PDF pages: drawn by pdfium in a child process, kept on disk."""

import contextlib
import hashlib
import io
import os
import tempfile
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2

from extractor.errors import LoadError

WIDTHS = (900, 1400, 2200)
"""Widths of pictures in pixels: a page beside the text, a large screen, zoomed in."""

KEPT = 4
"""PDF files that a child keeps open."""

PRUNE_EVERY = 50

HIGHEST = 4
"""A page higher than so many times its width is drawn smaller: pictures stay of a bounded size."""


@dataclass(frozen=True)
class Draw:
    """A page of a PDF, by its number from 1, as a PNG of so many pixels' width."""

    path: str
    sha256: str
    page: int
    width: int


@dataclass(frozen=True)
class Measure:
    """The question how large a page is."""

    path: str
    sha256: str
    page: int


@dataclass(frozen=True)
class PageSize:
    """Width and height of a page in points."""

    width: float
    height: float


_open: OrderedDict[str, pypdfium2.PdfDocument] = OrderedDict()


def draw(question: Draw) -> bytes:
    """The picture as PNG. Raises LoadError where the file was changed, or there is no such page."""
    page = _page(question)
    try:
        width, height = page.get_size()
        scale = question.width / max(width, height / HIGHEST, 1.0)
        bitmap: Any = page.render(scale=scale)
        stream = io.BytesIO()
        # the fastest compression: 15 instead of 90 ms a page for a third more bytes
        bitmap.to_pil().save(stream, "PNG", compress_level=1)
        return stream.getvalue()
    finally:
        page.close()


def measure(question: Measure) -> PageSize:
    """The size of a page. Raises as `draw` does."""
    page = _page(question)
    try:
        return PageSize(*page.get_size())
    finally:
        page.close()


def _page(question: Draw | Measure) -> pypdfium2.PdfPage:
    document = _document(question)
    if not 1 <= question.page <= len(document):
        raise LoadError(f"没有第 {question.page} 页 (there is no such page)")
    return document[question.page - 1]


def _document(question: Draw | Measure) -> pypdfium2.PdfDocument:
    known = _open.pop(question.sha256, None)
    if known is None:
        try:
            data = Path(question.path).read_bytes()
        except OSError as error:
            raise LoadError(f"原文件读不到 (the original file cannot be read: {error.strerror})") from error
        if hashlib.sha256(data).hexdigest() != question.sha256:
            raise LoadError("原文件已被改动 (the original file was changed since it was read)")
        known = pypdfium2.PdfDocument(data)
    _open[question.sha256] = known
    while len(_open) > KEPT:
        _open.popitem(last=False)[1].close()
    return known


class PictureCache:
    """Pictures on disk; the oldest go when there are too many megabytes of them."""

    def __init__(self, folder: Path, megabytes: int) -> None:
        self._folder = folder / "pages"
        self._bytes = megabytes << 20
        self._written = 0

    def get(self, question: Draw) -> bytes | None:
        """A kept picture."""
        with contextlib.suppress(OSError):
            return self._path(question).read_bytes()
        return None

    def put(self, question: Draw, picture: bytes) -> None:
        """Keep a picture; a full disk costs no more than its being drawn again."""
        path = self._path(question)
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, partial = tempfile.mkstemp(dir=path.parent)
            with os.fdopen(handle, "wb") as stream:
                stream.write(picture)
            os.replace(partial, path)
            self._written += 1
            if self._written % PRUNE_EVERY == 1:
                self._prune()

    def _path(self, question: Draw) -> Path:
        return self._folder / question.sha256[:2] / f"{question.sha256}-{question.page}-{question.width}.png"

    def _prune(self) -> None:
        files = sorted((path.stat().st_mtime, path.stat().st_size, path) for path in self._folder.glob("*/*"))
        total = sum(size for _, size, _ in files)
        for _, size, path in files:
            if total <= self._bytes:
                return
            path.unlink(missing_ok=True)
            total -= size
