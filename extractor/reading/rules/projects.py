"""The money of one project: what was planned, given and spent, and what for."""

import re
from dataclasses import dataclass, field

from extractor.reading.rules.allotted import bind_allotted
from extractor.reading.rules.encode import DATE, MONEY, Sentence
from extractor.reading.rules.events import bind_steps
from extractor.reading.rules.leads import label_of_indicator
from extractor.reading.rules.scene import Scene
from extractor.reading.rules.uses import (
    basis_of,
    bind_named_behind,
    bind_share_first,
    give_share,
    give_shares,
    label_of_use,
)
from schemas.performance import ActivityFigure, FundUse, ProjectFunding
from schemas.quantities import ContextKind, Quantity, QuantityKind

_FUNDING: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("received", re.compile(r"到位")),
    ("saved", re.compile(r"节约|节支|节省")),
    ("surplus", re.compile(r"结余|剩余|结转|未(?:使用|支出|执行|支付|拨付|兑付)")),
    (
        "contract_amount",
        re.compile(r"合同(?:总)?(?:金额|额|价|价款)|合同总额|中标(?:金额|价|总?额)|成交(?:金额|价)|签订.{0,10}合同"),
    ),
    ("adjusted_budget", re.compile(r"调整后|实际预算数|调整(?:后)?预算|预算调整|追加后|调整为")),
    ("allocated", re.compile(r"拨付|拨款(?!收入)|下拨|下达|划拨")),
    ("applied", re.compile(r"申报|申请|支付计划")),
    ("spent", re.compile(r"支出|支付|兑[付现]|使用|花费|执行数|执行金额|实际执行|执行(?:为|了)?$|开支|发放|已付")),
    ("estimated", re.compile(r"评审|审定|招标金额|控制价|(?:概算|估算|可研批复|可研)(?:总投资)?|测算(?!，)|预估")),
    ("evaluated", re.compile(r"评价金额|评价资金|资金量|评价涉及|被评价")),
    (
        "planned",
        re.compile(
            r"资金计划|(?<!概算)(?<!估算)(?<!批复)总投资|计划(?:投入|安排|总投资|资金|投资|使用)|(?<!支付)计划.{0,3}$|拟投入"
        ),
    ),
    (
        "approved_budget",
        re.compile(
            r"批复|获批|年初预算|投入资金|预算(?:安排|资金|金额|数|总额|总金额|经费|总)?|安排(?:资金|预算|经费)?|项目资金|项目经费|财政资金|资金总额|总额|总金额|经费为?|(?<!计划)投入(?:财政)?[^，。；]{0,4}(?:资金|公益金|基金)$"
        ),
    ),
)
_RATES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("received_rate", re.compile(r"到位率|到位比例|到位及时率")),
    ("surplus_rate", re.compile(r"结余率")),
    (
        "execution_rate",
        re.compile(
            r"执行率|支出率|资金使用率|支付率|(?:执行|支出|支付)(?:总体)?进度|预算完成率|预算执行|完成(?:全年|年初|调整|调整后)?预算的?$|占(?:到位|全年预算|预算)(?:资金|数)?的$"
        ),
    ),
)
_USE_LEAD = re.compile(r"资金来源|资金分配|用途|去向|使用计划|用于|其中|包括|包含|构成|计划：|明细|支付|分别|支出")
_LISTS = re.compile(r"^(?:资金)?(?:支出)?(?:资金)?中[，,]|用途|其中|来源为|[：:]|用于|构成|包括|明细|分别|[（(]")
_MARKED = re.compile(r"^[（(]?\d{1,2}[)）.、．]\s*")
_NOT_ITS_OWN = re.compile(
    r"每(?:人|户|月|亩|项|座|年|次|件|个|辆|平方米|生|村|所|家|名|位|校|班|公里|台|套|场|间|天|社区)|带动|撬动|引导|(?:销售|营业|经营)(?:性)?(?:收入|额)|产值|企业申报"
)
"""What one gets or costs (每人每月补助1500元), and what others add to it (带动总投资43.6亿元), is none of the project's money."""
_MOVED = re.compile(
    r"(?:调减|核减|压减|追加|调增|收回)(?:了)?(?:预算|资金|项目|经费|指标)*$"
    r"|(?:比|较)(?:上年|去年|年初|Ⓓ)[^，。；]{0,6}(?:[多少]|增|减|压缩)[^，。；]{0,4}$"
)
"""What was added to a budget or taken from it, and what it has more than the last, is not the budget."""
_LIMIT = re.compile(r"(?:最高|最多|封顶|不突破)[^，。；]{0,6}$")
"""Before the most that one may get."""
_EARLIER = re.compile("(?:上年|去年)[^，。；]{0,12}$")
_NAMED_BEHIND = re.compile(
    "(?:资金)?(?:已|均)*(?:全部|足额|全额)(?:已)?(?P<in>到位)|(?:的价格)?(?P<won>中标|成交)|的?(?:年度|年初)?预算"
)
_CARRIED = re.compile(r"(?:上年|以前年度)(?:资金)?结转")
_BARE = re.compile(r"[，,；;：:、]?(?:共计?|合计|总计|计)?(?:为|是)?")
_PLANNED_USE = re.compile("资金使用计划[：:]")
_SUM = re.compile("[，,；;：:、]?(?:总共|共计?|合计|总计)(?:为|需|支出|资金)?")
_SCORED = re.compile(rf"{MONEY}[，,；;](?:评价|自评|综合)*得分")
_AS_OF = re.compile(r"截[至止]到?(?:目前)?[^，。；]{0,3}Ⓓ")
_PARTS_OF_YEAR = re.compile(r"上半年|下半年|前[一二三]季度|第?[一二三四]季度")


