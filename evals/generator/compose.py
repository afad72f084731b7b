"""From accounts and a style to a paper: every section of a final account, with its records."""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from evals.generator.accounts import DIMENSIONS, Accounts, Line, Official
from evals.generator.paper import Paper, Printed, decimal_text, joined
from evals.generator.sheets import tables
from evals.generator.styles import HEADINGS, Style

_TOKEN = re.compile(r"\{(\w+)\}")
WAN = Decimal(10_000)
Piece = str | Printed
_ITEM_LABELS = (
    ("abroad", "因公出国（境）费"),
    ("vehicle", "公务用车购置及运行维护费"),
    ("vehicle_purchase", "公务用车购置费"),
    ("vehicle_operation", "公务用车运行维护费"),
    ("reception", "公务接待费"),
)


def compose(accounts: Accounts, style: Style) -> Paper:
    """The whole disclosure."""
    scribe = _Scribe(accounts, style)
    scribe.write_all()
    return scribe.paper


@dataclass
class _Scribe:
    """Writes one disclosure."""

    accounts: Accounts
    style: Style
    paper: Paper = field(default_factory=Paper)

    def write_all(self) -> None:
        """Title, tables, and every section of the narrative."""
        self._title()
        tables(self.paper, self.accounts, self.style.table_decimals)
        self.paper.line("第二部分 ", str(self.accounts.year), "年度部门决算说明")
        self._total()
        self._revenue()
        self._expenditure()
        self._structure()
        self._items()
        self._basic()
        self._official()
        self._rest()
        self._performance()

    def money(self, key: str, yuan: Decimal) -> Printed:
        """An amount in 万元 as this style prints it."""
        return Printed(key, decimal_text(yuan / WAN, self.style.decimals, self.style.drop_zeros), "万元")

    def percent(self, key: str, part: Decimal, whole: Decimal) -> Printed:
        """A rate as this style prints it: 0 of nothing."""
        rate = part / whole * 100 if whole else Decimal(0)
        return Printed(key, decimal_text(rate, self.style.percent_decimals, self.style.drop_zeros), "%")

    def heading(self, name: str) -> None:
        """A section's heading."""
        self.paper.line(HEADINGS[name])

    def say(self, template: str, **words: Piece | list[Piece]) -> None:
        """A line from a template; the year stands in every sentence."""
        self.paper.line(*self.filled(template, **words))

    def filled(self, template: str, **words: Piece | list[Piece]) -> list[Piece]:
        """The pieces of a template."""
        known: dict[str, Piece | list[Piece]] = {
            "year": str(self.accounts.year),
            "prior_year": str(self.accounts.year - 1),
            "body": self.accounts.body,
            **words,
        }
        pieces: list[Piece] = []
        position = 0
        for match in _TOKEN.finditer(template):
            pieces.append(template[position : match.start()])
            found = known[match[1]]
            pieces.extend(found if isinstance(found, list) else [found])
            position = match.end()
        pieces.append(template[position:])
        return [piece for piece in pieces if piece != ""]

    def change(self, key: str, now: Decimal, before: Decimal) -> dict[str, Piece]:
        """The words and figures of a change: printed without sign, the direction in words."""
        rises = now >= before
        return {
            "word": "增加" if rises else "减少",
            "delta": self.money(f"{key}.delta", abs(now - before)),
            "rate_word": "增长" if rises else "下降",
            "rate": self.percent(f"{key}.rate", abs(now - before), before),
        }

    @staticmethod
    def changed(base: str, words: dict[str, Piece], base_amount: Piece | None = None) -> dict[str, object]:
        """The Change record of such words."""
        found: dict[str, object] = {"base": base, "direction": "increase" if words["word"] == "增加" else "decrease"}
        found.update(amount=words["delta"], percent=words.get("rate"), base_amount=base_amount)
        return {name: value for name, value in found.items() if value is not None}

    def _title(self) -> None:
        year = Printed("title.year", str(self.accounts.year), "年度")
        before, _, after = self.style.title.partition("{year}年度")
        self.paper.line(*self.filled(before), year, *self.filled(after))
        self.paper.record("DisclosureProfile", kind="final_account", department=self.accounts.body, fiscal_year=year)

    def _total(self) -> None:
        accounts, words = self.accounts, self.change("total", self.accounts.total, self.accounts.prior_total)
        amount = self.money("total", accounts.total)
        again = self.money("total.again", accounts.total)
        self.heading("total")
        sentence = self.filled("比上年{word}{delta}，{rate_word}{rate}。", **words)
        self.say(self.style.total, amount=amount, amount_again=again, change=sentence, **words)
        self._budget_total("department", "both", amount, words)
        if "{amount_again}" in self.style.total:
            self._budget_total("department", "both", again, None)

    def _budget_total(self, scope: str, side: str, amount: Printed, words: dict[str, Piece] | None) -> None:
        changes = [self.changed("prior_year", words)] if words else None
        self.paper.record("BudgetTotal", scope=scope, side=side, amount=amount, changes=changes)

    def _revenue(self) -> None:
        accounts = self.accounts
        parts = {
            "一般公共预算财政拨款收入": accounts.revenue,
            "政府性基金预算财政拨款收入": Decimal(0),
            "其他收入": Decimal(0),
        }
        self.heading("revenue")
        words = self.change("revenue", accounts.revenue, accounts.prior_revenue)
        self._composed(
            "revenue", "revenue", accounts.revenue, parts, self.style.revenue, self.style.revenue_part, words
        )

    def _expenditure(self) -> None:
        accounts = self.accounts
        parts = {"基本支出": accounts.basic, "项目支出": accounts.project}
        self.heading("expenditure")
        words = self.change("expenditure", accounts.expenditure, accounts.prior_expenditure)
        style = self.style
        self._composed(
            "expenditure", "expenditure", accounts.expenditure, parts, style.expenditure, style.expenditure_part, words
        )

    def _structure(self) -> None:
        self.heading("structure")
        accounts, style = self.accounts, self.style
        self._composed(
            "structure", "general_public_expenditure", accounts.expenditure, accounts.classes, style.structure,
            style.structure_part, None,
        )  # fmt: skip

    def _composed(
        self,
        key: str,
        scope: str,
        whole: Decimal,
        parts: dict[str, Decimal],
        sentence: str,
        part: str,
        words: dict[str, Piece] | None,
    ) -> None:
        """A total, its change, and its parts with their shares."""
        amount = self.money(key, whole)
        change = self.filled("比上年{word}{delta}，{rate_word}{rate}，", **words) if words else []
        pieces, records = [], []
        for number, (label, yuan) in enumerate(parts.items()):
            printed = self.money(f"{key}.{number}", yuan)
            share = self.percent(f"{key}.{number}.share", yuan, whole)
            pieces.append(self.filled(part, label=label, amount=printed, share=share))
            records.append((label, printed, share))
        self.say(sentence, amount=amount, change=change, parts=joined(pieces, "；"))
        side = "revenue" if scope == "revenue" else "expenditure"
        self._budget_total("general_public" if key == "structure" else "department", side, amount, words)
        for label, printed, share in records:
            self.paper.record("CompositionItem", scope=scope, label=label, amount=printed, share=share)

    def _items(self) -> None:
        self.heading("items")
        for number, line in enumerate(self.accounts.lines, 1):
            self._item(number, line)

    def _item(self, number: int, line: Line) -> None:
        key = f"item.{number}"
        amount, initial = self.money(key, line.amount), self.money(f"{key}.initial", line.initial)
        completion = self.percent(f"{key}.completion", line.amount, line.initial)
        words = self.change(key, line.amount, line.initial)
        names = {"class_name": line.class_name, "section_name": line.section_name, "item_name": line.item_name}
        change = self.filled("比{year}年年初预算{word}{delta}，{rate_word}{rate}。", **words)
        self.say(
            self.style.item, number=str(number), amount=amount, initial=initial, completion=completion, change=change,
            **names,
        )  # fmt: skip
        if "{completion}" in self.style.item:
            extra: dict[str, object] = {"initial_budget": initial, "completion": completion}
            self.paper.record(
                "FunctionalExpenditure", amount=amount, completion_base="initial_budget", **names, **extra
            )
        else:
            changes = [self.changed("initial_budget", words)]
            self.paper.record("FunctionalExpenditure", amount=amount, changes=changes, **names)

    def _basic(self) -> None:
        self.heading("basic")
        accounts = self.accounts
        amount = self.money("basic", accounts.basic)
        self.paper.write(*self.filled(self.style.basic, amount=amount))
        self.paper.record("EconomicItem", group="total", label="基本支出", source="一般公共预算财政拨款", amount=amount)
        for group, label, parts, template in (
            ("personnel", "人员经费", accounts.personnel, self.style.personnel),
            ("public", "公用经费", accounts.public, self.style.public),
        ):
            whole = self.money(f"basic.{group}", sum(parts.values(), Decimal(0)))
            printed = [(name, self.money(f"basic.{group}.{n}", yuan)) for n, (name, yuan) in enumerate(parts.items())]
            pieces: list[list[Piece]] = [[name, figure] for name, figure in printed]
            self.paper.write(*self.filled(template, amount=whole, parts=joined(pieces, "、")))
            self.paper.record("EconomicItem", group=group, label=label, amount=whole)
            for name, figure in printed:
                self.paper.record("EconomicItem", group=group, label=name, amount=figure)
        self.paper.line()

    def _official(self) -> None:
        self.heading("official")
        accounts = self.accounts
        amount = self.money("official", accounts.official.total)
        budget = self.money("official.budget", accounts.official_budget.total)
        less = self.money("official.less", accounts.official_budget.total - accounts.official.total)
        self.say(self.style.official, amount=amount, budget=budget, down="减少", less=less)
        change = {"base": "initial_budget", "direction": "decrease", "base_amount": budget, "amount": less}
        self.paper.record("OfficialExpense", item="total", amount=amount, changes=[change])
        for number, (item, label) in enumerate(_ITEM_LABELS, 1):
            self._official_item(number, item, label)

    def _official_item(self, number: int, item: str, label: str) -> None:
        key = f"official.{item}"
        now, before = (
            _official_amount(self.accounts.official, item),
            _official_amount(self.accounts.official_prior, item),
        )
        amount, prior, words = self.money(key, now), self.money(f"{key}.prior", before), self.change(key, now, before)
        self.say(self.style.official_item, number=str(number), label=label, amount=amount, prior=prior, **words)
        words.pop("rate")
        self.paper.record(
            "OfficialExpense", item=item, amount=amount, changes=[self.changed("prior_year", words, base_amount=prior)]
        )

    def _rest(self) -> None:
        accounts = self.accounts
        operating = sum(accounts.public.values(), Decimal(0))
        self.heading("operating")
        words = self.change("operating", operating, accounts.operating_prior)
        amount = self.money("operating", operating)
        change = self.filled("比{prior_year}年度{word}{delta}，{rate_word}{rate}。", **words)
        self.say(self.style.operating, amount=amount, change=change)
        self.paper.record("OperatingExpense", amount=amount, changes=[self.changed("prior_year", words)])
        self._procurement()
        self._assets()

    def _procurement(self) -> None:
        self.heading("procurement")
        accounts = self.accounts
        total = sum(accounts.procurement, Decimal(0))
        figures = {"amount": self.money("procurement", total)}
        for name, yuan in zip(("goods", "works", "services"), accounts.procurement, strict=True):
            figures[name] = self.money(f"procurement.{name}", yuan)
        for name, yuan in (("sme", accounts.sme), ("micro", accounts.micro)):
            figures[name] = self.money(f"procurement.{name}", yuan)
            figures[f"{name}_share"] = self.percent(f"procurement.{name}_share", yuan, total)
        self.say(self.style.procurement, **figures)
        renamed = {"sme": "sme_contracts", "micro": "micro_contracts"}
        self.paper.record("Procurement", **{renamed.get(name, name): figure for name, figure in figures.items()})

    def _assets(self) -> None:
        self.heading("assets")
        counts = self.accounts.vehicles
        as_of = Printed("assets.as_of", str(self.accounts.year), "年12月31日")
        vehicles = Printed("assets.vehicles", str(sum(counts)), "辆")
        names = ("机要通信用车", "应急保障用车", "其他用车")
        figures = [Printed(f"assets.{number}", str(count), "辆") for number, count in enumerate(counts)]
        first, second, third = figures
        self.say(self.style.assets, as_of=as_of, vehicles=vehicles, first=first, second=second, third=third)
        self.paper.record("StateAssets", as_of=as_of, vehicles=vehicles)
        for name, figure in zip(names, figures, strict=True):
            self.paper.record("VehicleCount", basis="held", category=name, count=figure)

    def _performance(self) -> None:
        self.heading("performance")
        accounts = self.accounts
        first, second = accounts.projects
        projects = Printed("overview.projects", str(first + second), "个")
        figures: dict[str, Printed] = {
            "projects": projects,
            "all": Printed("overview.all", "100", "%"),
            "amount": self.money("overview.amount", accounts.project),
            "first": Printed("overview.first", str(first), "个"),
            "first_amount": self.money("overview.first_amount", accounts.evaluated[0]),
            "second": Printed("overview.second", str(second), "个"),
            "second_amount": self.money("overview.second_amount", accounts.evaluated[1]),
        }
        self.say(self.style.overview, **figures)
        self.paper.record(
            "PerformanceOverview", stage="evaluation", projects=projects, projects_share=figures["all"],
            amount=figures["amount"],
        )  # fmt: skip
        for name, category in (("first", "简易程序"), ("second", "普通程序")):
            self.paper.record(
                "PerformanceOverview", stage="evaluation", category=category, projects=figures[name],
                amount=figures[f"{name}_amount"],
            )  # fmt: skip
        self._scores()

    def _scores(self) -> None:
        subject = "数字档案建设"
        total = Printed("score", decimal_text(sum(self.accounts.scores, Decimal(0)), 2), "分")
        self.paper.line(f"“{subject}”项目绩效评价综合得分", total, "。")
        self.paper.record("ScoreItem", subject=subject, dimension="综合得分", score=total)
        for number, ((dimension, full), score) in enumerate(zip(DIMENSIONS, self.accounts.scores, strict=True)):
            full_score = Printed(f"score.{number}.full", str(full), "分")
            printed = Printed(f"score.{number}", decimal_text(score, 2), "分")
            rate = Printed(f"score.{number}.rate", decimal_text(score / full * 100, 2), "%")
            self.paper.line(f"{dimension}方面。该指标分值", full_score, "，评价得分", printed, "，得分率为", rate, "。")
            self.paper.record(
                "ScoreItem", subject=subject, dimension=dimension, full_score=full_score, score=printed, rate=rate
            )


def _official_amount(official: Official, item: str) -> Decimal:
    names = {"vehicle_purchase": "purchase", "vehicle_operation": "operation"}
    amount: Decimal = getattr(official, names.get(item, item))
    return amount
