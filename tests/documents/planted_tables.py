"""Tables whose every cell is known, printed the ways that disclosures print them.

A table is a matrix of words as in the fixtures' markup: `<` goes on with the cell to its left, `^` with the one above.
"""

import random
import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field

from evals.fixtures.markup import Table
from extractor.documents.lines import lines_of
from extractor.documents.loaded import LoadedCell, LoadedDocument, LoadedTable
from extractor.documents.regions import regions_of
from extractor.documents.tables import PrintedTable
from extractor.documents.tables.build import tables_of

_FIGURE = re.compile(r"-?\d[\d,]*(?:\.\d+)?%?")
_LABEL = re.compile(r"编码|代码|名称|科目$|项目(?:（.*）)?$|指标|序号|行次|年度$|类别|目录|备注")


@dataclass(frozen=True)
class Cell:
    """A planted figure: its place in the text, what is printed, its full heading, the words of its row."""

    start: int
    text: str
    heading: str
    words: tuple[str, ...]


@dataclass
class Page:
    """A text under construction with the figures planted in it."""

    text: str = ""
    cells: list[Cell] = field(default_factory=list)

    def line(self, words: Sequence["Word"], between: str = " ") -> None:
        """Append a line of words, planted figures among them."""
        for number, (word, heading, row) in enumerate(words):
            self.text += between if number else ""
            if heading is not None:
                self.cells.append(Cell(len(self.text), word, heading, row))
            self.text += word
        self.text += "\n"


def headings(table: Table) -> list[str]:
    """The full heading of every column."""
    width = max(len(row) for row in table.rows)
    found = []
    for column in range(width):
        parts: list[str] = []
        for row in range(table.headers):
            word = _anchor(table, row, column)
            if word and (not parts or parts[-1] != word):
                parts.append(word)
        found.append("/".join(parts))
    return found


def _anchor(table: Table, row: int, column: int) -> str:
    words = table.rows[row]
    word = words[column] if column < len(words) else ""
    if word == "<":
        return _anchor(table, row, column - 1)
    return _anchor(table, row - 1, column) if word == "^" else word


def is_planted(word: str, heading: str) -> bool:
    """True for a figure under a heading of figures."""
    return bool(_FIGURE.fullmatch(word)) and not _LABEL.search(heading)


Word = tuple[str, str | None, tuple[str, ...]]
"""A filled cell: what is printed, and for a planted figure its heading and the words that name its row."""


def body(table: Table) -> Iterator[list[Word]]:
    """The rows below the header: the filled cells. Rows of column numbers are left out."""
    names = headings(table)
    rows = [row for row in table.rows[table.headers :] if row[0] != "栏次"]
    figures = {column for row in rows for column, word in enumerate(row) if is_planted(word, names[column])}
    for row in rows:
        words: list[Word] = [
            (word, names[column], named(row, column, figures)) if is_planted(word, names[column]) else (word, None, ())
            for column, word in enumerate(row)
            if word not in ("", "<", "^")
        ]
        if words:
            yield words


def named(row: Sequence[str], at: int, figures: Container[int]) -> tuple[str, ...]:
    """The words that name the figure in a column of a row: the nearest ones to its left, or all where none stands there."""
    columns = [column for column in range(len(row)) if row[column] not in ("", "<", "^")]
    labels = [column for column in columns if column not in figures and not _FIGURE.fullmatch(row[column])]
    labels += [
        column for column in columns if column not in figures and column not in labels and row[column].isdecimal()
    ]
    left = sorted(column for column in labels if column < at)
    first = max((column for column in range(left[-1]) if column in figures), default=-1) if left else -1
    return tuple(row[column] for column in left if column > first) or tuple(row[column] for column in labels)


def as_lines(tables: Sequence[Table], page_rows: int = 0, wrap: int = 0) -> Page:
    """Tables as a text export prints them: one line a row, blank cells leaving no trace.

    `page_rows` starts a new page with the header printed again after so many rows, `wrap` breaks names of more
    characters before their figures.
    """
    page = Page()
    for table in tables:
        head: list[list[Word]] = [
            [(word, None, ()) for word in row if word not in ("", "<", "^")] for row in table.rows[: table.headers]
        ]
        page.text += f"{table.caption}\n{table.unit}\n"
        for line in head:
            page.line(line)
        for number, words in enumerate(body(table)):
            if page_rows and number and number % page_rows == 0:
                page.text += "\f"
                for line in head:
                    page.line(line)
            for line in _wrapped(words, wrap):
                page.line(line)
        page.text += f"{table.note}\n" if table.note else ""
    return page


