"""A department's year as a consistent graph of amounts: everything that a disclosure prints can be told from it.

Amounts are exact, in yuan; all names are invented or those of the official classification.
"""

import random
from dataclasses import dataclass, field
from decimal import Decimal

ITEMS: tuple[tuple[str, str, str, str], ...] = (
    ("2010301", "一般公共服务支出", "政府办公厅（室）及相关机构事务", "行政运行"),
    ("2010302", "一般公共服务支出", "政府办公厅（室）及相关机构事务", "一般行政管理事务"),
    ("2050803", "教育支出", "进修及培训", "培训支出"),
    ("2060101", "科学技术支出", "科学技术管理事务", "行政运行"),
    ("2060702", "科学技术支出", "科学技术普及", "科普活动"),
    ("2070104", "文化旅游体育与传媒支出", "文化和旅游", "图书馆"),
    ("2070109", "文化旅游体育与传媒支出", "文化和旅游", "群众文化"),
    ("2080501", "社会保障和就业支出", "行政事业单位养老支出", "行政单位离退休"),
    ("2080505", "社会保障和就业支出", "行政事业单位养老支出", "机关事业单位基本养老保险缴费支出"),
    ("2080506", "社会保障和就业支出", "行政事业单位养老支出", "机关事业单位职业年金缴费支出"),
    ("2101101", "卫生健康支出", "行政事业单位医疗", "行政单位医疗"),
    ("2101103", "卫生健康支出", "行政事业单位医疗", "公务员医疗补助"),
    ("2120101", "城乡社区支出", "城乡社区管理事务", "行政运行"),
    ("2130104", "农林水支出", "农业农村", "事业运行"),
    ("2130306", "农林水支出", "水利", "水利工程运行与维护"),
    ("2140106", "交通运输支出", "公路水路运输", "公路养护"),
    ("2210201", "住房保障支出", "住房改革支出", "住房公积金"),
    ("2210203", "住房保障支出", "住房改革支出", "购房补贴"),
)
"""Functional items that departments spend on: code, 类, 款, 项."""

ECONOMIC_CODES = {
    "基本工资": "30101",
    "津贴补贴": "30102",
    "奖金": "30103",
    "绩效工资": "30107",
    "机关事业单位基本养老保险缴费": "30108",
    "职业年金缴费": "30109",
    "住房公积金": "30113",
    "办公费": "30201",
    "印刷费": "30202",
    "水费": "30205",
    "电费": "30206",
    "邮电费": "30207",
    "差旅费": "30211",
    "工会经费": "30228",
    "福利费": "30229",
    "其他交通费用": "30239",
}
"""Economic items of basic expenditure, personnel before public funds."""
PERSONNEL = tuple(name for name, code in ECONOMIC_CODES.items() if code.startswith("301"))
PUBLIC = tuple(name for name, code in ECONOMIC_CODES.items() if code.startswith("302"))
DIMENSIONS = (("项目决策", 10), ("项目过程", 20), ("项目产出", 40), ("项目效益", 30))
_BODIES = ("水务局", "文化和旅游局", "农业农村局", "交通运输局", "科学技术局", "城市管理局", "档案馆", "统计局")
_PLACES = ("清川区", "临湖县", "云岭市", "望江区", "南屏县", "青禾市")

YUAN = Decimal("0.01")


@dataclass(frozen=True)
class Line:
    """One functional item: what was spent on it as basic and as project expenditure, and its initial budget."""

    code: str
    class_name: str
    section_name: str
    item_name: str
    basic: Decimal
    project: Decimal
    initial: Decimal

    @property
    def amount(self) -> Decimal:
        """Everything spent on the item."""
        return self.basic + self.project


@dataclass(frozen=True)
class Official:
    """The three public expenses of one year."""

    abroad: Decimal
    purchase: Decimal
    operation: Decimal
    reception: Decimal

    @property
    def vehicle(self) -> Decimal:
        """Purchase and running of vehicles."""
        return self.purchase + self.operation

    @property
    def total(self) -> Decimal:
        """All items."""
        return self.abroad + self.vehicle + self.reception


@dataclass(frozen=True)
class Accounts:
    """One department's year."""

    body: str
    year: int
    lines: tuple[Line, ...]
    other_income: Decimal
    opening: Decimal
    closing: Decimal
    prior_total: Decimal
    prior_revenue: Decimal
    prior_expenditure: Decimal
    personnel: dict[str, Decimal]
    public: dict[str, Decimal]
    official: Official
    official_prior: Official
    official_budget: Official
    vehicles: tuple[int, int, int]
    operating_prior: Decimal
    procurement: tuple[Decimal, Decimal, Decimal]
    sme: Decimal
    micro: Decimal
    projects: tuple[int, int]
    evaluated: tuple[Decimal, Decimal]
    scores: tuple[Decimal, ...] = field(default=())

    @property
    def expenditure(self) -> Decimal:
        """General public expenditure, which is all that the department spends."""
        return sum((line.amount for line in self.lines), Decimal(0))

    @property
    def basic(self) -> Decimal:
        """Basic expenditure."""
        return sum((line.basic for line in self.lines), Decimal(0))

    @property
    def project(self) -> Decimal:
        """Project expenditure."""
        return sum((line.project for line in self.lines), Decimal(0))

    @property
    def revenue(self) -> Decimal:
        """Income of the year: what is spent and carried over, less what was carried over before."""
        return self.expenditure + self.closing - self.opening

    @property
    def total(self) -> Decimal:
        """The balanced total of both sides."""
        return self.revenue + self.opening

    @property
    def classes(self) -> dict[str, Decimal]:
        """Expenditure by class, in the order of the codes."""
        found: dict[str, Decimal] = {}
        for line in self.lines:
            found[line.class_name] = found.get(line.class_name, Decimal(0)) + line.amount
        return found


