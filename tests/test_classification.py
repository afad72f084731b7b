"""The official classification: the data hold together, known facts are in it, and verdicts on printed paths stay cautious."""

import csv
import re
from importlib import resources
from itertools import pairwise

import pytest

from extractor.classification import (
    EconomicGroup,
    EconomicKind,
    Level,
    PathStatus,
    check_code,
    check_path,
    economic,
    functional,
    government_codes,
    group_of,
    lookup,
    name_key,
    path_of,
)

PACKAGE = "extractor.classification"


def rows(table: str) -> list[dict[str, str]]:
    text = resources.files(PACKAGE).joinpath(table).read_bytes().decode("utf-8")
    assert "\r" not in text
    return list(csv.DictReader(text.splitlines()))


FUNCTIONAL = rows("functional.csv")
ECONOMIC = rows("economic.csv")


# --- structure -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "lengths"), [(FUNCTIONAL, {3, 5, 7}), (ECONOMIC, {3, 5})], ids=["functional", "economic"]
)
def test_rows_are_well_formed_and_have_parents(table: list[dict[str, str]], lengths: set[int]) -> None:
    codes = {row["code"] for row in table}
    for row in table:
        code, name = row["code"], row["name"]
        assert code.isdecimal(), row
        assert len(code) in lengths, row
        assert name, row
        assert name == name.strip(), row
        assert not re.search(r"[\s()A-Za-z\d]", name), f"half-width or foreign characters: {row}"
        assert len(code) == 3 or code[:-2] in codes, f"no parent: {row}"
        for column in ("valid_from", "valid_to"):
            assert row[column] == "" or 2015 <= int(row[column]) <= 2025, row
        assert (row["valid_from"] or "2015") <= (row["valid_to"] or "2025"), row
    assert [(row["code"], row["valid_from"]) for row in table] == sorted(
        (row["code"], row["valid_from"]) for row in table
    )


@pytest.mark.parametrize("table", [FUNCTIONAL, ECONOMIC], ids=["functional", "economic"])
def test_names_of_one_code_do_not_overlap(table: list[dict[str, str]]) -> None:
    spans: dict[str, list[tuple[str, str]]] = {}
    for row in table:
        spans.setdefault(row["code"], []).append((row["valid_from"] or "0000", row["valid_to"] or "9999"))
    for code, found in spans.items():
        found.sort()
        assert all(before[1] < after[0] for before, after in pairwise(found)), f"{code}: {found}"


def test_an_item_is_not_in_force_outside_the_years_of_its_section() -> None:
    sections: dict[str, list[dict[str, str]]] = {}
    for row in FUNCTIONAL:
        sections.setdefault(row["code"], []).append(row)
    for row in FUNCTIONAL:
        above = sections.get(row["code"][:-2], [])
        if len(above) == 1 and above[0]["valid_to"]:
            assert row["valid_to"], row
            assert row["valid_to"] <= above[0]["valid_to"], row


def test_no_name_stands_twice_under_one_parent_in_one_year() -> None:
    for year in range(2015, 2026):
        seen: dict[tuple[str, str], str] = {}
        for row in FUNCTIONAL:
            if (row["valid_from"] or "2015") <= str(year) <= (row["valid_to"] or "2025"):
                where = (row["code"][:-2], name_key(row["name"]))
                assert where not in seen, f"{year}: {row['name']} is {seen.get(where)} and {row['code']}"
                seen[where] = row["code"]


def test_economic_kinds_and_correspondence() -> None:
    kinds = {row["code"]: row["kind"] for row in ECONOMIC}
    assert set(kinds.values()) == {"department", "government"}
    assert all((code[0] == "3") == (kind == "department") for code, kind in kinds.items())
    seen = set()
    for row in rows("economic_map.csv"):
        assert kinds[row["department"]] == "department"
        assert kinds[row["government"]] == "government"
        assert row["unit"] in {"administrative", "institution", "any"}
        assert (row["department"], row["unit"]) not in seen
        seen.add((row["department"], row["unit"]))


