"""What bodies tell of their work, its problems and of those they asked: workload, results against targets, surveys."""

import pytest
from told import Plain, Records, account, budget, of_type


def figures(records: list[tuple[str, Plain]]) -> list[str]:
    """The workload figures of a text, as printed."""
    return [each["quantity"] for each in of_type(records, "ActivityFigure")]


def test_money_and_people_of_work_done_are_workload(records_of: Records) -> None:
    text = "全年查处案件52件，处罚款86.4万元；新建充电站6座，发放劳务报酬120万元，惠及310名农户，优良天数301天。"
    found = records_of(account("2023年重点工作完成情况", text))
    assert sorted(figures(found)) == sorted(["52件", "86.4万元", "6座", "120万元", "310名", "301天"])
    assert not of_type(found, "UnitCount")


def test_a_paragraph_among_the_duties_that_opens_with_a_year_tells_of_work(records_of: Records) -> None:
    text = "（一）依法审理案件。\n2023年，我院受理案件1,200件1,450人，结案率95.2%，追缴赃款64.5万元。"
    found = records_of(account("主要职责", text))
    assert figures(found) == ["1,200件", "1,450人", "95.2%", "64.5万元"]


def test_a_budget_looks_back_before_it_plans(records_of: Records) -> None:
    text = "2023年，全县完成诊疗12.6万人次，就诊率90.2%。\n2024年重点做好以下工作：新增床位不少于60张。"
    found = records_of(budget("2023年工作回顾及2024年重点工作", text))
    assert figures(found) == ["12.6万人次", "90.2%"]
    assert [each["target"] for each in of_type(found, "IndicatorResult")] == ["60张"]


def test_results_that_fell_short_stand_beside_their_targets(records_of: Records) -> None:
    text = (
        "存在的主要问题：一是设备接入率仅为71%，未达到85%的年度指标值；"
        "二是水质氨氮浓度由上年的1.30mg/L降至0.92mg/L，优于1.0mg/L的目标；三是支付不均衡，四季度支出占全年支出的48.5%。"
    )
    found = records_of(account("预算绩效情况说明", text))
    results = of_type(found, "IndicatorResult")
    assert {(each["target"], each["actual"]) for each in results} == {("85%", "71%"), ("1.0mg/L", "0.92mg/L")}
    assert "48.5%" in figures(found)


def test_a_result_is_found_behind_figures_of_other_things(records_of: Records) -> None:
    text = "案卷评查合格率目标为90%以上，评查80件，合格76件，合格率为95%。单个项目补助控制在50万元以内，最高的一个为42.5万元。"
    found = records_of(account("预算绩效情况说明", text))
    results = of_type(found, "IndicatorResult")
    assert [(each["target"], each["actual"]) for each in results] == [("90%", "95%"), ("50万元", "42.5万元")]
    assert figures(found) == ["80件", "76件"]


def test_what_an_amount_is_worked_out_from_is_no_target(records_of: Records) -> None:
    text = "重点项目一：农村公路养护，预算320万元。按县道8000元/公里、村道2000元/公里的标准安排，列养率不低于98%。"
    found = records_of(budget("预算绩效情况", text))
    assert [each["target"] for each in of_type(found, "IndicatorResult")] == ["98%"]
    assert figures(found) == ["8000元/公里", "2000元/公里"]


def test_people_asked_without_a_questionnaire(records_of: Records) -> None:
    text = "电话回访服务对象240人，满意率95.4%。\n随机访谈群众90人，对服务表示满意的占93.3%。"
    surveys = of_type(records_of(account("预算绩效情况说明", text)), "SurveyResult")
    assert [each["responses"] for each in surveys if "responses" in each] == ["240人", "90人"]
    assert [each["percent"] for each in surveys if "percent" in each] == ["95.4%", "93.3%"]


def test_ratings_behind_their_counts_and_problems_that_are_told_after_their_title(records_of: Records) -> None:
    text = "对7个项目开展自评，自评结果为：5个“优”，2个“良”。存在问题：一是3个县的资金拨付较晚。"
    found = records_of(account("预算绩效情况说明", text))
    assert [(each["rating"], each["count"]) for each in of_type(found, "RatingCount")] == [("优", "5个"), ("良", "2个")]
    assert not any("issues_found" in each for each in of_type(found, "PerformanceOverview"))


def test_things_counted_inside_reasons_and_purposes_are_workload(records_of: Records) -> None:
    text = (
        "2023年机关运行经费支出86万元，比上年增加12万元，主要原因是年中新录用公务员5名。\n"
        "培训支出9万元，用于印发教材、举办培训班6期。\n全年受理投诉412件，去年窗口岗位由30个减至24个，分两次招标。"
    )
    told = of_type(records_of(account("其他重要事项的情况说明", text)), "ActivityFigure")
    assert [(each["subject"], each["quantity"]) for each in told] == [
        ("新录用公务员", "5名"),
        ("举办培训班", "6期"),
        ("受理投诉", "412件"),
        ("去年窗口岗位", "30个"),
        ("去年窗口岗位", "24个"),
    ]


