"""How parts of a total are named: what of the words before an amount is the label, and whether they name a part at all."""

import re

from extractor.reading.rules.lexicon import OF_THE_ECONOMY

_LEVEL_TAIL = re.compile(r"[（(][类款项][)）].*$|(?<=支出)类科目$|科目$")
_SPENT_ON = re.compile(r"(?<!支出)[（(][类款项][)）](?=支出$)")
"""教育（类）支出 is 教育支出."""
_NOT_A_LABEL = re.compile(
    r"^(?:其中|经费|资金|包括|主要|支出|收入|合计|总计|金额|资金量|总?投资|部分|预算|决算|数|本年|当年|)$"
)
BRACKET = re.compile(r"[（(](?!含专用结余)[^（）()]{3,}[)）]$")
_NAMED_LAST = re.compile("(?:的|部门|单位|机关|本级)(?P<part>(?:基本|项目)支出)$")
"""用于保障机关正常运转的基本支出, 本部门项目支出."""
_DESCRIBED_CLASS = re.compile("(?<=等)(?:人员|公用)经费(?=支出$|$)")
"""办公费、印刷费、水电费等公用经费占基本支出的8.41%."""
FUND_LABEL = re.compile(r"(?:支出|收入|拨款|经费|结转|结余)$")
_ACCOUNTED = re.compile(r"(?:支出|收入|拨款|结转|结余)$")
_SPENDS = re.compile("(?:已|只|仅|共|累计|实际|^中|资金)支出$")
"""资金80万元只支出62万元: what was done with money that is told of, not a part of a total."""


def label_of_part(name: str, chunk: str) -> str:
    """The label of a part by the words that name it; `chunk` are those before its amount."""
    label = BRACKET.sub("", _LEVEL_TAIL.sub("", _SPENT_ON.sub("", name))).strip("“” ").rsplit("Ⓓ", 1)[-1]
    described = _DESCRIBED_CLASS.search(label)
    basic = _NAMED_LAST.search(label)
    label = described.group() if described else basic["part"] if basic else label
    this_year = re.search(r"(?:本年|当年)(?P<what>收入|支出|拨款(?:收入)?)$", chunk)
    return this_year.group() if this_year and label in ("", this_year["what"]) else label


def names_part(label: str, told_freely: bool) -> bool:
    """Does a label name a part of a total? Where a section tells freely of work, only names of funds do."""
    if _NOT_A_LABEL.match(label) or re.search(OF_THE_ECONOMY, label):
        return False
    return not told_freely or bool(_ACCOUNTED.search(label) and not _SPENDS.search(label))
