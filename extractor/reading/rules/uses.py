"""What the money of a project is made up of and what it goes to, however a sentence lists it."""

import re

from extractor.reading.rules.encode import COUNT, MONEY, PERCENT, Sentence
from extractor.reading.rules.lexicon import AND
from extractor.reading.rules.scene import Scene
from schemas.performance import FundUse
from schemas.quantities import Quantity

_LABEL = re.compile(
    r"^(?:[，,；;。：:、（(\s]|[\d一二三四五六七八九十]{1,2}[)）、.．]|其中|包括|含|分别为?|主要|用于|支付(?:给|了)?|共|其他|资金来源为?|该项目资金计划|根据《[^》]*》|和|及|以及|另|Ⓓ(?!年?项目|年?应))+"
)
_LABEL_TAIL = re.compile(r"(?:支出|费用)?(?:为|是|共计|合计|计|约|：|:|，|金额|支出|的)+$")
_NAMED_BEHIND = re.compile(
    rf"(?:的资金)?(?:将|拟)?用于(?P<label>[^，,。；;、：:（(）)Ⓓ{MONEY}{PERCENT}{COUNT}]{{2,30}})(?:[（(](?P<count>{COUNT})(?=[、，）)]))?"
)
"""Behind an amount or a share that no word names: 117万元用于紧缺人才安家补贴（13人、每人9万元）."""
_SHARE_OF_USE = re.compile(
    r"^(?:元)?[，,、（(]?(?:约)?占(?:比|总?(?:支出|资金|金额|经费|投入)?(?:总额|总量)?的?(?:比例|比重)?)?(?:为|达|约)?$"
)
_AMOUNT_NEXT = re.compile(f"[、，,](?:金额|资金|计|即)(?:为)?{MONEY}")
_SHARES = re.compile(
    rf"所?占(?:比例?|比重|总额)?的?(?:比例|比重)?(?:分别|依次|各)*(?:为|是)?(?P<shares>{PERCENT}(?:{AND}{PERCENT})+)"
)
_PLANS = ("计划", "预算", "申报", "拟", "批复", "总投资")
_SAYS_BASIS = re.compile(rf"实际|已|累计|执行|(?<!转移)(?<!计划)支[出付](?:资金|金额)?{MONEY}|{'|'.join(_PLANS)}")


def basis_of(before: str, planned: bool) -> str:
    """Whether a use is planned or actual: by the last word before it that says so, else as the sentence goes."""
    said = [match.group() for match in _SAYS_BASIS.finditer(before)]
    return ("planned" if said[-1] in _PLANS else "actual") if said else ("planned" if planned else "actual")


def label_of_use(scene: Scene, sentence: Sentence, lead: str, index: int) -> str | None:
    """What the money at an index goes to, by the words before it."""
    clause = re.split(r"[；;。：:，,（(]", lead)[-1]
    if not _LABEL.sub("", clause) and len(re.split(r"[；;。：:，,]", lead)) > 1:
        clause = re.split(r"[；;。：:，,]", lead)[-2]
    start = sentence.text.rfind(clause, 0, index)
    stripped = _LABEL.sub("", clause)
    start += len(clause) - len(stripped)
    words = scene.encoded.source[sentence.at[start] : sentence.at[index]].strip("，,；;：:、（( ")
    words = _LABEL_TAIL.sub("", words) or words
    return scene.printed(words) if len(words) >= 2 else None


def bind_named_behind(scene: Scene, sentence: Sentence, index: int, project: str | None, basis: str) -> int | None:
    """The use of the amount or share at an index that the words behind it name; returns where they end."""
    match = _NAMED_BEHIND.match(sentence.text, index + 1)
    clause = re.split(r"[；;。：:，,]", sentence.text[:index])[-1]
    named = sentence.text[index] == MONEY and _LABEL.sub("", re.sub(r".*[、（(]", "", clause))
    if match is None or named:
        return None
    start, end = match.span("label")
    label = sentence.words(start, end, scene.encoded.source).removeprefix("支付")
    figure = {"amount" if sentence.text[index] == MONEY else "share": sentence.quantities[index]}
    count = scene.free(sentence.quantities.get(match.start("count"))) if match["count"] else None
    scene.add(FundUse, project=project, label=label, basis=basis, count=count, **figure)
    return match.end()


def bind_share_first(
    scene: Scene, sentence: Sentence, index: int, lead: str, project: str | None, basis: str
) -> int | None:
    """房屋补偿占85%、金额3570万元: a use whose share is told before its amount; returns where the amount ends."""
    match = _AMOUNT_NEXT.match(sentence.text, index + 1)
    label = label_of_use(scene, sentence, lead, index) if match and lead.rstrip("比").endswith("占") else None
    if match is None or label is None:
        return None
    share, amount = sentence.quantities[index], sentence.quantities[match.end() - 1]
    scene.add(
        FundUse, project=project, label=label.rstrip("比").removesuffix("占"), basis=basis, amount=amount, share=share
    )
    return match.end()


def give_share(scene: Scene, lead: str, share: Quantity) -> bool:
    """居家养老服务支出213.44万元，占40%: the share belongs to the use read last, where the words between say so."""
    last = scene.records[-1] if scene.records else None
    if not _SHARE_OF_USE.search(lead) or not isinstance(last, FundUse) or last.amount is None or last.share is not None:
        return False
    scene.give("share", share)
    return True


def give_shares(scene: Scene, sentence: Sentence) -> None:
    """河道保洁X、绿化养护Y，占比分别为60%、40%: each share belongs to one of the uses read last."""
    for at in shares_listed(sentence):
        shares = [sentence.quantities[index] for index in at]
        first = len(scene.records) - len(shares)
        uses = [each for each in scene.records[first:] if isinstance(each, FundUse) and each.amount and not each.share]
        if first >= 0 and len(uses) == len(shares) and all(scene.free(share) for share in shares):
            for number, share in enumerate(shares):
                scene.give("share", share, first + number)


def shares_listed(sentence: Sentence) -> list[list[int]]:
    """Where a sentence lists shares respectively."""
    return [sentence.places(match.span("shares"), PERCENT) for match in _SHARES.finditer(sentence.text)]
