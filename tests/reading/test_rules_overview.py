"""Performance management as a whole: issues and what is open of them, the whole body's money and points, ratings."""

import pytest
from told import Plain, Records, account, of_type


def overviews(records: list[tuple[str, Plain]]) -> list[Plain]:
    """The overall figures of performance management."""
    return of_type(records, "PerformanceOverview")


@pytest.mark.parametrize("rest", ["其余1个转入下年解决", "还有1个继续整改", "尚在整改1个", "剩余1个正在推进"])
def test_issues_found_mended_and_open(rest: str, records_of: Records) -> None:
    text = f"自评中发现绩效指标不够量化、支出进度慢等问题5个，已整改4个，{rest}。"
    assert overviews(records_of(account("预算绩效情况说明", text))) == [
        {"stage": "self_evaluation", "issues_found": "5个", "issues_fixed": "4个", "issues_open": "1个"}
    ]


@pytest.mark.parametrize("whole", ["部门整体支出", "单位整体支出"])
def test_the_whole_body_in_a_section_of_its_own(whole: str, records_of: Records) -> None:
    text = (
        "预算绩效按规定公开。\n"
        f"（一）{whole}绩效自评情况\n"
        f"{whole}全年预算数1850万元，执行数1830万元，预算执行率98.92%。逐项打分，预算执行率10分得9.89分，产出指标50分得49分，"
        "满意度指标10分得满分10分，自评得分96.89分，等级为“优”。\n"
        "粮食播种面积38.6万亩，超过38万亩的目标任务。"
    )
    found = records_of(account("预算绩效情况说明", text))
    assert overviews(found) == [
        {
            "stage": "execution",
            "category": whole,
            "budget_amount": "1850万元",
            "amount": "1830万元",
            "completion": "98.92%",
        }
    ]
    told = ("subject", "dimension", "full_score", "score", "rating")
    assert [tuple(each.get(name) for name in told) for each in of_type(found, "ScoreItem")] == [
        (whole, "预算执行率", "10分", "9.89分", None),
        (whole, "产出指标", "50分", "49分", None),
        (whole, "满意度指标", "10分", "10分", None),
        (whole, "自评得分", None, "96.89分", "优"),
    ]
    assert [each["project"] for each in of_type(found, "IndicatorResult")] == [whole]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "对6个项目开展绩效自评，涉及资金640万元，自评覆盖率100%，执行数为620万元。",
            {"projects": "6个", "budget_amount": "640万元", "projects_share": "100%", "amount": "620万元"},
        ),
        (
            "对6个项目开展绩效自评，涉及预算资金640万元，实际执行620万元，执行率96.88%。",
            {"projects": "6个", "budget_amount": "640万元", "amount": "620万元", "completion": "96.88%"},
        ),
        (
            "实施项目6个，全部纳入绩效自评。项目支出全年预算数640万元，全年执行数620万元，执行率96.88%。",
            {"projects": "6个", "budget_amount": "640万元", "amount": "620万元", "completion": "96.88%"},
        ),
    ],
)
def test_money_involved_and_spent(text: str, told: Plain, records_of: Records) -> None:
    found = overviews(records_of(account("预算绩效情况说明", text)))
    assert [{name: value for name, value in each.items() if name != "stage"} for each in found] == [told]


def test_ratings_counted_behind_their_bands(records_of: Records) -> None:
    text = "按得分分档：90分（含）以上为“优”，共12个；80分（含）至90分为“良”，共3个；60分至80分为“中”，共1个。"
    found = of_type(records_of(account("预算绩效情况说明", text)), "RatingCount")
    assert found == [
        {"rating": "优", "count": "12个"},
        {"rating": "良", "count": "3个"},
        {"rating": "中", "count": "1个"},
    ]


@pytest.mark.parametrize("got", ["得", "实际得"])
def test_points_got_by_dimensions(got: str, records_of: Records) -> None:
    text = f"部门整体支出自评得分91.2分，其中预算执行率{got}9.8分，产出指标{got}46分，效益指标{got}27分，满意度指标{got}8.4分。"
    found = of_type(records_of(account("预算绩效情况说明", text)), "ScoreItem")
    assert [(each["dimension"], each["score"]) for each in found[1:]] == [
        ("预算执行率", "9.8分"),
        ("产出指标", "46分"),
        ("效益指标", "27分"),
        ("满意度指标", "8.4分"),
    ]


@pytest.mark.parametrize("rated", ["评为良", "被评为良", "评价等级为良"])
def test_a_project_that_somebody_else_evaluated(rated: str, records_of: Records) -> None:
    text = f"市财政局抽评的社区服务项目得分86.5分，{rated}。"
    found = of_type(records_of(account("预算绩效情况说明", text)), "ScoreItem")
    assert [(each["subject"], each["score"], each["rating"]) for each in found] == [("社区服务", "86.5分", "良")]