def as_tabs(tables: Sequence[Table]) -> Page:
    """Tables as text exports of workbooks print them: cells parted by tabs, of merged ones the first."""
    page = Page()
    for table in tables:
        page.text += f"{table.caption}\n{table.unit}\n"
        names = headings(table)
        rows = table.rows[table.headers :]
        figures = {column for row in rows for column, word in enumerate(row) if is_planted(word, names[column])}
        for number, row in enumerate(table.rows):
            inside = number >= table.headers and row[0] != "栏次"
            words: list[Word] = []
            for column, word in enumerate(row):
                planted = inside and is_planted(word, names[column])
                words.append((word, names[column], named(row, column, figures)) if planted else (word, None, ()))
            page.line([("" if word in "<^" else word, *rest) for word, *rest in words], "\t")
        page.text += f"{table.note}\n" if table.note else ""
    return page


def _wrapped(words: list[Word], wrap: int) -> list[list[Word]]:
    labels = [index for index, (_, heading, _) in enumerate(words) if heading is None]
    last = labels[-1] if labels else 0
    name = words[last][0]
    if not wrap or len(name) <= wrap or _FIGURE.fullmatch(name) or any(i > last for i in labels):
        return [words]
    pieces = [name[at : at + wrap] for at in range(0, len(name), wrap)]
    first: list[Word] = [*words[:last], (pieces[0], None, ())]
    return [first, *([(piece, None, ())] for piece in pieces[1:]), words[last + 1 :]]


def as_cells(tables: Sequence[Table], page_rows: int = 0) -> tuple[LoadedDocument, list[Cell]]:
    """Tables with their cells known, as from DOCX, HTML or a ruled PDF; `page_rows` cuts them in parts."""
    page, loaded = Page(), []
    for table in tables:
        page.text += f"{table.caption}\n{table.unit}\n"
        names = headings(table)
        below = [row for row in table.rows[table.headers :] if row[0] != "栏次"]
        figures = {column for row in below for column, word in enumerate(row) if is_planted(word, names[column])}
        spans = {(row, column): (down, right) for row, column, down, right in table.spans()}
        step = page_rows or len(table.rows)
        for first in range(0, len(table.rows), step):
            start, cells = len(page.text), []
            for row in range(first, min(first + step, len(table.rows))):
                filled = [word for word in table.rows[row] if word not in ("", "<", "^")]
                for column in range(len(names)):
                    if (row, column) not in spans:
                        continue
                    word = table.rows[row][column] if column < len(table.rows[row]) else ""
                    at = len(page.text)
                    planted = row >= table.headers and filled[:1] != ["栏次"] and is_planted(word, names[column])
                    if planted:
                        labels = named(table.rows[row], column, figures)
                        page.cells.append(Cell(at, word, names[column], labels))
                    page.text += word + "\t"
                    down, right = spans[row, column]
                    cells.append(LoadedCell(row - first, column, at, at + len(word), down, right))
                page.text = page.text.rstrip("\t") + "\n" if cells else page.text
            loaded.append(LoadedTable(start, len(page.text) - 1, tuple(cells)))
    document = LoadedDocument("t.docx", "text/plain", "0" * 64, page.text, tables=tuple(loaded), all_tables_known=True)
    return document, page.cells


def read_lines(text: str) -> list[PrintedTable]:
    """The tables that are found in a plain text."""
    return read(LoadedDocument("t.txt", "text/plain", "0" * 64, text))


def read(document: LoadedDocument) -> list[PrintedTable]:
    """The tables that are found in a document."""
    lines = lines_of(document)
    return tables_of(document, lines, regions_of(document, lines))


@dataclass(frozen=True)
class Comparison:
    """How the figures found agree with those planted: `open` stand in no known column."""

    right: int
    open: int
    wrong: tuple[str, ...]


def compare(tables: Sequence[PrintedTable], planted: Sequence[Cell]) -> Comparison:
    """Compare by place; wrong is a figure in another column or row, one not found, one that was not planted."""
    found = {
        cell.start: (row, cell)
        for table in tables
        for row in table.rows
        for cell in row.cells
        if cell.value is not None
    }
    right = open_ = 0
    wrong: list[str] = []
    for want in planted:
        row, cell = found.pop(want.start, (None, None))
        if row is None or cell is None:
            wrong.append(f"{want.text} of {want.words} was not found")
        elif want.words and not {row.name, row.code} & {"".join(word.split()) for word in want.words}:
            wrong.append(f"{want.text} of {want.words} stands in the row {row.name!r}")
        elif cell.column == want.heading and cell.text == want.text:
            right += 1
        elif cell.column == "":
            open_ += 1
        else:
            wrong.append(f"{want.text} of {want.words} stands under {cell.column}, not {want.heading}")
    wrong.extend(f"{cell.text} of {row.name!r} was never planted" for row, cell in found.values())
    return Comparison(right, open_, tuple(wrong))


# forms of several regions, filled by a seed


def money(random_: random.Random, blank: float) -> int:
    """An amount in hundredths, nought with the given chance."""
    return 0 if random_.random() < blank else random_.randrange(1, 10 ** random_.randrange(3, 8))


def printed(amount: int, blanks: bool) -> str:
    """As the tables print it: nothing for nought where blanks are left."""
    return "" if blanks and amount == 0 else f"{amount / 100:,.2f}" if amount % 100 else f"{amount // 100:,}.00"


