"""What documents add to the report, and the page that is made of them: truth of marks, escaping, budgets, failures."""

import base64
import io
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from PIL import Image

import evals.fixtures
from extractor.documents.disclosure import prepare
from extractor.documents.loading import load
from extractor.outputs.report import page, part
from extractor.outputs.report.arithmetic import Part, arithmetic_of, parts_of
from extractor.outputs.report.page import ReportWriter
from extractor.outputs.report.part import Original, ReportPart, part_or_none, report_part
from extractor.outputs.report.pictures import PagePictures, boxes_of
from extractor.outputs.report.source import Marks, excerpts_of
from extractor.outputs.report.words import amount, figure
from extractor.outputs.run import ALWAYS, RunWriter
from extractor.outputs.summary import Summary, summary_of
from extractor.pipeline import extract_prepared
from extractor.running import extract_files
from schemas.checks import Check, Family, FindingKind, Outcome
from schemas.extraction import Extraction
from schemas.quantities import Quantity, QuantityKind

PDF = Path(evals.fixtures.__file__).parent / "central_budget" / "disclosure.pdf"

WRONG_SHARE = """2023年度某县水利局部门决算
一、支出决算情况说明
2023年度本年支出合计5267.44万元，其中：基本支出1556.65万元，占支出合计的29.55%；项目支出3710.79万元，占支出合计的80.45%。
"""


def _read(path: Path) -> tuple[Extraction, Original]:
    disclosure = prepare(load(path))
    return extract_prepared(disclosure), Original(disclosure, path)


def _written(folder: Path, text: str, name: str = "水利局.txt") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def pdf() -> tuple[Extraction, Original]:
    return _read(PDF)


def _page(folder: Path, *parts: tuple[Summary, ReportPart | None], failures: tuple[tuple[str, str], ...] = ()) -> str:
    writer = ReportWriter(folder)
    for summary, each in parts:
        writer.add(summary, each)
    for document, reason in failures:
        writer.fail(document, reason)
    writer.write(folder / "report.html")
    writer.close()
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []
    return (folder / "report.html").read_text(encoding="utf-8")


def test_a_finding_shows_its_sentence_with_every_operand_and_the_suspect(tmp_path: Path) -> None:
    extraction, original = _read(_written(tmp_path, WRONG_SHARE))
    [finding] = extraction.findings
    checks = [check for check in extraction.checks if check.id in finding.checks]
    quantities = {each.id: each for each in extraction.quantities}
    marks = Marks(parts_of(checks, quantities), frozenset([finding.suspect or ""]))
    [excerpt] = excerpts_of(original.disclosure, finding, marks)
    marked = {each.text: (each.part, each.suspect) for each in excerpt.pieces if each.part}
    assert marked == {
        "80.45%": (Part.STATED, True),
        "3710.79万元": (Part.TERM, False),
        "5267.44万元": (Part.WHOLE, False),
    }
    assert "".join(each.text for each in excerpt.pieces).strip("…") in WRONG_SHARE
    assert excerpt.where == ("一、支出决算情况说明",)


def test_the_equation_has_both_sides_their_intervals_and_the_gap(tmp_path: Path) -> None:
    extraction, _ = _read(_written(tmp_path, WRONG_SHARE))
    check = next(each for each in extraction.checks if each.outcome is Outcome.VIOLATED)
    quantities = {each.id: each for each in extraction.quantities}
    shown = arithmetic_of(check, quantities, [check.operands[0]])
    assert shown is not None
    assert "".join(each.text for each in shown.pieces) == check.statement
    assert (shown.printed.value, shown.printed.low, shown.printed.high) == ("80.45%", "80.445", "80.455")
    share = Decimal("371079") / Decimal("526744") * 100
    assert shown.computed.low is not None
    assert shown.computed.high is not None
    assert Decimal(shown.computed.low) < share < Decimal(shown.computed.high)
    assert Decimal(shown.computed.high) - Decimal(shown.computed.low) < Decimal("0.001")
    assert Decimal(shown.residual.removesuffix("%")) == Decimal(check.residual or "")


def _count(identity: str, raw: str) -> Quantity:
    return Quantity(
        id=identity, raw=raw, kind=QuantityKind.COUNT, value=Decimal(raw[:-1]), unit=raw[-1], start=0, end=3
    )


def test_figures_that_print_alike_are_told_apart_by_their_order() -> None:
    quantities = {each.id: each for each in (_count("q1", "66个"), _count("q2", "22个"), _count("q3", "22个"))}
    check = Check(
        id="c1",
        family=Family.COUNT,
        outcome=Outcome.VIOLATED,
        statement="教学班66个 = 高一22个 + 高二22个",
        operands=("q1", "q2", "q3"),
        printed="66",
        computed="44",
        residual="22",
        tolerance="0",
    )
    shown = arithmetic_of(check, quantities, ["q3"])
    assert shown is not None
    assert [(each.text, each.suspect) for each in shown.pieces if each.part] == [
        ("66个", False),
        ("22个", False),
        ("22个", True),
    ]
    assert shown.printed.low is None, "a count is exact"


