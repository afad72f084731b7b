"""The steps of a project: what was done when, how often, with whom, and what was paid for it."""

import re
from dataclasses import dataclass

from extractor.reading.rules.encode import ASIDE, COUNT, DATE, MONEY, NUMBER, PERCENT, Sentence
from extractor.reading.rules.scene import Scene
from extractor.reading.rules.subjects import key_project
from schemas.performance import ProjectEvent
from schemas.quantities import ContextKind, Quantity, QuantityKind

_VERB = re.compile(
    r"签订|签署|发布|公告|完成|启动|召开|验收|通过|提交|申报|引入|更名|成立|选定|开标|中标|招标|审议|封顶|追加|签约|支付|上线|开工|竣工|评审|批复|委托|"
    r"下达|印发|实施|开展|执行|结束|采购|比选|组织|提出|同意|终验|初验|交付|投入使用|完工|建成|投产|出具|挂牌|进驻|入驻|移交|进场|入库|立项|投入试?运行|投用|付清|拨付|兑[付现]|发放|到位|帮助|实现"
)
_COUNTED = re.compile(
    rf"(?P<event>(?:召开|组织召开|举行|提交|签订|支付|拨付|验收|巡查|督查|检查)[^，。；{COUNT}{MONEY}]{{0,14}}?)(?:共|共计|了)?(?P<count>{COUNT})$"
)
_IN_TIMES = re.compile(
    rf"分(?P<count>{COUNT})(?P<event>(?:向[^，。；]{{2,12}})?(?:支付|拨付|提交|付款|到位|完成)[^，。；{MONEY}]{{0,14}})"
)
_PERIOD = re.compile(rf"{DATE}(?:至|到|-|—|–|~|～)+{DATE}")
_NOT_A_STEP = re.compile(r"截[至止]到?$|评价(?:时间|期间)(?:范围)?为?$|评价基准日为?$")
_IN_MONTHS = re.compile(f"[{NUMBER}{ASIDE}](?:至|到|-|—|–|~|～)$")
"""Before the second of two months between which something goes on (汛期4—9月)."""
_JOINED = re.compile("(?:[上中下]旬|底|初|末|前)*(?:[、和及与]|以及)(?:于)?")
"""Between two days of one step."""
_FULL_DATE = re.compile(r"^\d{4}-\d{2}|^--")
_YEAR_STEP = re.compile(r"(?:年)?(?:引入|更名|成立|建成|启用|开始|组建|投入使用|开工|立项|委托|启动)")
_PLANNED = re.compile(r"计划|预计|确保|力争|拟于|目标|应于|应在|须于|责成|限期")
_LOOKS_BACK = re.compile("上年|去年|已(?!经?批)")
_PROPOSED = re.compile(r"改进|下一步|建议|整改措施|今后|打算|计划|安排$")
_PARTY = re.compile(
    r"(?:与|由|向|委托|推荐|单位为|单位是|供应商为|机构为|公司为|支付给|交由|代理公司|分别向)(?P<party>[\u4e00-\u9fff（）()·]{2,40}?(?:公司(?:和[\u4e00-\u9fff]{2,10}公司)?|研究院|事务所|中心|集团(?!\w{0,6}公司)|大学|研究所|局|单位|院|委员会|学会|协会))"
)
_TERM = re.compile(
    r"(?:工期|服务期限?|合同期限?|履约期限?|实施周期|实施期限?|建设期限?|周期|期限|(?:实施|执行|起止)时间)$"
)
_TERM_TITLE = re.compile(r"(?:起止|实施|建设|执行)(?:时间|周期|期限|年限)")
_CLAUSE = re.compile(r"[^，。；,;]{2,60}")
_LEAD = re.compile(r"(?:[上中下]旬|日|底前|月底|年底|前|后|底|初|末|起|，|,|期间|本项目|该项目|于|在)*")
_AGREED = re.compile(
    rf"(?P<event>[^，。；、{PERCENT}{MONEY}]{{0,12}}?(?:预付|首付|进度款|尾款|质保金|支付|付款|付)[^，。；、{PERCENT}{MONEY}]{{0,14}}?){PERCENT}"
)
"""Instalments that a contract agrees on: 合同约定签订后预付30%、验收合格后付至95%."""
_AGREEMENT = re.compile(r"合同(?:约定|规定|签订后)|约定|按合同|协议|付款方式")
_PAID = re.compile(r"支付|付款|拨付|预留")
_BOUGHT = re.compile("(?:采购|购置|购买|购入)[^，。；]{2,20}$")
_COSTS = re.compile("[，,]?(?:金额|总价|价款|合计|共计)(?:为)?$")
_ADDED = re.compile("(?:追加|调增|调减|收回)[^，。；]{0,8}$")
"""Before money that a dated step moves (6月追加中央资金800万元)."""
_NEXT_PART = re.compile("[；;]")
_TIMES = ("次", "笔", "批")
_INSTALMENT = re.compile(
    f"(?:质保金|质量保证金|尾款|余款|首付款|预付款|进度款)为?(?P<amount>{MONEY})(?:[（(]占合同[款价金总额]*的?(?P<share>{PERCENT})[)）])?"
    "[，,]?(?P<event>[^，,。；;]{0,10}(?:支付|付清|拨付))"
)
"""质保金43万元（占合同款的5%）待终验后支付."""
_OFFERED = re.compile(r"报价|支付(?!计划)")