@dataclass
class _Funding:
    period: str
    sentence: Sentence  # the one that told of it first
    values: dict[str, Quantity] = field(default_factory=dict)
    as_of: Quantity | None = None


@dataclass
class _Told:
    """A sentence while its money is read: `planned` by its words, `listed` once it lists uses."""

    sentence: Sentence
    planned: bool
    basis: str
    listed: bool = False
    parted: bool = False  # once it has told the parts of an amount
    last: str | None = None  # the field filled last


def bind_project(scene: Scene, project: str | None) -> None:
    """ProjectFunding, FundUse and ProjectEvent records of a passage about `project`."""
    paragraph = -1
    money = _Money(scene, project)
    planned = True
    for sentence in scene.encoded.sentences:
        if sentence.paragraph != paragraph:
            money.flush()
            paragraph = sentence.paragraph
        planned = _planned(sentence.text.replace(project or "项目", ""), planned)
        bind_steps(scene, sentence, project)
        money.read(_Told(sentence, planned, "planned" if planned else "actual"))
    money.flush()


def _planned(text: str, before: bool) -> bool:
    if re.search(rf"实际支出|支出资金|执行|已支付|共支出|累计支出|使用情况|(?<!计划)支[出付]{MONEY}", text):
        return False
    if re.search(r"计划|预算(?!执行)|申报|拟", text):
        return True
    return before


