"""Years and days that cannot be: published too early, counted at the wrong year's end, compared with itself."""

import re
from collections import Counter
from collections.abc import Iterator

from extractor.checking.book import Book
from extractor.checking.claims import Claim
from extractor.checking.equations import Rule
from extractor.checking.wording.places import around, figure_place
from extractor.documents.sections import SectionNode
from schemas.checks import Family, Outcome
from schemas.fields import QuantityRef

PUBLISHED = Rule("period.published", Family.PERIOD, "决算在年度结束后公开", "final accounts follow the year's end")
AS_OF = Rule("period.as_of", Family.PERIOD, "截至日期属于本年度", "counted at the end of the year reported")
COMPARED = Rule("period.compared", Family.PERIOD, "与上年比较", "compared with the year before")
OPENING = Rule("period.opening", Family.PERIOD, "各段开头的年份一致", "paragraphs open with the year reported")
HEADING = Rule("period.heading", Family.PERIOD, "标题年份与本文件一致", "headings name the year reported")

_COMPARED = re.compile(
    r"[与比较](?P<year>20\d\d)\s?年度?(?P<what>(?:[\u4e00-\u9fff“”（）]{0,16}?(?:\d[\d.,]*\s?(?:万元|元|亿元))?)?)(?:相比|对比|比较|增加|减少|增长|下降|持平|相同)"
)
_OWN_YEAR_BASE = re.compile(r"年初|预算|调整")
_AS_OF_TYPES = ("StateAssets", "OfficialExpense", "VehicleCount", "UnitCount")
_HEADING_YEAR = re.compile(r"(20\d\d)\s?年")
_ABOUT_YEAR = re.compile(r"收入|支出|收支|预算|决算|经费|采购|资产|拨款")
_OTHER_YEAR = re.compile(r"上年|上一年|结转|绩效|项目|计划|规划|尾款|工作")
_OPENS = re.compile(
    r"(?P<year>20\d\d)\s?年度?(?:[\u4e00-\u9fff（）“”]{0,24}?)(?:收入|支出|收支|收、支)(?:总计|合计|决算|预算)?(?:为|是|共)?\s?[\d.,]+\s?(?:万元|元|亿元)"
)
FEW_HEADINGS = 3
FEW_OPENINGS = 4
SURE_RATIO = 1.2
USUAL_COMPARISONS = 2
"""So many right comparisons for each wrong one tell a slip from a document of another kind."""


def periods(book: Book) -> Iterator[Claim]:
    """Every judgement on years and days."""
    if book.year is None or not _is_sure(book, book.year):
        return
    yield from _published(book, book.year)
    yield from _as_of(book, book.year)
    yield from _compared(book, book.year)
    yield from _heading_years(book, book.year)
    yield from _openings(book, book.year)


def _is_sure(book: Book, year: int) -> bool:
    """True when the year in the title is the one that most headings, or by far most sentences, name."""
    titles = Counter(
        match[1]
        for node in book.disclosure.sections
        if node.heading and (match := _HEADING_YEAR.search(node.heading.text))
    )
    if titles[str(year)] >= FEW_HEADINGS and titles.most_common(1)[0][0] == str(year):
        return True
    years = Counter(
        quantity.date[:4]
        for quantity in book.disclosure.quantities
        if quantity.date and quantity.id in book.disclosure.spans and quantity.date[:4].isdecimal()
    )
    others = max((times for each, times in years.items() if each != str(year)), default=0)
    return years[str(year)] > others * SURE_RATIO


def _published(book: Book, year: int) -> Iterator[Claim]:
    reference = book.profile.published_on
    date = book.disclosure.by_id[reference.quantity].date if reference else None
    if reference is None or date is None or not book.is_final_account or not date[:4].isdecimal():
        return
    raw = book.disclosure.by_id[reference.quantity].raw
    early = int(date[:4]) <= year
    places = (figure_place(book.disclosure, reference.quantity, 8, 0),)
    yield Claim(
        PUBLISHED,
        Outcome.VIOLATED if early else Outcome.EXACT,
        f"公开时间{raw}早于{year}年度结束，{year}年度决算不可能在此之前编成。"
        if early
        else f"公开时间{raw}在{year}年度之后。",
        f"published on {date}, before the year {year} ended." if early else f"published on {date}, after {year}.",
        places,
        quantities=(reference.quantity,),
        suspect=reference.quantity if early else None,
    )


def _as_of(book: Book, year: int) -> Iterator[Claim]:
    """截至…12月31日: the year reported in a final account; not later than the year before in a budget."""
    expected = year if book.is_final_account else year - 1
    seen: set[str] = set()
    for record_type in _AS_OF_TYPES:
        for entry in book.entries(record_type):
            reference = entry.get("as_of")
            if not isinstance(reference, QuantityRef) or reference.quantity in seen:
                continue
            seen.add(reference.quantity)
            date = book.disclosure.by_id[reference.quantity].date or ""
            if not re.fullmatch(r"\d{4}(?:-12(?:-31)?)?", date):
                continue
            yield _as_of_claim(book, reference.quantity, date, expected)


