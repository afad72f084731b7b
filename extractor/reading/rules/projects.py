"""The money of one project, in a report that evaluates it."""

import re
from dataclasses import dataclass, field

from extractor.reading.rules.encode import MONEY, Sentence
from extractor.reading.rules.events import bind_steps
from extractor.reading.rules.indicators import label_of_indicator
from extractor.reading.rules.scene import Scene
from schemas.fields import QuantityRef
from schemas.performance import ActivityFigure, FundUse, ProjectFunding
from schemas.quantities import ContextKind, Quantity, QuantityKind

_FUNDING: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("received", re.compile(r"到位")),
    ("saved", re.compile(r"节约|节支|节省")),
    ("surplus", re.compile(r"结余|剩余|结转|未使用|未支出")),
    (
        "contract_amount",
        re.compile(r"合同(?:总)?(?:金额|额|价|价款)|合同总额|中标(?:金额|价|总?额)|成交(?:金额|价)|签订.{0,10}合同"),
    ),
    ("adjusted_budget", re.compile(r"调整后|实际预算数|调整(?:后)?预算|预算调整|追加后|调整为")),
    ("allocated", re.compile(r"拨付|拨款(?!收入)|下拨|下达|划拨")),
    ("applied", re.compile(r"申报|申请|支付计划")),
    ("spent", re.compile(r"支出|支付|使用|花费|执行数|执行金额|实际执行|执行(?:为|了)?$|开支|发放")),
    ("estimated", re.compile(r"评审|审定|招标金额|控制价|(?:概算|估算|可研批复|可研)(?:总投资)?|测算|预估")),
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
            r"批复|年初预算|投入资金|预算(?:安排|资金|金额|数|总额|总金额|经费|总)?|安排(?:资金|预算|经费)?|项目资金|项目经费|财政资金|资金总额|总额|总金额|经费为?"
        ),
    ),
)
_RATES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("received_rate", re.compile(r"到位率|到位比例|到位及时率")),
    ("surplus_rate", re.compile(r"结余率")),
    (
        "execution_rate",
        re.compile(
            r"执行率|支出率|资金使用率|支付率|执行进度|预算完成率|预算执行|完成(?:全年|年初|调整|调整后)?预算的?$|占(?:到位|全年预算|预算)(?:资金|数)?的$"
        ),
    ),
)
_USE_LEAD = re.compile(r"资金来源|资金分配|用于|其中|包括|包含|构成|计划：|明细|支付|分别|支出")
_LABEL = re.compile(
    r"^(?:[，,；;。：:、（(\s]|[\d一二三四五六七八九十]{1,2}[)）、.．]|其中|包括|含|分别为?|主要|用于|支付(?:给|了)?|共|其他|资金来源为?|该项目资金计划|根据《[^》]*》|和|及|以及|另|Ⓓ(?!年?项目|年?应))+"
)
_LABEL_TAIL = re.compile(r"(?:支出|费用)?(?:为|是|共计|合计|计|约|：|:|，|金额|支出)+$")
_USED_FOR = re.compile(r"(?:的资金)?(?:将)?用于(?:支付)?(?P<label>[\u4e00-\u9fff]{2,24})")
_SHARE_OF_USE = re.compile(
    r"^(?:元)?[，,、（(]?(?:约)?占(?:比|总?(?:支出|资金|金额|经费|投入)?(?:总额|总量)?的?(?:比例|比重)?)?(?:为|达|约)?$"
)
_PLANS = ("计划", "预算", "申报", "拟", "批复", "总投资")
_SAYS_BASIS = re.compile(rf"实际|已|累计|执行|(?<!转移)支[出付](?:资金|金额)?{MONEY}|{'|'.join(_PLANS)}")
_MARKED = re.compile(r"^[（(]?\d{1,2}[)）.、．]\s*")
_A_HEAD = re.compile(r"每(?:人|户|月|亩|座|年|次|件|个|辆|平方米|生)")
"""What one gets or costs (每人每月补助1500元) is none of the project's money."""
_MOVED = re.compile(r"(?:调减|核减|压减|追加|调增|收回)(?:了)?(?:预算|资金|项目|经费|指标)*$")
"""What was added to a budget or taken from it is not the budget."""
_AS_OF = re.compile(r"截[至止]到?(?:目前)?[^，。；]{0,3}Ⓓ")


@dataclass
class _Funding:
    values: dict[str, Quantity] = field(default_factory=dict)
    as_of: Quantity | None = None


def bind_project(scene: Scene, project: str | None) -> None:
    """ProjectFunding, FundUse and ProjectEvent records of a passage about `project`."""
    paragraph = -1
    funding = _Funding()
    planned = True
    for sentence in scene.encoded.sentences:
        if sentence.paragraph != paragraph:
            _flush(scene, funding, project)
            funding, paragraph = _Funding(), sentence.paragraph
        planned = _planned(sentence.text.replace(project or "项目", ""), planned)
        bind_steps(scene, sentence, project)
        funding = _money(scene, sentence, funding, project, planned)
    _flush(scene, funding, project)


def _planned(text: str, before: bool) -> bool:
    if re.search(rf"实际支出|支出资金|执行|已支付|共支出|累计支出|使用情况|支[出付]{MONEY}", text):
        return False
    if re.search(r"计划|预算(?!执行)|申报|拟", text):
        return True
    return before


