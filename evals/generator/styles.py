"""Regional manners of saying the same things, as data: what a sentence looks like, how figures are printed."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Style:
    """One manner. Sentences are templates whose {names} are figures and words.

    `decimals` and `percent_decimals` are those of the narrative, `table_decimals` those of the tables; `fine`
    amounts go down to the fen and are rounded in the narrative.
    """

    name: str
    title: str
    total: str
    revenue_part: str
    expenditure_part: str
    structure_part: str
    item: str
    basic: str
    official: str
    official_item: str
    revenue: str = "{year}年度本年收入合计{amount}，{change}其中：{parts}。"
    expenditure: str = "{year}年度本年支出合计{amount}，{change}其中：{parts}。"
    structure: str = "{year}年度一般公共预算财政拨款支出{amount}，主要用于以下方面：{parts}。"
    personnel: str = "人员经费{amount}，主要包括：{parts}。"
    public: str = "公用经费{amount}，主要包括：{parts}。"
    operating: str = "{year}年度机关运行经费支出{amount}，{change}主要原因是办公费支出变化。"
    procurement: str = (
        "{year}年度政府采购支出总额{amount}，其中：政府采购货物支出{goods}、政府采购工程支出{works}、"
        "政府采购服务支出{services}。授予中小企业合同金额{sme}，占政府采购支出总额的{sme_share}，"
        "其中：授予小微企业合同金额{micro}，占政府采购支出总额的{micro_share}。"
    )
    assets: str = (
        "截至{as_of}，本部门共有车辆{vehicles}，其中：机要通信用车{first}、应急保障用车{second}、其他用车{third}。"
    )
    overview: str = (
        "评价项目{projects}，占部门项目总数的{all}，涉及金额{amount}。其中：简易程序的项目{first}，"
        "涉及金额{first_amount}；普通程序的项目{second}，涉及金额{second_amount}。"
    )
    decimals: int = 2
    percent_decimals: int = 2
    drop_zeros: bool = False
    fine: bool = False
    table_decimals: int = 2


HEADINGS = {
    "total": "一、收入支出决算总体情况说明",
    "revenue": "二、收入决算情况说明",
    "expenditure": "三、支出决算情况说明",
    "structure": "四、一般公共预算财政拨款支出决算结构情况",
    "items": "五、一般公共预算财政拨款支出决算具体情况",
    "basic": "六、一般公共预算财政拨款基本支出决算情况说明",
    "official": "七、财政拨款“三公”经费支出决算情况说明",
    "operating": "八、机关运行经费支出情况",
    "procurement": "九、政府采购支出情况",
    "assets": "十、国有资产占有使用情况",
    "performance": "十一、预算绩效管理情况",
}

STYLES: tuple[Style, ...] = (
    Style(
        name="capital",
        title="{body}{year}年度部门决算",
        total="{year}年度收、支总计{amount}，{change}",
        revenue_part="{label}{amount}，占收入合计的{share}",
        expenditure_part="{label}{amount}，占支出合计的{share}",
        structure_part="{label}{amount}，占本年财政拨款支出{share}",
        item="{number}.{class_name}（类）{section_name}（款）{item_name}（项）{year}年度决算{amount}，{change}",
        basic="{year}年度使用一般公共预算财政拨款安排基本支出{amount}，其中：",
        official="{year}年度“三公”经费财政拨款决算数{amount}，比{year}年年初预算数{budget}{down}{less}。其中：",
        official_item="{number}.{label}{year}年度决算数{amount}，比{prior_year}年度决算数{prior}{word}{delta}。",
        decimals=2,
        percent_decimals=2,
        drop_zeros=True,
        fine=True,
        table_decimals=6,
    ),
    Style(
        name="county",
        title="{year}年度{body}部门决算公开编制说明",
        total="{year}年度收入、支出总计均为{amount}。与{prior_year}年度相比，收入、支出总计各{word}{delta}，{rate_word}{rate}。",
        revenue_part="{label}{amount}，占{share}",
        expenditure_part="{label}{amount}，占{share}",
        structure_part="{label}{amount}，占{share}",
        item="{number}.{class_name}（类）{section_name}（款）{item_name}（项）：支出决算为{amount}，{change}",
        basic="{year}年度一般公共预算财政拨款基本支出{amount}，其中：",
        official="{year}年度“三公”经费财政拨款支出决算为{amount}，比年初预算{budget}{down}{less}。具体为：",
        official_item="{number}.{label}支出{amount}，比{prior_year}年度支出{prior}{word}{delta}。",
        percent_decimals=1,
        table_decimals=2,
    ),
    Style(
        name="city",
        title="{body}{year}年度部门决算",
        total="{year}年度收入总计{amount}、支出总计{amount_again}。与{prior_year}年度相比，收、支总计各{word}{delta}，{rate_word}{rate}。",
        revenue_part="{label}{amount}，占{share}",
        expenditure_part="{label}{amount}，占{share}",
        structure_part="{label}（类）{amount}，占{share}",
        item="{number}.{class_name}（类）{section_name}（款）{item_name}（项）。年初预算为{initial}，支出决算为{amount}，完成年初预算的{completion}。",
        basic="{year}年度一般公共预算财政拨款基本支出{amount}，其中：",
        official="{year}年度“三公”经费财政拨款支出决算为{amount}，比年初预算{budget}{down}{less}。其中：",
        official_item="{number}.{label}支出决算为{amount}，比{prior_year}年度{prior}{word}{delta}。",
        table_decimals=2,
    ),
)
