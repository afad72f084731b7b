"""What kind of file it is, told from its first bytes; the name decides only where these do not."""

import re
from enum import Enum
from pathlib import PurePath

from extractor.documents.loading.package import Package
from extractor.errors import LoadError


class Kind(Enum):
    """The kinds of files that can be loaded."""

    TEXT = "text"
    PDF = "pdf"
    DOCX = "docx"
    HTML = "html"
    XLSX = "xlsx"
    XLS = "xls"


_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML = re.compile(rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]|<table[\s>]|<div[\s>]|<p[\s>]", re.IGNORECASE)
_MARKUP = (".html", ".htm", ".shtml", ".xhtml", ".mht", ".mhtml")

SNIFFED = 4096
"""How many bytes are looked at."""

READABLE = "TXT, PDF, DOCX, HTML, XLSX and XLS files can be read"

_ELSEWISE = {
    "rtf": "an RTF file; save it as DOCX",
    "mhtml": "a saved web archive (MHTML); save the page as HTML",
    "doc": "a Word 97-2003 document (.doc); convert it to DOCX, for example `soffice --convert-to docx`",
    "ppt": "a presentation; save it as PDF",
    "ofd": "an OFD file; convert it to PDF",
    "odf": "an OpenDocument file; save it as DOCX or XLSX",
    "picture": "a picture; run OCR on it and load the PDF or text that results",
    "archive": "an archive; unpack it first",
    "binary": f"no text; {READABLE}",
}

_BY_FIRST_BYTES = (
    (b"{\\rtf", "rtf"),
    (b"MIME-Version:", "mhtml"),
    (b"From: <Saved by", "mhtml"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"II*\x00", "picture"),
    (b"MM\x00*", "picture"),
    (b"BM", "picture"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"\x1f\x8b", "archive"),
)


def kind_of(name: str, data: bytes) -> Kind:
    """The kind of a file. Raises LoadError that says what to do with a kind that cannot be loaded."""
    head = data[:SNIFFED]
    if b"%PDF-" in head[:1024]:
        return Kind.PDF
    if head.startswith(_ZIP):
        return _packed(name, data)
    if head.startswith(_OLE):
        return _compound(name, data)
    for first, kind in _BY_FIRST_BYTES:
        if head.startswith(first) and (kind != "picture" or b"\x00" in head):
            raise _unreadable(name, kind)
    if _is_markup(name, head):
        return Kind.HTML
    return Kind.TEXT


def _unreadable(name: str, kind: str) -> LoadError:
    return LoadError(f"{name}: this is {_ELSEWISE[kind]}")


def _packed(name: str, data: bytes) -> Kind:
    """Which of the kinds that are ZIP files inside."""
    parts = set(Package(name, data).names)
    if any(part.startswith("word/") for part in parts):
        return Kind.DOCX
    if any(part.startswith("xl/") for part in parts):
        return Kind.XLSX
    if any(part.startswith("ppt/") for part in parts):
        raise _unreadable(name, "ppt")
    if "OFD.xml" in parts:
        raise _unreadable(name, "ofd")
    raise _unreadable(name, "odf" if "mimetype" in parts and "content.xml" in parts else "archive")


def _compound(name: str, data: bytes) -> Kind:
    """Which of the kinds that Office wrote before 2007, or an encrypted newer one: told by the names of its parts."""
    if _part_name("EncryptedPackage") in data:
        raise LoadError(f"{name}: the file is encrypted; remove its password first")
    if _part_name("WordDocument") in data:
        raise _unreadable(name, "doc")
    if _part_name("Workbook") in data or _part_name("Book") in data:
        return Kind.XLS
    raise _unreadable(name, "ppt" if _part_name("PowerPoint Document") in data else "binary")


def _part_name(name: str) -> bytes:
    return name.encode("utf-16-le")


def _is_markup(name: str, head: bytes) -> bool:
    """Web pages, also those that an office program's file name hides (a common way to publish tables)."""
    plain = head.replace(b"\x00", b"")  # UTF-16
    if plain.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<"):
        return bool(_HTML.search(plain)) or PurePath(name).suffix.lower() in _MARKUP
    return PurePath(name).suffix.lower() in _MARKUP
