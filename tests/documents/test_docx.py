"""DOCX files: order, list numbers, tables, and what the printed document does not show."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from drawing import BODY

from extractor.documents.disclosure import prepare
from extractor.documents.loading import load
from extractor.documents.loading.docx_numbering import chinese_counting
from extractor.documents.numbering import chinese_integer
from extractor.errors import LoadError


@pytest.fixture
def write(tmp_path: Path) -> Callable[[docx.document.Document], Path]:
    def save(document: docx.document.Document, name: str = "disclosure.docx") -> Path:
        path = tmp_path / name
        document.save(str(path))
        return path

    return save


Write = Callable[..., Path]


def paragraph(document: docx.document.Document, inner: str) -> None:
    """Append a paragraph given as XML."""
    body = document.element.body
    body.insert(len(body) - 1, parse_xml(f"<w:p {nsdecls('w')}>{inner}</w:p>"))


def run(text: str, properties: str = "") -> str:
    return f"<w:r>{properties}<w:t>{text}</w:t></w:r>"


def test_paragraphs_and_tables_in_order(write: Write) -> None:
    document = docx.Document()
    document.add_heading("第一部分 概况", 1)
    document.add_paragraph(BODY)
    table = document.add_table(3, 3)
    table.cell(0, 0).merge(table.cell(1, 0)).text = "项目"
    table.cell(0, 1).merge(table.cell(0, 2)).text = "支出"
    for row, column, text in [(1, 1, "基本"), (1, 2, "项目支出"), (2, 0, "合计"), (2, 1, "1.00"), (2, 2, "2.00")]:
        table.cell(row, column).text = text
    document.add_paragraph("表后。")
    document.sections[0].header.paragraphs[0].text = "页眉不读"
    loaded = load(write(document))
    assert loaded.text == f"第一部分 概况\n{BODY}\n项目\t支出\n基本\t项目支出\n合计\t1.00\t2.00\n表后。\n"
    (table_found,) = loaded.tables
    assert [
        (loaded.text[cell.start : cell.end], cell.row, cell.column, cell.row_span, cell.column_span)
        for cell in table_found.cells
    ] == [
        ("项目", 0, 0, 2, 1),
        ("支出", 0, 1, 1, 2),
        ("基本", 1, 1, 1, 1),
        ("项目支出", 1, 2, 1, 1),
        ("合计", 2, 0, 1, 1),
        ("1.00", 2, 1, 1, 1),
        ("2.00", 2, 2, 1, 1),
    ]
    assert loaded.media_type == "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    assert prepare(loaded).unwrapped.text.splitlines() == ["第一部分概况", BODY, "表后。"]


def test_what_is_deleted_hidden_or_a_field_code_is_not_read(write: Write) -> None:
    document = docx.Document()
    document.add_paragraph(BODY)
    paragraph(
        document,
        run("支出")
        + '<w:del w:id="1" w:author="a"><w:r><w:delText>9.99</w:delText></w:r></w:del>'
        + f'<w:ins w:id="2" w:author="a">{run("307.82")}</w:ins>'
        + run("看不见", "<w:rPr><w:vanish/></w:rPr>")
        + '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGEREF _Toc1</w:instrText></w:r>'
        + '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        + run("万元。")
        + '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
    )
    assert load(write(document)).text == f"{BODY}\n支出307.82万元。\n"


def test_a_paragraph_whose_end_was_deleted_goes_on_in_the_next(write: Write) -> None:
    document = docx.Document()
    document.add_paragraph(BODY)
    paragraph(document, '<w:pPr><w:rPr><w:del w:id="1" w:author="a"/></w:rPr></w:pPr>' + run("支出307"))
    paragraph(document, run(".82万元。"))
    assert load(write(document)).text == f"{BODY}\n支出307.82万元。\n"


def test_text_boxes_are_read_once(write: Write) -> None:
    document = docx.Document()
    document.add_paragraph(BODY)
    box = "<w:txbxContent><w:p><w:r><w:t>框内支出5.00万元。</w:t></w:r></w:p></w:txbxContent>"
    shapes = 'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    compatible = (
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml"'
    )
    paragraph(
        document,
        f"<w:r><mc:AlternateContent {compatible} {shapes}>"
        f'<mc:Choice Requires="wps"><w:drawing><wps:wsp><wps:txbx>{box}</wps:txbx></wps:wsp></w:drawing></mc:Choice>'
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
        + run("锚点。"),
    )
    assert load(write(document)).text == f"{BODY}\n锚点。\n框内支出5.00万元。\n"


NUMBERING = """
<w:abstractNum {ns} w:abstractNumId="90">
  <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="%1、"/></w:lvl>
  <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/></w:lvl>
  <w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%3."/></w:lvl>
  <w:lvl w:ilvl="3"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:isLgl/><w:lvlText w:val="%1.%4"/></w:lvl>
