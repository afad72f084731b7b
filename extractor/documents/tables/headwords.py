"""The words that head the columns of official tables: what each means and what may stand under what.

The forms differ by region and year, their vocabulary hardly does. Words are compared without white space, quotes
and years, brackets alike; `{a,b}` in the lists below stands for either.
"""

import re
from collections.abc import Iterator
from enum import Enum
from functools import lru_cache


class Role(Enum):
    """What a column of labels holds."""

    ORDINAL = "ordinal"  # 行次, 序号
    CODE = "code"  # 科目编码
    NAME = "name"  # 科目名称, 项目
    FUNCTION = "function"  # 支出功能分类科目: code and name in one cell
    GOVERNMENT = "government"  # 政府支出经济分类科目
    DEPARTMENT = "department"  # 部门支出经济分类科目
    PROJECT = "project"
    PROJECT_CODE = "project_code"
    UNIT = "unit"  # 单位名称
    UNIT_CODE = "unit_code"
    LEVEL1 = "level1"
    LEVEL2 = "level2"
    LEVEL3 = "level3"
    NATURE = "nature"
    TARGET = "target"
    MEASURE = "measure"  # 计量单位
    DIRECTION = "direction"
    OTHER = "other"


class Sort(Enum):
    """What a column of figures holds."""

    TOTAL = "total"
    SUBTOTAL_OF_PROJECTS = "subtotal_of_projects"  # 项目支出总数
    FISCAL = "fiscal"  # 一般公共预算, 政府性基金, 国有资本经营
    SOURCE = "source"  # any other source of money
    INCOME = "income"  # 本年收入: heads sources
    FUNDS = "funds"  # 财政拨款: heads the fiscal sources
    CARRYOVER = "carryover"
    CARRIED_FUNDS = "carried_funds"  # 财政拨款结转结余: heads the fiscal sources
    CARRIED = "carried"  # 基本支出结转
    OUTLAY = "outlay"  # 本年支出: heads kinds of expenditure
    AMOUNT = "amount"  # 预算数, 决算数
    BASIC = "basic"
    PROJECTS = "projects"
    EXPENDITURE = "expenditure"
    BASIC_PART = "basic_part"  # 人员经费
    PROJECT_PART = "project_part"
    OFFICIAL_GROUP = "official_group"  # “三公”经费
    OFFICIAL = "official"
    VEHICLE = "vehicle"
    VEHICLE_PART = "vehicle_part"
    RUNNING = "running"
    RUNNING_PART = "running_part"
    CHANGE = "change"
    CHANGE_PART = "change_part"
    OF_WHICH = "of_which"
    SHARE = "share"
    COUNT = "count"
    SCORE = "score"
    ASSET = "asset"  # 流动资产, 无形资产
    FIXED_ASSET = "fixed_asset"  # 固定资产: heads its kinds
    FIXED_ASSET_PART = "fixed_asset_part"  # 房屋, 设备
    CARS = "cars"  # 车辆: heads their kinds
    CAR = "car"  # 机要通信用车
    REST = "rest"  # 其他


