"""Tables in the manner of several provinces with invented figures that add up, some of them blank.

A form is its caption, its rows of headings (cells parted by `|`) and what makes its rows.
"""

import random
from collections.abc import Callable, Sequence

from planted_tables import printed

from evals.fixtures.markup import Table


class Figures:
    """Invented amounts in hundredths; with `blanks` some are nought, which is printed as nothing."""

    def __init__(self, seed: int, blanks: bool) -> None:
        self._random = random.Random(seed)
        self._blanks = blanks

    def __call__(self, blank: float = 0.4) -> int:
        """An amount, nought with the given chance."""
        if self._blanks and self._random.random() < blank:
            return 0
        return self._random.randrange(100, 10 ** self._random.randrange(4, 8))

    def some(self, *blank: float) -> list[int]:
        """Several amounts."""
        return [self(chance) for chance in blank]


Row = Sequence[str]
Rows = list[list[str]]
Form = tuple[str, Sequence[str], Callable[[Figures], Rows]]

_RECEIPTS = ("一、一般公共预算拨款收入", "二、政府性基金预算拨款收入", "三、国有资本经营预算拨款收入", "四、事业收入")
_BY_FUNCTION = ("一、一般公共服务支出", "二、公共安全支出", "三、教育支出", "四、科学技术支出", "五、卫生健康支出")
_BY_CLASS = ("一、工资福利支出", "二、商品和服务支出", "三、对个人和家庭的补助")
_BY_KIND = ("一、基本支出", "二、项目支出", "三、上缴上级支出")
_BARE = ("工资福利支出", "商品和服务支出", "对个人和家庭的补助")
_CODES = (
    (
        "208",
        "社会保障和就业支出",
        "20805",
        "行政事业单位养老支出",
        ("机关事业单位基本养老保险缴费支出", "职业年金缴费支出"),
    ),
    ("221", "住房保障支出", "22102", "住房改革支出", ("住房公积金", "购房补贴")),
)


def show(*amounts: int) -> list[str]:
    """Amounts as printed, those below nought with a sign."""
    return [printed(each, True) if each >= 0 else f"-{printed(-each, True)}" for each in amounts]


def sides(*lists: tuple[Row, str, int]) -> Callable[[Figures], Rows]:
    """Lists of names side by side with so many columns of amounts each, and their totals."""

    def rows(figures: Figures) -> Rows:
        amounts = [[figures.some(*[0.4] * columns) for _ in names] for names, _, columns in lists]
        found: Rows = []
        for at in range(max(len(names) for names, _, _ in lists)):
            row: list[str] = []
            for (names, _, columns), each in zip(lists, amounts, strict=True):
                row += [names[at], *show(*each[at])] if at < len(names) else [""] * (columns + 1)
            found.append(row)
        last: list[str] = []
        for (_, total, _), each in zip(lists, amounts, strict=True):
            last += [total, *show(*(sum(column) for column in zip(*each, strict=True)))]
        return [*found, last]

    return rows


def coded(cells: Callable[[list[int]], list[int]], *blank: float) -> Callable[[Figures], Rows]:
    """Rows of 类, 款 and 项 that add up; `cells` makes the columns of the amounts drawn for a 项."""

    def rows(figures: Figures) -> Rows:
        found: Rows = []
        whole = [0] * len(blank)
        for code, name, section, section_name, items in _CODES:
            drawn = [[each or 100 for each in figures.some(*blank)[:1]] + figures.some(*blank)[1:] for _ in items]
            total = [sum(column) for column in zip(*drawn, strict=True)]
            whole = [sum(pair) for pair in zip(whole, total, strict=True)]
            found += [[code, name, *show(*cells(total))], [section, section_name, *show(*cells(total))]]
            for number, (item, each) in enumerate(zip(items, drawn, strict=True), 1):
                found.append([f"{section}{number:02d}", item, *show(*cells(each))])
        return [["合计", "<", *show(*cells(whole))], *found]

    return rows