def test_the_data_are_as_large_as_promised() -> None:
    codes = {row["code"] for row in FUNCTIONAL}
    assert sum(len(code) == Level.CLASS for code in codes) >= 30
    assert sum(len(code) == Level.SECTION for code in codes) >= 270
    assert sum(len(code) == Level.ITEM for code in codes) >= 1500


# --- known facts ---------------------------------------------------------------------------------------------------------

# Printed with their codes in tables of published disclosures of 2024 to 2026 (21305 in the classification of 2024 itself); the
# classes 216 to 234 by their place in the summary table.
KNOWN = """
201 一般公共服务支出|20105 统计信息事务|2010505 专项统计业务|2010506 统计管理|2010507 专项普查活动|20129 群众团体事务
2012902 一般行政管理事务|20132 组织事务|20133 宣传事务|20134 统战事务|20138 市场监督管理事务|2013899 其他市场监督管理事务
20139 社会工作事务|2013901 行政运行|2013950 事业运行|2013999 其他社会工作事务支出|204 公共安全支出|20406 司法|2040607 公共法律服务
20499 其他公共安全支出|2049999 其他公共安全支出|205 教育支出|20599 其他教育支出|2059999 其他教育支出|2050205 高等教育
20601 科学技术管理事务|2060199 其他科学技术管理事务支出|20607 科学技术普及|2060702 科普活动|2060799 其他科学技术普及支出
2069999 其他科学技术支出|207 文化旅游体育与传媒支出|20701 文化和旅游|2070104 图书馆|2070105 文化展示及纪念机构|2070108 文化活动
2070109 群众文化|2070110 文化和旅游交流与合作|2070111 文化创作与保护|2070112 文化和旅游市场管理|2070113 旅游宣传
2070114 文化和旅游管理事务|2070199 其他文化和旅游支出|20703 体育|2070308 群众体育|20799 其他文化旅游体育与传媒支出
2079903 文化产业发展专项支出|2079999 其他文化旅游体育与传媒支出|208 社会保障和就业支出|20805 行政事业单位养老支出|2080501 行政单位离退休
2080502 事业单位离退休|2080505 机关事业单位基本养老保险缴费支出|2080506 机关事业单位职业年金缴费支出|2080599 其他行政事业单位养老支出
20807 就业补助|2080704 社会保险补贴|2080705 公益性岗位补贴|2080799 其他就业补助支出|20808 抚恤|2080801 死亡抚恤|20816 红十字事业
2081602 一般行政管理事务|20825 其他生活救助|2082501 其他城市生活救助|2089999 其他社会保障和就业支出|210 卫生健康支出
21007 计划生育事务|2100717 计划生育服务|21011 行政事业单位医疗|2101101 行政单位医疗|2101102 事业单位医疗
211 节能环保支出|21101 环境保护管理事务|2110104 生态环境保护宣传|2110105 环境保护法规、规划及标准|2110107 生态环境保护行政许可
2110199 其他环境保护管理事务支出|21103 污染防治|2110301 大气|2110302 水体|2110399 其他污染防治支出|21111 污染减排
2111101 生态环境监测与信息|2111102 生态环境执法监察|2111103 减排专项支出|212 城乡社区支出|21201 城乡社区管理事务|2120104 城管执法
2120107 市政公用行业市场监管|2120199 其他城乡社区管理事务支出|2120399 其他城乡社区公共设施支出|2120501 城乡社区环境卫生
2120601 建设市场管理与监督|21208 国有土地使用权出让收入安排的支出|2120803 城市建设支出|2129999 其他城乡社区支出|213 农林水支出
21303 水利|2130306 水利工程运行与维护|21305 巩固脱贫攻坚成果衔接乡村振兴|2130504 农村基础设施建设|2130505 生产发展|2130506 社会发展
2130507 贷款奖补和贴息|2130508 “三西”农业建设专项补助|2130550 事业运行|215 资源勘探工业信息等支出|21508 支持中小企业发展和管理支出
2150899 其他支持中小企业发展和管理支出|216 商业服务业等支出|217 金融支出|219 援助其他地区支出|220 自然资源海洋气象等支出|221 住房保障支出
22102 住房改革支出|2210201 住房公积金|2210203 购房补贴|22103 城乡社区住宅|2210399 其他城乡社区住宅支出|222 粮油物资储备支出
223 国有资本经营预算支出|224 灾害防治及应急管理支出|22402 消防救援事务|2240299 其他消防救援事务支出|229 其他支出|234 抗疫特别国债安排的支出
"""