@dataclass
class _Step:
    """An event under way; `at` is where its date or count stands in the sentence."""

    at: int
    event: str
    state: str
    date: Quantity | None = None
    end_date: Quantity | None = None
    count: Quantity | None = None
    share: Quantity | None = None
    amount: Quantity | None = None
    party: str | None = None


def bind_steps(scene: Scene, sentence: Sentence, project: str | None) -> None:
    """ProjectEvent records of a sentence about a project."""
    steps = [*_dated(scene, sentence), *_counted(scene, sentence), *_agreed(scene, sentence)]
    steps += _instalments(scene, sentence)
    steps.sort(key=lambda step: step.at)
    _payments(scene, sentence, steps)
    for step in steps:
        _add(scene, step, project)


def bind_dated(scene: Scene) -> None:
    """ProjectEvent records of what was or is to be done when, where no project is spoken of (2024年6月底前建立管护机制)."""
    for sentence in scene.encoded.sentences:
        for step in _dated(scene, sentence):
            if step.date is not None and step.date.context is ContextKind.PERIOD:
                continue  # 1—12月预算执行总体进度
            _add(scene, step, key_project(scene, sentence, step.at))


def _add(scene: Scene, step: _Step, project: str | None) -> None:
    scene.add(
        ProjectEvent,
        project=project,
        date=scene.free(step.date),
        end_date=scene.free(step.end_date),
        state=step.state,
        event=scene.printed(step.event),
        party=step.party,
        amount=scene.free(step.amount),
        share=scene.free(step.share),
        count=scene.free(step.count),
    )


def _dated(scene: Scene, sentence: Sentence) -> list[_Step]:
    text = sentence.text
    dates = [
        index for index, quantity in sorted(sentence.quantities.items()) if _is_free_date(scene, text, index, quantity)
    ]
    steps: list[_Step] = []
    skip: set[int] = set()
    for position, index in enumerate(dates):
        if index in skip or _NOT_A_STEP.search(text[:index]) or _IN_MONTHS.search(text[:index]):
            continue
        later = [*dates[position + 1 :], len(text)]
        period = bool(_PERIOD.match(text, index)) and later[0] < len(text)
        if period:
            skip.add(later[0])
        last = later[0] if period else index
        # the year of a budget inside the step's words (对2022年度…项目开展评价) is no next date
        end = next(
            (each for each in dates if each > last and _is_step_date(sentence.quantities[each], text, each)), len(text)
        )
        if not period and _JOINED.fullmatch(text, index + 1, end) and end < len(text):
            end = next((each for each in dates if each > end), len(text))  # 分别于5月底和11月底前发放
            last = later[0]
        event = _event_at(scene, sentence, last + 1, end, index)
        first = sentence.quantities[index]
        if event is None or not (period or _is_step_date(first, text, index)):
            continue
        party = _PARTY.search(scene.encoded.source[sentence.at[index] : sentence.at[min(end, len(sentence.at) - 1)]])
        steps.append(
            _Step(
                index,
                event,
                _state(scene, sentence, dates[position - 1] if position else 0, index, last),
                date=first,
                end_date=sentence.quantities[later[0]] if period else None,
                party=party["party"] if party else None,
            )
        )
    return steps


def _state(scene: Scene, sentence: Sentence, since: int, at: int, last: int) -> str:
    """Planned or actual, by the last such word before a date (应于11月底前完工，实际10月25日完工); what a budget dates in its
    own year or later, and what is proposed, is planned. `last` is where a period ends."""
    text = sentence.text
    if re.search(r"实际|已于", text[since:at]):
        return "actual"
    if _PLANNED.search(text[:at]) or _PLANNED.search(text[at:].split("，")[0]):
        return "planned"
    if text[:at].endswith(("时间：", "时间:")):
        return "planned"
    year = (sentence.quantities[last].date or "")[:4]
    due = not year.isdigit() or int(year) >= (scene.setting.fiscal_year or 9999)
    to_come = scene.setting.budget and due and not _LOOKS_BACK.search(text[:at])
    proposed = any(_PROPOSED.search(words) for words in (text[:at], scene.topics[sentence.paragraph], scene.title))
    return "planned" if to_come or proposed else "actual"


def _is_free_date(scene: Scene, text: str, index: int, quantity: Quantity) -> bool:
    return (
        quantity.kind is QuantityKind.DATE
        and text[index] == DATE
        and bool(quantity.date)
        and scene.free(quantity) is not None
    )