_ITEMS = {
    "208": (
        "社会保障和就业支出",
        {"20805": ("行政事业单位养老支出", ("机关事业单位基本养老保险缴费支出", "机关事业单位职业年金缴费支出"))},
    ),
    "210": ("卫生健康支出", {"21011": ("行政事业单位医疗", ("行政单位医疗", "事业单位医疗", "公务员医疗补助"))}),
    "213": (
        "农林水支出",
        {"21301": ("农业农村", ("行政运行", "一般行政管理事务")), "21303": ("水利", ("水利工程建设", "防汛"))},
    ),
    "221": ("住房保障支出", {"22102": ("住房改革支出", ("住房公积金",))}),
}

_HEADS: dict[str, tuple[tuple[str, ...], ...]] = {
    "支出决算表": (
        ("项目", "<", "本年支出合计", "基本支出", "项目支出"),
        ("功能分类科目编码", "科目名称", "^", "^", "^"),
    ),
    "部门支出总表": (("科目编码", "科目名称", "合计", "基本支出", "项目支出"),),
    "一般公共预算支出表": (
        ("支出功能分类科目", "<", "本年预算数", "<", "<"),
        ("科目编码", "科目名称", "合计", "基本支出", "项目支出"),
    ),
}


def expenditure_table(seed: int, blanks: bool) -> Table:
    """支出表 by functional code: 类, 款 and 项 add up, and so do the columns."""
    random_ = random.Random(seed)
    caption = random_.choice(sorted(_HEADS))
    rows: list[tuple[str, str, int, int]] = []
    for class_code, (class_name, sections) in _ITEMS.items():
        if random_.random() < 0.2:
            continue
        below: list[tuple[str, str, int, int]] = []
        for section_code, (section_name, names) in sections.items():
            items = [
                (f"{section_code}{number:02d}", name, money(random_, 0.4), money(random_, 0.6))
                for number, name in enumerate(names, 1)
            ]
            items = [item for item in items if item[2] + item[3]]
            if items:
                below += [(section_code, section_name, sum(i[2] for i in items), sum(i[3] for i in items)), *items]
        tops = [row for row in below if len(row[0]) == 5]
        if tops:
            rows += [(class_code, class_name, sum(row[2] for row in tops), sum(row[3] for row in tops)), *below]
    total = [row for row in rows if len(row[0]) == 3]
    lines = [
        (code, name, printed(basic + projects, blanks), printed(basic, blanks), printed(projects, blanks))
        for code, name, basic, projects in rows
    ]
    basic, projects = sum(row[2] for row in total), sum(row[3] for row in total)
    whole = ("合计", "<", printed(basic + projects, blanks), printed(basic, blanks), printed(projects, blanks))
    lines = [whole, *lines] if random_.random() < 0.5 else [*lines, whole]
    return Table(caption, (*_HEADS[caption], *lines), len(_HEADS[caption]), unit="单位：万元")


_RECEIPTS = (
    "一般公共预算拨款收入",
    "政府性基金预算拨款收入",
    "国有资本经营预算拨款收入",
    "事业收入",
    "上级补助收入",
    "其他收入",
)
_USES = (
    "一般公共服务支出",
    "教育支出",
    "科学技术支出",
    "社会保障和就业支出",
    "卫生健康支出",
    "农林水支出",
    "住房保障支出",
)
_NUMBERS = "一二三四五六七八九十"


def balance_table(seed: int, blanks: bool, columns: int = 1) -> Table:
    """收支总表: receipts on the left, uses on the right, with one or two columns of amounts each."""
    random_ = random.Random(seed)
    names = ("预算数",) if columns == 1 else ("年初预算数", "决算数")
    receipts, uses = _RECEIPTS[: random_.randrange(2, 7)], _USES[: random_.randrange(2, 8)]
    left = [[money(random_, 0.5) for _ in names] for _ in receipts]
    right = [[money(random_, 0.4) for _ in names] for _ in uses]
    rows: list[tuple[str, ...]] = []
    for index in range(max(len(receipts), len(uses))):
        row: list[str] = []
        for titles, amounts in ((receipts, left), (uses, right)):
            if index < len(titles):
                row += [f"{_NUMBERS[index]}、{titles[index]}", *(printed(a, blanks) for a in amounts[index])]
            else:
                row += [""] * (1 + len(names))
        rows.append(tuple(row))
    sums = [[sum(column) for column in zip(*side, strict=True)] for side in (left, right)]
    rows.append(
        ("本年收入合计", *(printed(a, blanks) for a in sums[0]), "本年支出合计", *(printed(a, blanks) for a in sums[1]))
    )
    spread = ("<",) * len(names)
    head = (("收入", *spread, "支出", *spread), ("项目", *names, "项目", *names))
    return Table("收支总表", (*head, *rows), 2, unit="金额单位：万元")
