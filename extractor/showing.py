"""A document in the terminal, with its quantities coloured."""

from pathlib import Path

from rich.text import Text

from extractor.documents.loading import load
from extractor.pipeline import extract
from schemas.checks import RecordStatus
from schemas.fields import pointers
from schemas.quantities import Role

_STATUS_STYLES = {
    RecordStatus.PROVEN: "bold green",
    RecordStatus.CONSISTENT: "green",
    RecordStatus.UNCHECKED: "bold cyan",
    RecordStatus.CONTRADICTED: "bold red",
}
_ROLE_STYLES = {Role.CONTEXT: "dim", Role.TABLE: "blue", Role.UNCLAIMED: "black on yellow"}
_LEGEND = (
    ("proven 证实", "bold green"),
    ("consistent 一致", "green"),
    ("unchecked 未核", "bold cyan"),
    ("contradicted 矛盾", "bold red"),
    ("table 表格", "blue"),
    ("context 语境", "dim"),
    ("unclaimed 未认领", "black on yellow"),
)


def coloured(path: Path) -> Text:
    """The loaded text with every quantity in the colour of its record's status or of its role."""
    extraction = extract(path)
    text = Text(load(path).text)
    status = {q: record.status for record in extraction.records for _, q in pointers(record.fields)}
    for quantity in extraction.quantities:
        held = status.get(quantity.id) if quantity.role is Role.FIELD else None
        text.stylize(_STATUS_STYLES[held] if held else _ROLE_STYLES[quantity.role], quantity.start, quantity.end)
    legend = Text("  ").join(Text(f" {words} ", style=style) for words, style in _LEGEND)
    return Text("\n").join([text, legend])
