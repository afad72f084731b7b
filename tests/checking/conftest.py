"""Checks of small texts written out in tests."""

from functools import partial
from pathlib import Path

import pytest
from checked import Checker, check_text  # type: ignore[import-not-found]


@pytest.fixture
def check(tmp_path: Path) -> Checker:
    """Check a text with marked figures (⟦a 5.00万元⟧) and records that name the marks."""
    return partial(check_text, tmp_path / "disclosure.txt")