_LABELS: dict[Role, tuple[str, ...]] = {
    Role.ORDINAL: ("行次", "序号", "编号", "栏次"),
    Role.PROJECT: ("{,二级,支出,预算,采购,购买,购买服务,政府采购}项目名称", "项目支出名称", "采购项目", "项目内容"),
    Role.PROJECT_CODE: ("项目{编码,代码,编号}",),
    Role.CODE: (
        "科目{编码,代码}",
        "{,支出}功能{分类,}科目{编码,代码}",
        "{,支出}功能分类{编码,代码}",
        "{,部门,部门预算,政府}{,支出}经济{分类,}科目{编码,代码}",
        "{,支出}经济分类{编码,代码}",
        "类",
        "款",
        "项",
        "类款项",
        "{,采购}{目录,品目}{编码,代码}",
        "{编码,代码}",
    ),
    Role.NAME: (
        "科目{,名称}",
        "{,支出}功能{分类,}科目名称",
        "{,部门,部门预算}{,支出}经济{分类,}科目名称",
        "支出经济分类科目名称",
        "项目",
        "项目(按{,支出}{功能,经济}{分类,科目,分类科目})",
        "项目(按支出性质和经济分类)",
        "{,支出}按{,支出}{功能,经济,性质,用途,性质和经济}{,分类,科目,分类科目}",
        "支出(按{,支出}{功能,经济,性质,用途,性质和经济}{,分类,科目,分类科目})",
        "支出{性质,用途}",
        "{,支出,收入,资金}{项目,类别}",
        "采购{类别,品目,目录,品目名称,内容}",
        "品目{,名称}",
        "{,费用,资产,经费}名称",
        "{,收支,支出}内容",
        "评价项目",
        "类别",
        "活动",
    ),
    Role.FUNCTION: ("{,部门预算}{,支出}功能分类{,科目}", "功能科目", "支出功能科目", "功能分类科目(类款项)"),
    Role.GOVERNMENT: ("政府{,预算}{,支出}经济分类{,科目}{,名称}", "政府经济科目"),
    Role.DEPARTMENT: ("{,部门,部门预算}{,支出}经济分类{,科目}", "部门经济科目"),
    Role.UNIT: (
        "{,二级,预算,项目,填报,实施,申报,基层,采购,购买}单位{,名称}",
        "二级预算单位{,名称}",
        "部门{,名称}",
        "部门(单位){,名称}",
        "单位(部门){,名称}",
        "部门单位{,名称}",
        "{,一级,项目}主管部门{,名称}",
        "{,项目}承担单位",
    ),
    Role.UNIT_CODE: ("{,部门,预算,部门(单位)}单位{编码,代码}", "部门{,(单位)}{编码,代码}"),
    Role.LEVEL1: ("一级指标", "一级绩效指标"),
    Role.LEVEL2: ("二级指标", "二级绩效指标"),
    Role.LEVEL3: ("三级指标", "三级绩效指标", "{绩效,}指标{名称,内容}", "具体指标", "绩效指标名称"),
    Role.NATURE: ("{,绩效}指标{性质,符号}", "性质", "{运算,比较,}符号", "指标属性"),
    Role.TARGET: (
        "{,本年,本年绩效,绩效,年度,预期,计划,目标,年初}指标值",
        "{,年度,年初,预期,计划,指标}目标值",
        "指标值(包含数字及文字描述)",
        "年度指标值",
        "设定值",
        "预期值",
    ),
    Role.MEASURE: ("{,绩效}{度量,计量}单位", "指标单位", "指标值单位"),
    Role.DIRECTION: ("{,指标}方向{,性}",),
    Role.OTHER: (
        "类型",
        "项目{类别,类型,性质,属性}",
        "项目{责任人,负责人}{,电话,及电话,及联系电话}",
        "采购{项目,品目}{编码,代码}",
        "联系{人,电话}",
        "电话",
        "年度",
        "年份",
        "预算年度",
        "{,支出,项目,经费}用途",
        "资金{来源,性质,用途}",
        "指导性目录",
        "{一,二,三}级{,目录,目录名称,目录代码}",
        "服务{领域,内容}",
        "{承接主体,采购,购买}{类别,类型,方式}",
        "采购组织形式",
        "绩效{目标,指标}",
        "{年度,总体,整体绩效,年度总体}目标",
        "实际{完成值,完成情况,值,完成}",
        "{全年,年度}{实际值,完成值,实际完成值}",
        "存在{,的,主要}问题",
        "{偏差,未完成}原因{,分析,分析及改进措施,及改进措施}",
        "备注",
        "说明",
        "{评分,评价}标准",
        "{,自评,评价,绩效}{等级,等次,评级}",
        "{自评,评价}{结果,结论}",
        "指标{解释,说明}",
        "完成{时间,时限}",
        "{项目,实施,执行,建设,起止}{期限,周期,时间,年限}",
    ),
}

_FISCAL = "{一般公共预算,公共财政预算,政府性基金,政府性基金预算,国有资本经营,国有资本经营预算}"