@pytest.mark.parametrize("fact", KNOWN.replace("\n", "|").strip("|").split("|"))
def test_printed_codes_have_their_names(fact: str) -> None:
    code, _, name = fact.partition(" ")
    entry = functional(code, 2025)
    assert entry is not None
    assert entry.name == name


@pytest.mark.parametrize(
    ("code", "year", "name"),
    [
        ("207", 2018, "文化体育与传媒支出"),
        ("207", 2019, "文化旅游体育与传媒支出"),
        ("210", 2018, "医疗卫生与计划生育支出"),
        ("210", 2019, "卫生健康支出"),
        ("215", 2019, "资源勘探信息等支出"),
        ("215", 2020, "资源勘探工业信息等支出"),
        ("220", 2018, "国土海洋气象等支出"),
        ("220", 2019, "自然资源海洋气象等支出"),
        ("20805", 2019, "行政事业单位离退休"),
        ("20805", 2020, "行政事业单位养老支出"),
        ("2080501", 2019, "归口管理的行政单位离退休"),
        ("2080501", 2020, "行政单位离退休"),
        ("21305", 2018, "扶贫"),
    ],
)
def test_renamed_entries_by_year(code: str, year: int, name: str) -> None:
    entry = functional(code, year)
    assert entry is not None
    assert entry.name == name


@pytest.mark.parametrize(
    ("code", "year"), [("224", 2018), ("20139", 2023), ("20828", 2018), ("2101099", 2019), ("9999999", 2024)]
)
def test_no_entry_outside_the_known_years(code: str, year: int) -> None:
    assert functional(code, year) is None


def test_path_and_lookup() -> None:
    assert [entry.name for entry in path_of("2210201")] == ["住房保障支出", "住房改革支出", "住房公积金"]
    assert path_of("2999999") == ()
    assert [entry.code for entry in lookup("行政运行", Level.ITEM, within="20601")] == ["2060101"]
    assert len(lookup("行政运行", Level.ITEM)) > 50
    assert lookup("卫生健康支出", Level.CLASS, year=2018) == ()


def test_printed_forms_of_a_name_are_one() -> None:
    forms = [
        "政府办公厅（室）及相关机构事务",
        " 政府办公厅(室)\n及相关机构事务（款）",
        "20103-政府办公厅（室）及相关机构事务",
        "政府办公厅（室）及相关机构事务（03款）",
    ]
    assert {name_key(form) for form in forms} == {"政府办公厅(室)及相关机构事务"}
    assert name_key("1、教育支出（类）"[1:]) == "教育支出"
    assert name_key("“两房”建设") == name_key('"两房"建设')


# --- verdicts on paths -----------------------------------------------------------------------------------------------------


def test_wrong_section_where_the_item_stands_elsewhere() -> None:
    verdict = check_path("科学技术支出（类）", "其他科学技术支出（款）", "其他科学技术普及支出（项）", 2024)
    assert verdict.status is PathStatus.WRONG_PARENT
    assert [entry.code for entry in verdict.official_path] == ["206", "20607", "2060799"]


def test_class_name_printed_as_section() -> None:
    verdict = check_path("住房保障支出（类）", "住房保障支出（款）", "住房公积金（项）", 2024)
    assert verdict.status is PathStatus.WRONG_PARENT
    assert [entry.name for entry in verdict.official_path] == ["住房保障支出", "住房改革支出", "住房公积金"]


