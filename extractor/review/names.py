"""What people call record types, fields and values, in Chinese and English."""

from extractor.outputs.dictionary import meanings
from extractor.outputs.typenames import TYPES, type_name

__all__ = ["TYPES", "VALUES", "field_name", "type_name", "value_name"]

VALUES: dict[str, tuple[str, str]] = {
    "increase": ("增加", "increase"),
    "decrease": ("减少", "decrease"),
    "unchanged": ("持平", "unchanged"),
    "prior_year": ("上年决算", "prior year"),
    "prior_year_budget": ("上年预算", "prior year's budget"),
    "initial_budget": ("年初预算", "initial budget"),
    "adjusted_budget": ("调整预算", "adjusted budget"),
    "unspecified": ("未说明", "unspecified"),
    "department": ("部门", "department"),
    "fiscal_appropriation": ("财政拨款", "fiscal appropriation"),
    "general_public": ("一般公共预算", "general public budget"),
    "government_fund": ("政府性基金", "government funds"),
    "state_capital": ("国有资本经营", "state capital"),
    "both": ("收支", "both"),
    "revenue": ("收入", "revenue"),
    "expenditure": ("支出", "expenditure"),
    "yes": ("是", "yes"),
    "opening": ("年初", "opening"),
    "closing": ("年末", "closing"),
    "budget": ("预算", "budget"),
    "final_account": ("决算", "final account"),
    "units": ("机构", "units"),
    "posts": ("编制", "posts"),
    "staff": ("实有人员", "staff"),
    "vehicles": ("车辆", "vehicles"),
    "equipment": ("设备", "equipment"),
    "vehicles_purchased": ("购置车辆", "vehicles purchased"),
    "equipment_purchased": ("购置设备", "equipment purchased"),
    "abroad": ("因公出国（境）", "abroad"),
    "reception": ("公务接待", "reception"),
    "reception_domestic": ("国内接待", "domestic reception"),
    "reception_foreign": ("外事接待", "foreign reception"),
    "vehicle": ("公务用车", "vehicles"),
    "vehicle_operation": ("车辆运行维护", "operation of vehicles"),
    "vehicle_purchase": ("车辆购置", "purchase of vehicles"),
    "total": ("合计", "total"),
    "personnel": ("人员经费", "personnel"),
    "public": ("公用经费", "public funds"),
    "capital": ("资本性支出", "capital"),
    "wages": ("工资福利", "wages"),
    "goods_services": ("商品和服务", "goods and services"),
    "individuals": ("个人和家庭补助", "individuals and families"),
    "fiscal_revenue": ("财政收入", "fiscal revenue"),
    "fiscal_expenditure": ("财政支出", "fiscal expenditure"),
    "general_public_expenditure": ("一般公共预算支出", "general public expenditure"),
    "held": ("保有", "held"),
    "purchased": ("购置", "purchased"),
    "actual": ("实际", "actual"),
    "planned": ("计划", "planned"),
    "ex_ante": ("事前评估", "ex ante"),
    "target_setting": ("目标设定", "target setting"),
    "monitoring": ("运行监控", "monitoring"),
    "self_evaluation": ("自评", "self-evaluation"),
    "evaluation": ("评价", "evaluation"),
    "execution": ("执行", "execution"),
    "ge": ("不低于", "at least"),
    "le": ("不高于", "at most"),
    "eq": ("等于", "equal"),
}


def field_name(path: str) -> tuple[str, str]:
    """What a field is called: short, without what the dictionary explains behind a colon or in brackets."""
    zh, en = meanings().get(path.rpartition(".")[2], (path, path))
    return zh.split("（")[0].split("：")[0], en


def value_name(value: str) -> tuple[str, str]:
    """What a listed value is called."""
    return VALUES.get(value, (value, value))
