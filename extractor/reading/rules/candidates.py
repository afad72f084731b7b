"""Which figures of a sentence may be targets."""

import re
from collections.abc import Iterator

from extractor.reading.rules.encode import Sentence
from extractor.reading.rules.leads import FARTHEST, leads
from extractor.reading.rules.moved import was_before
from extractor.reading.rules.scene import Scene
from extractor.reading.rules.uses import shares_listed
from schemas.quantities import Quantity

COUNTS_INDICATORS = re.compile(r"(?:绩效|级)指标(?:共|有)?$")
_OF_USE = re.compile(r"^(?:的资金)?(?:将|拟)?用于[^，。；（(]{2,30}[（(]$")
"""Between an amount and how many it is for: 117万元用于紧缺人才安家补贴（13人、…）."""
_OF_SEVERAL = re.compile("个?项目(?:分别|依次|各|均)")
_BY_NORM = re.compile(r"(?:^|[，,；;：:、（(])按照?[^，,；;。（(]*$")
_NORM = re.compile(r"[^，,；;。]{0,24}(?:标准|测算|计算)")
"""按县道1万元/公里、乡道5000元/公里的标准安排…, 按人均94元测算: what an amount is worked out from is no target."""


def candidates(scene: Scene, sentence: Sentence) -> Iterator[tuple[str, int, Quantity]]:
    """The `leads` of a sentence that may be targets: without counts of indicators, what an amount is worked out from
    or is for, and shares told respectively."""
    shares = {index for listed in shares_listed(sentence) for index in listed}
    for lead, index, quantity in leads(scene, sentence):
        norm = _BY_NORM.search(sentence.text[max(0, index - FARTHEST) : index]) and _NORM.match(
            sentence.text, index + 1
        )
        lasts = quantity.unit == "年" and lead.endswith("分")  # 总投资0.86亿元，分3年实施
        aside = COUNTS_INDICATORS.search(lead) or _OF_USE.search(lead) or _OF_SEVERAL.match(sentence.text, index + 1)
        if not (norm or lasts or aside or index in shares or was_before(scene, sentence, index)):
            yield lead, index, quantity
