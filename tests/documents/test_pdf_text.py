"""Text of PDF pages: words from geometry, what is seen and what is not, places of characters."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from drawing import A4, BODY, FONT, paragraph, put
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from extractor.documents.disclosure import prepare
from extractor.documents.loading import load
from extractor.errors import LoadError, NotADisclosure

Pdf = Callable[..., Path]


def lines_of(path: Path) -> list[str]:
    """The loaded lines without layout spaces at their ends."""
    return [line.strip() for line in load(path).text.replace("\f", "").split("\n") if line.strip()]


def test_letter_spacing_does_not_part_words_and_figures(pdf: Pdf) -> None:
    def draw(canvas: Canvas) -> None:
        put(canvas, 90, 80, BODY)
        for number, character in enumerate("本年收入合计"):
            put(canvas, 90 + number * 15, 100, character)
        for number, character in enumerate("2946.25"):
            put(canvas, 184 + number * 8, 100, character)  # the digits are 6 points wide
        put(canvas, 243, 100, "万")
        put(canvas, 258, 100, "元。")

    assert lines_of(pdf(draw))[1] == "本年收入合计2946.25万元。"


def test_a_narrow_space_counts_where_it_was_typed(pdf: Pdf) -> None:
    def draw(canvas: Canvas) -> None:
        put(canvas, 90, 80, BODY)
        put(canvas, 90, 100, "第一部分 单位概况")  # the space of this font is a fifth of the type's size
        put(canvas, 90, 120, "收入合计")
        put(canvas, 141, 120, "2025年")  # such a gap where nothing was typed

    assert lines_of(pdf(draw))[1:] == ["第一部分 单位概况", "收入合计2025年"]


def test_figures_of_two_cells_stay_apart(pdf: Pdf) -> None:
    def draw(canvas: Canvas) -> None:
        put(canvas, 90, 80, BODY)
        put(canvas, 90, 100, "基本支出")
        put(canvas, 180, 100, "100.00")
        put(canvas, 225, 100, "200.00")
        put(canvas, 400, 100, "300.00")

    cells = lines_of(pdf(draw))[1].split("  ")
    assert [cell.strip() for cell in cells if cell.strip()] == ["基本支出", "100.00", "200.00", "300.00"]


def test_lines_come_in_reading_order_whatever_the_drawing_order(pdf: Pdf) -> None:
    def draw(canvas: Canvas) -> None:
        put(canvas, 200, 120, "第三行右")
        put(canvas, 90, 100, "第二行")
        put(canvas, 90, 80, BODY)
        put(canvas, 90, 120, "第三行左")

    assert [line.replace(" ", "") for line in lines_of(pdf(draw))] == [BODY, "第二行", "第三行左第三行右"]


def test_first_lines_are_indented_and_paragraphs_restored(pdf: Pdf) -> None:
    texts = [BODY * 5, "二〇二四年度收入总计" + "增加" * 40 + "100.00万元。", "支出总计" + "减少" * 50 + "2.00万元。"]

    def draw(canvas: Canvas) -> None:
        top = 80.0
        for text in texts:
            lines = [text[:28]] + [text[at : at + 30] for at in range(28, len(text), 30)]
            paragraph(canvas, lines, top)
            top += 20.0 * len(lines)

    loaded = load(pdf(draw))
    assert loaded.text.startswith("\u3000\u3000" + BODY[:5])
    assert prepare(loaded).unwrapped.text.splitlines() == texts


def test_double_printing_for_bold_type_is_one_text(pdf: Pdf) -> None:
    def draw(canvas: Canvas) -> None:
        put(canvas, 90, 80, BODY)
        for shift in (0.0, 0.3, 0.6):
            put(canvas, 90 + shift, 100, "一、收入支出111.11万元")

    assert lines_of(pdf(draw)) == [BODY, "一、收入支出111.11万元"]


def test_text_outside_the_page_or_its_crop_box_is_not_read(pdf: Pdf) -> None:
    def draw(canvas: Canvas) -> None:
        put(canvas, 90, 80, BODY)
        put(canvas, 700, 100, "页外1.00万元")
        put(canvas, 90, 900, "页下2.00万元")
        put(canvas, 8, 200, "裁去3.00")

    assert lines_of(pdf(draw, crop=(80.0, 0.0, *A4))) == [BODY]


def test_invisible_text_is_not_read_but_a_scan_s_hidden_layer_is(pdf: Pdf) -> None:
    def hidden(canvas: Canvas, top: float, text: str) -> None:
        layer = canvas.beginText(90, A4[1] - top)
        layer.setFont(FONT, 12)
        layer.setTextRenderMode(3)
        layer.textLine(text)
        canvas.drawText(layer)

    def mixed(canvas: Canvas) -> None:
        put(canvas, 90, 80, BODY)
        hidden(canvas, 100, "看不见9.99万元")

    def scan(canvas: Canvas) -> None:
        hidden(canvas, 80, BODY)

    assert lines_of(pdf(mixed)) == [BODY]
    loaded = load(pdf(mixed, scan))
    assert loaded.text.count(BODY) == 2
    assert any("2" in warning and "recognised" in warning for warning in loaded.warnings)


def test_a_watermark_printed_askew_is_not_read(pdf: Pdf) -> None:
    def draw(canvas: Canvas) -> None:
        put(canvas, 90, 80, BODY)
        canvas.translate(200, 300)
        canvas.rotate(45)
        canvas.drawString(0, 0, "内部资料")

    assert lines_of(pdf(draw)) == [BODY]


def test_radicals_that_stand_for_characters_become_characters(pdf: Pdf) -> None:
    assert load_glyph(0x2F00) == "一"
    assert load_glyph(0xF900) == "豈"
    assert load_glyph(ord("％")) == "％"


def load_glyph(code: int) -> str | None:
    """What the loader makes of a code point that no font at hand prints."""
    from extractor.documents.loading.pdf.glyphs import _character

    return _character(code)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_boxes_are_measured_from_the_top_left_of_the_page_as_displayed(pdf: Pdf, turn: int) -> None:
    """A figure near one corner of the unrotated page; rotating the page moves its box with it."""

    def draw(canvas: Canvas) -> None:
        put(canvas, 90, 80, BODY)
        put(canvas, 100, 200, "支出307.82万元")

    loaded = load(pdf(draw, turn=turn))
    start = loaded.text.index("307.82")
    assert loaded.boxes is not None
    box = loaded.boxes.around(start, start + 6)
    assert box is not None
    upright = (124.0, 190.0, 155.0, 203.0)  # two characters from x = 100, then six digits; baseline at 200
    width, height = A4
    expected = {
        0: upright,
        90: (height - upright[3], upright[0], height - upright[1], upright[2]),
        180: (width - upright[2], height - upright[3], width - upright[0], height - upright[1]),
        270: (upright[1], width - upright[2], upright[3], width - upright[0]),
    }[turn]
    assert box == pytest.approx(expected, abs=3.0)
    page = loaded.pages[0]
    assert (page.width, page.height) == pytest.approx((width, height) if turn % 180 == 0 else (height, width))


def test_sideways_text_is_read_and_its_boxes_stay_on_the_page(pdf: Pdf) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.translate(300, 100)
        canvas.rotate(90)
        canvas.drawString(0, 0, BODY)
        canvas.drawString(0, -20, "支出307.82万元")

    loaded = load(pdf(draw))
    assert [line.strip() for line in loaded.text.split("\n")][:2] == [BODY, "支出307.82万元"]
    assert loaded.boxes is not None
    start = loaded.text.index("307.82")
    left, top, right, bottom = loaded.boxes.around(start, start + 6) or (0, 0, 0, 0)
    assert 305 < left < right < 330  # the second line is printed 20 points to the right of the first
    assert 685 < top < 690 < 715 < bottom < 720  # and its figure runs upwards, behind two characters


def test_pages_are_parted_and_numbered(pdf: Pdf) -> None:
    loaded = load(pdf(*(lambda canvas, n=n: put(canvas, 90, 80, f"第{n}页{BODY}") for n in (1, 2, 3))))
    assert loaded.text.count("\f") == 2
    assert [loaded.text[page.start : page.end].strip() for page in loaded.pages] == [
        f"第{n}页{BODY}" for n in (1, 2, 3)
    ]
    assert [loaded.page_at(loaded.text.index(f"第{n}页")) for n in (1, 2, 3)] == [1, 2, 3]
    assert loaded.media_type == "application/pdf"


def test_a_scan_is_refused_with_the_advice_to_run_ocr(pdf: Pdf) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawImage(picture(), 50, 50, 400, 600)

    with pytest.raises(LoadError, match="OCR"):
        load(pdf(draw, draw))


def test_a_scanned_page_among_others_is_told(pdf: Pdf) -> None:
    def scan(canvas: Canvas) -> None:
        canvas.drawImage(picture(), 50, 50, 400, 600)

    loaded = load(pdf(lambda canvas: paragraph(canvas, [BODY] * 5), scan))
    assert any("pages 2 hold pictures" in warning for warning in loaded.warnings)


def picture() -> ImageReader:
    from PIL import Image

    made = io.BytesIO()
    Image.new("RGB", (40, 60), "gray").save(made, "PNG")
    made.seek(0)
    return ImageReader(made)


def test_bad_files_are_refused_in_a_sentence(pdf: Pdf, tmp_path: Path) -> None:
    whole = pdf(lambda canvas: put(canvas, 90, 80, BODY)).read_bytes()
    locked = pdf(lambda canvas: put(canvas, 90, 80, BODY), encrypt=StandardEncryption("secret"), name="locked.pdf")
    with pytest.raises(LoadError, match=r"locked\.pdf.*encrypted"):
        load(locked)
    damaged = tmp_path / "damaged.pdf"
    damaged.write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 20)
    with pytest.raises(LoadError, match=r"damaged\.pdf.*damaged"):
        load(damaged)
    half = tmp_path / "half.pdf"
    half.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(LoadError):
        load(half)
    empty = pdf(lambda canvas: None, name="blank.pdf")
    with pytest.raises(LoadError, match="no text"):
        load(empty)
    novel = pdf(lambda canvas: put(canvas, 90, 80, "从前有一座山，山上有一座庙。" * 2), name="novel.pdf")
    with pytest.raises(NotADisclosure):
        load(novel)
