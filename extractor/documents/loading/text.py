"""Plain text files."""

from extractor.documents.loaded import LoadedDocument
from extractor.errors import LoadError


def load_text(name: str, data: bytes, sha256: str) -> LoadedDocument:
    """A text file, UTF-8 with or without a byte order mark, else GB18030."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return LoadedDocument(name, "text/plain", sha256, data.decode(encoding))
        except UnicodeDecodeError:
            continue
    raise LoadError(f"{name}: neither UTF-8 nor GB18030 text; save it as UTF-8")