def test_names_that_lack_a_suffix() -> None:
    verdict = check_path("住房保障（类）", "住房改革（款）", "住房公积金（项）", 2024)
    assert [part.status for part in verdict.parts] == [PathStatus.NAME_DIFFERS, PathStatus.NAME_DIFFERS, PathStatus.OK]
    assert all(part.only_lacks_suffix for part in verdict.parts[:2])
    verdict = check_path("一般公共服务（类）", "网信事务（款）", "行政运行（项）", 2024)
    assert verdict.status is PathStatus.NAME_DIFFERS
    assert verdict.parts[0].official is not None
    assert verdict.parts[0].official.name == "一般公共服务支出"


def test_item_that_lacks_a_word() -> None:
    verdict = check_path("社会保障和就业支出", "行政事业单位养老支出", "机关事业单位基本养老保险支出", 2024)
    part = verdict.parts[-1]
    assert part.status is PathStatus.NAME_DIFFERS
    assert not part.only_lacks_suffix
    assert part.official is not None
    assert part.official.code == "2080505"


def test_renamed_section_and_its_years() -> None:
    printed = ("社会保障和就业支出", "行政事业单位离退休", "事业单位离退休")
    verdict = check_path(*printed, 2024)
    assert verdict.status is PathStatus.RENAMED
    assert verdict.parts[1].official is not None
    assert verdict.parts[1].official.name == "行政事业单位养老支出"
    assert check_path(*printed, 2019).status is PathStatus.OK
    assert check_path(*printed).status is PathStatus.OK


def test_years_without_knowledge_are_no_accusation() -> None:
    # 中专教育 until 2019, 中等职业教育 from 2021: nothing is said about 2020
    for item in ("中专教育", "中等职业教育"):
        assert check_path("教育支出", "职业教育", item, 2020).status is PathStatus.OK


@pytest.mark.parametrize(
    "path",
    [
        ("科学技术支出", "科学技术管理事务", "行政运行"),
        ("公共安全支出", "公安", "信息化建设"),
        ("农林水支出", "农业农村", "事业运行"),
        ("城乡社区支出", "国有土地使用权出让收入及对应专项债务收入安排的支出", "城市建设支出"),
        ("其他支出", "彩票公益金安排的支出", "用于社会福利的彩票公益金支出"),
        ("灾害防治及应急管理支出", "地震事务", "地震监测"),
        ("公共安全支出", "检察", "“两房”建设"),
    ],
)
def test_official_paths_are_ok(path: tuple[str, str, str]) -> None:
    assert check_path(*path).status is PathStatus.OK


@pytest.mark.parametrize(
    "path",
    [
        ("科学技术支出", "量子计算事务", "行政运行"),  # a section the data do not hold
        ("科学技术支出", "量子计算事务", "科普活动"),  # … not even beside an item they do
        ("城乡社区支出", "超长期特别国债安排的支出", "公路建设"),
        ("科学技术支出", "科学技术普及", "量子计算专项"),
        ("科学技术支出", "科学技术普及", "一般行政管理事务"),  # stands under many sections: says nothing about this one
        ("科学技术支出", "科学技术普及", "信息化建设"),
        ("某某支出", "某某事务", "某某项目"),
        ("", "", ""),
    ],
)
def test_unknown_names_are_never_accused(path: tuple[str, str, str]) -> None:
    assert check_path(*path, 2024).status is PathStatus.UNKNOWN


def test_parts_that_were_not_printed_are_not_checked() -> None:
    assert check_path(None, "住房改革支出", "住房公积金", 2024).status is PathStatus.OK
    assert check_path(None, None, "购房补贴", 2024).official_path[1].name == "住房改革支出"
    assert check_path(None, None, "行政运行", 2024).status is PathStatus.UNKNOWN
    assert check_path("农林水支出", None, None, 2024).status is PathStatus.OK


def test_section_of_another_class() -> None:
    verdict = check_path("卫生健康支出", "行政事业单位养老支出", "事业单位离退休", 2024)
    assert [part.status for part in verdict.parts] == [PathStatus.OK, PathStatus.WRONG_PARENT, PathStatus.OK]


