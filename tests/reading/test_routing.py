"""Which part of a disclosure a section is, and whose document it is."""

import pytest

from extractor.documents.disclosure import prepare
from extractor.documents.loaded import LoadedDocument
from extractor.reading.profile import profile_of
from extractor.reading.routing import kind_of
from schemas.records import DisclosureProfile

PATHS = [
    (("第一部分 部门概况", "一、主要职责"), "duties"),
    (("第一部分 部门概况", "二、机构设置"), "organisation"),
    (("一、收入支出决算总体情况说明",), "overview"),
    (("二、收入决算情况说明",), "revenue"),
    (("四、财政拨款收入支出决算总体情况说明",), "fiscal_overview"),
    (("五、一般公共预算财政拨款支出决算情况说明", "（三）具体情况"), "functional"),
    (("五、一般公共预算财政拨款支出决算情况说明", "（一）总体情况"), "general_public"),
    (("第三部分 说明", "（一）总体情况"), "overview"),
    (("六、一般公共预算财政拨款基本支出决算情况说明",), "basic"),
    (("七、“三公”经费支出决算情况说明",), "official_expense"),
    (("八、政府性基金预算财政拨款支出决算情况说明",), "government_fund"),
    (("十、其他重要事项的情况说明", "（一）机关运行经费支出情况"), "operating"),
    (("十、其他重要事项的情况说明", "（二）政府采购支出情况"), "procurement"),
    (("十、其他重要事项的情况说明", "（四）政府购买服务支出说明"), "purchased_services"),
    (("第四部分 名词解释", "一、财政拨款收入"), "glossary"),
    (("一、湖区补水项目绩效评价报告", "（二）项目支出情况"), "report"),
    (("一、部门整体绩效评价报告", "（一）机构情况"), "organisation"),
    (("滨河步道修缮项目经费情况说明", "六、年度预算安排"), "report"),
    (("十一、某事项",), "other"),
]


@pytest.mark.parametrize(("path", "kind"), PATHS)
def test_titles_tell_the_part(path: tuple[str, ...], kind: str) -> None:
    assert kind_of(path) == kind


PROFILES = [
    ("某县水利局2023年度部门决算\n一、收入情况\n收入合计10万元。\n", "某县水利局", "final_account", "2023年度"),
    ("2024年某市第三中学单位预算\n一、收入情况\n收入预算10万元。\n", "某市第三中学", "budget", "2024年"),
    (
        "关于某区民政局2022年度\n部门决算的说明\n一、支出情况\n2022年度支出10万元，比2021年增加1万元。\n",
        "某区民政局",
        "final_account",
        "2022年度",
    ),
    ("三公经费支出情况\n公务接待费2万元，较2018年减少1万元。2019年度没有出国。\n", None, None, "2019年度"),
]


@pytest.mark.parametrize(("text", "department", "kind", "year"), PROFILES)
def test_profiles(text: str, department: str | None, kind: str | None, year: str) -> None:
    disclosure = prepare(LoadedDocument("x.txt", "text/plain", "0" * 64, text))
    profile = profile_of(disclosure).fields
    assert isinstance(profile, DisclosureProfile)
    assert profile.department == department
    assert profile.kind == kind
    assert profile.fiscal_year is not None
    assert disclosure.by_id[profile.fiscal_year.quantity].raw == year