_FIGURES: dict[Sort, tuple[str, ...]] = {
    Sort.TOTAL: (
        "{合计,总计,小计,总额,共计}",
        "{,本年}{收入,支出,预算,拨款,资金}{合计,总计,总额,小计}",
        "{项目,资金,预算支出,年度资金,项目资金,预算}总额",
        "{,财政拨款,一般公共预算,一般公共预算财政拨款}三公经费{,财政拨款,支出}{,预算,决算,支出}{合计,总额,小计,总计}",
        "{支出,收入}总额",
        "{,国有}资产{总额,合计,总计}",
    ),
    Sort.SUBTOTAL_OF_PROJECTS: ("项目支出{总数,总额,合计}",),
    Sort.FISCAL: (
        _FISCAL
        + "{,拨款,财政拨款,资金,收入,支出,拨款收入,财政拨款收入,预算拨款收入,拨款资金,财政拨款资金,财政拨款支出}",
        "社会保险基金{,预算}{,收入,资金}",
    ),
    Sort.SOURCE: (
        "财政专户{,管理}{,资金,收入,资金收入,核拨资金,拨款}",
        "纳入{财政,}专户管理的{资金,收入,非税收入}",
        "{,单位}事业收入{,资金}",
        "事业单位经营收入{,资金}",
        "经营收入{,资金}",
        "上级{,财政}补助收入{,资金}",
        "附属单位{上缴收入,缴款,上缴收入资金,上缴资金}",
        "其他{收入,资金,收入资金,来源}",
        "{,单位}{自有,自筹}资金",
        "单位资金{,收入}",
        "非财政拨款{,资金,收入}",
        "{财政,财政性,非财政}资金",
        "{用,}事业基金弥补收支差额",
        "使用非财政拨款结余{,和专用结余}",
        "{中央,省级,市级,县级,区级,本级,上级}{财政,}资金",
        "{,中央,省级,上级}转移支付{,资金,收入}",
        "教育收费{,收入}",
    ),
    Sort.INCOME: ("本年收入", "{本年,当年}收入预算", "收入"),
    Sort.FUNDS: ("财政拨款{,收入,支出,资金,预算,小计}", "{本年,当年}{财政,}拨款", "本年财政拨款收入"),
    Sort.CARRYOVER: (
        "{上年,年初,年末,年终,以前年度}{,单位资金,非财政拨款}{结转,结转结余,结转和结余,结余}",
        "{单位资金,非财政拨款,}{结转结余,结转和结余}",
        "结转{资金,下年}",
        "上年结转{资金,收入}",
        "结余分配",
    ),
    Sort.CARRIED_FUNDS: ("{,上年,年初,年末,年终,以前年度}财政拨款{结转,结余,结转结余,结转和结余}",),
    Sort.CARRIED: ("基本支出结转{,和结余,结余}", "项目支出{结转和结余,结转结余,结转,结余}", "经营结余"),
    Sort.OUTLAY: (
        "本年支出",
        "支出{,数}",
        "{本年,当年}支出预算",
        "本年{一般公共预算,政府性基金预算,国有资本经营预算}{,基本}支出",
    ),
    Sort.AMOUNT: (
        "{本年,年初,上年,当年,全年,调整,年度,调整后}{预算,决算,执行}{,数}",
        "{,支出,收入,拨款}{预算,决算,执行}数",
        "结余{数,资金,金额}",
        "{,全年,实际}{执行数,支出数,完成数}",
        "{,预算,决算,采购,支出,资金,安排,合同,涉及,评价,下达}金额",
        "统计数",
        "{本年,上年}数",
        "资金规模",
        "{,项目}总投资{,额}",
        "{预算,采购,}单价",
        "{项目,合同}{总,}{金额,价}",
    ),
    Sort.BASIC: ("基本支出{,预算,决算}",),
    Sort.PROJECTS: ("项目支出{,预算,决算}",),
    Sort.EXPENDITURE: (
        "{,事业单位}经营支出",
        "上缴上级支出",
        "对附属单位{,的}补助支出",
        "其他支出",
        "事业支出",
        "结转下年支出",
    ),
    Sort.BASIC_PART: (
        "{人员,公用,日常公用}{经费,支出}",
        "{,机关}工资福利支出",
        "{,机关}商品和服务支出",
        "对个人和家庭{,的}补助{,支出}",
        "{,其他}资本性支出",
        "{,机关}资本性支出(一)",
        "债务利息及费用支出",
        "对企业补助",
        "对事业单位{经常性,资本性}补助",
    ),
    Sort.PROJECT_PART: ("扣除基建项目后预算数", "{,基建,特定目标类,部门预算}项目", "特定目标类", "其他运转类"),
    Sort.OFFICIAL_GROUP: ("{,财政拨款,一般公共预算,一般公共预算财政拨款}三公经费{,财政拨款,支出}",),
    Sort.OFFICIAL: (
        "因公出国{,(境)}{,费,费用,经费}",
        "公务接待{,费,费用,经费}",
        "{国内,国外,外事}{公务,}接待费",
        "{会议,培训}费",
    ),
    Sort.VEHICLE: ("公务用车购置{及,和}运行{,维护}{费,费用,经费}", "公务用车经费"),
    Sort.VEHICLE_PART: ("{,公务用车}购置{,费}", "公务用车购置费用"),
    Sort.RUNNING: ("{,公务用车}运行{,维护}{费,费用}",),
    Sort.RUNNING_PART: ("公务用车{加油,维修,保险,燃料,过路过桥}{,费}",),
    Sort.CHANGE: (
        "{,预算数,决算数,本年预算数,本年}{比,与,较}{,上年,年初}{执行数,预算数,决算数}{,相比,比较}{增减,增减情况,增减变化,}",
        "{比,较}上年{增减,增减情况,增减变化}",
        "增减{变化,变动}{,情况}",
    ),
    Sort.CHANGE_PART: ("增减{额,率,幅度,%,数,比例}", "增减", "{增长,下降}{率,%,额}", "{,变动}幅度"),
    Sort.OF_WHICH: ("其中", "其中:"),
    Sort.SHARE: (
        "{占比,占比%,比例,比重,百分比}",
        "{预算,}{完成,执行}率{,%}",
        "完成%",
        "占{总数,合计,总支出}{的,}{比例,比重,%}",
    ),
    Sort.COUNT: ("{,采购,购置}数量", "{人数,人次,户数,台数,辆数,批次}", "{编制,实有,在职,退休}{人,}{数,人数}"),
    Sort.SCORE: ("{分值,权重,满分,标准分}", "{,自评,评价,绩效,综合}{得分,分数,评分,总分}"),
    Sort.ASSET: (
        "{流动,无形,其他,受托代理}资产{,净值,原值}",
        "在建工程",
        "{对外,长期}投资{,及有价证券,/有价证券,、有价证券}",
        "公共基础设施",
        "政府储备物资",
    ),
    Sort.FIXED_ASSET: ("固定资产{,净值,原值}",),
    Sort.FIXED_ASSET_PART: (
        "{,土地、,土地}房屋{,构筑物,建筑物,及构筑物,及建筑物,和构筑物,和建筑物,、构筑物}",
        "单{价,位价值}{50,100,200}万{,元}{,(含)}以上{,的}{,大型,通用,专用,大型通用}设备",
        "{,大型,通用,专用}设备",
        "其他固定资产",
    ),
    Sort.CARS: ("{车辆,汽车,公务用车}{,数量}",),
    Sort.CAR: (
        "副部(省)级及以上领导用车",
        "主要{负责人,领导干部}用车",
        "机要通信{,和应急,、应急}{,保障}用车",
        "{应急保障,执法执勤,特种专业技术,一般公务,其他}用车",
        "离退休干部{,服务}用车",
    ),
    Sort.REST: ("其他", "其它"),
}

