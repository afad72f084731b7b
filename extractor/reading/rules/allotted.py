"""The money of a project allotted among several that a sentence names together: respectively, by source, by what each takes."""

import re

from extractor.reading.rules.encode import COUNT, MONEY, Sentence
from extractor.reading.rules.forms import FIGURES
from extractor.reading.rules.leads import FARTHEST
from extractor.reading.rules.lexicon import AND
from extractor.reading.rules.scene import Scene
from extractor.reading.rules.uses import basis_of
from schemas.performance import FundUse
from schemas.quantities import Quantity

_NAMES = r"(?P<names>[\u4e00-\u9fff（）]{1,34}?(?:、[\u4e00-\u9fff（）]{1,34}?){0,10}?)"
_AMOUNTS = rf"(?P<amounts>(?<![、和及与]){MONEY}(?:{AND}{MONEY}){{1,11}})"
_FOUND = "(?:资金|经费|预算|金额)"
_RESPECTIVELY = (
    re.compile(
        rf"{_NAMES}(?:[两二三四]级)?(?:财政)?{_FOUND}?(?:分别|依次|各)"
        rf"(?:负担|承担|安排|投入|出资|补助|配套|筹集|支出|使用|发放|下达|支付|兑[付现]|奖励|占用|需要?|为|计)*{_FOUND}?(?:共|约|为)?{_AMOUNTS}"
    ),
    re.compile(rf"(?:分别|依次)(?:用于|投向|投入|支付){_NAMES}[，,]?{_FOUND}?(?:分别|依次|各)?(?:为|共)?{_AMOUNTS}"),
    re.compile(rf"{_AMOUNTS}{_FOUND}?[，,]?(?:分别|依次)(?:用于|投向|投入|支付){_NAMES}(?=[，,。；;]|等|$)"),
)
"""中央、省、市三级财政分别负担3702万元、740万元、185万元; 分别用于道路硬化、路灯安装80万元、20万元; 80万元、20万元分别用于…."""
_NAMES_A_WHOLE = re.compile("预算|决算|执行|到位|结余|结转|总投资|总额|合同|目标|支出$|拨付$|年$|项目$")
"""预算数、执行数分别为…: what is told of the whole, no parts of it."""
_LEVELS = re.compile(r"[两二三四]级(?:财政)?(?:资金)?$|财政$")
_PART = rf"[^，,。；;：:、{FIGURES}]{{2,20}}{MONEY}"
_PARTS = rf"(?P<parts>{_PART}(?:[、，,]?{_PART}){{1,11}})"
_BY_SOURCE = (
    re.compile(rf"按[^，,。；;：:{FIGURES}]{{1,10}}(?:分|看|统计)[，,：:]{_PARTS}"),
    re.compile(rf"(?:^|[，,；;。]){_FOUND}?由{_PARTS}(?=(?:等|两部分|三部分|共同)*(?:组成|构成|解决|筹措|筹集))"),
)
"""按渠道分，中央和省级补助3428万元、市县配套858万元; 由本年预算1404万元和上年结转220万元组成."""
_COUNTED = rf"[^，,。；;：:、{FIGURES}]{{2,20}}{COUNT}"
_COUNTED_RUN = re.compile(rf"{_COUNTED}(?:[、，,]?{_COUNTED}){{1,11}}")
_ONE_COUNTED = re.compile(rf"(?P<label>[^，,。；;：:、{FIGURES}]{{2,20}})(?P<count>{COUNT})")
_AMOUNT_RUN = re.compile(rf"(?P<lead>[^，,。；;：:{FIGURES}]{{0,20}}){_AMOUNTS}")
_JOINED = re.compile(rf"^(?:{AND}|[，,])")
_LED = re.compile("^.*(?:由|其中|来自|包括|为|是)(?=..)")
_IN_ORDER = re.compile("分别|依次|对应|各")
_STANDARD = re.compile("每|标准|[人户]均")
_PAID_OUT = re.compile(
    rf"(?P<label>[^，,。；;：:{FIGURES}]{{2,40}}?)(?:合计|共计?)?(?P<count>{COUNT})[，,](?:共|计)?"
    rf"(?:奖励|补助|补贴|资助|兑[付现]|发放|支付|给予)(?:资金|补助|奖[金励])*(?:共计?|合计|为)?(?P<amount>{MONEY})"
)
"""新认定市级实验室2家，奖励100万元；…28家，奖励560万元: what those who are counted get, where at least two are told of."""
_WORKED_OUT = re.compile(
    rf"(?<![\u4e00-\u9fff])(?!按|以)(?P<label>[\u4e00-\u9fff]{{2,16}})(?P<count>{COUNT})[，,、](?:按照?|标准)?(?:人均|户均|每)[^，。；{MONEY}]{{0,10}}{MONEY}[^，。；{FIGURES}]{{0,6}}"
    rf"[，,](?:全年|年|一年)?(?:共需?|合|总)?计?(?:需要?|为|补[助偿]|安排|{_FOUND})*(?P<amount>{MONEY})"
)
_DOES = re.compile(r"^(?:其中|评选?出|实施|完成|开展|安排|拟|计划|共|将|[①-⑳])+(?=..)")
_LABEL_TAIL = re.compile("(?:各|分别|安排|为|是|共计?|合计|约)+$")
_MEASURES = ("亩", "公里", "千米", "米", "公顷", "平方米", "立方米", "平方公里", "吨", "㎡")
"""Units that measure what is done; the amount is of it all the same."""


