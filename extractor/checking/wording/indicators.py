"""Performance indicators against the money and the goals of their project, and against what they say themselves."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from extractor.checking.book import Book, Entry
from extractor.checking.claims import Claim
from extractor.checking.equations import Rule
from extractor.checking.evidence import Stretch, loaded_stretch
from extractor.checking.figures import YUAN_PER_UNIT, Figure, plain
from extractor.checking.wording.places import around_loaded
from extractor.documents.tables import PrintedRow
from schemas.checks import Family, FindingKind, Outcome

COST = Rule("indicator.cost", Family.SUM, "成本指标之和等于项目总额", "cost indicators make up the project's total")
PRICE = Rule("indicator.price", Family.ORDER, "单价乘以数量不超过成本上限", "price times quantity within the ceiling")
GOAL = Rule("indicator.goal", Family.COUNT, "目标文字与指标数量一致", "goal and indicator state one number")
DIRECTION = Rule("indicator.direction", Family.DIRECTION, "指标方向与比较符一致", "direction and operator agree")
FAULT = Rule("indicator.fault", Family.DIRECTION, "故障率类指标为反向指标", "less is better for rates of failure")
FREQUENCY = Rule("indicator.frequency", Family.DIRECTION, "工作次数以不少于为目标", "work is counted from below")
CATEGORY = Rule("indicator.category", Family.TAXONOMY, "指标类别与内容一致", "indicators stand in their category")
BOUND = Rule("indicator.bound", Family.UNIT, "百分率指标不超过100%", "no rate above 100 %")
PAST = Rule("indicator.past", Family.PERIOD, "年度指标属于本年度", "targets of the year lie in the year")

_CONTROL = re.compile(r"预算|控制|总额|总成本|项目成本|总经费")
_FAULT = re.compile(r"(?:故障|投诉|差错|错误|失误|延误|事故|违规|流失|中断)率$")
_WORK = re.compile(r"巡检|演练|月报|周报|日报|检查|巡查|培训")
_DURATION = re.compile(r"(?:响应|修复|处理|处置|办理)(?:时间|时限|时长)$")
_PAST = re.compile(r"(?P<year>20\d\d)年(?:底|末|\d{1,2}月)前?[^，。；]{0,4}(?:支付|完成|验收)")
_PER = {"天": re.compile(r"每人?每?[天日]"), "次": re.compile(r"每次"), "人": re.compile(r"每人(?!每)")}
_PERSONS = ("人", "人数", "名")
_VAGUE_SUBJECTS = ("参与", "服务", "组织", "培训", "开展", "人员", "受益", "参加", "覆盖", "工作", "保障", "完成")
MOST_SHOWN = 6


@dataclass(frozen=True)
class Indicator:
    """One indicator with its target as a number, where it is one."""

    entry: Entry
    target: Decimal | None

    def text(self, name: str) -> str:
        """A field; empty where it is absent."""
        return self.entry.text(name)

    @property
    def money(self) -> Decimal | None:
        """The target in yuan, if it is an amount."""
        factor = YUAN_PER_UNIT.get(self.text("unit"))
        return self.target * factor if factor and self.target is not None else None

    @property
    def printed(self) -> str:
        """The indicator as a reader would say it: 预算控制数≤30万元."""
        return self.text("level3") + self.text("nature") + self.text("target") + self.text("unit")


def indicators(book: Book) -> Iterator[Claim]:
    """Every judgement on performance indicators."""
    found = [_indicator(entry) for entry in book.entries("PerformanceIndicator")]
    by_project: dict[str, list[Indicator]] = defaultdict(list)
    for each in found:
        by_project[each.text("project_code") or each.text("project")].append(each)
    totals = _project_rows(book)
    for project, group in by_project.items():
        if project in totals:
            row, total = totals[project]
            yield from _cost(book, group, row, total)
            yield from _price(book, group, total)
            yield from _goal(book, group, totals, row)
    yield from _lists(book, found)


def _indicator(entry: Entry) -> Indicator:
    try:
        target = Decimal(entry.text("target").replace(",", ""))
    except InvalidOperation:
        target = None
    return Indicator(entry, target)


def _project_rows(book: Book) -> dict[str, tuple[PrintedRow, Figure]]:
    """The rows of performance tables that print a project's total, by code and by name."""
    found: dict[str, tuple[PrintedRow, Figure]] = {}
    for sheet in book.sheets:
        if not sheet.printed.indicators:
            continue
        for row in sheet.rows:
            totals = [
                cell.term.figure
                for cell in row.cells
                if cell.column and re.search(r"总额|合计|金额|资金", cell.column[0])
            ]
            if totals:
                for key in (row.printed.code, row.printed.name):
                    if key:
                        found.setdefault(key, (row.printed, totals[0]))
    return found


