"""The rules reader on fiscal sections, in the wordings of several regions."""

from typing import Any

import pytest
from told import Records


def _final(title: str, body: str) -> str:
    return f"2023年度某县某局部门决算\n一、{title}\n{body}\n"


def _budget(title: str, body: str) -> str:
    return f"2024年某县某局部门预算\n一、{title}\n{body}\n"


TOTALS = [
    (
        _final(
            "收入支出决算总体情况说明",
            "2023年度收、支总计5294.15万元，比上年增加451.03万元，增长9.31%。主要原因：新增项目。",
        ),
        {
            "scope": "department",
            "side": "both",
            "amount": "5294.15万元",
            "changes": [
                {
                    "base": "prior_year",
                    "direction": "increase",
                    "amount": "451.03万元",
                    "percent": "9.31%",
                    "reason": "新增项目",
                }
            ],
        },
    ),
    (
        _final(
            "收入支出决算总体情况说明",
            "2023年度收入、支出总计均为412万元。与2022年度相比，收入、支出总计各减少3.5万元，下降0.84%。",
        ),
        {
            "scope": "department",
            "side": "both",
            "amount": "412万元",
            "changes": [{"base": "prior_year", "direction": "decrease", "amount": "3.5万元", "percent": "0.84%"}],
        },
    ),
    (
        _budget(
            "收支总体情况说明",
            "我局2024年收支总预算1,234.50万元，较上年预算数减少20万元，降幅1.6%，主要是压减一般性支出。",
        ),
        {
            "scope": "department",
            "side": "both",
            "amount": "1,234.50万元",
            "changes": [
                {
                    "base": "prior_year_budget",
                    "direction": "decrease",
                    "amount": "20万元",
                    "percent": "1.6%",
                    "reason": "压减一般性支出",
                }
            ],
        },
    ),
    (
        _final(
            "一般公共预算财政拨款支出决算情况说明",
            "一般公共预算财政拨款支出年初预算为900万元，支出决算为880.5万元，完成年初预算的97.83%。决算数小于预算数的主要原因：厉行节约。",
        ),
        {
            "scope": "general_public",
            "side": "expenditure",
            "amount": "880.5万元",
            "initial_budget": "900万元",
            "completion": "97.83%",
            "completion_base": "initial_budget",
            "changes": [{"base": "initial_budget", "direction": "decrease", "reason": "厉行节约"}],
        },
    ),
    (
        _final("政府性基金预算财政拨款支出决算情况说明", "本年度未安排政府性基金预算财政拨款收支。"),
        {"scope": "government_fund", "side": "both", "declared_none": "yes"},
    ),
    (
        _budget("国有资本经营预算支出情况说明", "我局没有使用国有资本经营预算拨款安排的支出。"),
        {"scope": "state_capital", "side": "expenditure", "declared_none": "yes"},
    ),
]


@pytest.mark.parametrize(("text", "wanted"), TOTALS)
def test_totals(records_of: Records, text: str, wanted: dict[str, Any]) -> None:
    assert [fields for kind, fields in records_of(text) if kind == "BudgetTotal"] == [wanted]


def test_a_total_and_its_parts(records_of: Records) -> None:
    text = _final(
        "收入决算情况说明",
        "本年收入合计1000万元，其中：财政拨款收入900万元，占90%；事业收入80万元，占8%；其他收入20万元，占2%。",
    )
    assert [(kind, f.get("label"), f["amount"], f.get("share")) for kind, f in records_of(text)] == [
        ("BudgetTotal", None, "1000万元", None),
        ("CompositionItem", "财政拨款收入", "900万元", "90%"),
        ("CompositionItem", "事业收入", "80万元", "8%"),
        ("CompositionItem", "其他收入", "20万元", "2%"),
    ]


def test_numbered_parts_without_their_sum(records_of: Records) -> None:
    text = _final(
        "支出决算情况说明",
        "支出总计366.34万元，包括：\n1.基本支出346.09万元，主要用于人员支出。\n2.项目支出20.25万元。",
    )
    parts = [f for kind, f in records_of(text) if kind == "CompositionItem"]
    assert [(f["scope"], f["label"], f["amount"]) for f in parts] == [
        ("expenditure", "基本支出", "346.09万元"),
        ("expenditure", "项目支出", "20.25万元"),
    ]


def test_an_earlier_years_total_is_the_base_of_the_change(records_of: Records) -> None:
    text = _budget(
        "收入预算说明", "2024年收入预算835.56万元。2023年收入预算为771.38万元。2024年较2023年预算增加64.18万元。"
    )
    totals = [f for kind, f in records_of(text) if kind == "BudgetTotal"]
    assert totals == [
        {
            "scope": "department",
            "side": "revenue",
            "amount": "835.56万元",
            "changes": [
                {
                    "base": "prior_year_budget",
                    "direction": "increase",
                    "base_amount": "771.38万元",
                    "amount": "64.18万元",
                }
            ],
        }
    ]


