"""What a document is: whose, of which kind, for which year, published when."""

import re
from collections import Counter

from extractor.documents.disclosure import Disclosure
from extractor.reading.resolve import find_verbatim
from schemas.extraction import Record
from schemas.fields import QuantityRef
from schemas.quantities import QuantityKind
from schemas.records import DisclosureProfile

READER = "rules"

_BODY_ENDINGS = (
    "委员会办公室|委员会|人民政府办公室|人民政府|办公厅|办公室|管理局|监督局|保障局|统计局|局|委|厅|部|院|中心|学校|大学|学院|中学|小学|幼儿园|医院|"
    "法院|检察院|协会|联合会|联合会|总会|总工会|工会|公司|站|所|馆|校|队|处|社|团|署|行|会|街道|镇|乡|管委会|党校|研究所|研究院|图书馆|单位|部门"
)
_NAMED = re.compile(
    r"(?:部门名称|单位名称|部门|单位)\s*[（(]?(?:公章|盖章)?[)）]?\s*[:：]\s*(?P<name>[\u4e00-\u9fff（）()·“”]{3,40}?)(?=\s|单位|金额|$)"
)
_TITLE = re.compile(
    rf"(?P<name>[\u4e00-\u9fff][\u4e00-\u9fff（）()·“”]{{1,38}}?(?:{_BODY_ENDINGS})(?:[（(](?:本级|机关|汇总)[)）])?)"
    r"(?:关于)?\s*(?:(?:20\d\d|二[〇○]..)\s*年?度?)?\s*(?:的)?(?:部门|单位)?\s*(?:财政拨款)?(?:收支)?(?:预算|决算)"
)
_COMPOSITION = re.compile(
    r"纳入(?P<name>[\u4e00-\u9fff（）()]{4,40}?)(?:\d{4}年度?)?(?:部门|单位)(?:预算|决算)编制范围"
)
_BUDGET = re.compile(r"预算(?!绩效)")
_FINAL = re.compile(r"决算")
_PUBLISHED = re.compile(r"(?:公开|发布|公布)(?:时间|日期)[:：]?\s*$")
_GENERIC = re.compile(r"^(?:本|我|各|该|全)?(?:部门|单位|局|委)$|^(?:关于|第[一二三四五六七八九十]+部分)")

TITLE_REACH = 400
"""The title and the heads of the first tables stand within this many characters."""


def profile_of(disclosure: Disclosure) -> Record:
    """The profile of a document, told from its title, table heads and wording."""
    kind = _kind(disclosure)
    fields = DisclosureProfile(
        department=_department(disclosure),
        kind="final_account" if kind == "final_account" else "budget" if kind == "budget" else None,
        fiscal_year=_fiscal_year(disclosure),
        published_on=_published_on(disclosure),
    )
    places = {}
    if fields.department:
        span = find_verbatim(disclosure.loaded.text, fields.department)
        if span:
            places["department"] = span
    return Record(id="", type="DisclosureProfile", reader=READER, fields=fields, places=places)


def _kind(disclosure: Disclosure) -> str | None:
    """Final accounts speak of 决算 throughout; budgets hardly do."""
    text = disclosure.loaded.text
    final, budget = len(_FINAL.findall(text)), len(_BUDGET.findall(text))
    if not final and not budget:
        return None
    return "final_account" if final * 3 >= budget else "budget"


def _department(disclosure: Disclosure) -> str | None:
    """The body's name as printed most often in titles, table heads and the list of units."""
    names: Counter[str] = Counter()
    text = re.sub(r"[ \t\u3000]+", "", disclosure.loaded.text)
    head = text[:TITLE_REACH].replace("\n", "")
    for weight, pattern, where in (
        (3, _TITLE, head),
        (2, _NAMED, disclosure.loaded.text[:8000]),
        (2, _COMPOSITION, disclosure.unwrapped.text),
        (1, _TITLE, disclosure.unwrapped.text),
    ):
        for match in pattern.finditer(where):
            name = re.sub(r"\s", "", match["name"])
            if not _GENERIC.search(name) and find_verbatim(disclosure.loaded.text, name):
                names[name] += weight
    return names.most_common(1)[0][0] if names else None


def _fiscal_year(disclosure: Disclosure) -> QuantityRef | None:
    """The first year printed in the narrative."""
    for quantity in disclosure.quantities:
        if quantity.kind is QuantityKind.DATE and quantity.date and re.fullmatch(r"\d{4}", quantity.date):
            return QuantityRef(quantity=quantity.id)
    return None


def _published_on(disclosure: Disclosure) -> QuantityRef | None:
    """A day behind 公开时间, or one that closes the document as its signature."""
    text = disclosure.unwrapped.text
    for quantity in disclosure.quantities:
        span = disclosure.spans.get(quantity.id)
        if quantity.kind is not QuantityKind.DATE or span is None or not quantity.date or len(quantity.date) < 7:
            continue
        paragraph = disclosure.unwrapped.paragraphs[disclosure.unwrapped.paragraph_at(span[0])]
        alone = text[paragraph.start : paragraph.end].strip() == quantity.raw
        if _PUBLISHED.search(text[max(0, span[0] - 8) : span[0]]) or alone:
            return QuantityRef(quantity=quantity.id)
    return None
