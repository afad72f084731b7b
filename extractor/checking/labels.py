"""What the figures of records are called in messages."""

from schemas.extraction import Record

_SCOPES = {
    "department": "",
    "fiscal_appropriation": "财政拨款",
    "general_public": "一般公共预算财政拨款",
    "government_fund": "政府性基金预算财政拨款",
    "state_capital": "国有资本经营预算财政拨款",
}
_SIDES = {"both": "收支总计", "revenue": "收入合计", "expenditure": "支出合计"}
_ITEMS = {
    "total": "“三公”经费",
    "abroad": "因公出国（境）费",
    "vehicle": "公务用车购置及运行维护费",
    "vehicle_purchase": "公务用车购置费",
    "vehicle_operation": "公务用车运行维护费",
    "reception": "公务接待费",
    "reception_domestic": "国内接待费",
    "reception_foreign": "外事接待费",
}
_GROUPS = {"total": "基本支出", "personnel": "人员经费", "public": "公用经费"}
_SUBJECTS = {
    "OperatingExpense": "机关运行经费",
    "Procurement": "政府采购支出总额",
    "PurchasedServices": "政府购买服务",
}
_FIELDS = {
    "initial_budget": "年初预算",
    "completion": "完成预算",
    "share": "占比",
    "goods": "政府采购货物",
    "works": "政府采购工程",
    "services": "政府采购服务",
    "sme_contracts": "授予中小企业合同金额",
    "sme_share": "中小企业占比",
    "micro_contracts": "授予小微企业合同金额",
    "micro_share": "小微企业占比",
    "reserved_sme": "面向中小企业预留",
    "reserved_micro": "面向小微企业预留",
    "awarded_reserved_sme": "预留项目中由中小企业中标",
    "awarded_reserved_micro": "预留项目中由小微企业中标",
    "vehicles": "车辆",
    "vehicles_held": "公务用车保有量",
    "vehicles_purchased": "购置公务用车",
    "average": "车均运行维护费",
    "projects": "项目数",
    "projects_share": "占项目总数",
    "budget_amount": "预算数",
    "excess_surplus_projects": "结余率超限项目数",
    "weight": "权重",
    "full_score": "分值",
    "score": "得分",
    "rate": "得分率",
    "estimated": "评审金额",
    "applied": "申请金额",
    "planned": "资金计划",
    "approved_budget": "预算批复",
    "adjusted_budget": "预算数",
    "contract_amount": "合同金额",
    "allocated": "财政拨付",
    "received": "实际到位",
    "received_rate": "到位率",
    "spent": "实际支出",
    "execution_rate": "预算执行率",
    "saved": "节约",
    "surplus": "结余",
    "surplus_rate": "结余率",
    "evaluated": "评价金额",
    "distributed": "发放",
    "returned_units": "回收单位",
    "responses": "回收",
    "response_rate": "反馈率",
    "target": "指标值",
    "actual": "实际值",
}


def subject_of(record: Record) -> str:
    """What a record speaks of: 本年支出合计 → `支出合计`, a classification item → its name."""
    fields = record.fields
    if record.type in _SUBJECTS:
        return _SUBJECTS[record.type]
    if record.type == "BudgetTotal":
        return _SCOPES.get(getattr(fields, "scope", None) or "", "") + _SIDES.get(
            getattr(fields, "side", None) or "", ""
        )
    if record.type == "OfficialExpense":
        return _ITEMS.get(getattr(fields, "item", None) or "", "")
    if record.type == "Carryover":
        return "年末结转结余" if getattr(fields, "moment", None) == "closing" else "年初结转结余"
    if record.type == "EconomicItem":
        return getattr(fields, "label", None) or _GROUPS.get(getattr(fields, "group", None) or "", "")
    stated = vars(fields)  # asking a model for a field that it lacks is slow
    for name in ("item_name", "section_name", "class_name", "label", "category", "dimension", "name"):
        value = stated.get(name)
        if isinstance(value, str):
            return value
    return ""


def label_of(record: Record, field: str) -> str:
    """What one figure of a record is called: the subject for its amount, subject and field for the others."""
    if field in ("amount", "count", "quantity"):
        return subject_of(record) or "金额"
    name = _FIELDS.get(field, "")
    if record.type in ("Procurement", "ProjectFunding", "StateAssets", "SurveyResult"):
        return name
    return subject_of(record) + name
