"""Files made on the spot: PDFs drawn with reportlab in a Chinese font that needs no font file."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from drawing import A4, FONT, Draw, change_pages  # type: ignore[import-not-found]
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas


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
            change_pages(path, turn, crop)
        return path

    return write