def listed(names: Sequence[Row], cells: Callable[[list[int]], list[str]], *blank: float) -> Callable[[Figures], Rows]:
    """A row for each of the given words."""
    return lambda figures: [[*words, *cells(figures.some(*blank))] for words in names]


def _official(a: list[int]) -> list[int]:
    return [sum(a), a[0], a[1] + a[2], a[1], a[2], a[3]]


def _evaluated(a: list[int]) -> list[str]:
    return [*show(a[0], a[0] * 9 // 10), "90.00%", f"{80 + a[0] % 20}.5", "优"]


def _indicated(money: int) -> Callable[[Figures], Rows]:
    def rows(figures: Figures) -> Rows:
        found: Rows = []
        for name in ("河道清淤工程", "水库除险加固"):
            amounts = figures.some(0, 0.5)
            cells = [sum(amounts), *amounts] if money > 1 else amounts[:1]
            found.append([name, *show(*cells), "产出指标", "数量指标", "清淤长度", "≥12.5公里"])
            found.append(["^"] * (1 + money) + ["产出指标", "质量指标", "验收合格率", "100%"])
            found.append(["^"] * (1 + money) + ["满意度指标", "服务对象满意度指标", "群众满意度", "≥90%"])
        return found

    return rows


_IN, _OUT = (_RECEIPTS, "本年收入合计", 1), (_BY_FUNCTION, "本年支出合计", 1)
_PROJECTS = (("乡村道路维修项目",), ("老旧小区改造项目",), ("学生营养改善计划",))
_TRIPLE = "公务用车购置及运行费|<|<"

FORMS: dict[str, Form] = {
    "sides": ("部门收支总表", ("收入|<|支出|<", "项目|预算数|按功能分类|预算数"), sides(_IN, _OUT)),
    "sides without titles": ("部门收支预算总表", ("收入项目|预算数|支出项目|预算数",), sides(_IN, _OUT)),
    "sides that head their names": ("收支预算总表", ("收入|预算数|支出|预算数",), sides(_IN, _OUT)),
    "three lists below two titles": (
        "部门收支总体情况表",
        ("收入|<|支出|<|<|<", "项目|预算数|支出功能分类科目|预算数|支出经济分类科目|预算数"),
        sides(_IN, _OUT, (_BY_CLASS, "本年支出合计", 1)),
    ),
    "three lists below three titles": (
        "预算收支总表",
        ("收入|<|支出（按支出功能分类科目）|<|支出（按支出性质）|<", "项目|2023年预算|项目|2023年预算|项目|2023年预算"),
        sides(_IN, _OUT, (_BY_KIND, "本年支出合计", 1)),
    ),
    "two lists of expenditure": (
        "部门支出总表",
        ("支出（按经济分类）|<|支出（按功能分类）|<", "项目|预算数|项目|预算数"),
        sides((_BARE, "支出合计", 1), (_BY_FUNCTION, "支出合计", 1)),
    ),
    "sides of two and one columns": (
        "部门收支预算总表",
        ("收入|<|<|支出|<", "项目|上年预算数|本年预算数|项目|本年预算数"),
        sides((_RECEIPTS, "收入总计", 2), (_BY_FUNCTION, "支出总计", 1)),
    ),
    "the later of two years in parts": (
        "一般公共预算支出表",
        ("功能分类科目|<|2023年预算数|2024年预算数|<|<", "科目编码|科目名称|^|合计|基本支出|项目支出"),
        coded(lambda a: [a[0], a[1] + a[2], a[1], a[2]], 0.2, 0.4, 0.4),
    ),
    "the later of two years in parts, first": (
        "一般公共预算支出预算表",
        ("科目编码|科目名称|2024年预算数|<|<|2023年预算数", "^|^|小计|基本支出|项目支出|^"),
        coded(lambda a: [a[1] + a[2], a[1], a[2], a[0]], 0.2, 0.4, 0.4),
    ),
    "two years compared": (
        "一般公共预算支出情况表",
        ("科目编码|科目名称|2023年预算数|2024年预算数|<|<|增减额", "^|^|^|小计|基本支出|项目支出|^"),
        coded(lambda a: [a[0], a[1] + a[2], a[1], a[2], a[1] + a[2] - a[0]], 0.2, 0.4, 0.4),
    ),
    "two years with the same parts": (
        "一般公共预算财政拨款支出预算表",
        ("科目编码|科目名称|2023年预算数|<|<|2024年预算数|<|<", "^|^|小计|基本支出|项目支出|小计|基本支出|项目支出"),
        coded(lambda a: [a[0] + a[1], a[0], a[1], a[2] + a[3], a[2], a[3]], 0.4, 0.4, 0.4, 0.4),
    ),
    "income and its part": (
        "收入决算表",
        (
            "项目|<|本年收入合计|财政拨款收入|上级补助收入|事业收入|<|其他收入",
            "科目编码|科目名称|^|^|^|小计|其中：教育收费|^",
        ),
        coded(lambda a: [sum(a[:2]) + a[3], a[0], a[1], 0, 0, a[3]], 0.1, 0.7, 0, 0.5),
    ),
    "a fund's balance": (
        "政府性基金预算财政拨款收入支出决算表",
        (
            "项目|<|年初结转和结余|本年收入|本年支出|<|<|年末结转和结余",
            "科目编码|科目名称|^|^|小计|基本支出|项目支出|^",
        ),
        coded(lambda a: [a[0], sum(a[1:]) - a[0], a[1] + a[2], a[1], a[2], a[3]], 0.6, 0.9, 0.2, 0.6),
    ),
    "official expense of two stages": (
        "一般公共预算财政拨款“三公”经费支出决算表",
        (
            "预算数|<|<|<|<|<|决算数|<|<|<|<|<",
            f"合计|因公出国（境）费|{_TRIPLE}|公务接待费|合计|因公出国（境）费|{_TRIPLE}|公务接待费",
            "^|^|小计|公务用车购置费|公务用车运行费|^|^|^|小计|公务用车购置费|公务用车运行费|^",
        ),
        listed([()], lambda a: show(*_official(a[:4]), *_official(a[4:])), *[0.5] * 8),
    ),
    "official expense by item": (
        "“三公”经费预算表",
        ("项目|2023年预算数|2024年预算数|增减额",),
        listed(
            [("因公出国（境）费",), ("公务接待费",), ("公务用车购置费",), ("公务用车运行维护费",)],
            lambda a: show(a[0], a[1], a[1] - a[0]),
            *(0.5, 0.5),
        ),
    ),
    "assets": (
        "国有资产占有使用情况表",
        (
            "项目|行次|资产总额|流动资产|固定资产|<|<|<|在建工程|无形资产",
            "^|^|^|^|小计|房屋构筑物|汽车|其他固定资产|^|^",
        ),
        listed([("合计", "1")], lambda a: show(sum(a), a[0], sum(a[1:4]), *a[1:]), *(0.1, 0.1, 0.1, 0.5, 0.6, 0.4)),
    ),
    "cars": (
        "国有资产占用情况表",
        ("单位名称|车辆（辆）|<|<|<|单价100万元以上设备（台/套）", "^|小计|主要负责人用车|机要通信用车|其他用车|^"),
        listed([("县水务局",), ("县水文站",)], lambda a: ["9", "2", "3", "4", str(a[0] % 9 + 1)], 0),
    ),
    "parts under no known name": (
        "乡镇补助资金分配表",
        ("乡镇|补助资金|<|<|<", "^|小计|道路养护|垃圾清运|河道保洁"),
        listed([("城关镇",), ("河西镇",), ("东山乡",)], lambda a: show(sum(a), *a), 0.1, 0.1, 0.3),
    ),
    "projects evaluated": (
        "2023年度部门项目支出绩效自评结果汇总表",
        ("项目名称|全年预算数|全年执行数|预算执行率|自评分数|自评等级",),
        listed(_PROJECTS, _evaluated, 0),
    ),
    "projects evaluated, no table by name": (
        "2023年度项目支出绩效自评结果",
        ("项目名称|预算数|执行数|执行率|得分|等级",),
        listed(_PROJECTS, _evaluated, 0),
    ),
    "projects evaluated, with what was found": (
        "部门重点项目绩效评价结果",
        ("评价项目|涉及金额|评价得分|评价等次|存在问题",),
        listed(_PROJECTS, lambda a: [*show(a[0]), f"{80 + a[0] % 20}.5", "良", "无"], 0),
    ),
    "projects with their year": (
        "项目支出明细表",
        ("项目名称|年度|合计|中央资金|省级资金|县级资金|备注",),
        listed([(*each, "2023") for each in _PROJECTS], lambda a: [*show(sum(a), *a), "新建"], 0.1, 0.6, 0.6),
    ),
    "columns under no known name between others": (
        "收入总体情况表",
        ("科目编码|科目名称|收入总计|财政拨款收入|代管资金收入|捐赠款|上年结转结余",),
        coded(lambda a: [sum(a), *a], 0.1, 0.6, 0.6, 0.6),
    ),
    "guests": (
        "公务接待费支出情况表",
        ("项目|批次（批）|人数（人次）|金额（万元）",),
        listed([("国内公务接待",), ("外事接待",)], lambda a: ["25", "438", *show(a[0])], 0),
    ),
    "projects over years": (
        "项目支出预算表",
        ("项目名称|实施期限|项目总投资|2022年安排|2023年安排",),
        listed([(*each, "2022-2023年") for each in _PROJECTS], lambda a: show(sum(a), *a), 0.1, 0.3),
    ),
    "projects with units": (
        "项目支出表",
        ("类型|项目名称|项目单位|合计|本年拨款|<|单位资金", "^|^|^|^|一般公共预算|政府性基金预算|^"),
        lambda figures: [
            *listed([("其他运转类", *each, "县住建局") for each in _PROJECTS], lambda a: show(sum(a), *a), *[0.6] * 3)(
                figures
            ),
            ["合计", "<", "<", *show(3000, 1000, 1000, 1000)],
        ],
    ),
    "procurement": (
        "政府采购预算表",
        ("项目名称|采购目录编码|采购类别|采购金额|<|<", "^|^|^|合计|财政拨款|单位资金"),
        listed(
            [("复印纸", "A05040101", "货物类"), ("物业管理服务", "C21040000", "服务类")],
            lambda a: show(sum(a), *a),
            *(0.1, 0.6),
        ),
    ),
    "running costs": (
        "机关运行经费支出情况表",
        ("经济科目|预算数|决算数|备注",),
        listed([("办公费",), ("水费",), ("电费",), ("差旅费",)], lambda a: [*show(*a), ""], 0.5, 0.5),
    ),
    "indicators beside money": (
        "重点项目支出绩效目标表",
        ("项目名称|预算金额|一级指标|二级指标|三级指标|指标值",),
        _indicated(1),
    ),
    "indicators beside money of two sources": (
        "项目支出绩效目标表",
        ("项目名称|预算金额|<|<|一级指标|二级指标|三级指标|指标值", "^|合计|财政拨款|其他资金|^|^|^|^"),
        _indicated(3),
    ),
}


def regional_table(form: str, seed: int, blanks: bool) -> Table:
    """A table of the given form."""
    caption, head, rows = FORMS[form]
    words = [tuple(line.split("|")) for line in head]
    return Table(caption, (*words, *(tuple(row) for row in rows(Figures(seed, blanks)))), len(head), unit="单位：万元")
