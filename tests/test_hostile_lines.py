"""Long lines through the whole path: work grows with their length, and no figure in them breaks the arithmetic."""

import time
from pathlib import Path

import pytest

from extractor import extract

LINES = {
    "figures": "123.45 " * 14_000,
    "figures glued together": "1,000" * 20_000,
    "dates": "2024年12月31日" * 9_000,
    "one number without end": "1234567890" * 100_000,
    "words": "收入、支出、经费、项目、" * 8_000,
    "names in a report": "\n一、项目绩效自评情况\n" + "道路硬化、路灯安装、" * 8_000,
    "names of items": "\n一、一般公共预算支出具体情况\n" + "道路硬化、路灯安装、" * 8_000,
}


@pytest.mark.parametrize("line", LINES)
def test_a_long_line_takes_seconds(tmp_path: Path, line: str) -> None:
    """Quadratic work on these took minutes; the limit is wide, for slow machines."""
    path = tmp_path / "决算.txt"
    path.write_text("2024年部门决算收入支出 " + LINES[line], "utf-8")
    begin = time.process_time()
    assert extract(path).records
    assert time.process_time() - begin < 25