_HEADS: dict[Sort, dict[Sort, float]] = {
    Sort.INCOME: {Sort.FISCAL: 2, Sort.SOURCE: 2, Sort.FUNDS: 2, Sort.BASIC: 0.7, Sort.PROJECTS: 0.7, Sort.TOTAL: 0.5},
    Sort.FUNDS: {Sort.FISCAL: 2, Sort.BASIC: 1, Sort.PROJECTS: 1, Sort.TOTAL: 0.5},
    Sort.SOURCE: {Sort.BASIC: 1, Sort.PROJECTS: 1, Sort.SOURCE: 0.2, Sort.TOTAL: 0.3},
    Sort.CARRYOVER: {Sort.FISCAL: 1, Sort.SOURCE: 1, Sort.FUNDS: 1, Sort.CARRIED: 3, Sort.TOTAL: 0.5},
    Sort.CARRIED_FUNDS: {Sort.FISCAL: 2, Sort.CARRIED: 2, Sort.TOTAL: 0.5},
    Sort.OUTLAY: {
        **{Sort.BASIC: 2, Sort.PROJECTS: 2, Sort.EXPENDITURE: 2, Sort.FUNDS: 1, Sort.FISCAL: 1, Sort.SOURCE: 1},
        **{Sort.BASIC_PART: 1, Sort.TOTAL: 0.5},
    },
    Sort.AMOUNT: {
        **{Sort.BASIC: 1.5, Sort.PROJECTS: 1.5, Sort.EXPENDITURE: 1.5, Sort.FISCAL: 1, Sort.FUNDS: 1, Sort.SOURCE: 1},
        **{Sort.BASIC_PART: 1, Sort.OFFICIAL: 1, Sort.VEHICLE: 1, Sort.VEHICLE_PART: 0.3, Sort.TOTAL: 0.6},
    },
    Sort.FISCAL: {Sort.BASIC: 1.5, Sort.PROJECTS: 1.5, Sort.TOTAL: 0.5, Sort.BASIC_PART: 0.5},
    Sort.BASIC: {Sort.BASIC_PART: 3, Sort.TOTAL: 0.5},
    Sort.PROJECTS: {Sort.PROJECT_PART: 3, Sort.SUBTOTAL_OF_PROJECTS: 3, Sort.TOTAL: 0.4},
    Sort.OFFICIAL_GROUP: {Sort.OFFICIAL: 2, Sort.VEHICLE: 2, Sort.TOTAL: 0.5},
    Sort.VEHICLE: {Sort.VEHICLE_PART: 4, Sort.RUNNING: 4, Sort.TOTAL: 0.8},
    Sort.RUNNING: {Sort.RUNNING_PART: 3, Sort.TOTAL: 0.4, Sort.REST: 1},
    Sort.CHANGE: {Sort.CHANGE_PART: 3},
    Sort.CARS: {Sort.CAR: 3, Sort.TOTAL: 0.5},
    Sort.FIXED_ASSET: {Sort.FIXED_ASSET_PART: 3, Sort.CARS: 3, Sort.TOTAL: 0.5},
    Sort.OF_WHICH: {Sort.FISCAL: 1.5, Sort.SOURCE: 1.5, Sort.FUNDS: 1.5, Sort.EXPENDITURE: 1.5, Sort.BASIC: 1},
}
"""How surely one heading stands under another. Every heading may be split into 预算数 and 决算数."""

