"""The pipeline of one document through its public functions."""

import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from extractor.documents.disclosure import Disclosure, prepare
from extractor.documents.loaded import LoadedDocument
from extractor.pipeline import conclude, read
from extractor.reading.reader import Passage, Reading
from extractor.reading.rules import RulesReader
from schemas.extraction import Provenance, SectionOutcome

TEXT = """2023年度某县水利局部门决算
一、收入决算情况说明
2023年度收入合计100万元。
二、支出决算情况说明
2023年度支出合计98万元，其中：基本支出48万元，占48.98%；项目支出50万元，占51.02%。
"""


@dataclass
class Stumbling:
    """The rules, but for one section that they cannot stand."""

    name: str = "rules"

    def read(self, disclosure: Disclosure, passage: Passage) -> Reading:
        if "收入" in (passage.section.path or ("",))[-1]:
            raise ZeroDivisionError("planted")
        return RulesReader().read(disclosure, passage)


def test_a_section_that_fails_costs_no_other_one_and_is_said() -> None:
    disclosure = prepare(LoadedDocument("a.txt", "text/plain", "0" * 64, TEXT))
    provenance = Provenance(reader="rules", version="0", created_at=datetime.now(UTC))
    extraction = conclude(disclosure, read(disclosure, Stumbling()), provenance)
    failed = [section for section in extraction.sections if section.outcome is SectionOutcome.FAILED]
    assert [section.path[-1] for section in failed] == ["一、收入决算情况说明"]
    assert failed[0].reason
    assert "planted" in failed[0].reason
    assert not extraction.complete
    lost = [quantity for quantity in extraction.quantities if quantity.raw == "100万元"]
    assert [quantity.role.value for quantity in lost] == ["unclaimed"]
    assert any(record.type == "BudgetTotal" for record in extraction.records)


UNNEEDED = {
    *("openai", "instructor", "tenacity", "httpx2", "aiohttp", "pydantic_settings", "extractor.reading.llm", "prompts"),
    *("sqlite3", "sqlalchemy", "dbos", "fastapi", "typer", "rich", "yaml"),
    *("numpy", "lxml", "docx", "openpyxl", "xlrd", "pypdfium2", "PIL", "pyarrow", "xlsxwriter", "duckdb"),
}
"""What reading a text with the rules does without: imports took 1.4 s when it did not."""


def test_reading_a_text_with_the_rules_imports_no_library_it_does_not_need(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text(TEXT, encoding="utf-8")
    code = "import sys; from extractor import extract; extract(sys.argv[1]); print(*sys.modules, sep='\\n')"
    root = Path(__file__).resolve().parents[1]
    done = subprocess.run([sys.executable, "-c", code, str(file)], cwd=root, capture_output=True, text=True, check=True)
    loaded = done.stdout.split()
    assert "extractor.pipeline" in loaded
    assert not UNNEEDED.intersection(loaded)