def draw(rng: random.Random, fine: bool) -> Accounts:
    """A department's year; `fine` amounts go down to the fen, others are whole hundreds of yuan (two decimals
    of 万元), so that nothing printed needs rounding."""
    lines = _lines(rng, fine)
    basic = sum((line.basic for line in lines), Decimal(0))
    project = sum((line.project for line in lines), Decimal(0))
    total = basic + project
    public_total = _round(basic * Decimal(rng.randint(8, 20)) / 100, fine)
    closing = _amount(rng, 1, 90, fine) if rng.random() < 0.5 else Decimal(0)
    opening = _amount(rng, 1, 60, fine) if rng.random() < 0.5 else Decimal(0)
    official = _official(rng, fine)
    first, second = rng.randint(3, 30), rng.randint(1, 3)
    evaluated = _round(project * Decimal(rng.randint(55, 95)) / 100, fine)
    goods, works, services = (_amount(rng, 5, 400, fine) for _ in range(3))
    sme = _round((goods + works + services) * Decimal(rng.randint(50, 95)) / 100, fine)
    return Accounts(
        body=rng.choice(_PLACES) + rng.choice(_BODIES),
        year=rng.randint(2019, 2024),
        lines=lines,
        other_income=Decimal(0),
        opening=opening,
        closing=closing,
        prior_total=_near(rng, total + closing, fine),
        prior_revenue=_near(rng, total, fine),
        prior_expenditure=_near(rng, total, fine),
        personnel=_parts(rng, basic - public_total, PERSONNEL, fine),
        public=_parts(rng, public_total, PUBLIC, fine),
        official=official,
        official_prior=_official(rng, fine),
        official_budget=_budget_of(rng, official, fine),
        vehicles=(rng.randint(1, 4), rng.randint(1, 5), rng.randint(1, 6)),
        operating_prior=_near(rng, public_total, fine),
        procurement=(goods, works, services),
        sme=sme,
        micro=_round(sme * Decimal(rng.randint(30, 98)) / 100, fine),
        projects=(first, second),
        evaluated=(evaluated, project - evaluated),
        scores=tuple(_score(rng, full) for _, full in DIMENSIONS),
    )


def _lines(rng: random.Random, fine: bool) -> tuple[Line, ...]:
    chosen = sorted(rng.sample(range(len(ITEMS)), rng.randint(6, 11)))
    lines = []
    for index in chosen:
        code, class_name, section_name, item_name = ITEMS[index]
        social = code[:3] in ("208", "210", "221") or item_name in ("行政运行", "事业运行")
        basic = _amount(rng, 12, 900, fine) if social else Decimal(0)
        project = Decimal(0) if social else _amount(rng, 20, 2600, fine)
        lines.append(Line(code, class_name, section_name, item_name, basic, project, _near(rng, basic + project, fine)))
    if not any(line.project for line in lines):
        code, class_name, section_name, item_name = ITEMS[1]
        lines.insert(
            0, Line(code, class_name, section_name, item_name, Decimal(0), _amount(rng, 90, 800, fine), Decimal(10**6))
        )
    return tuple(sorted(lines, key=lambda line: line.code))


def _amount(rng: random.Random, low: int, high: int, fine: bool) -> Decimal:
    """An amount between so many 万元, with digits to its last place."""
    return _round(Decimal(rng.randint(low * 10**6, high * 10**6)) / 100, fine)


def _round(yuan: Decimal, fine: bool) -> Decimal:
    return yuan.quantize(YUAN) if fine else (yuan / 100).quantize(Decimal(1)) * 100


def _near(rng: random.Random, yuan: Decimal, fine: bool) -> Decimal:
    """An earlier or planned amount, some percent away."""
    share = Decimal(rng.choice([-1, 1]) * rng.randint(15, 300)) / 1000
    return _round(yuan * (1 + share), fine)


def _parts(rng: random.Random, total: Decimal, names: tuple[str, ...], fine: bool) -> dict[str, Decimal]:
    """A total cut into named parts that make it up."""
    weights = [rng.randint(2, 30) for _ in names]
    parts = [_round(total * weight / sum(weights), fine) for weight in weights[:-1]]
    return dict(zip(names, [*parts, total - sum(parts, Decimal(0))], strict=True))


def _official(rng: random.Random, fine: bool) -> Official:
    abroad = _amount(rng, 2, 9, fine) if rng.random() < 0.3 else Decimal(0)
    purchase = _amount(rng, 12, 25, fine) if rng.random() < 0.3 else Decimal(0)
    return Official(abroad, purchase, _amount(rng, 3, 18, fine), _amount(rng, 1, 4, fine))


def _budget_of(rng: random.Random, spent: Official, fine: bool) -> Official:
    """A budget that was not exceeded."""

    def above(amount: Decimal) -> Decimal:
        return _round(amount * (1 + Decimal(rng.randint(1, 40)) / 100), fine)

    return Official(above(spent.abroad), above(spent.purchase), above(spent.operation), above(spent.reception))


def _score(rng: random.Random, full: int) -> Decimal:
    return Decimal(full) - Decimal(rng.randint(5, full * 12)) / 100
