"""What a figure of a plan was before: in an earlier year, or before it was moved (由88.4%提高到90%)."""

import re

from extractor.reading.rules.encode import DATE, Sentence
from extractor.reading.rules.leads import FARTHEST, label_of_indicator
from extractor.reading.rules.scene import Scene

_MOVES = "(?:提[高升]|增加|增长|上升|扩大|下降|降低|减少|压减|缩短|压缩|增|降)[到至为]"
MOVED_ON = re.compile(f"(?:以上|以下|左右)?[，,]?{_MOVES}")
_MOVED_TO = re.compile(_MOVES)
_FROM = re.compile("(?P<what>[^，,。；;：:]{2,30})[由从][^，,。；;：:由从]{0,14}$")
_YEAR_SAID = re.compile(f"(?<![比较])(?:{DATE}(?=年|度|[^前底末初])|上年|去年|本年|今年|当年)")


def was_before(scene: Scene, sentence: Sentence, index: int) -> bool:
    """Is a figure of a budget what was, by an earlier year named before it (2023年虫害发生面积54.6万亩；本年…), or what it is moved from?"""
    if not scene.setting.budget:
        return False
    if MOVED_ON.match(sentence.text, index + 1):
        return True
    near = max(0, index - FARTHEST)
    part = max(sentence.text.rfind(mark, near, index) for mark in "；;") + 1
    said = list(_YEAR_SAID.finditer(sentence.text, max(part, near), index))
    if not said or _MOVED_TO.search(sentence.text, said[-1].end(), index):
        return False
    date = sentence.quantities.get(said[-1].start())
    if date is None:
        return said[-1].group() in ("上年", "去年")
    year = (date.date or "")[:4]
    return year.isdigit() and int(year) < (scene.setting.fiscal_year or 0)


def label_moved(sentence: Sentence, lead: str, index: int) -> str:
    """覆盖率由2022年的88.4%提高到90%: what was moved to a figure, named before where it was moved from; '' elsewhere."""
    if not MOVED_ON.match(lead):
        return ""
    moved = _FROM.search(sentence.text, max(0, index - FARTHEST), index - len(lead) - 1)
    return label_of_indicator(moved["what"]) if moved else ""