def _as_of_claim(book: Book, quantity_id: str, date: str, expected: int) -> Claim:
    wrong = int(date[:4]) != expected and (book.is_final_account or int(date[:4]) > expected + 1)
    raw = book.disclosure.by_id[quantity_id].raw
    return Claim(
        AS_OF,
        Outcome.VIOLATED if wrong else Outcome.EXACT,
        f"截至日期{raw}的年份有误，应为{expected}年。" if wrong else f"截至日期{raw}属于本年度。",
        f"the day {date} belongs to another year than {expected}." if wrong else f"{date} is the year's end.",
        (figure_place(book.disclosure, quantity_id, 4, 16),),
        quantities=(quantity_id,),
        suspect=quantity_id if wrong else None,
        suggested=raw.replace(date[:4], str(expected)) if wrong else None,
    )


def _compared(book: Book, year: int) -> Iterator[Claim]:
    """A comparison with another year than the one before, where nearly all others are with that one."""
    text = book.disclosure.unwrapped.text
    found = list(_COMPARED.finditer(text))
    usual = sum(int(match["year"]) == year - 1 for match in found)
    odd = [match for match in found if _is_odd(text, match, year)]
    if not odd or usual < USUAL_COMPARISONS * len(odd):
        return
    for match in odd:
        yield Claim(
            COMPARED,
            Outcome.VIOLATED,
            f"“{match.group()}”的比较年份有误：{year}年度应与{year - 1}年比较。",
            f"compared with {match['year']}, though the year before {year} is {year - 1}.",
            (around(book.disclosure, *match.span(), 0, 14),),
            suggested=f"{year - 1}年",
        )


def _is_odd(text: str, match: "re.Match[str]", year: int) -> bool:
    printed = int(match["year"])
    if printed == year and _OWN_YEAR_BASE.search(match["what"]):
        return False
    return printed in (year, year - 2, year + 1) and not _speaks_of_another_year(text, match.start(), year)


def _speaks_of_another_year(text: str, position: int, year: int) -> bool:
    """True when the sentence names another year as its own (2021年…，比2020年…)."""
    start = max(text.rfind("。", 0, position), text.rfind("\n", 0, position)) + 1
    years = {int(each) for each in _HEADING_YEAR.findall(text[start:position])}
    return bool(years - {year})


def _heading_years(book: Book, year: int) -> Iterator[Claim]:
    """One heading of another year among headings of the year reported."""
    titled = [
        (node, int(match[1]))
        for node in book.disclosure.sections
        if node.heading and (match := _HEADING_YEAR.search(node.heading.text)) and _is_about_the_year(node)
    ]
    years = Counter(printed for _, printed in titled)
    for node, printed in titled:
        assert node.heading is not None
        if printed in (year - 1, year + 1) and years[year] >= FEW_HEADINGS and years[printed] == 1:
            yield Claim(
                HEADING,
                Outcome.VIOLATED,
                f"标题“{node.heading.text}”的年份为{printed}年，本文件为{year}年度。",
                f"the heading names {printed} in a document of {year}.",
                (around(book.disclosure, node.heading.start, node.heading.end, 0, 0),),
                suggested=f"{year}年",
            )


def _is_about_the_year(node: SectionNode) -> bool:
    title = node.heading.text if node.heading else ""
    return bool(_ABOUT_YEAR.search(title)) and not _OTHER_YEAR.search(title)


def _openings(book: Book, year: int) -> Iterator[Claim]:
    """One paragraph of last year's figures, 2022年度…支出605.00万元, where all others open with the year reported.

    A paragraph that names the year reported as well compares the two.
    """
    text = book.disclosure.unwrapped.text
    found = [match for match in _OPENS.finditer(text) if match.start() == 0 or text[match.start() - 1] == "\n"]
    years = Counter(int(match["year"]) for match in found)
    if years[year] < FEW_OPENINGS or years[year - 1] != 1 or not book.is_final_account:
        return
    match = next(match for match in found if int(match["year"]) == year - 1)
    paragraph = text[match.start() : text.find("\n", match.start())]
    if str(year) in paragraph:
        return
    yield Claim(
        OPENING,
        Outcome.VIOLATED,
        f"“{match.group()}”的年份为{year - 1}年，本文件为{year}年度。",
        f"a paragraph opens with {year - 1} in a document of {year}.",
        (around(book.disclosure, *match.span(), 0, 0),),
        suggested=f"{year}年",
    )
