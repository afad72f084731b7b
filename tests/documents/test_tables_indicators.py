"""Performance indicators: their words joined over lines and pages, each under its project."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st
from planted_tables import as_cells, read, read_lines

from evals.fixtures.markup import Table

Words = dict[str, str]

_FIELDS = ("level1", "level2", "level3", "nature", "target", "unit", "direction")
_LEVELS = (
    *(("产出指标", "数量指标"), ("产出指标", "质量指标"), ("产出指标", "时效指标"), ("产出指标", "成本指标")),
    *(("效益指标", "社会效益指标"), ("效益指标", "可持续影响指标"), ("满意度指标", "服务对象满意度指标")),
)
_NAMES = (
    "培训次数",
    "线路全年正常使用率",
    "加强中小企业公共服务平台建设，组织各平台、基地窗口推荐企业参加活动",
    "2022年底支付尾款",
    "完成时限",
)
_VALUES = (
    ("≥", "95", "%"),
    ("≤", "29.5", "万元"),
    ("＝", "1", "次/年"),
    ("定性", "优良中低差", None),
    ("＝", "2", "台（套）"),
)
_HEAD = """单位名称 项目名称 项目类别 项目责任人
项目责任人
电话
项目总额
其中：
绩效目标 一级指标 二级指标 三级指标 绩效指标性质 本年绩效指标值 绩效度量单位 指标方向性
财政资金 其他资金
"""


def found(text: str) -> list[Words]:
    return [
        {field: printed.text for field, printed in indicator.words.items()}
        for table in read_lines(text)
        for indicator in table.indicators
    ]


def _broken(words: str, width: int) -> str:
    return "\n".join(words[at : at + width] for at in range(0, len(words), width))


def _performance_table(seed: int) -> tuple[str, list[Words], list[str]]:
    """项目支出绩效表 as a text export prints it, projects continued on the next page; its indicators, its projects."""
    random_ = random.Random(seed)
    lines = ["预算13表 项目支出绩效表", "金额单位：万元", _HEAD.rstrip()]
    planted: list[Words] = []
    projects: list[str] = []
    for number in range(random_.randrange(1, 5)):
        code, name = (
            f"11010122T0000003995{number:02d}",
            f"{'某区信息化运行维护和安全保障'[: random_.randrange(6, 15)]}项目{number}",
        )
        project = [
            *(["025001-北京市某某\n区科学技术和信息化\n局本级"] if number == 0 else []),
            f"{_broken(f'{code}-{name}', random_.randrange(17, 22))}",
            f"31-部门项目 {(amount := f'{random_.randrange(1, 10**8) / 10**6:.6f}')} {amount}",
            _broken("目标1：完成全区年度培训3次，提升服务水平；目标2：保障运行。", 7),
        ]
        lines += project
        projects.append(name)
        for index in range(random_.randrange(1, 8)):
            if index and random_.random() < 0.3:
                lines += ["\f" + _HEAD.rstrip(), "025001-北京市某某\n区科学技术和信息化\n局本级", *project[-3:]]
            level1, level2 = random_.choice(_LEVELS)
            label, (nature, target, unit) = random_.choice(_NAMES), random_.choice(_VALUES)
            values = " ".join(filter(None, (nature, target, unit, "正向指标")))
            if len(label) > 8:
                lines += [f"{level1} {level2}", _broken(label, 7), values]
            elif len(level2) > 7:
                lines += [level1, _broken(level2, 7), f"{label} {values}"]
            else:
                lines += [f"{level1} {level2} {label} {values}"]
            row = dict(zip(_FIELDS, (level1, level2, label, nature, target, unit, "正向指标"), strict=True))
            planted.append({"project": name, "project_code": code, **{k: v for k, v in row.items() if v}})
    return "\n".join(lines) + "\n", planted, projects


@settings(deadline=None, max_examples=80)
@given(seed=st.integers(0, 10**6))
def test_every_planted_indicator_comes_back_once(seed: int) -> None:
    text, planted, projects = _performance_table(seed)
    assert found(text) == planted
    (table,) = read_lines(text)
    assert [row.name for row in table.rows] == projects


def test_levels_that_are_printed_once_go_on() -> None:
    text = """2024年项目支出绩效目标表