class _Money:
    """The money of one project, sentence by sentence; what a paragraph tells of one period makes one ProjectFunding."""

    def __init__(self, scene: Scene, project: str | None) -> None:
        self.scene = scene
        self.project = project
        self.open: list[_Funding] = []

    def read(self, told: _Told) -> None:
        """The money of one sentence."""
        scene, sentence = self.scene, told.sentence
        told.parted = bind_allotted(scene, sentence, self.project, told.planned)
        position = 0
        for index, quantity in sorted(sentence.quantities.items()):
            if index < position or scene.free(quantity) is None:
                continue
            lead = sentence.text[position:index]
            if quantity.kind is QuantityKind.PERCENT:
                position = self._percent(told, lead, index, quantity)
            elif quantity.kind is QuantityKind.MONEY and sentence.text[index] == MONEY:
                position = self._amount(told, lead, index, quantity)
        give_shares(scene, sentence)

    def flush(self) -> None:
        """Add what is told so far: a paragraph ends."""
        for funding in self.open:
            self._add(funding)
        self.open = []

    def _percent(self, told: _Told, lead: str, index: int, quantity: Quantity) -> int:
        name = None if self.scene.setting.budget and _EARLIER.search(lead) else _match(_RATES, lead)
        parts = _PARTS_OF_YEAR.findall(lead)
        if name is None and told.last in dict(_RATES) and lead in ("、", "和"):
            name = told.last  # 上半年、前三季度支出进度分别为43%、67%
            parts = _PARTS_OF_YEAR.findall(told.sentence.text[:index])[1:]
        if name is not None:
            self._put(told, name, quantity, index, parts[0] if parts else None)
        elif told.last == "spent" and re.search("[，,（(]约?占$", lead):
            self._put(told, "execution_rate", quantity, index, None)  # 合同总价468万元，已付326万元，约占69.66%
        elif (end := bind_share_first(self.scene, told.sentence, index, lead, self.project, told.basis)) is not None:
            return end
        elif not give_share(self.scene, lead, quantity):
            bind_named_behind(self.scene, told.sentence, index, self.project, "planned")
        return index + 1

    def _amount(self, told: _Told, lead: str, index: int, quantity: Quantity) -> int:
        scene, text = self.scene, told.sentence.text
        clause = re.split(r"[，,；;。：:]", lead)[-1] or lead
        if _MOVED.search(clause):
            scene.contexts[quantity.id] = ContextKind.OTHER
            return index + 1
        if _LIMIT.search(clause):
            scene.leave(quantity)
            return index + 1
        told.listed = told.listed or bool(_USE_LEAD.search(lead) and _LISTS.search(lead))
        if _NOT_ITS_OWN.search(clause):
            words = label_of_indicator(lead)
            scene.add(ActivityFigure, subject=scene.printed(words), quantity=quantity)
            return index + 1
        behind = bind_named_behind(scene, told.sentence, index, self.project, basis_of(text[:index], told.planned))
        if behind is not None:
            return behind
        name = self._field(told, lead, clause, index)
        label = None if self._sums(told, clause, index) else label_of_use(scene, told.sentence, lead, index)
        if label is not None and told.listed and not _is_total(clause) and not _names_total(clause):
            told.basis, told.last = basis_of(text[:index], told.planned), None
            scene.add(FundUse, project=self.project, label=label, basis=told.basis, amount=quantity)
        elif name is not None:
            self._put(told, name, quantity, index, self._year(told, clause, index))
        elif label is not None and re.search(r"费|款|补助|补贴|购置|[维管]护|设备|服务", label):
            scene.add(FundUse, project=self.project, label=label, basis=told.basis, amount=quantity)
        return index + 1

    def _field(self, told: _Told, lead: str, clause: str, index: int) -> str | None:
        text = told.sentence.text
        if _CARRIED.search(clause):
            return None
        if self._sums(told, clause, index):
            return "planned" if basis_of(text[:index], told.planned) == "planned" else "spent"
        name = funding_field(clause) or (funding_field(lead) if len(clause) < 4 else None)
        if name is None and _BARE.fullmatch(clause):  # （4）年度预算安排：按…测算，共4627万元
            name = _match(_FUNDING[-1:], self.scene.topics[told.sentence.paragraph])
        if name is None and not text[:index].strip() and self.scene.topics[told.sentence.paragraph] == self.project:
            name = "approved_budget"  # 7.学校取暖补助。464.80万元用于46所学校冬季取暖
        if name is None and self.project is not None and _MARKED.sub("", text[:index]).strip() == self.project:
            name = "approved_budget"  # 藏药浴中心设备购置120万元，计划…
        behind = _NAMED_BEHIND.match(text, index + 1) if name in (None, "approved_budget") else None
        if behind is not None:  # 80万元预算只支出62万元; 资金1010万元已全部到位; 由某公司以512万元中标
            name = "received" if behind["in"] else "contract_amount" if behind["won"] else "approved_budget"
        if name == "allocated" and re.search("安排|预算", clause):
            name = "approved_budget"  # 2024年安排财政拨款350万元
        if name == "approved_budget" and _SCORED.match(text, index):
            name = "evaluated"  # 项目资金742万元，评价得分85.3分
        if (
            name == "approved_budget"
            and clause.endswith("安排")
            and _PLANNED_USE.search(self.scene.line(told.sentence.paragraph))
        ):
            name = "planned"  # 2024年安排45万元。资金使用计划：…
        told_before = any(name in funding.values for funding in self.open)
        return "adjusted_budget" if name == "approved_budget" and "全年预算" in clause and told_before else name

    def _sums(self, told: _Told, clause: str, index: int) -> bool:
        """分别支出453万元和931万元，共1384万元: is an amount the sum of the parts that its sentence has told?"""
        if not (told.parted and _SUM.fullmatch(clause)):
            return False
        before = (each for at, each in told.sentence.quantities.items() if at < index)
        return any(each.kind is QuantityKind.MONEY and self.scene.free(each) is None for each in before)

    def _year(self, told: _Told, clause: str, index: int) -> str | None:
        """The year that money is of, as printed: '' for that of the disclosure, None where none is printed."""
        at = told.sentence.text.rfind(DATE, index - len(clause), index)
        year = told.sentence.quantities.get(at)
        if year is None or len(year.date or "") != 4 or _AS_OF.search(clause) or self.scene.setting.fiscal_year is None:
            return None
        return "" if year.date == str(self.scene.setting.fiscal_year) else year.raw

    def _put(self, told: _Told, name: str, quantity: Quantity, index: int, period: str | None) -> None:
        """Note a figure of the period named, else of the one told of last; a figure told again begins a new record."""
        told.last = name
        place = len(self.open) - 1 if period is None else self._place(told, period)
        funding = self.open.pop(place) if place >= 0 else _Funding(period or "", told.sentence)
        if name in funding.values:
            self._add(funding)
            funding = _Funding(funding.period, told.sentence)
        funding.values[name] = quantity
        funding.as_of = funding.as_of or self._as_of(told.sentence, index)
        self.open.append(funding)

    def _place(self, told: _Told, period: str) -> int:
        """The open record of a period; a sentence that comes back to the year of the disclosure begins a new one."""
        last = self.open[-1] if self.open else None
        back = not period and last is not None and bool(last.period)
        fitting = (
            at
            for at, funding in enumerate(self.open)
            if funding.period == period and (not back or funding.sentence is told.sentence)
        )
        return next(fitting, -1)

    def _as_of(self, sentence: Sentence, index: int) -> Quantity | None:
        match = _AS_OF.search(sentence.text[:index])
        date = sentence.quantities.get(match.end() - 1) if match else None
        return self.scene.free(date)

    def _add(self, funding: _Funding) -> None:
        values = {name: value for name, value in funding.values.items() if self.scene.free(value)}
        apart = funding.period and (
            _PARTS_OF_YEAR.fullmatch(funding.period) or any(each.period != funding.period for each in self.open)
        )
        if values:
            as_of = self.scene.free(funding.as_of)
            self.scene.add(
                ProjectFunding, project=self.project, period=funding.period if apart else None, as_of=as_of, **values
            )


