"""Which files a job is about."""

import io
import os
from pathlib import Path

import pytest

from extractor.batch.inputs import entries_of
from extractor.errors import LoadError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.txt", "a.txt", "deep/c.PDF", "notes.md", ".hidden.txt", ".git/d.txt"):
        path = tmp_path / "files" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return tmp_path / "files"


def names(*inputs: str, stdin: str | None = None) -> list[str]:
    return [Path(entry.address).name for entry in entries_of(inputs, io.StringIO(stdin) if stdin else None)]


def test_a_folder_stands_for_its_documents_at_any_depth(folder: Path) -> None:
    assert names(str(folder)) == ["a.txt", "b.txt", "c.PDF"]


def test_a_pattern_and_a_file(folder: Path) -> None:
    assert names(f"{folder}/*.txt") == ["a.txt", "b.txt"]
    assert names(f"{folder}/notes.md") == ["notes.md"]


def test_addresses_are_absolute_and_revisions_follow_the_content(folder: Path) -> None:
    path = folder / "a.txt"
    (before,) = entries_of([os.path.relpath(path)])
    assert before.address == str(path)
    path.write_text("something else")
    (after,) = entries_of([str(path)])
    assert after.address == before.address
    assert after.revision != before.revision


def test_a_manifest_names_files_relative_to_itself_and_regions(folder: Path) -> None:
    manifest = folder.parent / "list.csv"
    manifest.write_text(
        "region,path\n湖北省,files/a.txt\n,files/b.txt\n,https://example.org/x.pdf\n", encoding="utf-8-sig"
    )
    entries = list(entries_of([str(manifest)]))
    assert [(Path(entry.address).name, entry.region) for entry in entries] == [
        ("a.txt", "湖北省"),
        ("b.txt", None),
        ("x.pdf", None),
    ]


def test_lines_of_standard_input(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    assert names("-", stdin="a.txt\n\nb.txt\n") == ["a.txt", "b.txt"]
    assert names("-", stdin="path,region\na.txt,x\n") == ["a.txt"]


@pytest.mark.parametrize(
    ("given", "said"),
    [("nowhere", "没有找到文件"), ("ftp://example.org/a.pdf", "不支持这种地址"), ("nowhere.csv", "读不了清单")],
)
def test_what_names_nothing_is_told(given: str, said: str) -> None:
    with pytest.raises(LoadError, match=said):
        list(entries_of([given]))


def test_an_empty_manifest_is_told() -> None:
    with pytest.raises(LoadError, match="清单是空的"):
        list(entries_of(["-"], io.StringIO("\n \n")))
