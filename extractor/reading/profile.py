"""What a document is: whose, of which kind, for which year, published when."""

import re
from collections import Counter
from functools import lru_cache

from extractor.documents.disclosure import Disclosure
from extractor.documents.headings import REPORT_TITLE
from extractor.reading.resolve import find_verbatim
from schemas.extraction import Record
from schemas.fields import QuantityRef
from schemas.quantities import QuantityKind
from schemas.records import DisclosureProfile

READER = "rules"

_ENDINGS = (
    "委员会办公室|委员会|人民政府办公室|人民政府|办公厅|办公室|局|委|厅|部|院|中心|学校|大学|学院|中学|小学|幼儿园|中专|医院|法院|检察院|协会|联合会|"
    "总会|工会|公司|站|研究所|事务所|保障所|(?<!部门)(?<!单位)所|馆|校|支队|大队|总队|处|社|团|署|会|街道|镇|乡|公园|管理区|农场|林场|电视台|气象台|管委会"
)
_NAME = rf"(?P<name>(?!第)[\u4e00-\u9fff][\u4e00-\u9fff（）()·“”、]{{1,36}}?(?:{_ENDINGS})(?:[（(](?:本级|机关|汇总)[)）]|本级|机关)?)"
_YEAR = r"(?:20\d\d|二[〇○零]..)\s*年?\s*度?"
_OF_A_BODY = r"(?:部门|单位)?\s*(?:财政拨款)?(?:收支)?(?:预算|决算)"
_NAMING: tuple[tuple[int, bool, re.Pattern[str]], ...] = (
    # weight, only in the document's head, pattern
    (6, True, re.compile(rf"(?:关于)?{_NAME}(?:关于)?(?:{_YEAR})?{_OF_A_BODY}")),
    (6, True, re.compile(rf"{_YEAR}{_NAME}{_OF_A_BODY}")),
    (5, False, re.compile(rf"(?:第一部分|^一、){_NAME}(?:{_YEAR})?(?:部门|单位)?(?:基本)?概况", re.MULTILINE)),
    (
        4,
        False,
        re.compile(
            rf"(?:部门|单位|编制单位|部门\(单位\)|部门（单位）)(?:名称)?[（(]?(?:公章|盖章)?[)）]?[:：]{_NAME}(?=单位|金额|\n|$)"
        ),
    ),
    (4, False, re.compile(rf"纳入{_NAME}(?:{_YEAR})?(?:部门|单位)?(?:预算|决算|汇总)")),
    (5, False, re.compile(rf"^{_NAME}\n{_YEAR}\d+月\d+日", re.MULTILINE)),
    (
        1,
        False,
        re.compile(
            rf"(?:^|[，。；：])(?:因机构改革|根据机构改革)?(?:{_YEAR}[，,]?)?{_NAME}(?={_YEAR}|共有|机关运行|政府采购|部门|对|下属|内设|是|为|设|（以下|\(以下|共|所属|有)",
            re.MULTILINE,
        ),
    ),
)
_NOT_A_NAME = re.compile(
    r"^(?:本|我|各|该|全|其|上级|同级|财政|预算|所属|下属)(?:部门|单位|局|委|院|校|镇|乡|中心|街道)?$|年|月|的|了|收入|支出|拨款|经费|情况|说明|目录|决算|预算"
    r"|^(?:关于|以上|根据|按照|由|经|因|不再|新|原|全|各|与|和|及|从|在|向|是|为|对|包括)|总表|公开|编制|所有|负责|组织|开展|项目"
)
_FINAL = re.compile(r"决算")
_BUDGET = re.compile(r"(?<!年初)(?<!公共)(?<!基金)(?<!经营)预算")
_TITLED = re.compile(r"(?:部门|单位|年度?)\s*(预算|决算)(?!执行|调整|绩效|管理)")
_LOOKS_BACK = re.compile(REPORT_TITLE)
_OF_BUDGET = re.compile(r"(?:部门|单位)预算")
_REGION = re.compile(r"(?:中共|中国)?[\u4e00-\u9fff]{2,7}?(?:省|市|区|县|州|旗|盟|镇|乡)")
_PUBLISHED = re.compile(r"(?:公开|发布|公布)(?:时间|日期)[:：]?\s*$")

TITLE_REACH = 500
"""The title and the heads of the first tables stand within this many characters."""


@lru_cache(maxsize=1)  # the rules reader asks as well as the pipeline
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
    """Told from the title where it says one of the two words only, else from which is used throughout: final
    accounts speak of 决算 again and again, budgets hardly ever."""
    text = disclosure.loaded.text
    head = text[:TITLE_REACH]
    if _LOOKS_BACK.search("".join(text.split("\n", 2)[:2])):
        return "final_account"
    titled = _named_by(next((line for line in text.split("\n") if line.strip()), ""))
    if titled is not None:
        return titled
    if _LOOKS_BACK.search(head) and not _FINAL.search(head) and not _OF_BUDGET.search(head):
        return "final_account"
    final, budget = len(_FINAL.findall(text)), len(_BUDGET.findall(text))
    if not final and not budget:
        return None
    if bool(_FINAL.search(head)) != bool(
        re.search(r"(?<!公共)(?<!基金)(?<!经营)(?<!年初)预算(?!绩效|数|拨款|财政|资金|单位)", head)
    ):
        return "final_account" if _FINAL.search(head) else "budget"
    return "final_account" if final * 3 >= budget else "budget"


def _named_by(title: str) -> str | None:
    """The kind of a document that its title names: 2022年度部门决算."""
    found = {match[1] for match in _TITLED.finditer(title)}
    return None if len(found) != 1 else "final_account" if found == {"决算"} else "budget"


def _department(disclosure: Disclosure) -> str | None:
    """The body that titles, table heads and sentences name most; of equals the longer name."""
    text = re.sub(r"[ \t\u3000]+", "", disclosure.loaded.text)
    head = text[:TITLE_REACH].replace("\n", "")
    narrative = disclosure.unwrapped.text
    names: Counter[str] = Counter()
    for weight, only_head, pattern in _NAMING:
        for where in (head,) if only_head else (narrative, text[:20_000]):
            for match in pattern.finditer(where):
                name = match["name"].strip("“”、")
                if not _NOT_A_NAME.search(name):
                    names[name] += weight + (1 if _REGION.match(name) else 0)
    best = sorted(names, key=lambda name: (names[name], len(name)), reverse=True)
    return next((name for name in best if find_verbatim(disclosure.loaded.text, name)), None)


def _fiscal_year(disclosure: Disclosure) -> QuantityRef | None:
    """The first printing of the year that the title and the headings name most, else the first year printed."""
    years = [q for q in disclosure.quantities if q.kind is QuantityKind.DATE and re.fullmatch(r"\d{4}", q.date or "")]
    titles = disclosure.loaded.text[:200] + "".join(title for node in disclosure.sections for title in node.path[-1:])
    named = Counter(re.findall(r"(?<![较比与])((?:19|20)\d\d)年", re.sub(r"\s", "", titles)))
    wanted = named.most_common(1)[0][0] if named else None
    first = next((q for q in years if q.date == wanted), years[0] if years else None)
    return QuantityRef(quantity=first.id) if first is not None else None


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
