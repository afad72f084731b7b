"""Folders of many documents for benchmarks, made of the bundled ones."""

import shutil
import zipfile
from collections.abc import Sequence
from pathlib import Path

from extractor.documents.loading import SUFFIXES

FIXTURES = Path(__file__).parent.parent / "fixtures"


def bundled_files() -> list[Path]:
    """The bundled disclosures."""
    return sorted(path for path in FIXTURES.glob("*/disclosure.*") if path.suffix in SUFFIXES)


def copy_varied(paths: Sequence[Path], folder: Path, copies: int) -> None:
    """Copies whose bytes differ, so that each counts as a document of its own."""
    folder.mkdir()
    for number in range(copies):
        source = paths[number % len(paths)]
        target = folder / f"{number:06}{source.suffix}"
        if source.suffix == ".docx":
            shutil.copy(source, target)
            with zipfile.ZipFile(target, "a") as package:
                package.comment = str(number).encode()
            continue
        tails = {".txt": f"\n{number}\n", ".html": f"<!--{number}-->", ".pdf": f"\n%{number}\n"}
        target.write_bytes(source.read_bytes() + tails.get(source.suffix, "").encode())
