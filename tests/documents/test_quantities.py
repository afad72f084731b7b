"""Printed figures: what they say, in which unit, where they stand, and which are none."""

import itertools
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.documents.contexts import with_contexts
from extractor.documents.numbering import chinese_integer
from extractor.documents.numerals import chinese_decimal, decimal_of, decimals_of, half_width
from extractor.documents.quantities import find_mentions, iso_date
from schemas.quantities import Bound, ContextKind, QuantityKind

MONEY, PERCENT, COUNT = QuantityKind.MONEY, QuantityKind.PERCENT, QuantityKind.COUNT
SCORE, DATE, NUMBER = QuantityKind.SCORE, QuantityKind.DATE, QuantityKind.NUMBER


def one(text: str) -> tuple[str, QuantityKind, str | None, str | None]:
    """The single figure of a text: how it is printed, its kind, its value (or date), its unit."""
    (mention,) = find_mentions(text)
    value = mention.date if mention.kind is DATE else None if mention.value is None else str(mention.value)
    return mention.raw, mention.kind, value, mention.unit


@pytest.mark.parametrize(
    ("text", "raw", "kind", "value", "unit"),
    [
        ("支出307.82万元。", "307.82万元", MONEY, "307.82", "万元"),
        ("支出1,234,567.89元", "1,234,567.89元", MONEY, "1234567.89", "元"),
        ("价值１，２３４．５０万元", None, MONEY, None, "万元"),
        ("价值１２３．４５万元", "123.45万元", MONEY, "123.45", "万元"),
        ("约1.02亿元", "1.02亿元", MONEY, "1.02", "亿元"),
        ("共3,456.7百万元", "3,456.7百万元", MONEY, "3456.7", "百万元"),
        ("共2千万元", "2千万元", MONEY, "2", "千万元"),
        ("共0万元", "0万元", MONEY, "0", "万元"),
        ("养护成本≤1.5万元/公顷", "1.5万元/公顷", COUNT, "1.5", "万元/公顷"),
        ("降至0.86mg/L，", "0.86mg/L", COUNT, "0.86", "mg/L"),
        ("浓度33微克/立方米", "33微克/立方米", COUNT, "33", "微克/立方米"),
        ("装机85万千瓦", "85万千瓦", COUNT, "85", "万千瓦"),
        ("减少-3.45万元", "-3.45万元", MONEY, "-3.45", "万元"),
        ("下降－2.1%", "-2.1%", PERCENT, "-2.1", "%"),
        ("占30.5％", "30.5%", PERCENT, "30.5", "%"),
        ("提高2.3个百分点", "2.3个百分点", PERCENT, "2.3", "个百分点"),
        ("提高一个百分点", "一个百分点", PERCENT, "1", "个百分点"),
        ("得分95.5分，", "95.5分", SCORE, "95.5", "分"),
        ("完成3分别", "3", NUMBER, "3", None),
        ("第3分公司", "3", NUMBER, "3", None),
        ("设备6台（套）", "6台（套）", COUNT, "6", "台（套）"),
        ("设备6台(套)", "6台(套)", COUNT, "6", "台(套)"),
        ("接待14批次", "14批次", COUNT, "14", "批次"),
        ("共126人次", "126人次", COUNT, "126", "人次"),
        ("10余个项目", "10余个", COUNT, "10", "个"),
        ("信息2.2万余条", "2.2万余条", COUNT, "2.2", "万条"),
        ("惠及3.5万人次", "3.5万人次", COUNT, "3.5", "万人次"),
        ("三十六个项目", "三十六个", COUNT, "36", "个"),
        ("两辆车", "两辆", COUNT, "2", "辆"),
        ("百余人", "百余人", COUNT, "100", "人"),
        ("人均2.5平方米", "2.5平方米", COUNT, "2.5", "平方米"),
        ("用时5个工作日", "5个工作日", COUNT, "5", "个工作日"),
        ("计2,000元/人", "2,000元/人", COUNT, "2000", "元/人"),
        ("截至2024年12月31日", "2024年12月31日", DATE, "2024-12-31", None),
        ("2024-05-31", "2024-05-31", DATE, "2024-05-31", None),
        ("2024年度决算", "2024年度", DATE, "2024", None),
        ("二〇二四年五月一日", "二〇二四年五月一日", DATE, "2024-05-01", None),
        ("24年底", "24年", DATE, "2024", None),
        ("5月31日前", "5月31日", DATE, "--05-31", None),
        ("十元素", None, None, None, None),
        ("1234567890" * 4, None, None, None, None),
        ("（2080505）死亡抚恤", None, None, None, None),
        ("一、部门概况", None, None, None, None),
        ("（1）部门收入", None, None, None, None),
        ("三公经费，四个意识，一般性支出", None, None, None, None),
    ],
)
def test_examples(text: str, raw: str | None, kind: QuantityKind | None, value: str | None, unit: str | None) -> None:
    if kind is None:
        assert find_mentions(text) == []
    elif raw is None:
        assert find_mentions(text)[-1].kind is kind
    else:
        assert one(text) == (raw, kind, value, unit)


@pytest.mark.parametrize(
    ("unit", "factor"),
    [("元", 1), ("百元", 100), ("千元", 1000), ("万元", 10**4), ("百万元", 10**6), ("千万元", 10**7), ("亿元", 10**8)],
)
def test_yuan(unit: str, factor: int) -> None:
    (mention,) = find_mentions(f"支出12.50{unit}。")
    assert mention.yuan == Decimal("12.50") * factor
    assert mention.decimals == 2


