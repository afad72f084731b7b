"""The records read out of the narrative of a budget or final account: one row of fact about one subject.

Names, fields and meanings follow the record catalogue (docs/records.md). A field that the text does not
state is absent. Reports of performance evaluations have their own records in `schemas.performance`.
"""

from typing import Literal

from schemas.fields import Count, Date, Fields, Money, Percent, Text

Base = Literal["prior_year", "prior_year_budget", "initial_budget", "adjusted_budget"]
Direction = Literal["increase", "decrease", "unchanged"]
Scope = Literal["department", "fiscal_appropriation", "general_public", "government_fund", "state_capital"]
CompletionBase = Literal["initial_budget", "adjusted_budget", "unspecified"]
Yes = Literal["yes"]


class Change(Fields):
    """与某个基数相比的增减: the difference from a base, as printed (增加0元 is an increase)."""

    base: Base | None = None
    direction: Direction | None = None
    base_amount: Money = None
    amount: Money = None
    percent: Percent = None
    reason: Text = None


class NoneDeclared(Fields):
    """A kind of asset of which the text says there is none (无单价100万元以上的设备)."""

    what: Literal["vehicles", "equipment", "vehicles_purchased", "equipment_purchased"] | None = None


class DisclosureProfile(Fields):
    """文档基本信息: one per document."""

    department: Text = None
    kind: Literal["budget", "final_account"] | None = None
    fiscal_year: Date = None
    published_on: Date = None


class UnitCount(Fields):
    """机构、编制、人员的数目."""

    category: Text = None
    measure: Literal["units", "posts", "staff"] | None = None
    count: Count = None
    as_of: Date = None


class UnitName(Fields):
    """A subordinate unit or internal office that is listed by name."""

    name: Text = None
    nature: Text = None


class Duty(Fields):
    """One of the body's duties."""

    ordinal: Text = None
    content: Text = None


class BudgetTotal(Fields):
    """收支总体, 收入合计, 支出合计, 财政拨款, 一般公共预算, 政府性基金, 国有资本经营."""

    scope: Scope | None = None
    side: Literal["both", "revenue", "expenditure"] | None = None
    amount: Money = None
    initial_budget: Money = None
    completion: Percent = None
    completion_base: CompletionBase | None = None
    share: Percent = None
    declared_none: Yes | None = None
    changes: tuple[Change, ...] = ()


class Carryover(Fields):
    """结转和结余."""

    scope: Scope | None = None
    moment: Literal["opening", "closing"] | None = None
    amount: Money = None
    changes: tuple[Change, ...] = ()


class CompositionItem(Fields):
    """A part of a total: 其中：… 的构成."""

    scope: (
        Literal["revenue", "expenditure", "fiscal_revenue", "fiscal_expenditure", "general_public_expenditure"] | None
    ) = None
    label: Text = None
    amount: Money = None
    share: Percent = None
    completion: Percent = None
    changes: tuple[Change, ...] = ()


class FunctionalExpenditure(Fields):
    """One line of the functional classification 类/款/项."""

    class_name: Text = None
    section_name: Text = None
    item_name: Text = None
    code: Text = None
    amount: Money = None
    initial_budget: Money = None
    completion: Percent = None
    completion_base: CompletionBase | None = None
    purpose: Text = None
    changes: tuple[Change, ...] = ()
    reason: Text = None


class EconomicItem(Fields):
    """One line of basic expenditure by economic class."""

    group: Literal["total", "personnel", "public", "wages", "goods_services", "individuals", "capital"] | None = None
    label: Text = None
    source: Text = None
    amount: Money = None
    share: Percent = None
    changes: tuple[Change, ...] = ()


class OfficialExpense(Fields):
    """“三公”经费: one record per item per statement."""

    item: (
        Literal[
            "total",
            "abroad",
            "vehicle",
            "vehicle_purchase",
            "vehicle_operation",
            "reception",
            "reception_domestic",
            "reception_foreign",
        ]
        | None
    ) = None
    source: Text = None
    amount: Money = None
    declared_none: Yes | None = None
    initial_budget: Money = None
    completion: Percent = None
    completion_base: CompletionBase | None = None
    share: Percent = None
    delegations: Count = None
    persons: Count = None
    batches: Count = None
    vehicles_purchased: Count = None
    vehicles_held: Count = None
    as_of: Date = None
    average: Money = None
    purpose: Text = None
    changes: tuple[Change, ...] = ()
    reason: Text = None


class OperatingExpense(Fields):
    """机关运行经费."""

    amount: Money = None
    declared_none: Yes | None = None
    units: Count = None
    changes: tuple[Change, ...] = ()


class Procurement(Fields):
    """政府采购."""

    amount: Money = None
    declared_none: Yes | None = None
    goods: Money = None
    works: Money = None
    services: Money = None
    sme_contracts: Money = None
    sme_share: Percent = None
    micro_contracts: Money = None
    micro_share: Percent = None
    reserved_sme: Money = None
    reserved_micro: Money = None
    awarded_reserved_sme: Money = None
    awarded_reserved_micro: Money = None
    awarded_other_sme: Money = None


class PurchasedServices(Fields):
    """政府购买服务."""

    amount: Money = None
    declared_none: Yes | None = None
    projects: Count = None


class StateAssets(Fields):
    """国有资产占用."""

    as_of: Date = None
    vehicles: Count = None
    declared_none: tuple[NoneDeclared, ...] = ()
    vehicles_value: Money = None
    equipment: Count = None
    equipment_value: Money = None
    vehicles_purchased: Count = None
    vehicles_purchased_value: Money = None
    equipment_purchased: Count = None
    equipment_purchased_value: Money = None


class VehicleCount(Fields):
    """车辆分类数目."""

    basis: Literal["held", "purchased"] | None = None
    category: Text = None
    count: Count = None
    value: Money = None
    as_of: Date = None


class GlossaryTerm(Fields):
    """名词解释."""

    term: Text = None
    code: Text = None
    definition: Text = None


CORE_RECORDS: tuple[type[Fields], ...] = (
    DisclosureProfile,
    UnitCount,
    UnitName,
    Duty,
    BudgetTotal,
    Carryover,
    CompositionItem,
    FunctionalExpenditure,
    EconomicItem,
    OfficialExpense,
    OperatingExpense,
    Procurement,
    PurchasedServices,
    StateAssets,
    VehicleCount,
    GlossaryTerm,
)