def _is_step_date(date: Quantity, text: str, index: int) -> bool:
    """A month or a day dates a step; a bare year only where the step's own verb follows (2020年引入)."""
    if date.date and _FULL_DATE.match(date.date):
        return True
    return bool(_YEAR_STEP.match(text, index + 1))


def _event_at(scene: Scene, sentence: Sentence, start: int, end: int, date_at: int) -> str | None:
    """The words of the step: the clause behind the date, or the one before it (…时间：Ⓓ)."""
    text = sentence.text
    behind = next((clause for clause in _CLAUSE.finditer(text, start, end) if _VERB.search(clause.group())), None)
    if behind:
        lead = _LEAD.match(text, behind.start(), behind.end())
        found = (lead.end() if lead else behind.start(), behind.end())
    else:
        before = re.search(r"[^，。；,;：:]{2,40}?(?=(?:时间|日期)?[：:为]?(?:自|从|于|在)?$)", text[:date_at])
        if not before and date_at == 0:
            return _term_above(scene, sentence)
        if not before or not (_VERB.search(before.group()) or _TERM.search(before.group())):
            return None
        found = (before.start(), before.end())
    stop = re.search(f"[{PERCENT}{MONEY}{COUNT}]|(?:之)?后(?=根据|按|即|，)", text[found[0] : found[1]])
    if stop and stop.start() > 3:
        found = (found[0], found[0] + stop.start())
    words = scene.encoded.source[sentence.at[found[0]] : sentence.at[found[1]]].strip("，,；;：: ")
    return words if len(words) >= 2 else None


def _term_above(scene: Scene, sentence: Sentence) -> str | None:
    """（4）起止时间。2023年7月至2025年6月: the title of the line, or the heading above it, names the period."""
    found = (_TERM_TITLE.search(words) for words in (scene.line(sentence.paragraph)[:24], scene.title))
    return next((match.group() for match in found if match), None)


def _counted(scene: Scene, sentence: Sentence) -> list[_Step]:
    """召开工作例会11次; 分两次向财政局提交资金支付计划."""
    steps = []
    for index, quantity in sorted(sentence.quantities.items()):
        if quantity.kind is not QuantityKind.COUNT or scene.free(quantity) is None or quantity.unit not in _TIMES:
            continue
        match = _COUNTED.search(sentence.text[: index + 1]) or _IN_TIMES.match(sentence.text, max(0, index - 1))
        if match is None or sentence.text.find(COUNT, match.start("count")) != index:
            continue
        start, end = match.span("event")
        event = scene.encoded.source[sentence.at[start] : sentence.at[end]].strip("，,共计了 ")
        party = _PARTY.search(event)
        steps.append(_Step(index, event, "actual", count=quantity, party=party["party"] if party else None))
    return steps


def _agreed(scene: Scene, sentence: Sentence) -> list[_Step]:
    """The instalments of a contract, as shares of its sum."""
    text = sentence.text
    agreement = _AGREEMENT.search(text)
    if agreement is None:
        return []
    found = []
    for match in _AGREED.finditer(text, agreement.end()):
        share = sentence.quantities[match.end() - 1]
        if scene.free(share) is None or DATE in text[agreement.end() : match.start()]:
            continue
        words = sentence.words(match.start("event"), match.end("event"), scene.encoded.source)
        found.append(_Step(match.end() - 1, words, "planned", share=share))
    return found


def _instalments(scene: Scene, sentence: Sentence) -> list[_Step]:
    """What is paid of a contract's sum on a condition, by its name."""
    found = []
    for match in _INSTALMENT.finditer(sentence.text):
        share = sentence.quantities[match.start("share")] if match["share"] else None
        state = "actual" if match["event"].startswith("已") else "planned"
        words = sentence.words(*match.span("event"), scene.encoded.source)
        amount = sentence.quantities[match.start("amount")]
        found.append(_Step(match.start("amount"), words, state, share=share, amount=amount))
    return found


def _payments(scene: Scene, sentence: Sentence, steps: list[_Step]) -> None:
    """A share of the contract sum, or an offer, belongs to the step that it follows."""
    for index, quantity in sorted(sentence.quantities.items()):
        step = next((s for s in reversed(steps) if s.at < index), None)
        if step is None or scene.free(quantity) is None:
            continue
        lead = sentence.text[max(step.at, index - 30) : index]
        if quantity.kind is QuantityKind.PERCENT and _PAID.search(lead) and step.share is None:
            step.share = quantity
        elif quantity.kind is QuantityKind.MONEY and step.amount is None:
            bought = step.count is not None and step.count.unit not in _TIMES and _COSTS.search(lead)
            offered = _OFFERED.search(lead[-10:]) and not _NEXT_PART.search(sentence.text, step.at, index)
            if offered or _ADDED.search(lead) or bought:
                step.amount = quantity
        elif quantity.kind is QuantityKind.COUNT and step.count is None and _BOUGHT.search(lead):
            step.count = quantity