@pytest.mark.parametrize(
    ("text", "raws"),
    [
        ("10-20万元，100～200万元", ["10", "20万元", "100", "200万元"]),
        ("3至5个工作日", ["3", "5个工作日"]),
        ("30%至50%", ["30%", "50%"]),
        ("1—12月", ["1", "12月"]),
        ("共35项，总额3,723.20万元，占100%", ["35项", "3,723.20万元", "100%"]),
        ("2023年比2022年增加1.5万元", ["2023年", "2022年", "1.5万元"]),
        ("购置2辆（其中1辆为新能源）", ["2辆", "1辆"]),
        ("1.2024年预算为3万元", ["2024年", "3万元"]),
        ("12.5个项目；（2）支出1万元", ["12.5个", "1万元"]),
    ],
)
def test_several_figures(text: str, raws: list[str]) -> None:
    assert [mention.raw for mention in find_mentions(text)] == raws


@given(
    number=st.decimals(-(10**9), 10**9, places=2),
    unit=st.sampled_from(["元", "万元", "亿元", "%", "个百分点"]),
    separators=st.booleans(),
    wide=st.booleans(),
)
def test_what_is_printed_is_read(number: Decimal, unit: str, separators: bool, wide: bool) -> None:
    printed = f"{number:,}" if separators else str(number)
    if wide:
        printed = printed.translate({ord(c): ord(c) - ord("0") + ord("０") for c in "0123456789"} | {ord("."): "．"})
    text = f"增加了{printed}{unit}。"
    (mention,) = find_mentions(text)
    assert mention.value == number
    assert mention.decimals == 2
    assert mention.unit == unit
    assert text[mention.start : mention.end] == printed + unit


@given(st.integers(1, 9999))
def test_chinese_numerals(number: int) -> None:
    from extractor.documents.loading.docx_numbering import chinese_counting

    printed = chinese_counting(number)
    assert chinese_decimal(printed) == number
    assert chinese_integer(printed) == number
    (mention,) = find_mentions(f"共{printed}个项目")
    assert (mention.value, mention.raw) == (number, f"{printed}个")


@given(st.decimals(0, 10**12, places=3), st.booleans())
def test_numerals(number: Decimal, separators: bool) -> None:
    printed = f"{number:,}" if separators else str(number)
    assert decimal_of(printed) == number
    assert decimals_of(printed) == 3
    assert len(half_width(printed)) == len(printed)


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2039, 12, 31)))
def test_dates(day: date) -> None:
    for printed in (f"{day.year}年{day.month}月{day.day}日", f"{day.year}-{day.month:02d}-{day.day:02d}"):
        assert iso_date(printed) == day.isoformat()
        (mention,) = find_mentions(f"截至{printed}，")
        assert (mention.raw, mention.date) == (printed, day.isoformat())


@given(st.text("0123456789.,%万亿元分个项余一二十百千两年月日（）()-—第：。；\n", max_size=60))
def test_figures_never_overlap_and_stand_where_they_say(text: str) -> None:
    mentions = find_mentions(text)
    assert all(before.end <= after.start for before, after in itertools.pairwise(mentions))
    for mention in mentions:
        assert half_width(text)[mention.start : mention.end].replace(" ", "") == mention.raw
        assert "\n" not in mention.raw


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("不少于3次", Bound.AT_LEAST),
        ("超过1000户", Bound.AT_LEAST),
        ("≥90%", Bound.AT_LEAST),
        ("80%以上", Bound.AT_LEAST),
        ("不超过7.5天", Bound.AT_MOST),
        ("不高于10%", Bound.AT_MOST),
        ("≤5%", Bound.AT_MOST),
        ("3天以内", Bound.AT_MOST),
        ("不低于40%", Bound.AT_LEAST),
        ("低于40%", Bound.AT_MOST),
        ("约5亿元", Bound.ABOUT),
        ("节约5万元", None),
        ("50余万元", Bound.ABOUT),
        ("100人左右", Bound.ABOUT),
        ("共3次", None),
    ],
)
def test_bounds(text: str, bound: Bound | None) -> None:
    (mention,) = find_mentions(text)
    assert mention.bound is bound


@pytest.mark.parametrize(
    ("text", "contexts"),
    [
        ("2024年度收入3万元，比2023年增加", [ContextKind.YEAR, None, ContextKind.YEAR]),
        ("单价100万元（含）以上设备2台", [ContextKind.THRESHOLD, None]),
        ("单位价值50万元以上通用设备3台（套）", [ContextKind.THRESHOLD, None]),
        ("全年完成固定资产投资1.2亿元以上，招商引资3亿元以上。", [None, None]),
        ("购置设备单价在100万元以上，共2台", [ContextKind.THRESHOLD, None]),
        ("根据京财预〔2023〕15号文", [ContextKind.LEGAL, ContextKind.LEGAL]),
        ("《2024年预算编制通知》", [ContextKind.LEGAL]),
        ("2024年1—6月", [ContextKind.YEAR, ContextKind.PERIOD, ContextKind.PERIOD]),
        ("12345热线", [ContextKind.TERM]),
        ("7*24小时值守", [ContextKind.TERM, ContextKind.TERM]),
        ("见附件2", [ContextKind.ORDINAL]),
        ("第三批次", [ContextKind.ORDINAL]),
        ("工期3年", [ContextKind.PERIOD]),
        ("一次性补助5万元", [ContextKind.TERM, None]),
        ("签订合同100万元", [None]),
        ("2024年5月10日签订合同", [None]),
    ],
)
def test_contexts(text: str, contexts: list[ContextKind | None]) -> None:
    assert [mention.context for mention in with_contexts(text, find_mentions(text))] == contexts
