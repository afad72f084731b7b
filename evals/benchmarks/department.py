"""A large department's final account: sixty pages, some 5,000 quantities, most of them cells of its tables.

Names are those of the official classification or invented; every sum is true, amounts have two decimals of 万元.
"""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from evals.fixtures.markup import Block, Source, Table
from evals.generator.accounts import ECONOMIC_CODES, Accounts, Line, draw
from evals.generator.compose import compose
from evals.generator.sheets import numeral
from evals.generator.styles import HEADINGS, STYLES
from extractor.classification import path_of
from extractor.classification.entries import children

YEAR = 2022
CLASSES = ("201", "204", "205", "206", "207", "208", "210", "211", "212", "213", "214", "221")
SECTIONS = 3
ITEMS = 3
"""So many sections of a class, and items of a section, at most."""
PROJECTS = 90
DETAILED = 24
"""Projects, and how many of them have a table of their indicators."""

_REVENUE = ("本年收入合计", "财政拨款收入", "上级补助收入", "事业收入", "经营收入", "附属单位上缴收入", "其他收入")
_EXPENDITURE = ("本年支出合计", "基本支出", "项目支出", "上缴上级支出", "经营支出", "对附属单位补助支出")
_FISCAL = ("合计", "基本支出", "项目支出")
_FLOWS = ("年初结转和结余", "本年收入", "本年支出", "年末结转和结余")
_PURPOSES = ("农村道路养护", "灌区配套改造", "信息系统运行维护", "公共场馆免费开放", "检验检测能力建设", "防汛物资储备")
_INDICATORS = (
    ("产出指标", "数量指标", "完成{}处", "≥{}处"),
    ("^", "^", "服务{}人次", "≥{}人次"),
    ("^", "质量指标", "验收合格率", "={}%"),
    ("^", "时效指标", "按期完成率", "≥{}%"),
    ("^", "成本指标", "第{}期单位成本", "≤{}万元"),
    ("效益指标", "社会效益指标", "受益人数增长率", "≥{}%"),
    ("^", "可持续影响指标", "设施使用年限", "≥{}年"),
    ("满意度指标", "服务对象满意度指标", "服务对象满意度", "≥{}%"),
)


def large_account() -> Source:
    """The disclosure; any of the builders of `evals.fixtures.build` writes it."""
    accounts, carried = _year(random.Random(1))
    text = compose(accounts, STYLES[2]).text
    title, _, rest = text.partition("\n")
    narrative = rest[rest.index("第二部分") :].splitlines()
    tables = _Tables(accounts, carried, random.Random(2)).all()
    blocks = [Block("h1", title), Block("h2", f"第一部分 {YEAR}年度部门决算报表")]
    blocks += [Block("table", table=table) for table in tables]
    blocks += [Block("h2", narrative[0])]
    blocks += [Block("h3" if line in HEADINGS.values() else "p", line) for line in narrative[1:]]
    return Source("html", {"page": "landscape"}, title, tuple(blocks))


_Carried = dict[str, tuple[Decimal, Decimal]]
"""What was carried over into the year and out of it, by item."""

_Amounts = Callable[[Sequence[Line]], list[Decimal]]
"""A row of amounts for some items."""

_ZERO = Decimal(0)
_NOTHING = (_ZERO, _ZERO)


def _year(rng: random.Random) -> tuple[Accounts, _Carried]:
    drawn = replace(draw(rng, fine=False), year=YEAR)
    lines = tuple(_line(rng, code) for code in _codes())
    carried = {line.code: (_some(rng, 1, 40), _some(rng, 1, 60)) if line.project else _NOTHING for line in lines}
    basic = sum((line.basic for line in lines), _ZERO)
    was = drawn.basic
    personnel = {name: _rounded(yuan * basic / was) for name, yuan in drawn.personnel.items()}
    public = {name: _rounded(yuan * basic / was) for name, yuan in drawn.public.items()}
    last = next(reversed(public))
    public[last] += basic - sum(personnel.values()) - sum(public.values())
    opening, closing = (sum((each[side] for each in carried.values()), _ZERO) for side in (0, 1))
    accounts = replace(drawn, lines=lines, personnel=personnel, public=public, opening=opening, closing=closing)
    first = _rounded(accounts.project * Decimal("0.7"))
    before = Decimal("0.95")
    return replace(
        accounts,
        prior_total=_rounded(accounts.total * before),
        prior_revenue=_rounded(accounts.revenue * before),
        prior_expenditure=_rounded(accounts.expenditure * before),
        operating_prior=_rounded(sum(public.values(), _ZERO) * before),
        evaluated=(first, accounts.project - first),
    ), carried


