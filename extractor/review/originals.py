"""Where the file of a document is on this machine."""

from pathlib import Path

from extractor.batch.files import FileStore, is_remote, is_s3
from extractor.review.evaluating import Original
from extractor.storage.models import DocumentRow


class Originals:
    """The files of documents: in the file store, or where they were read from.

    Nothing is fetched from the web: what came from there is in the file store, if one is configured. Files in S3
    are copied into `cache` once. Whether a file still has its SHA-256 is seen by whoever opens it.
    """

    def __init__(self, store: FileStore | None, cache: Path, seconds: float) -> None:
        self._store = store
        self._cache = cache
        self._seconds = seconds

    def path(self, document: DocumentRow) -> Path | None:
        """A readable file, None where there is none."""
        kept = self._kept(document) if document.stored and self._store else None
        if kept is not None:
            return kept
        if is_remote(document.address):
            return None
        path = Path(document.address)
        return path if path.is_file() else None

    def _kept(self, document: DocumentRow) -> Path | None:
        assert self._store
        address = self._store.address(document.sha256)
        if not is_s3(address):
            return Path(address) if Path(address).is_file() else None
        copy = self._cache / "originals" / document.sha256
        if not copy.is_file():
            with self._store.fetched(document.sha256, document.name, self._seconds) as file:
                copy.parent.mkdir(parents=True, exist_ok=True)
                partial = copy.with_suffix(".partial")
                partial.write_bytes(file.path.read_bytes())
                partial.replace(copy)
        return copy

    def of(self, document: DocumentRow, text: bytes) -> Original:
        """What the workbench needs to know of a document; `text` is its text as stored."""
        path = self.path(document)
        return Original(document.sha256, document.name, document.media_type, str(path) if path else None, text)
