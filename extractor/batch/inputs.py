"""Which files a job is about: paths, folders, patterns, manifests, S3 prefixes and URLs become addresses."""

import csv
import glob
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from extractor.batch.files import is_remote, is_s3, is_web, s3
from extractor.documents.loading import SUFFIXES
from extractor.errors import LoadError

ADDRESS_COLUMNS = ("path", "address", "url", "file")


@dataclass(frozen=True)
class Entry:
    """One file of a job. `revision` tells this content of the address apart from an earlier or later one."""

    address: str
    revision: str = ""
    region: str | None = None


def entries_of(inputs: Sequence[str], stdin: TextIO | None = None) -> Iterator[Entry]:
    """The files that are named, one after the other, without holding the list.

    `-` reads a manifest from `stdin`. A manifest is a CSV file with a column path (or address, url, file) and, if
    wanted, region; without such a header each line is an address. Raises LoadError for what names nothing.
    """
    for given in inputs:
        if given == "-":
            yield from _listed(stdin or sys.stdin, Path.cwd(), "-")
        elif given.lower().endswith(".csv") and not is_remote(given):
            yield from _manifest(Path(given))
        else:
            yield from _named(given, None)


def _manifest(path: Path) -> Iterator[Entry]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            yield from _listed(lines, path.resolve().parent, str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise LoadError(f"{path}: 读不了清单 (the manifest cannot be read: {error})") from error


def _listed(lines: Iterable[str], base: Path, name: str) -> Iterator[Entry]:
    rows = (row for row in csv.reader(lines) if any(cell.strip() for cell in row))
    first = next(rows, None)
    if first is None:
        raise LoadError(f"{name}: 清单是空的 (the manifest is empty)")
    header = [cell.strip().lower() for cell in first]
    column = next((header.index(each) for each in ADDRESS_COLUMNS if each in header), None)
    if column is None:
        yield from _row(first, 0, None, base)
    region = header.index("region") if column is not None and "region" in header else None
    for row in rows:
        yield from _row(row, column or 0, region, base)


def _row(row: Sequence[str], column: int, region: int | None, base: Path) -> Iterator[Entry]:
    address = row[column].strip() if column < len(row) else ""
    where = row[region].strip() or None if region is not None and region < len(row) else None
    if address:
        yield from _named(address if is_remote(address) else str(base / address), where)


def _named(given: str, region: str | None) -> Iterator[Entry]:
    if is_web(given):
        yield Entry(given, region=region)
        return
    if "://" in given and not is_s3(given):
        raise LoadError(f"{given}: 不支持这种地址 (not an address to read from; use a path, s3:// or https://)")
    found = False
    for address, revision in _in_s3(given) if is_s3(given) else _local(given):
        found = True
        yield Entry(address, revision, region)
    if not found:
        kinds = " ".join(SUFFIXES)
        raise LoadError(f"{given}: 没有找到文件 (no document there; give a file, a folder or a pattern; {kinds})")


def _local(given: str) -> Iterator[tuple[str, str]]:
    path = Path(given)
    if path.is_dir():
        paths: Iterable[Path] = _inside(path)
    elif path.exists():
        paths = [path]
    else:
        paths = (Path(each) for each in sorted(glob.glob(given, recursive=True)) if Path(each).is_file())
    for each in paths:
        yield str(each.resolve()), local_revision(each)


def _inside(folder: Path) -> Iterator[Path]:
    for current, folders, names in os.walk(folder):
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        for name in sorted(names):
            if name.lower().endswith(SUFFIXES) and not name.startswith("."):
                yield Path(current, name)


def local_revision(path: Path) -> str:
    """Size and time of a file: enough to see that it was changed, without reading it."""
    stat = path.stat()
    return f"{stat.st_size}-{stat.st_mtime_ns}"


def _in_s3(given: str) -> Iterator[tuple[str, str]]:
    store = s3()
    found = store.glob(given, detail=True) if glob.has_magic(given) else store.find(given, detail=True)
    for key, info in sorted(found.items()):
        if info.get("type") == "file" and key.lower().endswith(SUFFIXES):
            yield f"s3://{key}", str(info.get("ETag", info.get("size"))).strip('"')