def _codes() -> Iterable[str]:
    for top in CLASSES:
        sections = [
            each for each in dict.fromkeys(entry.code for entry in children(top)) if len(path_of(each, YEAR)) == 2
        ]
        for section in sections[:SECTIONS]:
            items = dict.fromkeys(entry.code for entry in children(section))
            yield from [each for each in items if len(path_of(each, YEAR)) == 3][:ITEMS]


def _line(rng: random.Random, code: str) -> Line:
    top, section, item = path_of(code, YEAR)
    basic = _some(rng, 12, 900) if code.endswith("01") or top.code in ("208", "210", "221") else _ZERO
    project = _ZERO if basic and rng.random() < 0.6 else _some(rng, 20, 2600)
    initial = _rounded((basic + project) * Decimal(rng.randint(880, 1180)) / 1000)
    return Line(code, top.name, section.name, item.name, basic, project, initial)


def _some(rng: random.Random, low: int, high: int) -> Decimal:
    """An amount between so many 万元, in yuan."""
    return Decimal(rng.randint(low * 100, high * 100)) * 100


def _rounded(yuan: Decimal) -> Decimal:
    return (yuan / 100).quantize(Decimal(1)) * 100


def _wan(yuan: Decimal) -> str:
    return f"{yuan / 10_000:,.2f}"


