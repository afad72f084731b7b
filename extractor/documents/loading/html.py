"""HTML files: the article with its tables, without the page around it.

Everything between the first and the last running text is kept. What stands before and behind it is kept only where
it is no navigation: titles, the line that says when and by whom the page was published, signatures, attachments.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree, html

from extractor.documents.loaded import LoadedDocument
from extractor.documents.loading.blocks import WIDEST_SPAN, Block, GridPlaces, TableBlock, TableCell, write_blocks
from extractor.documents.loading.text import decode
from extractor.documents.loading.writing import TextWriter
from extractor.errors import LoadError

MEDIA_TYPE = "text/html"

_CHARSET = re.compile(
    rb"""<meta[^>]+charset\s*=\s*["']?\s*([\w-]+)|<\?xml[^>]+encoding\s*=\s*["']([\w-]+)""", re.IGNORECASE
)
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_SPACE = re.compile(r"[ \t\r\n\f\v]+")
_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all)", re.IGNORECASE)
_NO_NUMBERS = re.compile(r"list-style(?:-type)?\s*:\s*none", re.IGNORECASE)


def _tags(names: str) -> frozenset[str]:
    return frozenset(names.split())


_NEVER_SHOWN = _tags(
    "script style noscript template head title select option button input textarea iframe object embed svg math "
    "canvas audio video map area link meta base nav"
)
_BLOCKS = _tags(
    "address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure footer "
    "form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu ol p pre section summary ul table caption"
)
_CHROME_ROLES = frozenset(("navigation", "banner", "contentinfo", "search", "menu", "menubar"))

_SUBJECT = re.compile(r"预算|决算")
_CHROME_WORDS = re.compile(
    r"版权所有|网站标识|备案|ICP|公网安备|主办[:：单]|承办[:：单]|技术支持|上一篇|下一篇|上一条|下一条|扫一扫|分享到|打印本页|"
    r"关闭窗口|网站地图|联系我们|相关链接|友情链接|相关文章|相关信息|当前位置|您的位置|您现在的位置|无障碍|返回顶部|设为首页|加入收藏"
)
_PROSE = re.compile(r"[。；]|\d\s*(?:万元|亿元|元|%)")

PROSE_LENGTH = 15
"""A block with sentences or amounts and at least so many characters is running text."""

LINK_SHARE = 0.5
"""A block with more of its characters in links than this is navigation."""

DEEPEST = 200
"""Elements nested deeper are read as plain text."""


@dataclass(frozen=True)
class _Piece:
    """A block with what tells whether it belongs to the article."""

    block: Block
    linked: int = 0

    @property
    def text(self) -> str:
        return self.block if isinstance(self.block, str) else ""

    @property
    def substantial(self) -> bool:
        """Running text, or a table."""
        if isinstance(self.block, TableBlock):
            return True
        long = len(self.block) - self.linked >= PROSE_LENGTH
        return long and bool(_PROSE.search(self.block)) and not _CHROME_WORDS.search(self.block)

    @property
    def chrome(self) -> bool:
        """Navigation, or the page's own small print."""
        return bool(_CHROME_WORDS.search(self.text)) or self.linked > LINK_SHARE * max(1, len(self.text))


def load_html(name: str, data: bytes, sha256: str) -> LoadedDocument:
    """A web page, in the encoding that it declares or that fits; one line a table row, its cells parted by tabs."""
    declared = _CHARSET.search(data[:4096])
    encoding = (declared.group(1) or declared.group(2)).decode("ascii") if declared else None
    text, warnings = decode(name, data, encoding)
    parser = html.HTMLParser(huge_tree=True, remove_comments=True, remove_pis=True, no_network=True)
    try:
        root = html.document_fromstring(_XML_DECLARATION.sub("", text), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise LoadError(f"{name}: the page holds no text") from error
    if any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log):
        raise LoadError(f"{name}: the page nests its elements too deeply to be read in full; save it once more")
    writer = TextWriter(name)
    reader = _Reader(name)
    reader.read(root, 0)
    reader.end_block()
    write_blocks(writer, _article(reader.pieces))
    return writer.finish(MEDIA_TYPE, sha256, warnings, all_tables_known=True)


