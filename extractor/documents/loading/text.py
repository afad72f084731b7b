"""Plain text files, and how text is decoded."""

import codecs
import re

from extractor.documents.loaded import LoadedDocument
from extractor.errors import LoadError

MEDIA_TYPE = "text/plain"

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
BROKEN = "\ufffd"
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]")

BROKEN_SHARE = 0.001
"""A file may have this share of characters that its encoding does not know: pages are put together from pieces."""

CONTROL_SHARE = 0.002
"""Text has hardly any control characters; decoded with more than this share of them, it was no text."""


def load_text(name: str, data: bytes, sha256: str) -> LoadedDocument:
    """A text file: UTF-8, GB18030 (GBK, GB2312), or UTF-16 with a byte order mark.

    Offsets refer to the decoded file with nothing removed; a byte order mark is no part of it.
    """
    text, warnings = decode(name, data)
    return LoadedDocument(name, MEDIA_TYPE, sha256, text, warnings=warnings)


def decode(name: str, data: bytes, declared: str | None = None) -> tuple[str, tuple[str, ...]]:
    """The text of a file and what to say of its encoding. Raises LoadError where no encoding fits.

    `declared` is the encoding that the file itself names.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decoded(name, data[len(mark) :], (encoding,))
    return _decoded(name, data, tuple(filter(None, ("utf-8", _known(declared), "gb18030"))))


def _known(encoding: str | None) -> str | None:
    """An encoding that Python knows; the names of the older Chinese ones stand for the newest."""
    try:
        found = codecs.lookup(encoding or "").name
    except LookupError:
        return None
    return "gb18030" if found in ("gb2312", "gbk") else found


def _decoded(name: str, data: bytes, encodings: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """The text in the first encoding that fits, a few broken characters apart."""
    for encoding in encodings:
        text = data.decode(encoding, errors="replace")
        broken = text.count(BROKEN) - data.count(BROKEN.encode(encoding))
        if broken <= max(1, BROKEN_SHARE * len(text)) and _is_text(text):
            return text, (_warning(text, broken),) if broken > 0 else ()
    raise LoadError(
        f"{name}: the text is neither UTF-8 nor GB18030, nor UTF-16 with a byte order mark; save it as UTF-8"
    )


def _is_text(text: str) -> bool:
    return len(_CONTROL.findall(text)) <= CONTROL_SHARE * len(text)


def _warning(text: str, broken: int) -> str:
    if broken == 1 and text.endswith(BROKEN):
        return "the file ends in the middle of a character: it was probably cut off"
    return f"{broken} characters are broken in the file and stand as {BROKEN}"
