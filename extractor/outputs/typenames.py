"""What people call record types, in Chinese and English."""

TYPES: dict[str, tuple[str, str]] = {
    "DisclosureProfile": ("文档基本信息", "document"),
    "UnitCount": ("机构与人员", "units and staff"),
    "UnitName": ("所属单位", "unit"),
    "Duty": ("职责", "duty"),
    "BudgetTotal": ("收支总体", "total"),
    "Carryover": ("结转结余", "carryover"),
    "CompositionItem": ("构成", "part of a total"),
    "FunctionalExpenditure": ("功能分类支出", "functional expenditure"),
    "EconomicItem": ("经济分类支出", "economic item"),
    "OfficialExpense": ("“三公”经费", "official expenses"),
    "OperatingExpense": ("机关运行经费", "operating expenses"),
    "Procurement": ("政府采购", "procurement"),
    "PurchasedServices": ("政府购买服务", "purchased services"),
    "StateAssets": ("国有资产", "state assets"),
    "VehicleCount": ("车辆", "vehicles"),
    "GlossaryTerm": ("名词解释", "term"),
    "PerformanceOverview": ("绩效总体", "performance overview"),
    "RatingCount": ("等级项目数", "projects by rating"),
    "RatingBand": ("等级分数段", "rating band"),
    "ScoreItem": ("评分", "score"),
    "ProjectFunding": ("项目资金", "project funding"),
    "FundUse": ("资金去向", "use of funds"),
    "ProjectEvent": ("项目事件", "project event"),
    "IndicatorResult": ("绩效指标结果", "indicator result"),
    "SurveyResult": ("满意度调查", "survey"),
    "ActivityFigure": ("工作量", "activity"),
    "ProjectItem": ("项目", "project"),
    "ProjectCount": ("项目个数", "number of projects"),
    "TableRow": ("表格行", "table row"),
    "PerformanceIndicator": ("绩效指标", "indicator"),
}


def type_name(record_type: str) -> tuple[str, str]:
    """What a record type is called."""
    return TYPES.get(record_type, (record_type, record_type))