FUNCTIONAL = [
    (
        "1.教育支出（类）普通教育（款）小学教育（项）2023年度决算100.5万元，比2023年年初预算增加0.5万元，增长0.5%。",
        {
            "class_name": "教育支出",
            "section_name": "普通教育",
            "item_name": "小学教育",
            "amount": "100.5万元",
            "changes": [
                {"base": "initial_budget", "direction": "increase", "amount": "0.5万元", "percent": "0.5%"},
            ],
        },
    ),
    (
        "1、教育支出（类）普通教育（款）小学教育（项）。主要用于：学校运转。年初预算为90万元，支出决算为100.5万元，完成年初预算的111.67%。决算数大于预算数的主要原因：年中追加。",
        {
            "class_name": "教育支出",
            "section_name": "普通教育",
            "item_name": "小学教育",
            "amount": "100.5万元",
            "initial_budget": "90万元",
            "completion": "111.67%",
            "completion_base": "initial_budget",
            "purpose": "学校运转",
            "changes": [{"base": "initial_budget", "direction": "increase", "reason": "年中追加"}],
        },
    ),
    (
        "1.教育支出（类）普通教育（款）小学教育（项）：支出决算为100.5万元，完成调整预算100%。",
        {
            "class_name": "教育支出",
            "section_name": "普通教育",
            "item_name": "小学教育",
            "amount": "100.5万元",
            "completion": "100%",
            "completion_base": "adjusted_budget",
        },
    ),
    (
        "（1）教育支出（类）普通教育（款）小学教育（项）。\n支出决算为100.5万元，与年初预算持平。",
        {
            "class_name": "教育支出",
            "section_name": "普通教育",
            "item_name": "小学教育",
            "amount": "100.5万元",
            "changes": [{"base": "initial_budget", "direction": "unchanged"}],
        },
    ),
]


@pytest.mark.parametrize(("body", "wanted"), FUNCTIONAL)
def test_functional_lines(records_of: Records, body: str, wanted: dict[str, Any]) -> None:
    text = _final("一般公共预算财政拨款支出决算具体情况", body)
    assert [fields for kind, fields in records_of(text) if kind == "FunctionalExpenditure"] == [wanted]


def test_a_section_line_inherits_its_class(records_of: Records) -> None:
    text = _budget(
        "一般公共预算财政拨款支出具体情况",
        "1.“教育支出”（类）2024年预算20万元。其中：“进修及培训”（款）2024年预算20万元，比2023年年初预算减少1万元。",
    )
    lines = [fields for kind, fields in records_of(text) if kind == "FunctionalExpenditure"]
    assert [(f.get("class_name"), f.get("section_name"), f["amount"]) for f in lines] == [
        ("教育支出", None, "20万元"),
        ("教育支出", "进修及培训", "20万元"),
    ]
    assert lines[1]["changes"][0]["base"] == "prior_year_budget"


def test_basic_expenditure_by_economic_class(records_of: Records) -> None:
    text = _final(
        "一般公共预算财政拨款基本支出决算情况说明",
        "基本支出199.81万元，其中：人员经费183.79万元，主要包括：基本工资36.57万元、奖金43.46万元。"
        "公用经费16.02万元，主要包括：办公费3万元、差旅费1.55、其他交通费7.02元。",
    )
    items = [(f["group"], f["label"], f["amount"]) for kind, f in records_of(text) if kind == "EconomicItem"]
    assert items == [
        ("total", "基本支出", "199.81万元"),
        ("personnel", "人员经费", "183.79万元"),
        ("personnel", "基本工资", "36.57万元"),
        ("personnel", "奖金", "43.46万元"),
        ("public", "公用经费", "16.02万元"),
        ("public", "办公费", "3万元"),
        ("public", "差旅费", "1.55"),
        ("public", "其他交通费", "7.02元"),
    ]


def test_labels_listed_without_amounts_make_no_records(records_of: Records) -> None:
    text = _final(
        "财政拨款基本支出决算情况说明",
        "基本支出100万元，其中：（1）工资福利支出包括基本工资、奖金；（2）商品和服务支出包括办公费。",
    )
    assert [f["label"] for kind, f in records_of(text) if kind == "EconomicItem"] == ["基本支出"]