金额单位：万元
项目名称 农村公路养护补助
项目资金 年度资金总额 120.00
一级指标 二级指标 三级指标 指标值
产出指标 数量指标 养护里程 ≥120公里
质量指标 养护合格率 ≥95%
效益指标 社会效益指标 保障群众安
全出行 效果明显
"""
    project = {"project": "农村公路养护补助"}
    assert found(text) == [
        {
            **project,
            "level1": "产出指标",
            "level2": "数量指标",
            "level3": "养护里程",
            "nature": "≥",
            "target": "120公里",
        },
        {**project, "level1": "产出指标", "level2": "质量指标", "level3": "养护合格率", "nature": "≥", "target": "95%"},
        {**project, "level1": "效益指标", "level2": "社会效益指标", "level3": "保障群众安全出行", "target": "效果明显"},
    ]


def test_a_self_evaluation_with_results_and_points() -> None:
    text = """项目支出绩效自评表
金额单位：万元
项目名称 智慧校园建设
年初预算数 全年预算数 全年执行数 分值 执行率 得分
年度资金总额 100.00 100.00 95.00 10 95.00% 9.50
一级指标 二级指标 三级指标 年度指标值 实际完成值 分值 得分 偏差原因分析及改进措施
产出指标 数量指标 建设教室 ≥20间 22间 20 20
效益指标 社会效益指标 教学质量 提升 提升 30 28 无
"""
    assert [(each["level3"], each["target"]) for each in found(text)] == [("建设教室", "20间"), ("教学质量", "提升")]
    (table,) = read_lines(text)
    units = {row.name: [(c.column, c.text, c.unit) for c in row.cells if c.value is not None] for row in table.rows}
    assert units["年度资金总额"][3:] == [("分值", "10", "分"), ("执行率", "95.00%", "%"), ("得分", "9.50", "分")]
    assert units["教学质量"] == [("分值", "30", "分"), ("得分", "28", "分")]


def test_a_form_of_known_cells() -> None:
    form = Table(
        "项目支出绩效目标表",
        (
            ("项目名称", "社区养老服务补贴", "<", "<"),
            ("项目资金（万元）", "年度资金总额：", "<", "86.50"),
            ("^", "其中：财政拨款", "<", "86.50"),
            ("一级指标", "二级指标", "三级指标", "指标值"),
            ("产出指标", "数量指标", "服务老人", "≥300人"),
            ("^", "质量指标", "补贴发放准确率", "＝100%"),
            ("满意度指标", "服务对象满意度指标", "老人满意度", "≥90%"),
        ),
        0,
        unit="（2024年度）",
    )
    document, _ = as_cells([form])
    (table,) = read(document)
    words = [{field: printed.text for field, printed in each.words.items()} for each in table.indicators]
    assert [(each["level1"], each["level2"], each["level3"], each["nature"], each["target"]) for each in words] == [
        ("产出指标", "数量指标", "服务老人", "≥", "300人"),
        ("产出指标", "质量指标", "补贴发放准确率", "＝", "100%"),
        ("满意度指标", "服务对象满意度指标", "老人满意度", "≥", "90%"),
    ]
    assert {each["project"] for each in words} == {"社区养老服务补贴"}
    assert [(row.name, cell.text) for row in table.rows for cell in row.cells if cell.value is not None] == [
        ("年度资金总额：", "86.50"),
        ("其中：财政拨款", "86.50"),
    ]


def test_levels_without_the_word_and_columns_behind_the_unit() -> None:
    text = """项目支出绩效目标表
项目名称 绩效目标 一级指标 二级指标 三级指标 指标性质 指标值 度量单位 指标属性 指标内容
某县图书馆 完成全年阅读推广任务
产出指标 数量指标 培训场次 ≥ 12 场 定量指标 全年举办
效益指标 社会效益 读者到馆人次 ≥ 30000 人次 定量指标 按月统计
满意度指标 服务对象满意度 读者满意度 ≥ 90 % 定量指标 抽样调查
"""
    assert all("project" not in each for each in found(text))
    assert [(each["level2"], each["level3"], each["target"], each["unit"]) for each in found(text)] == [
        ("数量指标", "培训场次", "12", "场"),
        ("社会效益", "读者到馆人次", "30000", "人次"),
        ("服务对象满意度", "读者满意度", "90", "%"),
    ]
