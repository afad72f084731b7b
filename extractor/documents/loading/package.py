"""Office files are ZIP archives of XML parts: opened with care, because anybody may have made them."""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from extractor.documents.loading.limits import PACKING_RATIO, UNPACKED_BYTES
from extractor.errors import LoadError

if TYPE_CHECKING:
    from lxml import etree

_DOCTYPES = (b"<!DOCTYPE", "<!DOCTYPE".encode("utf-16-le"), "<!DOCTYPE".encode("utf-16-be"))

_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, RuntimeError, OSError)
"""What reading a damaged archive raises."""

SMALL_PART = 2**20
"""Parts below this size may pack as tightly as they like."""


class Package:
    """The parts of an office file. Every method raises LoadError for a part that cannot be trusted or read."""

    def __init__(self, name: str, data: bytes) -> None:
        self.name = name
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _DAMAGE as error:
            raise self._damaged() from error
        self._refuse_bombs()

    def _damaged(self) -> LoadError:
        return LoadError(f"{self.name}: the file is damaged; get it once more, or save it again")

    def _refuse_bombs(self) -> None:
        parts = self._zip.infolist()
        if any(part.flag_bits & 1 for part in parts):
            raise LoadError(f"{self.name}: the file is encrypted; remove its password first")
        total = sum(part.file_size for part in parts)
        tight = any(p.file_size > max(SMALL_PART, PACKING_RATIO * max(1, p.compress_size)) for p in parts)
        if total > UNPACKED_BYTES or tight:
            raise LoadError(
                f"{self.name}: the file unpacks to {total / 2**20:,.0f} MB, which no disclosure does; it is refused"
            )

    @property
    def names(self) -> list[str]:
        """The names of all parts."""
        return self._zip.namelist()

    def read(self, part: str) -> bytes:
        """The bytes of a part. XML parts that declare a document type (and with it entities) are refused."""
        try:
            content = self._zip.read(part)
        except _DAMAGE as error:
            raise self._damaged() from error
        if part.endswith((".xml", ".rels")) and any(doctype in content for doctype in _DOCTYPES):
            raise LoadError(f"{self.name}: {part} in it declares a document type, which no office program writes")
        return content

    def xml(self, part: str) -> "etree._Element":
        """The root element of an XML part."""
        from lxml import etree  # the kind of a file is told with this module, also of files without XML

        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        try:
            return etree.fromstring(self.read(part), parser)
        except etree.XMLSyntaxError as error:
            raise self._damaged() from error

    def refuse_entities(self) -> None:
        """Look at every XML part once, for a library that reads them by itself."""
        for part in self.names:
            if part.endswith((".xml", ".rels")):
                self.read(part)

    def related(self, part: str) -> Iterator[tuple[str, str]]:
        """The kind (last word of its type) and name of every part that a part refers to, "" standing for the
        whole file. Parts that are not there are left out: some programs refer to them."""
        folder, file = posixpath.split(part)
        relations = posixpath.join(folder, "_rels", f"{file}.rels")
        if relations not in self.names:
            return
        for relation in self.xml(relations):
            if isinstance(relation.tag, str) and relation.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", ""))).lstrip("/")
                if target in self.names:
                    yield posixpath.basename(relation.get("Type", "")), target