def _place(book: Book, indicator: Indicator) -> list[Stretch]:
    """The printed pieces of an indicator: its name, and its operator, value and unit."""
    places = indicator.entry.record.places
    name = places.get("level3")
    values = [places[each] for each in ("nature", "target", "unit", "direction") if each in places]
    found = [loaded_stretch(book.disclosure, *name)] if name else []
    if values:
        start, end = min(each[0] for each in values), max(each[1] for each in values)
        if end - start <= 40:
            found.append(loaded_stretch(book.disclosure, start, end))
    return found


def _line(book: Book, figure: Figure) -> Stretch:
    return around_loaded(book.disclosure, figure.quantity.start, figure.quantity.end, 60, 20)


def _cost(book: Book, group: Sequence[Indicator], row: PrintedRow, total: Figure) -> Iterator[Claim]:
    """Σ 成本指标 = 项目总额; a single control figure that differs from the total contradicts it."""
    costs = [each for each in group if "成本" in each.text("level2") and each.money]
    amounts = [each.money for each in costs if each.money is not None]
    if not amounts:
        return
    half = total.step / 2
    holds = abs(sum(amounts) - total.value) <= half or any(abs(each - total.value) <= half for each in amounts)
    wrong = not holds and len(costs) == 1 and bool(_CONTROL.search(costs[0].text("level3")))
    if not holds and not wrong:
        return
    listed = "、".join(each.printed for each in costs)
    zh = f"项目“{row.name}”总额{total.quantity.raw}{total.quantity.unit or ''}与成本指标{listed}"
    yield Claim(
        COST,
        Outcome.VIOLATED if wrong else Outcome.EXACT,
        zh
        + (
            f"不符：相差{plain(abs(sum(amounts) - total.value) / total.factor, 2)}{total.quantity.unit or ''}。"
            if wrong
            else "一致"
        ),
        f"the cost indicators of “{row.name}” ({listed}) against its total {total.quantity.raw}.",
        (_line(book, total), *(place for each in costs for place in _place(book, each))),
        kind=FindingKind.ERROR,
        quantities=(total.id,),
        records=tuple(each.entry.record.id for each in costs),
        at_stake=abs(sum(amounts) - total.value) if wrong else None,
    )


def _price(book: Book, group: Sequence[Indicator], total: Figure) -> Iterator[Claim]:
    """每人每天400元 × 251天 > 9万元: what is paid at least exceeds what may be paid at most."""
    for unit, per in _PER.items():
        prices = [
            each for each in group if per.search(each.text("level3")) and each.text("unit") == "元" and each.money
        ]
        amounts = [
            each
            for each in group
            if each.text("unit") == unit and each.text("nature") in ("≥", "＝", "=") and each.target
        ]
        if len(prices) != 1 or len(amounts) != 1 or prices[0].text("nature") == "≤":
            continue
        price, amount = prices[0], amounts[0]
        ceilings = [each for each in group if each.money and each is not price and each.text("nature") == "≤"]
        limit = min((each.money for each in ceilings if each.money), default=total.value)
        product = (price.money or Decimal(0)) * (amount.target or Decimal(0))
        wrong = product > limit
        zh = f"{price.printed} × {amount.printed} = {plain(product / 10_000, 2)}万元"
        places = [place for each in (price, amount, *ceilings) for place in _place(book, each)]
        yield Claim(
            PRICE,
            Outcome.VIOLATED if wrong else Outcome.EXACT,
            zh
            + (
                f"，超过上限{plain(limit / 10_000, 2)}万元。"
                if wrong
                else f"，不超过上限{plain(limit / 10_000, 2)}万元"
            ),
            f"price times quantity comes to {product} yuan, the ceiling is {limit}.",
            (*places, _line(book, total)),
            kind=FindingKind.ERROR,
            quantities=(total.id,),
            records=tuple(each.entry.record.id for each in (price, amount, *ceilings)),
            at_stake=product - limit if wrong else None,
        )


