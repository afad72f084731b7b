"""Which labelled documents there are: the bundled ones, and others that are matched by their SHA-256."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from evals.labels import LabelError, Labels, Split, read_labels
from evals.placing import place_figures
from extractor.documents.loading import SUFFIXES, load

BUNDLED = Path(__file__).parent / "fixtures"
REAL = BUNDLED / "real"
"""Labels of real disclosures that are not shipped themselves: places and values, no text."""


@dataclass(frozen=True)
class Fixture:
    """One labelled document: its name, its file, its label file."""

    name: str
    document: Path
    label_file: Path

    @cached_property
    def text(self) -> str:
        """The document's text as loaded. Raises extractor.errors.LoadError."""
        return load(self.document).text

    @cached_property
    def labels(self) -> Labels:
        """The labels, every figure placed and every text read. Raises LabelError."""
        labels = read_labels(self.label_file)
        source = self.label_file.with_name("source.md")
        if not labels.figures and source.exists():
            labels = labels.model_copy(update={"figures": place_figures(source.read_text(encoding="utf-8"), self.text)})
        return labels.with_text(self.text)

    @cached_property
    def sha256(self) -> str:
        """The SHA-256 of the file's bytes, in hex."""
        return hashlib.sha256(self.document.read_bytes()).hexdigest()


def bundled(split: Split | None = None) -> list[Fixture]:
    """The fixtures that come with gouji, of one split or all, by name."""
    found = [_beside(path) for path in sorted(BUNDLED.glob("*/labels.json"))]
    return [each for each in found if split is None or read_labels(each.label_file).split is split]


def in_folder(folder: Path) -> list[Fixture]:
    """The fixtures of a folder: every `labels.json` with its document beside it, in the folder or one below."""
    paths = sorted({*folder.glob("labels.json"), *folder.glob("*/labels.json")})
    if not paths:
        raise LabelError(f"{folder}: 没有找到 labels.json (no labels.json in it or in its sub-folders)")
    return [_beside(path) for path in paths]


def matched(documents: Path, label_files: Iterable[Path] | None = None) -> list[Fixture]:
    """Fixtures for the labelled documents of a folder: files whose SHA-256 a label file names.

    Without `label_files`, the labels of real disclosures that come with gouji are used.
    """
    labels = list(label_files) if label_files is not None else sorted(REAL.glob("*.json"))
    wanted = {key: path for path in labels if (key := read_labels(path).document.sha256)}
    found = []
    for path in _files(documents):
        key = hashlib.sha256(path.read_bytes()).hexdigest()
        if key in wanted:
            found.append(Fixture(wanted[key].stem, path, wanted[key]))
    if not found:
        raise LabelError(
            f"{documents}: 没有一个文件的 SHA-256 与 {len(wanted)} 份标注相符"
            " (no file in it has the SHA-256 of a labelled document)"
        )
    return sorted(found, key=lambda fixture: fixture.name)


def named(fixtures: Sequence[Fixture], names: Sequence[str]) -> list[Fixture]:
    """The fixtures with these names, all without a name. Raises LabelError for a name that is none."""
    unknown = set(names) - {fixture.name for fixture in fixtures}
    if unknown:
        raise LabelError(
            f"没有名为 {'、'.join(sorted(unknown))} 的标注文档 (no such fixture); "
            f"有 (there are): {', '.join(fixture.name for fixture in fixtures)}"
        )
    return [fixture for fixture in fixtures if not names or fixture.name in names]


def _beside(label_file: Path) -> Fixture:
    folder = label_file.parent
    given = read_labels(label_file).document.file
    if given:
        document = folder / given
    else:
        candidates = sorted(path for path in folder.glob("disclosure.*") if path.suffix in SUFFIXES)
        if not candidates:
            raise LabelError(f"{folder}: 没有文档 (there is no disclosure.* beside labels.json)")
        document = candidates[0]
    return Fixture(folder.name, document, label_file)


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise LabelError(f"{folder}: 不是文件夹 (not a folder)")
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix.lower() in SUFFIXES)