@dataclass
class _Tables:
    """The official tables of an account, as its finance office's system prints them."""

    accounts: Accounts
    carried: _Carried
    rng: random.Random

    def all(self) -> list[Table]:
        """Every table in the usual order."""
        return [
            self._overview("收入支出决算总表", "公开01表"),
            self._by_code("收入决算表", "公开02表", _REVENUE, self._income),
            self._by_code("支出决算表", "公开03表", _EXPENDITURE, self._spent),
            self._overview("财政拨款收入支出决算总表", "公开04表"),
            self._by_code("一般公共预算财政拨款支出决算表", "公开05表", _FISCAL, _spent),
            self._basic(),
            self._flow(),
            self._official(),
            *self._projects(),
        ]

    def _table(self, caption: str, number: str, headers: int, rows: Sequence[Sequence[str]]) -> Table:
        left = f"{number}　部门：{self.accounts.body}"
        return Table(caption, tuple(tuple(row) for row in rows), headers, left, "单位：万元")

    def _overview(self, caption: str, number: str) -> Table:
        accounts = self.accounts
        fiscal = "一、一般公共预算财政拨款"
        left = [(fiscal + ("收入" if "总表" in caption else ""), accounts.revenue)]
        left += [(name, _ZERO) for name in ("二、政府性基金预算财政拨款", "三、国有资本经营预算财政拨款")]
        right = [(f"{numeral(n)}、{name}", yuan) for n, (name, yuan) in enumerate(accounts.classes.items(), 1)]
        rows = [["收入", "<", "支出", "<"], ["项目", "决算数", "项目（按功能分类）", "决算数"]]
        for place, (name, yuan) in enumerate(right):
            rows.append(
                [*((left[place][0], _wan(left[place][1])) if place < len(left) else ("", "")), name, _wan(yuan)]
            )
        rows.append(["本年收入合计", _wan(accounts.revenue), "本年支出合计", _wan(accounts.expenditure)])
        rows.append(["年初结转和结余", _wan(accounts.opening), "年末结转和结余", _wan(accounts.closing)])
        rows.append(["总计", _wan(accounts.total), "总计", _wan(accounts.total)])
        return self._table(caption, number, 2, rows)

    def _by_code(self, caption: str, number: str, columns: Sequence[str], amounts: _Amounts) -> Table:
        """One row for the total, every class, section and item."""
        head = [["项目", "<", *columns], ["功能分类科目编码", "科目名称", *("^" for _ in columns)]]
        body = [["合计", "<", *map(_wan, amounts(self.accounts.lines))]]
        for code, name, lines in self._levels():
            body.append([code, name, *map(_wan, amounts(lines))])
        return self._table(caption, number, 2, head + body)

    def _levels(self) -> Iterable[tuple[str, str, list[Line]]]:
        """Classes, sections and items in the order of their codes, each with its items."""
        found: dict[str, tuple[str, list[Line]]] = {}
        for line in self.accounts.lines:
            for digits, name in ((3, line.class_name), (5, line.section_name), (7, line.item_name)):
                found.setdefault(line.code[:digits], (name, []))[1].append(line)
        return [(code, name, lines) for code, (name, lines) in sorted(found.items())]

    def _income(self, lines: Sequence[Line]) -> list[Decimal]:
        year = _spent(lines)[0] - self._carried(lines, 0) + self._carried(lines, 1)
        return [year, year, *(_ZERO for _ in _REVENUE[2:])]

    def _spent(self, lines: Sequence[Line]) -> list[Decimal]:
        return [*_spent(lines), *(_ZERO for _ in _EXPENDITURE[3:])]

    def _carried(self, lines: Sequence[Line], side: int) -> Decimal:
        return sum((self.carried[line.code][side] for line in lines), _ZERO)

    def _flow(self) -> Table:
        """What was carried over, came in, was spent and is carried over, by item, basic and project apart."""
        head = [
            ["项目", "<", *(each for name in _FLOWS for each in (name, "<", "<"))],
            ["功能分类科目编码", "科目名称", *(each for _ in _FLOWS for each in ("合计", "基本支出", "项目支出"))],
        ]
        body = [["合计", "<", *map(_wan, self._flows(self.accounts.lines))]]
        body += [[code, name, *map(_wan, self._flows(lines))] for code, name, lines in self._levels()]
        return self._table("一般公共预算财政拨款收入支出决算表", "公开07表", 2, head + body)

    def _flows(self, lines: Sequence[Line]) -> list[Decimal]:
        opening, closing = self._carried(lines, 0), self._carried(lines, 1)
        spent, basic, project = _spent(lines)
        income = [spent + closing - opening, basic, project + closing - opening]
        return [opening, _ZERO, opening, *income, spent, basic, project, closing, _ZERO, closing]

    def _basic(self) -> Table:
        accounts = self.accounts
        personnel, public = (sum(each.values(), _ZERO) for each in (accounts.personnel, accounts.public))
        rows = [["科目编码", "科目名称", "合计", "人员经费", "公用经费"]]
        rows.append(["合计", "<", *map(_wan, (personnel + public, personnel, public))])
        rows.append(["301", "工资福利支出", *map(_wan, (personnel, personnel, _ZERO))])
        rows += [[ECONOMIC_CODES[n], n, *map(_wan, (yuan, yuan, _ZERO))] for n, yuan in accounts.personnel.items()]
        rows.append(["302", "商品和服务支出", *map(_wan, (public, _ZERO, public))])
        rows += [[ECONOMIC_CODES[n], n, *map(_wan, (yuan, _ZERO, yuan))] for n, yuan in accounts.public.items()]
        return self._table("一般公共预算财政拨款基本支出决算表", "公开06表", 1, rows)

    def _official(self) -> Table:
        columns = ["“三公”经费合计", "因公出国（境）费", "公务接待费", "公务用车购置费", "公务用车运行维护费"]
        rows = [["项目", *columns]]
        for name, each in (("预算", self.accounts.official_budget), ("决算", self.accounts.official)):
            amounts = (each.total, each.abroad, each.reception, each.purchase, each.operation)
            rows.append([f"{YEAR}年{name}", *map(_wan, amounts)])
        return self._table("财政拨款“三公”经费支出决算表", "公开08表", 1, rows)

    def _projects(self) -> Iterable[Table]:
        """Every project with its funds, then the indicators of some."""
        names = [f"{_PURPOSES[number % len(_PURPOSES)]}{number}期" for number in range(1, PROJECTS + 1)]
        opening = self._carried(self.accounts.lines, 0)
        carried, year = self._shared(opening), self._shared(self.accounts.project - opening)
        amounts = [(one + other, one, _ZERO, other) for one, other in zip(year, carried, strict=True)]
        rows = [["项目名称", "合计", "一般公共预算", "政府性基金", "上年结转"]]
        rows += [[name, *map(_wan, each)] for name, each in zip(names, amounts, strict=True)]
        rows.append(["合计", *(_wan(sum(column, _ZERO)) for column in zip(*amounts, strict=True))])
        yield self._table("项目支出决算表", "公开09表", 1, rows)
        for name in names[:DETAILED]:
            yield self._indicators(name)

    def _shared(self, total: Decimal) -> list[Decimal]:
        """A total cut into a part for each project."""
        weights = [self.rng.randint(2, 30) for _ in range(PROJECTS)]
        parts = [_rounded(total * weight / sum(weights)) for weight in weights[1:]]
        return [total - sum(parts), *parts]

    def _indicators(self, project: str) -> Table:
        rows = [["一级指标", "二级指标", "三级指标", "指标值"]]
        for first, second, third, value in _INDICATORS:
            number = self.rng.randint(60, 99)
            rows.append([first, second, third.format(number), value.format(number)])
        return Table(f"{project}项目绩效目标表", tuple(map(tuple, rows)), 1, "", f"（{YEAR}年度）")


def _spent(lines: Sequence[Line]) -> list[Decimal]:
    basic, project = (sum((getattr(line, kind) for line in lines), _ZERO) for kind in ("basic", "project"))
    return [basic + project, basic, project]
