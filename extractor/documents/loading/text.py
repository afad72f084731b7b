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
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]")

CUT_CHARACTER = 3
"""A file cut off in the middle of its last character keeps at most this many bytes of it."""

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
    for encoding in encodings:
        try:
            return _plausible(name, data.decode(encoding)), ()
        except UnicodeDecodeError as error:
            if error.start >= len(data) - CUT_CHARACTER and error.start > 0:
                text = _plausible(name, data[: error.start].decode(encoding))
                return text, ("the file ends in the middle of a character: it was probably cut off",)
    raise _unknown_encoding(name)


def _plausible(name: str, text: str) -> str:
    if len(_CONTROL.findall(text)) > CONTROL_SHARE * len(text):
        raise _unknown_encoding(name)
    return text


def _unknown_encoding(name: str) -> LoadError:
    return LoadError(
        f"{name}: the text is neither UTF-8 nor GB18030, nor UTF-16 with a byte order mark; save it as UTF-8"
    )
