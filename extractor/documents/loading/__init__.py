"""From a file to its text with places, whatever the file's kind."""

import hashlib
import re
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from extractor.documents.loaded import LoadedDocument
from extractor.documents.loading.kinds import Kind, kind_of
from extractor.documents.loading.limits import FILE_BYTES, TEXT_CHARACTERS
from extractor.errors import LoadError, NotADisclosure

_LOADERS = {
    Kind.TEXT: "text",
    Kind.PDF: "pdf",
    Kind.DOCX: "docx",
    Kind.HTML: "html",
    Kind.XLSX: "xlsx",
    Kind.XLS: "xls",
}
"""The module that loads a kind of file, imported when the first such file comes: openpyxl alone takes 0.3 s."""

_SUBJECT = re.compile(r"预算|决算|财政拨款|三公|收支")
_MATTER = re.compile(r"支出|收入|经费|拨款|绩效|部门|单位|职责|职能|公开|20\d\d年")

SUFFIXES = (".txt", ".pdf", ".docx", ".html", ".htm", ".xlsx", ".xls")
"""The kinds of file that are looked for in folders."""


def load(path: str | Path) -> LoadedDocument:
    """Load a disclosure. Raises LoadError with a sentence that says what is wrong and what to do."""
    file = Path(path)
    data = _read(file)
    loaded = _loader(kind_of(file.name, data))(file.name, data, hashlib.sha256(data).hexdigest())
    if not loaded.text.strip():
        raise LoadError(f"{file}: there is no text in the file")
    if len(loaded.text) > TEXT_CHARACTERS:
        raise LoadError(f"{file}: {len(loaded.text):,} characters of text; a file may have {TEXT_CHARACTERS:,}")
    _require_disclosure(file, loaded.text)
    return loaded


def _loader(kind: Kind) -> Callable[[str, bytes, str], LoadedDocument]:
    name = _LOADERS[kind]
    loader: Callable[[str, bytes, str], LoadedDocument] = getattr(import_module(f"{__name__}.{name}"), f"load_{name}")
    return loader


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
    plain = "".join(text.split())
    if not (_SUBJECT.search(plain) and _MATTER.search(plain)):
        raise NotADisclosure(
            f"{file}: this reads as neither a budget (预算) nor a final account (决算): it names neither, or no "
            "income and expenditure"
        )