def _article(pieces: list[_Piece]) -> Iterator[Block]:
    """The blocks of the article: from its title to its signature."""
    places = [number for number, piece in enumerate(pieces) if piece.substantial]
    if not places:
        yield from (piece.block for piece in pieces if not piece.chrome)
        return
    first, last = places[0], places[-1]
    title = next((n for n in range(first) if _is_title(pieces[n])), first)
    for number, piece in enumerate(pieces):
        inside = first <= number <= last
        if inside or (title <= number < first and not piece.chrome):
            yield piece.block
    for piece in pieces[last + 1 :]:
        if piece.chrome and not _SUBJECT.search(piece.text):
            return
        yield piece.block


def _is_title(piece: _Piece) -> bool:
    return bool(_SUBJECT.search(piece.text)) and not piece.chrome


class _Reader:
    """Walks through elements and collects blocks."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.pieces: list[_Piece] = []
        self._parts: list[str] = []
        self._linked = 0
        self._links = 0

    def end_block(self) -> None:
        """Close the paragraph under way."""
        lines = [_SPACE.sub(" ", line).strip(" ") for line in "".join(self._parts).split("\n")]
        text = "\n".join(line.replace("\xa0", " ").rstrip() for line in lines).strip("\n")
        if text.strip():
            self.pieces.append(_Piece(text, self._linked))
        self._parts, self._linked = [], 0

    def read(self, element: html.HtmlElement, depth: int) -> None:
        """Read an element with all that is inside it."""
        tag = element.tag if isinstance(element.tag, str) else ""
        if not tag or tag in _NEVER_SHOWN or _is_hidden(element):
            return
        if depth > DEEPEST:
            self._add(" ".join(element.itertext()))
            return
        if tag == "br":
            self._parts.append("\n")
        elif tag == "table":
            self._read_table(element, depth)
        elif tag in _BLOCKS:
            self.end_block()
            self.read_inside(element, depth)
            self.end_block()
        else:
            self._links += tag == "a"
            self.read_inside(element, depth)
            self._links -= tag == "a"

    def read_inside(self, element: html.HtmlElement, depth: int) -> None:
        """Read what is inside an element."""
        if element.tag == "li":
            self._parts.append(_item_number(element))
        self._add(element.text)
        for inner in element:
            self.read(inner, depth + 1)
            self._add(inner.tail)

    def _add(self, text: str | None) -> None:
        if text:
            text = _SPACE.sub(" ", text)
            self._parts.append(text)
            self._linked += len(text.strip()) if self._links else 0

    def _read_table(self, table: html.HtmlElement, depth: int) -> None:
        self.end_block()
        places = GridPlaces()
        cells: list[TableCell] = []
        pieces: list[_Piece] = []
        for row in _rows(table):
            places.next_row()
            for cell in row:
                if cell.tag not in ("td", "th") or _is_hidden(cell):
                    continue
                down, across = _span(cell.get("rowspan")), _span(cell.get("colspan"))
                inner = _Reader(self._name)
                inner.read_inside(cell, depth + 1)
                inner.end_block()
                pieces += inner.pieces
                content = tuple(piece.block for piece in inner.pieces)
                at, column = places.place(down, across)
                cells.append(TableCell(at, column, content, down, across))
            if places.full:
                raise LoadError(f"{self._name}: a table in it has more cells than any real one; it is refused")
        for caption in table.iterchildren("caption"):
            self.read(caption, depth + 1)
        block = TableBlock(tuple(cells))
        self.pieces += pieces if block.lays_out else [_Piece(block)]


def _rows(table: html.HtmlElement) -> Iterator[html.HtmlElement]:
    for element in table:
        if element.tag == "tr":
            yield element
        elif element.tag in ("thead", "tbody", "tfoot"):
            yield from element.iterchildren("tr")


def _span(text: str | None) -> int:
    return min(max(1, int(text)), WIDEST_SPAN) if text is not None and text.strip().isdecimal() else 1


def _is_hidden(element: html.HtmlElement) -> bool:
    if element.get("hidden") is not None or element.get("role", "").lower() in _CHROME_ROLES:
        return True
    return bool(_HIDDEN.search(element.get("style", "")))


def _item_number(item: html.HtmlElement) -> str:
    """What a browser prints before an item of a numbered list, where it prints 1, 2, 3."""
    parent = item.getparent()
    if parent is None or parent.tag != "ol" or parent.get("type", "1") != "1":
        return ""
    if _NO_NUMBERS.search(parent.get("style", "")) or _NO_NUMBERS.search(item.get("style", "")):
        return ""
    start = parent.get("start", "1")
    first = int(start) if start.isdecimal() else 1
    return f"{first + sum(1 for before in item.itersiblings('li', preceding=True))}. "
