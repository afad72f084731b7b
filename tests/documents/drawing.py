"""How pages are drawn for tests, in a Chinese font that needs no font file."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pypdfium2
from reportlab.pdfgen.canvas import Canvas

FONT = "STSong-Light"
A4 = (595.0, 842.0)
BODY = "本部门预算由部门预算收入和部门支出组成。"
"""A sentence that makes a page a disclosure."""

Draw = Callable[[Canvas], None]


def change_pages(path: Path, turn: int, crop: tuple[float, float, float, float] | None) -> None:
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