OFFICIAL = [
    (
        "“三公”经费财政拨款支出决算为12万元，完成预算的80%，比上年减少3万元，下降20%，主要原因是压减接待。",
        [
            {
                "item": "total",
                "amount": "12万元",
                "completion": "80%",
                "completion_base": "unspecified",
                "changes": [
                    {
                        "base": "prior_year",
                        "direction": "decrease",
                        "amount": "3万元",
                        "percent": "20%",
                        "reason": "压减接待",
                    }
                ],
            }
        ],
    ),
    (
        "1.因公出国（境）费用。2023年度决算数0万元，与2022年度决算数0万元相同。",
        [
            {
                "item": "abroad",
                "amount": "0万元",
                "changes": [{"base": "prior_year", "direction": "unchanged", "base_amount": "0万元"}],
            }
        ],
    ),
    (
        "3.公务接待费支出2.05万元。国内公务接待24批次，210人次，共计支出2.05万元。",
        [
            {"item": "reception", "amount": "2.05万元"},
            {"item": "reception_domestic", "batches": "24批次", "persons": "210人次", "amount": "2.05万元"},
        ],
    ),
    (
        "本部门2023年度无“三公”经费财政拨款支出。",
        [{"item": "total", "declared_none": "yes"}],
    ),
    (
        "公务用车购置及运行维护费支出20万元。其中：公务用车购置支出15万元，全年购置公务用车1辆。公务用车运行维护费支出5万元，公务用车保有量2辆，车均运行维护费2.5万元。",
        [
            {"item": "vehicle", "amount": "20万元"},
            {"item": "vehicle_purchase", "amount": "15万元", "vehicles_purchased": "1辆"},
            {"item": "vehicle_operation", "amount": "5万元", "vehicles_held": "2辆", "average": "2.5万元"},
        ],
    ),
]


@pytest.mark.parametrize(("body", "wanted"), OFFICIAL)
def test_official_expenses(records_of: Records, body: str, wanted: list[dict[str, Any]]) -> None:
    text = _final("“三公”经费财政拨款支出决算情况说明", body)
    assert [fields for kind, fields in records_of(text) if kind == "OfficialExpense"] == wanted


def test_procurement_with_reserved_shares(records_of: Records) -> None:
    text = _final(
        "政府采购支出情况",
        "2023年度政府采购金额为21万元，其中：货物采购金额20万元、工程采购金额0万元、服务采购金额1万元。"
        "面向中小企业预留政府采购项目预算金额19万元，面向小微企业预留政府采购项目预算金额8万元。"
        "在面向中小企业预留的政府采购项目中，由中小企业供应商中标或成交的，采购金额18万元；在面向小微企业预留政府采购项目中，"
        "由小微企业供应商中标或成交的，采购金额7万元；在其他政府采购项目中，由中小企业供应商中标或成交的，采购金额2万元。",
    )
    [fields] = [f for kind, f in records_of(text) if kind == "Procurement"]
    assert fields == {
        "amount": "21万元",
        "goods": "20万元",
        "works": "0万元",
        "services": "1万元",
        "reserved_sme": "19万元",
        "reserved_micro": "8万元",
        "awarded_reserved_sme": "18万元",
        "awarded_reserved_micro": "7万元",
        "awarded_other_sme": "2万元",
    }


def test_a_body_called_service_centre_is_no_service(records_of: Records) -> None:
    text = _final(
        "政府采购支出情况", "2023年度，某县政务服务中心政府采购支出总额30万元，其中：政府采购服务支出30万元。"
    )
    [fields] = [f for kind, f in records_of(text) if kind == "Procurement"]
    assert fields == {"amount": "30万元", "services": "30万元"}


def test_state_assets_held_and_bought(records_of: Records) -> None:
    text = _final(
        "国有资产占用情况",
        "截至2023年12月31日，共有车辆4辆，其中：机要通信用车1辆、执法执勤用车3辆。单价100万元（含）以上设备（不含车辆）2台（套）。",
    )
    found = records_of(text)
    assert [f for kind, f in found if kind == "StateAssets"] == [
        {"as_of": "2023年12月31日", "vehicles": "4辆", "equipment": "2台（套）"}
    ]
    assert [(f["category"], f["count"]) for kind, f in found if kind == "VehicleCount"] == [
        ("机要通信用车", "1辆"),
        ("执法执勤用车", "3辆"),
    ]


def test_bodies_posts_and_people(records_of: Records) -> None:
    text = _final(
        "机构设置",
        "某局下属二级预算单位3个，其中行政单位1个，事业单位2个。\n行政编制20人，实有在职人员18人，离休人员0人，退休人员9人。",
    )
    counts = [(f["measure"], f["category"], f["count"]) for kind, f in records_of(text) if kind == "UnitCount"]
    assert counts == [
        ("units", "二级预算单位", "3个"),
        ("units", "行政单位", "1个"),
        ("units", "事业单位", "2个"),
        ("posts", "行政", "20人"),
        ("staff", "在职人员", "18人"),
        ("staff", "离休人员", "0人"),
        ("staff", "退休人员", "9人"),
    ]