_WORDS_OF_SPLIT = (Sort.AMOUNT, Sort.CHANGE_PART, Sort.SHARE)

_NOISE = re.compile(r"\s|[“”\"'‘’＂]")
_YEAR = re.compile(r"((?:19|20)\d\d)年?(?:度)?")
_AMOUNT_OF_YEAR = re.compile(r"(?<=[\d年度])(?:预算|决算|安排|预算安排|计划)$")  # 2023年预算
_OF_WHICH = "其中:"
_UNIT_IN_BRACKETS = re.compile(
    r"\((?:单位[:：])?(?:人民币)?(百元|千元|万元|亿元|元|%|个|辆|台|台\(套\)|台/套|台套|人|人次|批次|次|分|套|项|件|户|间|家|批|场|名|平方米)\)$"
)
_BRACKETS = str.maketrans("（）％：", "()%:")

_BEFORE = re.compile(r"执行|上年")
_PERCENT_HEADING = re.compile(r"%|占比|比例|比重|完成率|执行率|增长率|幅度|增减率")


def _expand(pattern: str) -> Iterator[str]:
    start = pattern.find("{")
    if start < 0:
        yield pattern
        return
    end = pattern.find("}", start)
    for option in pattern[start + 1 : end].split(","):
        yield from _expand(pattern[:start] + option + pattern[end + 1 :])