</w:abstractNum>
"""


def numbered(document: docx.document.Document) -> None:
    """Add a list (numId 90), one more that shares its counters (91), and one that begins at 5 (92)."""
    root = document.part.numbering_part.element
    root.insert(0, parse_xml(NUMBERING.format(ns=nsdecls("w"))))
    for number, start in (("90", ""), ("91", ""), ("92", '<w:startOverride w:val="5"/>')):
        override = f'<w:lvlOverride w:ilvl="0">{start}</w:lvlOverride>' if start else ""
        root.append(
            parse_xml(f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="90"/>{override}</w:num>')
        )


def item(document: docx.document.Document, level: int, text: str, number: str = "90") -> None:
    properties = f'<w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr></w:pPr>'
    paragraph(document, properties + run(text))


def test_automatic_list_numbers_are_printed(write: Write) -> None:
    document = docx.Document()
    numbered(document)
    item(document, 0, "部门概况")
    item(document, 1, "主要职责")
    item(document, 2, "2024年度购置车辆2辆。")
    item(document, 2, "5个科室。")
    item(document, 1, "机构设置")
    item(document, 2, "从一开始。")
    item(document, 0, "收支情况", "91")
    item(document, 3, "乙")
    item(document, 0, "另起", "92")
    item(document, 0, "不编号", "0")
    loaded = load(write(document))
    assert loaded.text.splitlines() == [
        "一、部门概况",
        "（一）主要职责",
        "1. 2024年度购置车辆2辆。",
        "2. 5个科室。",
        "（二）机构设置",
        "1. 从一开始。",
        "二、收支情况",
        "2.1 乙",
        "五、另起",
        "不编号",
    ]
    disclosure = prepare(loaded)
    assert [node.path[-1] for node in disclosure.sections if node.path][:3] == [
        "一、部门概况",
        "（一）主要职责",
        "（二）机构设置",
    ]
    assert "2024年度" in [quantity.raw for quantity in disclosure.quantities]


def test_list_numbers_of_styles(write: Write) -> None:
    document = docx.Document()
    numbered(document)
    properties = document.styles["Heading 1"].element.get_or_add_pPr()
    properties.append(parse_xml(f'<w:numPr {nsdecls("w")}><w:numId w:val="90"/></w:numPr>'))
    document.add_heading("收入预算", 1)
    document.add_paragraph(BODY)
    document.add_heading("支出预算", 1)
    assert load(write(document)).text.splitlines() == ["一、收入预算", BODY, "二、支出预算"]


@pytest.mark.parametrize("number", [*range(1, 121), 200, 205, 1003, 9999])
def test_chinese_counting_is_what_the_headings_read(number: int) -> None:
    assert chinese_integer(chinese_counting(number).replace("〇", "零")) == number


def test_tables_that_only_lay_out_are_their_content(write: Write) -> None:
    document = docx.Document()
    frame = document.add_table(1, 1).cell(0, 0)
    frame.paragraphs[0].text = BODY
    inner = frame.add_table(2, 2)
    for number, text in enumerate(["项目", "金额", "支出", "1.00"]):
        inner.cell(number // 2, number % 2).text = text
    loaded = load(write(document))
    assert loaded.text == f"{BODY}\n项目\t金额\n支出\t1.00\n"
    assert len(loaded.tables) == 1


def test_deleted_rows_are_not_read(write: Write) -> None:
    document = docx.Document()
    document.add_paragraph(BODY)
    table = document.add_table(2, 2)
    for number, text in enumerate(["旧", "9.99", "新", "1.00"]):
        table.cell(number // 2, number % 2).text = text
    table.rows[0]._tr.get_or_add_trPr().append(parse_xml(f'<w:del {nsdecls("w")} w:id="1" w:author="a"/>'))
    assert load(write(document)).text == f"{BODY}\n新\t1.00\n"


def rezip(path: Path, change: Callable[[str, bytes], bytes]) -> Path:
    """The file with every part passed through a function."""
    packed = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    path.write_bytes(packed.getvalue())
    return path


def test_relations_to_missing_parts_do_no_harm(write: Write) -> None:
    """Some programs write relations to a part called NULL."""
    document = docx.Document()
    document.add_paragraph(BODY)
    extra = b'<Relationship Id="rId99" Type="http://x/image" Target="NULL"/></Relationships>'
    path = rezip(
        write(document),
        lambda name, data: data.replace(b"</Relationships>", extra) if name.endswith("document.xml.rels") else data,
    )
    assert load(path).text == f"{BODY}\n"


def test_bombs_entities_and_damage_are_refused(write: Write, tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph(BODY)
    bomb = rezip(
        write(document, "bomb.docx"), lambda name, data: data + b" " * 50_000_000 if name == "word/styles.xml" else data
    )
    with pytest.raises(LoadError, match=r"bomb\.docx.*refused"):
        load(bomb)
    entities = rezip(
        write(document, "entities.docx"),
        lambda name, data: (
            data.replace(b"<w:document", b'<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><w:document', 1)
            if name == "word/document.xml"
            else data
        ),
    )
    with pytest.raises(LoadError, match="document type"):
        load(entities)
    half = tmp_path / "half.docx"
    half.write_bytes(write(document).read_bytes()[:-3000])
    with pytest.raises(LoadError, match="damaged"):
        load(half)
    broken = rezip(
        write(document, "broken.docx"), lambda name, data: data[:500] if name == "word/document.xml" else data
    )
    with pytest.raises(LoadError, match="damaged"):
        load(broken)


def test_deep_nesting_does_no_harm(write: Write) -> None:
    document = docx.Document()
    document.add_paragraph(BODY)
    cell = document.add_table(1, 1).cell(0, 0)
    for _ in range(30):
        cell = cell.add_table(1, 1).cell(0, 0)
    cell.text = "最里面。"
    assert load(write(document)).text.splitlines() == [BODY, "最里面。"]