def test_what_the_grammar_does_not_know_stays_unclaimed(records_of: Records) -> None:
    text = _final("“三公”经费支出情况", "三公经费的某种说法里有一个数3.7乘以二。")
    assert records_of(text) == []


def test_statements_without_a_telling_title_are_read_by_their_words(records_of: Records) -> None:
    text = "本单位2023年决算说明如下。\n2023年度公务接待费支出1.2万元，比上年减少0.1万元。\n2023年度政府采购支出总额30万元。\n"
    assert [(kind, f["amount"]) for kind, f in records_of(text)] == [
        ("OfficialExpense", "1.2万元"),
        ("Procurement", "30万元"),
    ]


def test_a_comparison_behind_the_parts_is_of_the_whole(records_of: Records) -> None:
    text = _budget(
        "收支增减变化情况",
        "2024年部门预算总收入5,436.22万元，其中：一般公共预算拨款收入5,236.22万元、事业收入200万元。较上年增加336.22万元，增长6.59%，主要原因是人员增加。",
    )
    total, *parts = [fields for _, fields in records_of(text)]
    assert total["changes"] == [
        {
            "base": "prior_year",
            "direction": "increase",
            "amount": "336.22万元",
            "percent": "6.59%",
            "reason": "人员增加",
        }
    ]
    assert [(part["label"], part["amount"]) for part in parts] == [
        ("一般公共预算拨款收入", "5,236.22万元"),
        ("事业收入", "200万元"),
    ]


def test_a_percent_in_brackets_belongs_to_the_change_before_it(records_of: Records) -> None:
    text = _budget("“三公”经费预算安排情况", "2024年“三公”经费预算数为35.5万元，比上年减少1.5万元（4.05%）。")
    [(_, fields)] = records_of(text)
    assert fields["changes"] == [
        {"base": "prior_year", "direction": "decrease", "amount": "1.5万元", "percent": "4.05%"}
    ]


def test_what_revenue_and_expenditure_include(records_of: Records) -> None:
    text = _budget(
        "财政拨款收支总表的说明",
        "财政拨款收支总预算653万元。收入包括：一般公共预算拨款本年收入612万元、上年结转41万元；支出包括：外交支出320万元、住房保障支出333万元。",
    )
    parts = [(f["scope"], f["label"], f["amount"]) for kind, f in records_of(text) if kind == "CompositionItem"]
    assert parts == [
        ("fiscal_revenue", "一般公共预算拨款本年收入", "612万元"),
        ("fiscal_revenue", "上年结转", "41万元"),
        ("fiscal_expenditure", "外交支出", "320万元"),
        ("fiscal_expenditure", "住房保障支出", "333万元"),
    ]


def test_domestic_receptions_of_one_sentence_are_one_record(records_of: Records) -> None:
    text = _final(
        "“三公”经费支出情况", "公务接待费支出6.40万元，其中：国内接待费6.40万元，国内公务接待42批次，接待320人次。"
    )
    assert [fields for _, fields in records_of(text)][1] == {
        "item": "reception_domestic",
        "amount": "6.40万元",
        "batches": "42批次",
        "persons": "320人次",
    }


def test_meetings_and_training_beside_official_expenses(records_of: Records) -> None:
    text = (
        "2021年度某省某厅部门决算\n七、“三公”经费及会议费、培训费支出决算情况说明\n（一）会议费支出情况说明\n"
        "2021年度会议费支出预算为12.5万元，支出决算为10.2万元，决算数较预算数减少2.3万元，主要原因是会议减少。\n"
    )
    assert records_of(text) == [
        (
            "EconomicItem",
            {
                "group": "goods_services",
                "label": "会议费",
                "amount": "10.2万元",
                "changes": [
                    {
                        "base": "initial_budget",
                        "direction": "decrease",
                        "base_amount": "12.5万元",
                        "amount": "2.3万元",
                        "reason": "会议减少",
                    }
                ],
            },
        )
    ]


def test_items_stand_under_the_class_that_heads_them(records_of: Records) -> None:
    text = _budget(
        "财政拨款支出预算情况说明",
        "（一）教育支出（类）\n1.普通教育（款）学前教育（项）支出6,500.00万元。\n2.普通教育（款）小学教育（项）支出18,000.00万元。\n"
        "（二）住房保障支出（类）\n1.住房改革支出（款）住房公积金（项）支出2,000.00万元。",
    )
    assert [(f["class_name"], f["item_name"], f["amount"]) for _, f in records_of(text)] == [
        ("教育支出", "学前教育", "6,500.00万元"),
        ("教育支出", "小学教育", "18,000.00万元"),
        ("住房保障支出", "住房公积金", "2,000.00万元"),
    ]