def test_every_official_path_is_accepted_in_its_years() -> None:
    for row in FUNCTIONAL:
        if len(row["code"]) != Level.ITEM:
            continue
        year = int(row["valid_to"] or row["valid_from"] or 2024)
        path = path_of(row["code"], year)
        if path:  # empty where the section's name of that very year is not known
            class_name, section_name, item_name = (entry.name for entry in path)
            assert check_path(class_name, section_name, item_name, year).status is PathStatus.OK, row


# --- verdicts on codes -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "printed", "status", "official"),
    [
        ("2060101", "科学技术管理事务", PathStatus.WRONG_CODE, "行政运行"),
        ("20805", "行政事业单位离退休", PathStatus.RENAMED, "行政事业单位养老支出"),
        ("2080501", "行政事业单位离退休", PathStatus.WRONG_CODE, "行政单位离退休"),
        ("2080505", "机关事业单位基本养老保险缴费", PathStatus.NAME_DIFFERS, "机关事业单位基本养老保险缴费支出"),
        ("2120107", "市政公用行业市场监管", PathStatus.OK, "市政公用行业市场监管"),
    ],
)
def test_names_printed_beside_codes(code: str, printed: str, status: PathStatus, official: str) -> None:
    part = check_code(code, printed, 2024)
    assert part.status is status
    assert part.official is not None
    assert part.official.name == official


@pytest.mark.parametrize(
    ("code", "printed"), [("2120107", "监督员装备费"), ("2990101", "行政运行"), ("2060101", "行政运行费用")]
)
def test_local_names_and_unknown_codes_are_not_accused(code: str, printed: str) -> None:
    assert check_code(code, printed, 2024).status is PathStatus.UNKNOWN


@pytest.mark.parametrize("code", ["", "20", "2060", "科学技术"])
def test_a_code_of_no_level_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="functional code"):
        check_code(code, "行政运行")


# --- economic classification -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "year", "code"),
    [
        ("30211", None, "30211"),
        ("差旅费", None, "30211"),
        ("其他交通费用", 2024, "30239"),
        ("因公出国(境)费用", 2024, "30212"),
        ("住房公积金", 2016, "30311"),
        ("住房公积金", 2018, "30113"),
        ("住房公积金", None, "30113"),
        ("医疗费", 2017, "30307"),
        ("医疗费", 2018, "30114"),
        ("其他对个人和家庭的补助", 2024, "30399"),
    ],
)
def test_economic_entries(asked: str, year: int | None, code: str) -> None:
    entry = economic(asked, year=year)
    assert entry is not None
    assert entry.code == code


def test_ambiguous_and_unknown_economic_names() -> None:
    assert economic("资本金注入") is None  # 31101 and 31201
    assert economic("外星探测费") is None
    assert economic("50199") is None
    found = economic("50199", EconomicKind.GOVERNMENT)
    assert found is not None
    assert found.name == "其他工资福利支出"
    assert economic("501", EconomicKind.GOVERNMENT, 2017) is None


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("基本工资", EconomicGroup.WAGES),
        ("住房公积金", EconomicGroup.WAGES),
        ("差旅费", EconomicGroup.GOODS_SERVICES),
        ("奖励金", EconomicGroup.INDIVIDUALS),
        ("办公设备购置", EconomicGroup.CAPITAL),  # 30902 and 31002 are one group
        ("30307", EconomicGroup.INDIVIDUALS),
        ("资本金注入", None),
        ("其他支出", None),
        ("没有的费用", None),
    ],
)
def test_groups(name: str, group: EconomicGroup | None) -> None:
    assert group_of(name) is group


def test_group_in_earlier_years() -> None:
    assert group_of("住房公积金", 2016) is EconomicGroup.INDIVIDUALS


@pytest.mark.parametrize(
    ("department", "expected"),
    [
        ("30101", {"50101", "50501"}),
        ("30114", {"50199", "50501"}),  # so 50102 beside 30114 医疗费 contradicts the table
        ("30107", {"50501"}),
        ("30309", {"50901"}),
        ("31007", {"50306", "50601"}),
        ("30311", set()),
    ],
)
def test_government_codes(department: str, expected: set[str]) -> None:
    assert {found.government for found in government_codes(department)} == expected