_LABEL_WORDS = {word: role for role, patterns in _LABELS.items() for each in patterns for word in _expand(each) if word}
_FIGURE_WORDS = {
    word: sort for sort, patterns in reversed(_FIGURES.items()) for each in patterns for word in _expand(each) if word
}
_PREFIXES = frozenset(
    word[:length] for words in (_LABEL_WORDS, _FIGURE_WORDS) for word in words for length in range(1, len(word))
)


@lru_cache(maxsize=4096)
def normal(text: str) -> str:
    """A heading as it is compared: without white space, quotes, year and unit, brackets half-width."""
    plain = _NOISE.sub("", text).translate(_BRACKETS)
    named = _AMOUNT_OF_YEAR.sub("预算数", plain) if _YEAR.match(plain) else plain
    return _UNIT_IN_BRACKETS.sub("", _YEAR.sub("", named)) or plain


@lru_cache(maxsize=4096)
def role_of(text: str) -> Role | None:
    """What a column of labels under this heading holds; None where the heading is no label's."""
    return _LABEL_WORDS.get(normal(text))


@lru_cache(maxsize=4096)
def sort_of(text: str) -> Sort | None:
    """What a column of figures under this heading holds; None where the heading is no figure's."""
    word = normal(text)
    if word not in _FIGURE_WORDS and word.startswith(_OF_WHICH) and word[len(_OF_WHICH) :] in _FIGURE_WORDS:
        return Sort.OF_WHICH
    return _FIGURE_WORDS.get(word) or _FIGURE_WORDS.get(word.removeprefix("本年"))


@lru_cache(maxsize=4096)
def is_headword(text: str) -> bool:
    """True for a whole heading."""
    return normal(text) in _LABEL_WORDS or sort_of(text) is not None


def starts_headword(text: str) -> bool:
    """True for the beginning of a heading that the layout broke."""
    return normal(text) in _PREFIXES


def affinity(parent: str, child: str) -> float:
    """How surely a heading stands under another: 0 for not at all."""
    above, below = sort_of(parent), sort_of(child)
    if above is None or below is None:
        return 0.0
    if above is Sort.AMOUNT and _BEFORE.search(parent):
        return 0.5 * _HEADS[above].get(below, 0.0)
    if below is Sort.OF_WHICH and normal(child) not in _FIGURE_WORDS:  # 其中：教育收费
        fits = 2.0 if "事业" in parent and "教育收费" in child else 1.0
        return fits if above in _HEADS else 0.0
    if below in _WORDS_OF_SPLIT:
        return 0.6 if above not in _WORDS_OF_SPLIT or (above is Sort.CHANGE) else 0.0
    return _HEADS.get(above, {}).get(below, 0.0)


def year_of(text: str) -> int | None:
    """The year that a heading names; None where it names none or, to compare them, two."""
    years = set(_YEAR.findall(_NOISE.sub("", text)))
    return int(years.pop()) if len(years) == 1 else None


def is_total(text: str) -> bool:
    """True for 合计, 小计 and their like."""
    return sort_of(text) in (Sort.TOTAL, Sort.SUBTOTAL_OF_PROJECTS)


@lru_cache(maxsize=4096)
def unit_of(heading: str, table_unit: str | None) -> str | None:
    """What the figures of a column count: the unit its heading names, %, or the table's unit for money."""
    plain = _NOISE.sub("", heading).translate(_BRACKETS)
    for part in reversed(plain.split("/")):
        named = _UNIT_IN_BRACKETS.search(part)
        if named:
            return named.group(1)
        if _PERCENT_HEADING.search(part):
            return "%"
        sort = sort_of(part)
        if sort is Sort.SCORE:
            return "分"
        if sort is Sort.COUNT or role_of(part) in (Role.ORDINAL, Role.TARGET):
            return None
    return None if any(sort_of(part) is Sort.CAR for part in plain.split("/")) else table_unit
