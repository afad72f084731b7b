"""From a file to its text with places, whatever the file's kind."""

import hashlib
import re
from collections.abc import Callable
from pathlib import Path

from extractor.documents.loaded import LoadedDocument
from extractor.documents.loading.docx import load_docx
from extractor.documents.loading.html import load_html
from extractor.documents.loading.kinds import Kind, kind_of
from extractor.documents.loading.limits import FILE_BYTES, TEXT_CHARACTERS
from extractor.documents.loading.pdf import load_pdf
from extractor.documents.loading.text import load_text
from extractor.documents.loading.xls import load_xls
from extractor.documents.loading.xlsx import load_xlsx
from extractor.errors import LoadError, NotADisclosure

_LOADERS: dict[Kind, Callable[[str, bytes, str], LoadedDocument]] = {
    Kind.TEXT: load_text,
    Kind.PDF: load_pdf,
    Kind.DOCX: load_docx,
    Kind.HTML: load_html,
    Kind.XLSX: load_xlsx,
    Kind.XLS: load_xls,
}

_SUBJECT = re.compile(r"预算|决算|财政拨款|三公|收支")
_MATTER = re.compile(r"支出|收入|经费|拨款|绩效|部门|单位|职责|职能|公开|20\d\d年")
_SPACE = re.compile(r"\s+")

SUFFIXES = (".txt", ".pdf", ".docx", ".html", ".htm", ".xlsx", ".xls")
"""The kinds of file that are looked for in folders."""


def load(path: str | Path) -> LoadedDocument:
    """Load a disclosure. Raises LoadError with a sentence that says what is wrong and what to do."""
    file = Path(path)
    data = _read(file)
    loaded = _LOADERS[kind_of(file.name, data)](file.name, data, hashlib.sha256(data).hexdigest())
    if not loaded.text.strip():
        raise LoadError(f"{file}: there is no text in the file")
    if len(loaded.text) > TEXT_CHARACTERS:
        raise LoadError(f"{file}: {len(loaded.text):,} characters of text; a file may have {TEXT_CHARACTERS:,}")
    _require_disclosure(file, loaded.text)
    return loaded


def _read(file: Path) -> bytes:
    """The bytes of a file, after a look at its size."""
    try:
        if file.is_dir():
            raise LoadError(f"{file}: this is a folder; name the files in it")
        if not file.is_file():
            raise LoadError(f"{file}: there is no such file")
        size = file.stat().st_size
        if size > FILE_BYTES:
            raise LoadError(f"{file}: {size / 2**20:,.0f} MB; a file may have {FILE_BYTES / 2**20:,.0f} MB")
        data = file.read_bytes()
    except OSError as error:
        raise LoadError(f"{file}: the file cannot be read ({error.strerror})") from error
    if not data:
        raise LoadError(f"{file}: the file is empty")
    return data


def _require_disclosure(file: Path, text: str) -> None:
    """Refuse only what cannot be a budget or final account: text without a word of either."""
    plain = _SPACE.sub("", text)
    if not (_SUBJECT.search(plain) and _MATTER.search(plain)):
        raise NotADisclosure(
            f"{file}: this reads as neither a budget (预算) nor a final account (决算): it names neither, or no "
            "income and expenditure"
        )
