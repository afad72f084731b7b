"""What reads as a heading: a numbered or well-known title that stands by itself."""

import re

from extractor.documents.numbering import Marker, marker_of

_TITLE_NOUN = (
    "情况|说明|概况|概述|解释|报告|附件|附表|职责|职能|机构|组成|构成|设置|人员|收入|支出|总表|预算|决算|经费|采购|"
    "资产|占用|使用|绩效|目标|任务|服务|问题|原因|措施|建议|结论|结果|分析|评价|管理|工作|效能|决策|执行|实现|效益|产出|"
    "过程|信息|数据|介绍|简介|简况|公开|背景|内容|依据|方法|标准|原则|范围|对象|过程|阶段|概要|名称|其他|附录|事项|项目|变化|结构|性|度"
)
REPORT_TITLE = (
    r"(?:绩效)?(?:重点|再|自我|中期|事前|财政|综合)*(?:绩效)?(?:自评价?|评价|评估)(?:工作|结果|情况|总结|综合)*的?报告"
    r"|(?<=[\u4e00-\u9fff]{6})绩效(?:重点|再|自我|中期|事前|财政)*(?:自评价?|评价|评估)(?:结论|总结)"
)
"""How titles of reports that evaluate a project or a body end (without 绩效 …评价结论 is only one of their sections)."""

_ENDS_AS_TITLE = re.compile(rf"(?:{_TITLE_NOUN})(?:[（(][^（）()]{{1,20}}[)）])?等?[。：:]?$")
_SENTENCE_INSIDE = re.compile(r"[。；，,!！?？](?!$)")
_PUNCTUATION = re.compile(r"[。；，,!！?？：:\d]")
_FIGURE = re.compile(r"\d(?:\.\d+)?\s*(?:万|亿|元|%|％)")

_CLASSIFICATION_OPEN = re.compile(r"[（(][类款][)）](?!.*[（(]项[)）])|[（(]项[)）][^（()）。：:]")
"""A line of the functional classification whose 项 is still to come on the next line, or that goes on behind it."""

NUMBERED_PROJECT = re.compile(
    r"项目[一二三四五六七八九十\d]{1,2}(?![般次并起律定致体线个项])[：:、．.\s]*(?P<project>[^，。；：\d]{4,40})"
)
"""项目一  森林草原防灭火经费, above the chapters of its report; unwrapping takes the space away."""

LONGEST_TITLE = 50
SHORT_TITLE = 16
"""A line numbered 一、 of at most so many characters is a title whatever its last word, unless it prints punctuation or a
figure (二、过程（58分）)."""


def reads_as_heading(text: str) -> bool:
    """True for a numbered line that is a title and cannot be the start of a sentence broken by the layout."""
    marker = marker_of(text)
    if marker is None or len(text) > LONGEST_TITLE or _FIGURE.search(text) or _CLASSIFICATION_OPEN.search(text):
        return False
    title = text[marker.length :]
    if not title:
        return False
    if marker.level == 1:
        return not _SENTENCE_INSIDE.search(title)
    if marker.level == 2 and len(title) <= SHORT_TITLE and not _PUNCTUATION.search(title):
        return True
    return ends_as_title(title) and not _SENTENCE_INSIDE.search(title) and not title.endswith("；")


def ends_as_title(text: str) -> bool:
    """Is the last word one that titles end with?"""
    return bool(_ENDS_AS_TITLE.search(text))


def title_of(text: str, marker: Marker | None) -> str:
    """A heading without its numbering and closing punctuation."""
    return (text[marker.length :] if marker else text).rstrip("。：:;； ")
