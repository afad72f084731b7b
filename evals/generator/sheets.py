"""The official tables of a generated disclosure, printed as rows of text."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from evals.generator.accounts import ECONOMIC_CODES, Accounts, Line, Official
from evals.generator.paper import Paper, Printed, decimal_text

WAN = Decimal(10_000)


def tables(paper: Paper, accounts: Accounts, decimals: int) -> None:
    """收入支出决算总表, 支出决算表, 一般公共预算财政拨款支出、基本支出决算表, “三公”经费表."""
    printer = _Printer(paper, accounts, decimals)
    paper.line("第一部分 ", str(accounts.year), "年度部门决算报表")
    printer.overview()
    printer.by_function("支出决算表", "exp", "本年支出合计", "注：本表反映部门本年度各项支出情况。")
    printer.by_function(
        "一般公共预算财政拨款支出决算表", "gp", "合计", "注：本表反映部门本年度一般公共预算财政拨款实际支出情况。"
    )
    printer.basic()
    printer.official()


def numeral(number: int) -> str:
    """A Chinese numeral below a hundred."""
    digits = "一二三四五六七八九"
    tens, ones = divmod(number, 10)
    return ("" if not tens else "十" if tens == 1 else digits[tens - 1] + "十") + (digits[ones - 1] if ones else "")


def _by_code(lines: Iterable[Line], digits: int) -> dict[str, list[Line]]:
    """Lines by the first digits of their codes."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(line.code[:digits], []).append(line)
    return found


class _Printer:
    """Prints tables into a paper."""

    def __init__(self, paper: Paper, accounts: Accounts, decimals: int) -> None:
        self.paper, self.accounts, self.decimals = paper, accounts, decimals

    def cell(self, key: str, yuan: Decimal) -> Printed:
        """A cell in 万元, without its unit."""
        return Printed(key, decimal_text(yuan / WAN, self.decimals), "")

    def head(self, title: str) -> None:
        """Title and unit note."""
        self.paper.line(title)
        self.paper.line(f"部门名称：{self.accounts.body} 单位：万元")

    def row(self, *cells: str | Printed) -> None:
        """A printed row: cells set off by spaces."""
        for position, cell in enumerate(cells):
            self.paper.write(*((" ", cell) if position else (cell,)))
        self.paper.line()

    def overview(self) -> None:
        """Income on the left, expenditure by class on the right."""
        accounts = self.accounts
        self.head("收入支出决算总表")
        self.row("收入", "支出")
        self.row("项目", "决算数", "项目(按功能分类)", "决算数")
        left: list[tuple[str, Printed]] = [
            ("一、一般公共预算财政拨款收入", self.cell("tab.over.fiscal", accounts.revenue)),
            ("二、其他收入", self.cell("tab.over.other", Decimal(0))),
        ]
        right = [
            (f"{numeral(number + 1)}、{name}", self.cell(f"tab.over.{number}", yuan))
            for number, (name, yuan) in enumerate(accounts.classes.items())
        ]
        for position in range(max(len(left), len(right))):
            cells: list[str | Printed] = []
            for side in (left, right):
                if position < len(side):
                    cells.extend(side[position])
            self.row(*cells)
        self.row(
            "本年收入合计", self.cell("tab.over.revenue", accounts.revenue),
            "本年支出合计", self.cell("tab.over.expenditure", accounts.expenditure),
        )  # fmt: skip
        self.row(
            "年初结转和结余", self.cell("tab.over.opening", accounts.opening),
            "年末结转和结余", self.cell("tab.over.closing", accounts.closing),
        )  # fmt: skip
        self.row(
            "总计", self.cell("tab.over.left", accounts.total), "总计", self.cell("tab.over.right", accounts.total)
        )
        self.paper.line("注：本表反映部门本年度的总收支和年末结转结余情况。")

    def by_function(self, title: str, key: str, total: str, note: str) -> None:
        """类, 款, 项 with basic and project expenditure."""
        self.head(title)
        self.row("科目编码", "科目名称", total, "基本支出", "项目支出")
        lines = self.accounts.lines
        self._sums(f"tab.{key}.all", "合计", "", lines)
        for code, in_class in _by_code(lines, 3).items():
            self._sums(f"tab.{key}.{code}", in_class[0].class_name, code, in_class)
            for section, in_section in _by_code(in_class, 5).items():
                self._sums(f"tab.{key}.{section}", in_section[0].section_name, section, in_section)
                for line in in_section:
                    self._sums(f"tab.{key}.{line.code}", line.item_name, line.code, [line])
        self.paper.line(note)

    def _sums(self, key: str, name: str, code: str, lines: Sequence[Line]) -> None:
        basic = sum((line.basic for line in lines), Decimal(0))
        project = sum((line.project for line in lines), Decimal(0))
        cells = (self.cell(key, basic + project), self.cell(f"{key}.b", basic), self.cell(f"{key}.p", project))
        self.row(*((code, name) if code else (name,)), *cells)

    def basic(self) -> None:
        """Basic expenditure by economic class: personnel and public funds in columns."""
        accounts = self.accounts
        self.head("一般公共预算财政拨款基本支出决算表")
        self.row("科目编码", "科目名称", "合计", "人员经费", "公用经费")
        personnel, public = (sum(parts.values(), Decimal(0)) for parts in (accounts.personnel, accounts.public))
        self._basic_row("tab.basic", "", "合计", personnel, public)
        self._basic_row("tab.basic.301", "301", "工资福利支出", personnel, Decimal(0))
        for number, (name, yuan) in enumerate(accounts.personnel.items()):
            self._basic_row(f"tab.basic.301.{number}", ECONOMIC_CODES[name], name, yuan, Decimal(0))
        self._basic_row("tab.basic.302", "302", "商品和服务支出", Decimal(0), public)
        for number, (name, yuan) in enumerate(accounts.public.items()):
            self._basic_row(f"tab.basic.302.{number}", ECONOMIC_CODES[name], name, Decimal(0), yuan)
        self.paper.line("注：本表反映部门本年度一般公共预算财政拨款基本支出明细情况。")

    def _basic_row(self, key: str, code: str, name: str, personnel: Decimal, public: Decimal) -> None:
        cells = (
            self.cell(key, personnel + public), self.cell(f"{key}.p", personnel), self.cell(f"{key}.g", public),
        )  # fmt: skip
        self.row(*((code, name) if code else (name,)), *cells)

    def official(self) -> None:
        """Budget and final account in rows, items in columns."""
        year = self.accounts.year
        self.head("财政拨款“三公”经费支出决算表")
        self.row("项目", "“三公”经费合计", "因公出国（境）费", "公务接待费", "公务用车购置费", "公务用车运行维护费")
        self._official_row(f"{year}年预算", "tab.off.budget", self.accounts.official_budget)
        self._official_row(f"{year}年决算", "tab.off.final", self.accounts.official)
        self.paper.line("注：本表反映部门本年度财政拨款“三公”经费支出预决算情况。")

    def _official_row(self, name: str, key: str, official: Official) -> None:
        amounts = (official.total, official.abroad, official.reception, official.purchase, official.operation)
        self.row(name, *(self.cell(f"{key}.{number}", yuan) for number, yuan in enumerate(amounts)))
