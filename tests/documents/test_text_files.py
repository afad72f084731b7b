"""Text files and everything that is no disclosure: encodings, and what is said of files that cannot be read."""

import os
import zipfile
from pathlib import Path

import pytest
from drawing import BODY
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractor.documents.loading import load
from extractor.documents.loading.limits import FILE_BYTES
from extractor.errors import LoadError, NotADisclosure

TEXT = f"某局2024年部门预算\r\n\r\n　　{BODY}\n支出307.82万元，朱镕基𠮷。\n"


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", b"\xef\xbb\xbf"),
        ("gb18030", b""),
        ("gb18030", b"\x84\x31\x95\x33"),
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
    ],
)
def test_the_text_is_the_decoded_file_without_its_mark(tmp_path: Path, encoding: str, mark: bytes) -> None:
    path = tmp_path / "某局.txt"
    path.write_bytes(mark + TEXT.encode(encoding))
    loaded = load(path)
    assert loaded.text == TEXT
    assert loaded.media_type == "text/plain"
    assert loaded.name == "某局.txt"
    assert not loaded.pages
    assert not loaded.warnings


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(st.characters(min_codepoint=0x20, exclude_categories=("Cs", "Cc", "Cn", "Co"))),
    st.sampled_from(["utf-8", "gb18030", "utf-8-sig"]),
)
def test_any_text_is_loaded_as_it_is(tmp_path: Path, text: str, encoding: str) -> None:
    whole = BODY + text.replace("\ufffd", "").replace("\ufeff", "")
    path = tmp_path / "text.txt"
    path.write_bytes(whole.encode(encoding))
    assert load(path).text == whole


def test_a_cut_file_and_a_few_broken_bytes_are_told(tmp_path: Path) -> None:
    path = tmp_path / "cut.txt"
    path.write_bytes(TEXT.encode()[:-3])
    path.write_bytes((BODY * 20).encode()[:-2])
    loaded = load(path)
    assert loaded.text == BODY * 19 + BODY[:-1] + "\ufffd"
    assert "cut off" in loaded.warnings[0]
    path.write_bytes(BODY.encode() + b"\xe4\xb8" + (BODY * 20).encode())
    assert any("broken" in warning for warning in load(path).warnings)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("empty.txt", b"", "empty"),
        ("blank.txt", b" \n\n\t", "no text"),
        ("noise.txt", os.urandom(64) * 40 + bytes(range(256)) * 8, "UTF-8"),
        ("unmarked.txt", TEXT.encode("utf-16-le"), "byte order mark"),
        ("latin.txt", "für über Ausgaben".encode("latin-1") * 40, "UTF-8|neither a budget"),
        ("旧.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "WordDocument".encode("utf-16-le"), "DOCX"),
        ("locked.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        ("other.msg", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "can be read"),
        ("text.rtf", rb"{\rtf1\ansi hello}", "DOCX"),
        ("page.mht", b"MIME-Version: 1.0\r\n", "HTML"),
        ("scan.png", b"\x89PNG\r\n\x1a\n" + bytes(50), "OCR"),
        ("scan.jpg", b"\xff\xd8\xff\xe0" + bytes(50), "OCR"),
        ("all.rar", b"Rar!\x1a\x07\x00", "unpack"),
        ("cut.docx", b"PK\x03\x04" + bytes(40), "damaged"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(LoadError, match=said) as raised:
        load(path)
    sentence = str(raised.value)
    assert name in sentence
    assert "\n" not in sentence


def test_zip_files_that_are_no_documents(tmp_path: Path) -> None:
    for part, said in [("OFD.xml", "PDF"), ("ppt/slides/slide1.xml", "PDF"), ("a.txt", "unpack"), ("mimetype", "DOCX")]:
        path = tmp_path / "file.bin"
        with zipfile.ZipFile(path, "w") as packed:
            packed.writestr(part, "x")
            if part == "mimetype":
                packed.writestr("content.xml", "x")
        with pytest.raises(LoadError, match=said):
            load(path)


def test_missing_files_folders_and_giants(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match="no such file"):
        load(tmp_path / "nowhere.pdf")
    with pytest.raises(LoadError, match="folder"):
        load(tmp_path)
    giant = tmp_path / "giant.txt"
    with giant.open("wb") as file:
        file.truncate(2**30)  # takes no room on the disk, and must not be read
    with pytest.raises(LoadError, match="1,024 MB"):
        load(giant)
    assert FILE_BYTES < 2**30


@pytest.mark.parametrize(
    "text",
    [
        "某县人民医院2024年度单位决算。医疗收入合计100万元。",
        "某镇中心小学2023年预算公开说明",
        "某村民委员会收支情况：2024年收入合计3万元",
        "部 门 决 算 公 开\n本 年 支 出 合 计 3 万元",
        "项目支出绩效自评表\n预算数\t执行数",
        "2024年“三公”经费支出情况",
        "一般公共预算财政拨款基本支出表",
    ],
)
def test_disclosures_of_all_kinds_are_accepted(tmp_path: Path, text: str) -> None:
    path = tmp_path / "text.txt"
    path.write_text(text, encoding="utf-8")
    assert load(path).text == text


@pytest.mark.parametrize(
    "text", ["从前有座山。" * 50, "Annual report of the company", "关于召开会议的通知", "预算是什么？"]
)
def test_other_texts_are_no_disclosures(tmp_path: Path, text: str) -> None:
    path = tmp_path / "text.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(NotADisclosure, match="预算"):
        load(path)