def _goal(
    book: Book, group: Sequence[Indicator], rows: dict[str, tuple[PrintedRow, Figure]], row: PrintedRow
) -> Iterator[Claim]:
    """话务员4人 in the goal, 话务服务人员＝3人数 among the indicators."""
    text = book.disclosure.loaded.text
    end = min((other.start for other, _ in rows.values() if other.start > row.start), default=len(text))
    for each in group:
        subject = each.text("level3")[:2]
        persons = each.text("unit") in _PERSONS and each.text("nature") in ("＝", "=") and each.target is not None
        if not persons or len(subject) < 2 or subject in _VAGUE_SUBJECTS:
            continue
        gap = r"\s*[\u4e00-\u9fff]?\s*"
        spaced = r"\s*".join(subject)
        pattern = re.compile(rf"{spaced}{gap}{gap}(?P<number>\d{{1,4}})\s*[人名]")
        matches = list(pattern.finditer(text, row.start, end))
        if len({match["number"] for match in matches}) != 1:
            continue
        yield _goal_claim(book, each, matches[0])


def _goal_claim(book: Book, indicator: Indicator, match: "re.Match[str]") -> Claim:
    holds = Decimal(match["number"]) == indicator.target
    goal = re.sub(r"\s", "", match.group())
    return Claim(
        GOAL,
        Outcome.EXACT if holds else Outcome.VIOLATED,
        f"绩效目标“{goal}”与指标“{indicator.printed}”" + ("一致" if holds else "不一致。"),
        f"the goal says “{goal}”, the indicator “{indicator.printed}”.",
        (
            loaded_stretch(book.disclosure, match.start(), match.end()),
            around_loaded(book.disclosure, match.start("number"), match.end(), 10, 10),
            *_place(book, indicator),
        ),
        kind=FindingKind.ERROR,
        records=(indicator.entry.record.id,),
    )


def _lists(book: Book, found: Sequence[Indicator]) -> Iterator[Claim]:
    """Mistakes that come in dozens: one finding each."""
    yield from _list(
        book,
        DIRECTION,
        [each for each in found if _turned(each)],
        "比较符与指标方向不一致（“≤”应为反向指标，“≥”应为正向指标）",
        "operator and direction disagree",
    )
    faults = [each for each in found if _FAULT.search(each.text("level3")) and "正向" in each.text("direction")]
    yield from _list(book, FAULT, faults, "故障率类指标标为正向指标", "rates of failure marked as better when higher")
    works = [each for each in found if each.text("nature") == "≤" and _is_work(each)]
    yield from _list(book, FREQUENCY, works, "工作次数用“≤”作目标，做得越少越好", "work counted from above")
    wrong = [each for each in found if _is_misplaced(each)]
    yield from _list(
        book,
        CATEGORY,
        wrong,
        "指标类别与内容不符（率列入数量指标，时间列入质量指标）",
        "indicators in the wrong category",
    )
    over = [each for each in found if each.text("nature") == "≥" and each.text("unit") == "%" and each.target == 100]
    yield from _list(book, BOUND, over, "百分率指标写作“≥100%”，应为“＝100%”", "rates of at least 100 %")
    if book.year is not None:
        past = [each for each in found if _is_past(each, book.year)]
        yield from _list(
            book, PAST, past, f"{book.year}年的指标写的是以前年度的事", "targets that lie in an earlier year"
        )


def _turned(indicator: Indicator) -> bool:
    """≤ as 正向 for a cost, ≥ as 反向: for other indicators 正向 may only mean that the target is wanted."""
    nature, direction = indicator.text("nature"), indicator.text("direction")
    return (nature == "≤" and "正向" in direction) or (nature == "≥" and "反向" in direction)


def _is_work(indicator: Indicator) -> bool:
    return "数量" in indicator.text("level2") and bool(_WORK.search(indicator.text("level3")))


def _is_misplaced(indicator: Indicator) -> bool:
    name, level = indicator.text("level3"), indicator.text("level2")
    if "数量" in level:
        return name.endswith("率") and indicator.text("unit") == "%"
    return "质量" in level and bool(_DURATION.search(name))


def _is_past(indicator: Indicator, year: int) -> bool:
    match = _PAST.search(indicator.text("level3"))
    return match is not None and int(match["year"]) < year


def _list(book: Book, rule: Rule, found: Sequence[Indicator], zh: str, en: str) -> Iterator[Claim]:
    if found:
        names = "、".join(f"“{each.printed}”" for each in found[:MOST_SHOWN])
        more = f"等{len(found)}处" if len(found) > MOST_SHOWN else ""
        yield Claim(
            rule,
            Outcome.VIOLATED,
            f"{zh}：{names}{more}。",
            f"{en}: {names}.",
            tuple(place for each in found[:MOST_SHOWN] for place in _place(book, each)),
            records=tuple(each.entry.record.id for each in found),
        )