def test_pictures_show_every_operand_in_its_box(pdf: tuple[Extraction, Original]) -> None:
    extraction, original = pdf
    quantities = {each.id: each for each in extraction.quantities}
    finding = next(each for each in extraction.findings if each.kind is FindingKind.MISROUNDED)
    marks = Marks({}, frozenset([finding.suspect or ""]))
    boxes = boxes_of(original.disclosure.loaded, finding, quantities, marks)
    assert sum(map(len, boxes.values())) == len(finding.quantities)
    pictures = PagePictures(original.path, original.disclosure.loaded)
    strips = pictures.strips(boxes)
    pictures.close()
    assert any(box.suspect for strip in strips for box in strip.boxes)
    for strip in strips:
        image = Image.open(io.BytesIO(strip.png))
        scale = image.width / strip.width
        assert image.height / strip.height == pytest.approx(scale, rel=0.01)
        for box in strip.boxes:
            x0, y0, x1, y1 = box.box
            edges = (x0 - strip.left, y0 - strip.top, x1 - strip.left, y1 - strip.top)
            assert edges[0] >= 0
            assert edges[3] <= strip.height
            darkest, lightest = image.crop(tuple(int(edge * scale) for edge in edges)).getextrema()
            assert (darkest, lightest) < (100, 256), "print stands in the box"
            assert lightest == 255


def test_a_page_that_cannot_be_drawn_costs_its_picture_only(pdf: tuple[Extraction, Original], tmp_path: Path) -> None:
    extraction, original = pdf
    gone = replace(original, path=tmp_path / "gone" / "disclosure.pdf")
    made = report_part(extraction, gone)
    assert len(made.findings) == len(extraction.findings)
    assert not any(each.pictures for each in made.findings)
    assert all(each.source for each in made.findings)


def test_text_of_documents_is_never_markup(tmp_path: Path) -> None:
    hostile = WRONG_SHARE.replace("一、支出", "一、<img src=x onerror=alert(1)>支出").replace(
        "其中：", "其中（</td><script>alert(2)</script>&amp;）："
    )
    extraction, original = _read(_written(tmp_path, hostile))
    html = _page(tmp_path, (summary_of(extraction), report_part(extraction, original)), failures=(("<b>x", "<i>y"),))
    assert "&lt;script&gt;alert(2)" in html
    assert "&lt;img src=x" in html
    for markup in ("<script>alert", "<img", "<b>x", "<i>y"):
        assert markup not in html
    assert len(re.findall("<script", html)) == 2, "those of the page itself"


def test_what_cannot_be_read_or_shown_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    extraction, original = _read(_written(tmp_path, WRONG_SHARE))
    monkeypatch.setattr(part, "excerpts_of", lambda *_: 1 / 0)
    assert part_or_none(extraction, original) is None
    html = _page(tmp_path, (summary_of(extraction), None), failures=(("坏.pdf", "坏.pdf: 文件损坏"),))
    assert "水利局.txt" in html
    assert "1 份文件已读取，但这一页无法显示" in html
    assert "坏.pdf: 文件损坏" in html
    assert "另有 1 份无法读取" in html


def test_budgets_cut_the_slightest_and_say_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parts = []
    for number in range(6):
        text = WRONG_SHARE.replace("某县", f"第{number}县")
        extraction, original = _read(_written(tmp_path, text, f"{number}.txt"))
        parts.append((summary_of(extraction), report_part(extraction, original)))
    one = len((parts[0][1].findings[0].source + parts[0][1].findings[0].relations).encode())
    monkeypatch.setattr(page, "OPENED_BYTES", 2 * one + 100)
    monkeypatch.setattr(page, "FINDINGS_LISTED", 4)
    monkeypatch.setattr(page, "DOCUMENTS_LISTED", 5)
    html = _page(tmp_path, *parts)
    assert html.count('class="finding"') == 4
    assert html.count('class="equation"') == 2
    assert "只列最重的 4 处发现，共 6 处" in html
    assert "只有前 2 处附原文和算式" in html
    assert "只列前 5 份文件，共 6 份" in html


def test_two_hundred_documents_stay_below_20_megabytes(pdf: tuple[Extraction, Original], tmp_path: Path) -> None:
    extraction, original = pdf
    made, summary = report_part(extraction, original), summary_of(extraction)
    assert any(each.pictures for each in made.findings)
    many = replace(made, findings=made.findings * 3)
    copies = [(summary, replace(many, document_id=f"{number:016x}")) for number in range(200)]
    html = _page(tmp_path, *copies)
    assert 8_000_000 < len(html.encode()) < 20_000_000
    assert "处附页面图片" in html, "what is left out is said"


def test_pictures_are_small_and_inline(pdf: tuple[Extraction, Original]) -> None:
    made = report_part(*pdf)
    pictures = re.findall(r"data:image/png;base64,([^\"]+)", "".join(each.pictures for each in made.findings))
    assert pictures
    sizes = [len(base64.b64decode(each)) for each in pictures]
    assert max(sizes) < 60_000


def test_a_run_writes_the_report_only_where_it_is_asked_for(tmp_path: Path) -> None:
    path = _written(tmp_path, WRONG_SHARE)
    out = tmp_path / "out"
    for formats, expected in (((*ALWAYS, "report"), True), (ALWAYS, False)):
        with RunWriter(out, formats) as writer:
            for outcome in extract_files([path], 1, writer.wanted):
                assert outcome.rendered is not None
                assert (outcome.rendered.report is not None) is expected
                writer.add(outcome.rendered)
        assert (out / "report.html").exists() is expected, "no report of an earlier run is left"


@pytest.mark.parametrize(
    ("yuan", "zh", "en"),
    [
        ("4474988.40", "447.50万元", "¥4.47 million"),
        ("231.9", "231.90元", "¥231.90"),
        ("18641661137800", "186,416.61亿元", "¥18.64 trillion"),
    ],
)
def test_amounts_for_people(yuan: str, zh: str, en: str) -> None:
    assert amount(Decimal(yuan)) == (zh, en)


def test_figures_keep_their_decimals_and_lose_zeros_that_say_nothing() -> None:
    assert figure("6242.8800", 2) == "6,242.88"
    assert figure("100", 2) == "100.00"
    assert figure("-0.0075") == "−0.0075"
    assert figure("0.0000") == "0"
