"""From a file to its text with places, whatever the file's kind."""

import hashlib
from pathlib import Path

from extractor.documents.loaded import LoadedDocument
from extractor.documents.loading.text import load_text
from extractor.errors import LoadError

SUFFIXES = (".txt", ".pdf", ".docx", ".html", ".htm", ".xlsx", ".xls")
"""The kinds of file that are looked for in folders."""


def load(path: str | Path) -> LoadedDocument:
    """Load a disclosure. Raises LoadError with a sentence that says what is wrong and what to do."""
    file = Path(path)
    if not file.exists():
        raise LoadError(f"{file}: there is no such file")
    data = file.read_bytes()
    return load_text(file.name, data, hashlib.sha256(data).hexdigest())
