"""Bytes come from disks, S3 and the web, whole or not at all; copies are kept under their SHA-256."""

import hashlib
import threading
import time
import uuid
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import fsspec
import pytest
from moto.server import ThreadedMotoServer

from extractor.batch import files
from extractor.batch.files import FileStore, Unreachable, fetched, name_of
from extractor.batch.inputs import entries_of
from extractor.errors import LoadError

CONTENT = "某市部门决算".encode() * 1000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class _Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/elsewhere.pdf":
            self.send_response(302)
            self.send_header("Location", "/a.txt")
            self.end_headers()
            return
        status = {"/a.txt": 200, "/slow.txt": 200, "/busy.txt": 503}.get(self.path, 404)
        self.send_response(status)
        self.end_headers()
        if self.path == "/slow.txt":
            for _ in range(40):
                self.wfile.write(b"x" * 100)
                self.wfile.flush()
                time.sleep(0.05)
        elif status == 200:
            self.wfile.write(CONTENT)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A bucket on a real S3 server of this machine."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setitem(fsspec.config.conf, "s3", {"endpoint_url": f"http://{host}:{port}"})
    fsspec.filesystem("s3").clear_instance_cache()
    name = f"disclosures-{uuid.uuid4().hex}"
    files.s3().mkdir(name)
    yield f"s3://{name}"
    fsspec.filesystem("s3").clear_instance_cache()
    server.stop()


def test_a_local_file_is_used_where_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(CONTENT)
    with fetched(str(path), 1) as file:
        assert (file.path, file.sha256, file.size) == (path, SHA256, len(CONTENT))


def test_a_file_from_the_web_is_here_only_for_a_while(site: str) -> None:
    with fetched(f"{site}/a.txt", 10) as file:
        assert (file.path.name, file.sha256) == ("a.txt", SHA256)
        assert file.path.read_bytes() == CONTENT
    assert not file.path.exists()


@pytest.mark.parametrize(
    ("path", "kind", "said"),
    [
        ("/none.txt", LoadError, "404"),
        ("/busy.txt", Unreachable, "503"),
        ("/elsewhere.pdf", LoadError, "未跟随"),
    ],
)
def test_what_a_site_refuses(site: str, path: str, kind: type[Exception], said: str) -> None:
    with pytest.raises(kind, match=said), fetched(site + path, 10):
        pass


def test_a_file_that_comes_too_slowly_is_given_up(site: str) -> None:
    started = time.monotonic()
    with pytest.raises(Unreachable, match="GOUJI_FETCH_SECONDS"), fetched(f"{site}/slow.txt", 0.3):
        pass
    assert time.monotonic() - started < 5


def test_a_file_larger_than_a_document_is_given_up(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "FILE_BYTES", 10_000)
    with pytest.raises(LoadError, match="文件超过"), fetched(f"{site}/a.txt", 10):
        pass


def test_a_server_that_is_not_there_may_come_back() -> None:
    with pytest.raises(Unreachable), fetched("http://127.0.0.1:1/a.txt", 1):
        pass


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://example.org/%E5%86%B3%E7%AE%97.pdf?x=1", "决算.pdf"),
        ("s3://bucket/a/b c.txt", "b c.txt"),
        ("https://example.org/", "document"),
        ("/home/x/a.txt", "a.txt"),
    ],
)
def test_names_of_addresses(address: str, name: str) -> None:
    assert name_of(address) == name


def test_files_in_s3_are_listed_and_fetched(bucket: str) -> None:
    for name in ("a.txt", "2023/b.txt", "2023/notes.md"):
        files.s3().pipe(f"{bucket}/{name}", CONTENT)
    entries = list(entries_of([bucket]))
    assert [entry.address for entry in entries] == [f"{bucket}/2023/b.txt", f"{bucket}/a.txt"]
    assert all(entry.revision for entry in entries)
    assert [entry.address for entry in entries_of([f"{bucket}/*.txt"])] == [f"{bucket}/a.txt"]
    with fetched(entries[0].address, 10) as file:
        assert (file.sha256, file.path.name) == (SHA256, "b.txt")
    with pytest.raises(LoadError, match="没有这个文件"), fetched(f"{bucket}/gone.txt", 10):
        pass


def test_copies_in_s3(bucket: str, tmp_path: Path) -> None:
    keep_and_find(FileStore(f"{bucket}/kept"), tmp_path)


def test_copies_in_a_folder(tmp_path: Path) -> None:
    store = FileStore(str(tmp_path / "kept"))
    keep_and_find(store, tmp_path)
    Path(store.address(SHA256)).write_bytes(b"damaged")
    with pytest.raises(LoadError, match="已损坏"), store.fetched(SHA256, "a.txt", 1):
        pass


def keep_and_find(store: FileStore, folder: Path) -> None:
    path = folder / "a.txt"
    path.write_bytes(CONTENT)
    assert SHA256 not in store
    with fetched(str(path), 1) as file:
        store.put(file)
        store.put(file)
    assert SHA256 in store
    with store.fetched(SHA256, "决算.txt", 10) as copy:
        assert copy.path.name == "决算.txt"
        assert copy.path.read_bytes() == CONTENT