def _money(scene: Scene, sentence: Sentence, funding: _Funding, project: str | None, planned: bool) -> _Funding:
    text = sentence.text
    position = 0
    in_list = False
    basis = "planned" if planned else "actual"
    for index, quantity in sorted(sentence.quantities.items()):
        lead = text[position:index]
        if quantity.kind is QuantityKind.PERCENT and scene.free(quantity):
            name = _match(_RATES, lead)
            position = index + 1
            if name is not None and name not in funding.values:
                funding.values[name] = quantity
            elif _SHARE_OF_USE.search(lead) and _gives_share(scene, quantity):
                continue
            elif use := _USED_FOR.match(text, index + 1):
                words = use["label"] if use["label"] in scene.encoded.source else None
                scene.add(FundUse, project=project, label=words, basis="planned", share=quantity)
            continue
        if quantity.kind is not QuantityKind.MONEY or scene.free(quantity) is None or text[index] != MONEY:
            continue
        position = index + 1
        clause = re.split(r"[，,；;。：:]", lead)[-1] or lead
        if _MOVED.search(clause):
            scene.contexts[quantity.id] = ContextKind.OTHER
            continue
        in_list = in_list or (
            bool(_USE_LEAD.search(lead)) and bool(re.search(r"其中|来源为|[：:]|用于|构成|包括|明细|分别|[（(]", lead))
        )
        name = _funding_field(clause) or (_funding_field(lead) if len(clause) < 4 else None)
        if name is None and project is not None and _MARKED.sub("", text[:index]).strip() == project:
            name = "approved_budget"  # 藏药浴中心设备购置120万元，计划…
        if name == "approved_budget" and "全年预算" in clause and name in funding.values:
            name = "adjusted_budget"  # 年初预算X，全年预算Y
        label = _use_label(scene, sentence, lead, index)
        if _A_HEAD.search(clause):
            words = label_of_indicator(lead)
            scene.add(ActivityFigure, subject=words if words in scene.encoded.source else None, quantity=quantity)
            continue
        is_use = label is not None and (in_list and not _is_total(clause)) and not _names_total(clause)
        if is_use:
            basis = _basis(text[:index], planned)
            scene.add(FundUse, project=project, label=label, basis=basis, amount=quantity)
        elif name is not None:
            if name in funding.values:
                _flush(scene, funding, project)
                funding = _Funding()
            funding.values[name] = quantity
            funding.as_of = funding.as_of or _as_of(scene, sentence, index)
        elif label is not None and re.search(r"费|款|经费|补助|补贴|购置|维护|设备|服务", label):
            scene.add(FundUse, project=project, label=label, basis=basis, amount=quantity)
    return funding


def _basis(before: str, planned: bool) -> str:
    """Whether a use is planned or actual: by the last word before it that says so, else as the sentence goes."""
    said = [match.group() for match in _SAYS_BASIS.finditer(before)]
    return ("planned" if said[-1] in _PLANS else "actual") if said else ("planned" if planned else "actual")


def _gives_share(scene: Scene, share: Quantity) -> bool:
    """居家养老服务支出213.44万元，占40%: the share belongs to the use read last."""
    last = scene.records[-1] if scene.records else None
    if not isinstance(last, FundUse) or last.amount is None or last.share is not None:
        return False
    scene.records[-1] = last.model_copy(update={"share": QuantityRef(quantity=share.id)})
    scene.claimed.add(share.id)
    return True


def _funding_field(words: str) -> str | None:
    """The field that words name; 预算, 总额 and the like only where nothing more telling stands there."""
    words = words.replace("整体支出", "整体")  # whose budget it is, not what was spent
    return _match(_FUNDING[:-1], words) or _match(_FUNDING[-1:], words)


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
        re.search(r"合计|共计|总额|总计|到位|批复|结余|节约|预算(?:数|金额|资金|批复)|申[报请]|实际支出$|合同", clause)
    )


def _names_total(clause: str) -> bool:
    return bool(
        re.fullmatch(
            r"(?:[，,；;：:、]|本项目|该项目|项目|截[至止]评价时点?|截[至止]Ⓓ|Ⓓ|年|实际|共|已|累计)*(?:支出|使用|支付|到位|拨付)(?:资金|金额|经费)?(?:为|共计|共)*",
            clause,
        )
    )


def _use_label(scene: Scene, sentence: Sentence, lead: str, index: int) -> str | None:
    clause = re.split(r"[；;。：:，,（(]", lead)[-1]
    if not _LABEL.sub("", clause) and len(re.split(r"[；;。：:，,]", lead)) > 1:
        clause = re.split(r"[；;。：:，,]", lead)[-2]
    start = sentence.text.rfind(clause, 0, index)
    stripped = _LABEL.sub("", clause)
    start += len(clause) - len(stripped)
    words = scene.encoded.source[sentence.at[start] : sentence.at[index]].strip("，,；;：:、（( ")
    words = _LABEL_TAIL.sub("", words) or words
    return words if len(words) >= 2 and words in scene.encoded.source else None


def _as_of(scene: Scene, sentence: Sentence, index: int) -> Quantity | None:
    match = _AS_OF.search(sentence.text[:index])
    date = sentence.quantities.get(match.end() - 1) if match else None
    return scene.free(date)


def _flush(scene: Scene, funding: _Funding, project: str | None) -> None:
    values = {name: value for name, value in funding.values.items() if scene.free(value)}
    if values:
        scene.add(ProjectFunding, project=project, as_of=scene.free(funding.as_of), **values)
