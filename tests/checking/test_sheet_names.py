"""What the rows of official tables are called without their numbering."""

import pytest

from extractor.checking.sheets import bare_name


@pytest.mark.parametrize(
    ("printed", "bare"),
    [
        ("八、社会保障和就业支出", "社会保障和就业支出"),
        ("（二）政府性基金预算", "政府性基金预算"),
        ("1.基本支出", "基本支出"),
        ("其中：公用经费", "公用经费"),
        ("一般公共服务支出", "一般公共服务支出"),
        ("一、一般公共服务支出", "一般公共服务支出"),
        ("三公经费", "三公经费"),
        ("合 计", "合计"),
    ],
)
def test_only_a_numeral_with_its_mark_is_numbering(printed: str, bare: str) -> None:
    assert bare_name(printed) == bare
