"""Files made on the spot: PDFs drawn with reportlab in a Chinese font that needs no font file."""

import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from hypothesis import settings
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady")  # a failure on one machine is a failure on every one

FONT = "STSong-Light"
A4 = (595.0, 842.0)
BODY = "本部门预算由部门预算收入和部门支出组成。"
"""A sentence that makes a page a disclosure."""

Draw = Callable[[Canvas], None]


@pytest.fixture
def pdf(tmp_path: Path) -> Callable[..., Path]:
    """`pdf(draw, draw, …)` writes a PDF with one page for every function that draws one, rotated
    by `turn` degrees and cut to `crop` (left, bottom, right, top); other keywords go to Canvas."""

    def write(
        *draws: Draw,
        size: tuple[float, float] = A4,
        name: str = "disclosure.pdf",
        turn: int = 0,
        crop: tuple[float, float, float, float] | None = None,
        **options: Any,
    ) -> Path:
        pdfmetrics.registerFont(UnicodeCIDFont(FONT))
        made = io.BytesIO()
        canvas = Canvas(made, pagesize=size, **options)
        for draw in draws:
            canvas.setFont(FONT, 12)
            draw(canvas)
            canvas.showPage()
        canvas.save()
        path = tmp_path / name
        path.write_bytes(made.getvalue())
        if turn or crop:
            _change_pages(path, turn, crop)
        return path

    return write


def _change_pages(path: Path, turn: int, crop: tuple[float, float, float, float] | None) -> None:
    """Rotate and crop every page of a PDF."""
    document = pypdfium2.PdfDocument(path.read_bytes())
    for page in document:
        page.set_rotation(turn)
        if crop:
            page.set_cropbox(*crop)
    document.save(path)
    document.close()


def put(canvas: Canvas, x: float, top: float, text: str, size: float = 12.0) -> None:
    """Print text with its baseline `top` points below the upper edge of an A4 page."""
    canvas.setFont(FONT, size)
    canvas.drawString(x, A4[1] - top, text)


def paragraph(canvas: Canvas, lines: Sequence[str], top: float = 100.0, left: float = 90.0) -> None:
    """Print lines of 12-point text, one below the other, the first one indented by two characters."""
    for number, line in enumerate(lines):
        put(canvas, left + (24.0 if number == 0 else 0.0), top + 20.0 * number, line)