def funding_field(words: str) -> str | None:
    """The field that words name; 预算, 总额 and the like only where nothing more telling stands there."""
    words = words.replace("整体支出", "整体")  # whose budget it is, not what was spent
    return _match(_FUNDING[:-1], words) or _match(_FUNDING[-1:], words)


def rate_field(words: str) -> str | None:
    """The field of a rate that words name."""
    return _match(_RATES, words)


def _match(table: tuple[tuple[str, re.Pattern[str]], ...], words: str) -> str | None:
    """The field whose words stand nearest to the figure."""
    found: tuple[int, str] | None = None
    for name, pattern in table:
        for match in pattern.finditer(words):
            if found is None or match.end() > found[0]:
                found = (match.end(), name)
    return found[1] if found else None


def _is_total(clause: str) -> bool:
    return bool(
        re.search(
            r"合计|共计|总额|总计|到位|批复|结余|节约|预算(?:数|金额|资金|批复)|申[报请]|实际支出$|合同|控制价", clause
        )
    )


def _names_total(clause: str) -> bool:
    return bool(
        re.fullmatch(
            r"(?:[，,；;：:、]|本项目|该项目|项目|截[至止]评价时点?|截[至止]Ⓓ[底末]?|Ⓓ|年|实际|共|已|累计)*(?:支出|使用|支付|付|到位|拨付)(?:资金|金额|经费)?(?:为|共计|共)*",
            clause,
        )
    )
