"""The records read out of performance management sections and evaluation reports."""

from typing import Literal

from schemas.fields import AnyQuantity, Count, Date, Fields, Money, Percent, Score, Text

Operator = Literal["ge", "le", "eq"]


class PerformanceOverview(Fields):
    """预算绩效管理、绩效评价工作的总体数字."""

    stage: Literal["ex_ante", "target_setting", "monitoring", "self_evaluation", "evaluation", "execution"] | None = (
        None
    )
    category: Text = None
    projects: Count = None
    projects_share: Percent = None
    budget_amount: Money = None
    amount: Money = None
    completion: Percent = None
    average_score: Score = None
    rating: Text = None
    units: Count = None
    excess_surplus_projects: Count = None
    issues_found: Count = None
    issues_fixed: Count = None
    issues_open: Count = None


class RatingCount(Fields):
    """How many projects got a rating."""

    rating: Text = None
    count: Count = None


class RatingBand(Fields):
    """The points that a rating stands for."""

    rating: Text = None
    lower: Score = None
    upper: Score = None


class ScoreItem(Fields):
    """评分: a total or one dimension."""

    subject: Text = None
    dimension: Text = None
    weight: Percent = None
    full_score: Score = None
    score: Score = None
    rate: Percent = None
    rating: Text = None


class ProjectFunding(Fields):
    """一个项目的资金: one record per paragraph in which a project's figures are stated together."""

    project: Text = None
    period: Text = None
    as_of: Date = None
    estimated: Money = None
    applied: Money = None
    planned: Money = None
    approved_budget: Money = None
    adjusted_budget: Money = None
    contract_amount: Money = None
    allocated: Money = None
    received: Money = None
    received_rate: Percent = None
    spent: Money = None
    execution_rate: Percent = None
    saved: Money = None
    surplus: Money = None
    surplus_rate: Percent = None
    evaluated: Money = None


class FundUse(Fields):
    """项目资金构成或去向."""

    project: Text = None
    label: Text = None
    basis: Literal["planned", "actual", "unspecified"] | None = None
    amount: Money = None
    share: Percent = None
    count: Count = None


class ProjectEvent(Fields):
    """A step of a project that has a date or a counterparty."""

    project: Text = None
    date: Date = None
    end_date: Date = None
    state: Literal["planned", "actual"] | None = None
    event: Text = None
    party: Text = None
    amount: Money = None
    share: Percent = None
    count: Count = None


class IndicatorResult(Fields):
    """绩效指标: 目标值与实际值."""

    project: Text = None
    category: Text = None
    indicator: Text = None
    target: AnyQuantity = None
    target_operator: Operator | None = None
    actual: AnyQuantity = None
    actual_operator: Operator | None = None


class SurveyResult(Fields):
    """满意度调查."""

    project: Text = None
    distributed: Count = None
    returned_units: Count = None
    responses: Count = None
    response_rate: Percent = None
    aspect: Text = None
    level: Text = None
    percent: Percent = None
    operator: Operator | None = None


class ActivityFigure(Fields):
    """Any other printed workload number: 发布信息2.2万余条."""

    subject: Text = None
    quantity: AnyQuantity = None


class ProjectItem(Fields):
    """A project that is listed by name."""

    name: Text = None
    amount: Money = None


class ProjectCount(Fields):
    """项目个数与总额: 共批复35项, 总额…."""

    label: Text = None
    count: Count = None
    amount: Money = None


PERFORMANCE_RECORDS: tuple[type[Fields], ...] = (
    PerformanceOverview,
    RatingCount,
    RatingBand,
    ScoreItem,
    ProjectFunding,
    FundUse,
    ProjectEvent,
    IndicatorResult,
    SurveyResult,
    ActivityFigure,
    ProjectItem,
    ProjectCount,
)
