"""Files from anywhere: what is fit is read, what is not is refused with a sentence, nothing does harm."""

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
import openpyxl
import pytest
from disclosures import TEMPLATE
from docx import Document
from reportlab.pdfgen import canvas
from servers import Running, is_problem, serving

from extractor.storage.people import Role
from extractor.web.api.uploads import plain_name
from extractor.web.problems import Refusal

GOOD = TEMPLATE.format(department="某市水利局", year=2023, total="1050.00", more="50.00").encode()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server that takes files of up to 2 MB and 5 pages."""
    folder = tmp_path_factory.mktemp("uploads")
    with serving(str(folder / "gouji.sqlite"), folder, upload_megabytes=2, upload_pages=5) as running:
        running.add("lead", Role.LEAD)
        running.add("reviewer", Role.REVIEWER)
        yield running


def send(client: httpx2.Client, name: str, data: bytes, key: str | None = None, **form: str) -> httpx2.Response:
    headers = {"Idempotency-Key": key} if key else {}
    return client.post("/api/v1/documents", files={"file": (name, data)}, data=form, headers=headers)


def test_a_document_comes_in_and_is_read(desk: Running) -> None:
    client = desk.program("lead")
    made = send(client, "水利局2023年度部门决算.txt", GOOD, region="某市")
    assert made.status_code == 201
    document = made.json()["document"]
    assert document["id"] == hashlib.sha256(GOOD).hexdigest()[:16]
    assert (document["name"], document["department"]) == ("水利局2023年度部门决算.txt", "某市水利局")
    assert (document["region"], document["fiscal_year"]) == ("某市", 2023)
    assert made.json()["records"] > 3
    assert client.get(f"/api/v1/documents/{document['id']}/text").text.encode() == GOOD
    again = send(client, "another name.txt", GOOD)
    assert again.status_code == 200
    assert again.json()["document"]["name"] == "水利局2023年度部门决算.txt"


def test_the_same_request_is_answered_as_before(desk: Running) -> None:
    client = desk.program("lead")
    data = GOOD.replace("水利局".encode(), "林业局".encode())
    first, second = (send(client, "a.txt", data, key="upload-1") for _ in range(2))
    assert first.status_code == second.status_code == 201
    assert first.content == second.content
    assert second.headers["idempotency-replayed"] == "true"
    is_problem(send(client, "a.txt", GOOD, key="upload-1"), 422)


def test_the_same_file_sent_by_many_at_once_is_there_once(desk: Running) -> None:
    data = GOOD.replace("水利局".encode(), "教育局".encode())
    clients = [desk.program("lead") for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda client: send(client, "a.txt", data), clients))
    assert {each.status_code for each in answers} <= {200, 201}, [each.text for each in answers]
    assert len({each.json()["extraction"] for each in answers}) == 1


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd.txt",
        "..\\..\\windows\\a.txt",
        "/etc/a.txt",
        "C:evil.txt",
        ".hidden.txt",
        "..",
        "   ",
        "预" * 100 + ".txt",
    ],
)
def test_names_are_names_and_no_paths(desk: Running, name: str) -> None:
    is_problem(send(desk.program("lead"), name, GOOD), 422)


@pytest.mark.parametrize("name", ["a\x07b.txt", "a\nb.txt", "a\x00.txt", "a\u202etxt.exe"])
def test_names_are_printable(name: str) -> None:
    with pytest.raises(Refusal):
        plain_name(name)


def _zipped(parts: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return made.getvalue()


def _docx(body: bytes = b"") -> bytes:
    made = io.BytesIO()
    document = Document()
    for line in GOOD.decode().splitlines():
        document.add_paragraph(line)
    document.save(made)
    if not body:
        return made.getvalue()
    parts = {each.filename: zipfile.ZipFile(made).read(each) for each in zipfile.ZipFile(made).infolist()}
    parts["word/document.xml"] = body
    return _zipped(parts)


def _xlsx(body: bytes = b"") -> bytes:
    made = io.BytesIO()
    book = openpyxl.Workbook()
    book.active["A1"] = "部门决算 收入支出 2023年"
    book.save(made)
    if not body:
        return made.getvalue()
    parts = {each.filename: zipfile.ZipFile(made).read(each) for each in zipfile.ZipFile(made).infolist()}
    parts["xl/worksheets/sheet1.xml"] = body
    return _zipped(parts)


def _pdf(pages: int) -> bytes:
    made = io.BytesIO()
    drawn = canvas.Canvas(made)
    for number in range(pages):
        drawn.drawString(72, 700, f"page {number}")
        drawn.showPage()
    drawn.save()
    return made.getvalue()


BOMB = b"<w:document>" + b" " * 60_000_000 + b"</w:document>"
LAUGHS = b'<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "' + b"&a;" * 50 + b'"><!ENTITY c "' + b"&b;" * 50 + b'">]>'
SECRET = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
WORDS = (
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>'
    "<w:t>部门决算 支出 &x;&c;</w:t></w:r></w:p></w:body></w:document>"
).encode()

HARMFUL = {
    "empty": ("a.txt", b""),
    "no disclosure": ("a.txt", "今天天气很好。".encode()),
    "program": ("a.txt", b"\x7fELF" + bytes(range(256)) * 40),
    "picture": ("a.pdf", b"\x89PNG\r\n\x1a\n" + b"\0" * 100),
    "broken pdf": ("a.pdf", b"%PDF-1.7\n" + b"garbage" * 1000),
    "broken docx": ("a.docx", b"PK\x03\x04" + b"garbage" * 1000),
    "zip bomb docx": ("a.docx", _docx(BOMB)),
    "zip bomb xlsx": ("a.xlsx", _xlsx(BOMB)),
    "many pages": ("a.pdf", _pdf(6)),
    "entities docx": ("a.docx", _docx(LAUGHS + WORDS)),
    "outer entity docx": ("a.docx", _docx(SECRET + WORDS)),
    "entities xlsx": ("a.xlsx", _xlsx(LAUGHS + b"<worksheet>&c;</worksheet>")),
    "nested zip": ("a.docx", _zipped({"../../evil.txt": b"x", "word/document.xml": b"<a/>"})),
}


@pytest.mark.parametrize("what", HARMFUL)
def test_harmful_files_are_refused_in_words(desk: Running, what: str) -> None:
    client = desk.program("lead")
    body = is_problem(send(client, *HARMFUL[what]), 422)
    assert "took longer" not in body["detail"], "known as harmful, not given up"
    assert "gouji-upload-" not in body["detail"], "no path of the server"
    assert "root:" not in json.dumps(body)
    document_id = hashlib.sha256(HARMFUL[what][1]).hexdigest()[:16]
    is_problem(client.get(f"/api/v1/documents/{document_id}"), 404)


def test_documents_of_every_kind_come_in(desk: Running) -> None:
    client = desk.program("lead")
    html = "<html><body>" + "".join(f"<p>{line}</p>" for line in GOOD.decode().splitlines()) + "</body></html>"
    for name, data in (("a.docx", _docx()), ("a.html", html.encode())):
        assert send(client, name, data).status_code == 201, name


def test_scripts_in_documents_are_text(desk: Running) -> None:
    client = desk.program("lead")
    evil = "<script>alert(1)</script>"
    data = GOOD.replace("某市水利局".encode(), "某市<img src=x onerror=alert(2)>文化局".encode()) + evil.encode()
    answer = send(client, "<script>alert(3)<script>.txt".replace("/", ""), data)
    assert answer.status_code == 201, answer.text
    found = client.get(f"/api/v1/documents/{answer.json()['document']['id']}/text")
    assert evil in found.text
    assert found.headers["content-type"].startswith("text/plain")
    assert found.headers["x-content-type-options"] == "nosniff"
    assert "script-src 'self'" in found.headers["content-security-policy"]


def test_large_files_are_refused_before_they_are_read(desk: Running) -> None:
    client = desk.program("lead")
    is_problem(send(client, "a.txt", b"x" * (3 << 20)), 413)

    def drops() -> Iterator[bytes]:
        yield b'--frame\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
        for _ in range(30):
            yield b"x" * 100_000

    kind = {"content-type": "multipart/form-data; boundary=frame"}
    is_problem(client.post("/api/v1/documents", content=drops(), headers=kind), 413)


@pytest.mark.parametrize(
    "sent",
    [
        {"content": b"", "headers": {"content-type": "multipart/form-data; boundary=frame"}},
        {"content": b"nothing of the kind", "headers": {"content-type": "multipart/form-data; boundary=frame"}},
        {"json": {"file": "a"}},
        {"data": {"file": "a"}},
        {"files": [("file", ("a.txt", GOOD)), ("file", ("b.txt", GOOD))]},
        {"files": {"file": ("a.txt", GOOD)}, "data": {"region": "a\nb"}},
        {"files": {"file": ("a.txt", GOOD)}, "data": {"region": "x" * 2000}},
    ],
)
def test_other_forms_are_refused(desk: Running, sent: dict[str, Any]) -> None:
    answer = desk.program("lead").post("/api/v1/documents", **sent)
    is_problem(answer, answer.status_code)
    assert answer.status_code in (400, 422)


def test_nobody_else_makes_the_server_read_a_file(desk: Running) -> None:
    is_problem(send(desk.client(), "a.txt", GOOD), 401)
    is_problem(send(desk.program("reviewer"), "a.txt", GOOD), 403)


def test_nothing_is_left_behind(desk: Running) -> None:
    assert send(desk.program("lead"), "kept.txt", GOOD + b"\n").is_success
    is_problem(send(desk.program("lead"), "broken.pdf", b"%PDF-1.7 nothing"), 422)
    kept = [path for path in Path(desk.settings.files or "").rglob("*") if path.is_file()]
    assert kept
    for path in kept:
        assert path.name == hashlib.sha256(path.read_bytes()).hexdigest()
