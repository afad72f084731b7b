"""What is left of the template that a disclosure was written from."""

import re
from collections.abc import Iterator

from extractor.checking.book import Book
from extractor.checking.claims import Claim
from extractor.checking.equations import Rule
from extractor.checking.wording.places import around
from schemas.checks import Family, Outcome

INSTRUCTION = Rule("template.instruction", Family.PERIOD, "没有残留的模板提示语", "no instruction of the template")
PLACEHOLDER = Rule("template.placeholder", Family.STRUCTURE, "没有未填的占位符", "no placeholder left")
CHOICE = Rule("template.choice", Family.DIRECTION, "增减方向已选定", "increase or decrease, not both")

_INSTRUCTIONS = (
    "包括项目背景、主要内容及实施情况、资金投入和使用情况等。",
    "包括总体目标和阶段性目标。",
    "（附相关评分表）",
    "（根据实际情况填写）",
    "（根据实际情况说明）",
    "（单位名称）",
    "（部门名称）",
    "（如有请说明）",
    "（没有则删除）",
    "（若无此项，请删除）",
    "此处填写",
    "请按实际情况填写",
)
"""Sentences of official outlines (项目支出绩效评价报告参考提纲, 财预〔2020〕10号) and of common templates."""

_PLACEHOLDER = re.compile(
    r"(?<![A-Za-z0-9Ｘ×])(?:[XxＸ]{2,}|×{2,}|\*{2,}|[_＿]{2,}|〔\s*〕)\s?(?=万元|元|%|％|年|个|家|辆|台|部门|单位|局|委|项目)"
)
_CHOICE = re.compile(r"(?:增加|增长|上升)[（(/]?(?:或)?(?:减少|下降|降低)[）)]?\s?-?\d[\d,.]*\s?(?:万元|元|%|％)")


def template(book: Book) -> Iterator[Claim]:
    """Every judgement on leftovers of templates."""
    text = book.disclosure.unwrapped.text
    for words in _INSTRUCTIONS:
        position = text.find(words)
        if position >= 0:
            yield Claim(
                INSTRUCTION,
                Outcome.VIOLATED,
                f"残留模板提示语“{words}”。",
                f"an instruction of the template is left: {words}",
                (around(book.disclosure, position, position + len(words), 10, 0),),
            )
    yield from _matches(book, PLACEHOLDER, _PLACEHOLDER, "未填的占位符", "a placeholder is left")
    yield from _matches(book, CHOICE, _CHOICE, "增减方向没有选定", "increase and decrease are both printed")


def _matches(book: Book, rule: Rule, pattern: "re.Pattern[str]", zh: str, en: str) -> Iterator[Claim]:
    found = list(pattern.finditer(book.disclosure.unwrapped.text))
    if found:
        yield Claim(
            rule,
            Outcome.VIOLATED,
            f"{zh}：“{found[0].group()}”，共{len(found)}处。",
            f"{en}: {found[0].group()}.",
            tuple(around(book.disclosure, *match.span()) for match in found[:4]),
        )