def bind_worked_out(scene: Scene, project: str | None) -> None:
    """聘请保洁员52名，人均月工资1000元，计62.40万元: a use with how many it is for and what each gets."""
    for sentence in scene.encoded.sentences:
        for match in _WORKED_OUT.finditer(sentence.text):
            count = scene.free(sentence.quantities.get(match.start("count")))
            amount = scene.free(sentence.quantities.get(match.start("amount")))
            if count is None or amount is None:
                continue
            measured = (count.unit or "").lstrip("万千百亿") in _MEASURES
            _add(scene, sentence, project, scene.setting.budget, match, None if measured else count, amount)


def bind_allotted(scene: Scene, sentence: Sentence, project: str | None, planned: bool) -> bool:
    """FundUse of the parts of a project's money that a sentence tells together; were there any?"""
    before = len(scene.records)
    for pattern in _RESPECTIVELY:
        for match in pattern.finditer(sentence.text):
            _in_order(scene, sentence, project, planned, match)
    for pattern in _BY_SOURCE:
        for match in pattern.finditer(sentence.text):
            for part in re.finditer(rf"(?P<label>[^{MONEY}]+)(?P<amount>{MONEY})", match["parts"]):
                at = match.start("parts")
                amount = scene.free(sentence.quantities[at + part.start("amount")])
                label = _JOINED.sub("", part["label"])
                start = at + part.end("label") - len(label)
                words = sentence.words(start, at + part.end("label"), scene.encoded.source)
                _use(scene, sentence, project, planned, start, words, None, amount)
    _counted_in_order(scene, sentence, project, planned)
    paid = list(_PAID_OUT.finditer(sentence.text))
    for match in paid if len(paid) > 1 else ():
        count, amount = (scene.free(sentence.quantities[match.start(name)]) for name in ("count", "amount"))
        _add(scene, sentence, project, planned, match, count, amount)
    return len(scene.records) > before


def _in_order(scene: Scene, sentence: Sentence, project: str | None, planned: bool, match: "re.Match[str]") -> None:
    amounts = [sentence.quantities[at] for at in sentence.places(match.span("amounts"), MONEY)]
    listed = _LEVELS.sub("", sentence.words(*match.span("names"), scene.encoded.source))
    for between in ("、", "[、和]", AND):  # a name may hold 和 or 与 itself
        names = [_LED.sub("", name) for name in re.split(between, listed)]
        if len(names) == len(amounts) and not any(_NAMES_A_WHOLE.search(name) for name in names):
            for name, amount in zip(names, amounts, strict=True):
                _use(scene, sentence, project, planned, match.start(), name, None, scene.free(amount))
            return


def _counted_in_order(scene: Scene, sentence: Sentence, project: str | None, planned: bool) -> None:
    """评出一等奖3项、二等奖8项，分别发放奖金45万元、72万元: as many amounts as there are counted, also behind standards told
    likewise (依次为每亩500元、240元，对应资金750万元、480万元)."""
    for run in _COUNTED_RUN.finditer(sentence.text):
        counted = list(_ONE_COUNTED.finditer(sentence.text, *run.span()))
        end = run.end() + len(re.split("[。；;]", sentence.text[run.end() : run.end() + FARTHEST])[0])
        for amounts in _AMOUNT_RUN.finditer(sentence.text, run.end(), end):
            places = sentence.places(amounts.span("amounts"), MONEY)
            in_order = _IN_ORDER.search(sentence.text, run.end(), amounts.end("lead"))
            if len(places) < len(counted) and counted[-len(places)]["label"].startswith("其中"):
                counted = counted[-len(places) :]  # 国家级公益林103万亩，其中国有45万亩、集体58万亩
            if len(places) != len(counted) or not in_order or _STANDARD.search(amounts["lead"]):
                continue
            for each, at in zip(counted, places, strict=True):
                count = scene.free(sentence.quantities[each.start("count")])
                _add(scene, sentence, project, planned, each, count, scene.free(sentence.quantities[at]))
            break


def _add(
    scene: Scene,
    sentence: Sentence,
    project: str | None,
    planned: bool,
    match: "re.Match[str]",
    count: Quantity | None,
    amount: Quantity | None,
) -> None:
    words = sentence.words(*match.span("label"), scene.encoded.source)
    _use(scene, sentence, project, planned, match.start(), words, count, amount)


def _use(
    scene: Scene,
    sentence: Sentence,
    project: str | None,
    planned: bool,
    at: int,
    words: str,
    count: Quantity | None,
    amount: Quantity | None,
) -> None:
    if amount is not None:
        label = _LABEL_TAIL.sub("", _DOES.sub("", _JOINED.sub("", re.sub(r"\s", "", words))))
        basis = basis_of(sentence.text[:at], planned)
        scene.add(FundUse, project=project, label=scene.printed(label), basis=basis, count=count, amount=amount)
