"""Bringing a file's bytes to this machine, and keeping copies under their SHA-256.

Only the address that a job names is asked: redirects are refused, the environment's proxies are not used.
"""

import hashlib
import os
import shutil
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import unquote, urlsplit

from extractor.documents.loading.limits import FILE_BYTES
from extractor.errors import ConfigurationError, LoadError

_CHUNK = 1 << 20
_S3_TIMES = {"connect_timeout": 10, "read_timeout": 60, "retries": {"max_attempts": 5}}


@dataclass(frozen=True)
class Fetched:
    """A file that is on this machine: where, and what it is."""

    path: Path
    sha256: str
    size: int


def is_web(address: str) -> bool:
    """True for an http or https URL."""
    return address.lower().startswith(("http://", "https://"))


def is_s3(address: str) -> bool:
    """True for an S3 address."""
    return address.lower().startswith("s3://")


def is_remote(address: str) -> bool:
    """True for what is not a path of this machine."""
    return is_web(address) or is_s3(address)


def name_of(address: str) -> str:
    """The file name at the end of an address."""
    path = unquote(urlsplit(address).path) if is_web(address) else address
    return path.rstrip("/").rsplit("/", 1)[-1] or "document"


def s3() -> Any:
    """The S3 file system of the usual AWS settings; FSSPEC_S3_ENDPOINT_URL names a server of your own."""
    try:
        import fsspec
        import s3fs

        assert s3fs
    except ImportError as error:
        raise ConfigurationError("读取 s3:// 需要 s3fs (to read s3:// addresses install s3fs)") from error
    return fsspec.filesystem("s3", config_kwargs=_S3_TIMES)


@contextmanager
def fetched(address: str, seconds: float) -> Iterator[Fetched]:
    """The file at an address, on this machine for as long as the context lasts.

    Raises LoadError when it is not there, larger than a document may be, or does not come within `seconds`;
    TimeoutError and OSError of a server that may well answer later are passed on as `Unreachable`.
    """
    if not is_remote(address):
        yield _local(Path(address))
        return
    with tempfile.TemporaryDirectory(prefix="gouji-") as folder:
        path = Path(folder, name_of(address)[-200:])
        with _open_web(address, seconds) if is_web(address) else _open_s3(address) as source:
            digest, size = _copy(source, path, address, time.monotonic() + seconds)
        yield Fetched(path, digest, size)


class Unreachable(LoadError):
    """A server does not answer now; asking again later may help."""


def _local(path: Path) -> Fetched:
    try:
        with path.open("rb") as source:
            digest = hashlib.file_digest(source, "sha256").hexdigest()
            return Fetched(path, digest, source.tell())
    except OSError as error:
        raise LoadError(f"{path}: 读不了文件 (the file cannot be read: {error.strerror})") from error


def _copy(source: IO[bytes], path: Path, address: str, deadline: float) -> tuple[str, int]:
    """Copy at most as many bytes as a document may have, within the time; returns SHA-256 and size."""
    digest, size = hashlib.sha256(), 0
    some = getattr(source, "read1", source.read)  # what has come so far, so that a trickle is noticed
    try:
        with path.open("wb") as target:
            while chunk := some(_CHUNK):
                size += len(chunk)
                digest.update(chunk)
                target.write(chunk)
                if size > FILE_BYTES:
                    raise LoadError(f"{address}: 文件超过 {FILE_BYTES >> 20} MB (larger than a document may be)")
                if time.monotonic() > deadline:
                    raise Unreachable(f"{address}: 下载太慢 (it did not come in time; GOUJI_FETCH_SECONDS)")
    except (OSError, TimeoutError) as error:
        raise Unreachable(f"{address}: 下载中断 (the transfer broke off: {error})") from error
    return digest.hexdigest(), size


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> None:
        raise LoadError(
            f"{req.full_url}: 该地址转到 {newurl}，未跟随；需要时请提交后者"
            " (it redirects there and is not followed; submit the other address if it is meant)"
        )


def _open_web(address: str, seconds: float) -> AbstractContextManager[IO[bytes]]:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirects)
    request = urllib.request.Request(address, headers={"User-Agent": "gouji"})
    try:
        response: AbstractContextManager[IO[bytes]] = opener.open(request, timeout=min(seconds, 30.0))
        return response
    except urllib.error.HTTPError as error:
        with error:
            kind = Unreachable if error.code in (408, 425, 429) or error.code >= 500 else LoadError
            raise kind(f"{address}: 服务器答复 {error.code} (the server answered {error.reason})") from error
    except (OSError, ValueError) as error:
        raise Unreachable(f"{address}: 连接不上 (it cannot be reached: {error})") from error


def _open_s3(address: str) -> AbstractContextManager[IO[bytes]]:
    try:
        stream: AbstractContextManager[IO[bytes]] = s3().open(address, "rb")
        return stream
    except FileNotFoundError as error:
        raise LoadError(f"{address}: 没有这个文件 (there is no such file)") from error
    except PermissionError as error:
        raise LoadError(f"{address}: 无权读取 (access is denied)") from error
    except Exception as error:  # botocore's errors have no common ground with OSError
        raise Unreachable(f"{address}: 连接不上 (it cannot be reached: {error})") from error


class FileStore:
    """Copies of files under their SHA-256, in a folder or under an S3 prefix; a file is there whole or not at all."""

    def __init__(self, root: str) -> None:
        self._root = root.rstrip("/")

    def address(self, sha256: str) -> str:
        """Where a file is, or would be."""
        return f"{self._root}/{sha256[:2]}/{sha256}"

    def __contains__(self, sha256: str) -> bool:
        address = self.address(sha256)
        return bool(s3().exists(address)) if is_s3(address) else Path(address).is_file()

    def put(self, file: Fetched) -> None:
        """Keep a file; one that is there is left as it is."""
        if file.sha256 in self:
            return
        address = self.address(file.sha256)
        if is_s3(address):
            s3().put_file(str(file.path), address)
            return
        target = Path(address)
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, partial = tempfile.mkstemp(prefix=".putting-", dir=target.parent)
        with os.fdopen(handle, "wb") as copy, file.path.open("rb") as source:
            shutil.copyfileobj(source, copy, _CHUNK)
            copy.flush()
            os.fsync(copy.fileno())
        os.replace(partial, target)

    @contextmanager
    def fetched(self, sha256: str, name: str, seconds: float) -> Iterator[Fetched]:
        """A kept file under its own name, for as long as the context lasts. Raises LoadError as `fetched` does."""
        with fetched(self.address(sha256), seconds) as file, tempfile.TemporaryDirectory(prefix="gouji-") as folder:
            if file.sha256 != sha256:
                raise LoadError(f"{self.address(sha256)}: 文件存储中的内容已损坏 (the kept copy is damaged)")
            path = Path(folder, name[-200:])
            shutil.copyfile(file.path, path)
            yield Fetched(path, file.sha256, file.size)