def test_the_noun_behind_a_count_is_what_is_counted(records_of: Records) -> None:
    text = (
        "全年组织3场消防演练，为260户低保家庭发放慰问金52万元，巡查12座水库、8处山塘和40公里堤防，抽调15名干部下沉社区；"
        "37件提案全部办结，其中5件被评为优秀，网办率由年初的61%提高到83%，日均办件仅180件。"
    )
    told = of_type(records_of(account("2023年工作完成情况", text)), "ActivityFigure")
    assert [(each["subject"], each["quantity"]) for each in told] == [
        ("消防演练", "3场"),
        ("低保家庭发放慰问金", "260户"),
        ("低保家庭发放慰问金", "52万元"),
        ("水库", "12座"),
        ("山塘", "8处"),
        ("堤防", "40公里"),
        ("干部下沉社区", "15名"),
        ("提案", "37件"),
        ("被评为优秀", "5件"),
        ("网办率", "61%"),
        ("网办率", "83%"),
        ("日均办件", "180件"),
    ]


def test_meetings_and_events_with_those_who_take_part_and_what_they_cost(records_of: Records) -> None:
    text = "拟召开2次会议，人数150人，内容为年度总结；拟举办1场次读书节活动，经费30000元。每个社区安排活动补助，按每人80元计。"
    told = of_type(records_of(budget("一般性支出情况", text)), "ActivityFigure")
    assert [(each["subject"], each["quantity"]) for each in told] == [
        ("会议", "2次"),
        ("会议", "150人"),
        ("读书节活动", "1场次"),
        ("读书节活动", "30000元"),
        ("每人", "80元"),
    ]


def test_people_and_bodies_of_a_years_work_are_not_the_staff(records_of: Records) -> None:
    text = (
        "从各单位抽调120名医务人员驰援外地，吸纳成员单位36家，与8家企业共建实训基地，累计接受观察900人，"
        "减免学费64.5万元，发放奖助学金120万元；当年支付工程款80万元，2023届毕业生去向落实率达到95.2%。"
    )
    found = records_of(account("2023年主要工作完成情况", text))
    assert figures(found) == ["120名", "36家", "8家", "900人", "64.5万元", "120万元", "95.2%"]
    assert not of_type(found, "UnitCount")
    text = "科研到账经费320万元，出动执法车辆320台次，更新实验设备56台；财政拨款支出1200万元，其中基本支出800万元。"
    found = records_of(account("2023年主要工作完成情况", text))
    assert figures(found) == ["320万元", "320台", "56台"]
    assert not of_type(found, "StateAssets")
    assert [each["amount"] for each in of_type(found, "BudgetTotal")] == ["1200万元"]


def test_points_above_a_standard_and_the_coverage_of_self_evaluation_are_left(records_of: Records) -> None:
    text = "对7个项目开展自评，自评覆盖率100%，结案率92.5%，高于全省平均水平1.4个百分点。"
    assert figures(records_of(account("预算绩效情况说明", text))) == ["92.5%"]


def test_posts_and_staff_in_a_report_on_the_whole_body(records_of: Records) -> None:
    report = "某市某局部门整体支出绩效自评报告\n一、部门概况\n人员概况：行政编制18名、事业编制21名；年末在职人员36名。"
    found = records_of(account("预算绩效情况", f"预算绩效见附件。\n第二部分 附件\n附件1\n{report}"))
    assert [(each["measure"], each["count"]) for each in of_type(found, "UnitCount")] == [
        ("posts", "18名"),
        ("posts", "21名"),
        ("staff", "36名"),
    ]


@pytest.mark.parametrize(
    ("text", "subjects"),
    [
        ("发放救助金312.48万元，惠及286户。", {"发放救助金"}),
        ("接待群众1860人，同比增长12.5%。", {"接待群众"}),
        ("登记企业486家，净增92家。", {"登记企业"}),
        ("大型设备年均机时由1120小时提高到1365小时。", {"大型设备年均机时"}),
        ("全社会研发经费支出43.27亿元，比上年增长9.6%。", {"全社会研发经费支出"}),
    ],
)
def test_what_goes_on_about_the_figure_before(records_of: Records, text: str, subjects: set[str]) -> None:
    told = of_type(records_of(account("2023年重点工作完成情况", text)), "ActivityFigure")
    assert len(told) == 2
    assert {each["subject"] for each in told} == subjects


@pytest.mark.parametrize(
    ("text", "standards"),
    [
        ("补助标准依次为每亩500元、240元、400元和100元。", ["500元", "240元", "400元", "100元"]),
        ("按每人每月300元至600元发放。", ["300元", "600元"]),
        ("小学、初中分别按每生每年720元、940元补助。", ["720元", "940元"]),
    ],
)
def test_standards_told_one_after_the_other(records_of: Records, text: str, standards: list[str]) -> None:
    text = f"1.惠民补贴项目。预算安排120.00万元，{text}"
    assert figures(records_of(budget("预算绩效情况", text))) == standards


def test_a_bound_that_a_budget_sets_is_a_target(records_of: Records) -> None:
    text = "规范资产管理，每年盘点不少于1次；发放调查问卷不少于300份，现场核查12次。"
    found = records_of(budget("预算绩效情况", text))
    assert [each["target"] for each in of_type(found, "IndicatorResult")] == ["1次", "300份"]
    assert figures(found) == ["12次"]


def test_money_that_others_kept_or_added_is_workload(records_of: Records) -> None:
    text = "（一）产出成效。检查企业320户次，为企业节约成本1200万元，撬动社会资金560万元，为当事人挽回损失86万元。"
    assert figures(records_of(account("预算绩效情况说明", text))) == ["320户次", "1200万元", "560万元", "86万元"]
