"""gouji: structured, cross-checked records from Chinese department budgets and final accounts.

from extractor import extract

extraction = extract("某县水利局2023年度部门决算.pdf")
for finding in extraction.findings:
    print(finding.message)
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from extractor.pipeline import extract

__all__ = ["extract"]


def __getattr__(name: str) -> object:
    # imported when asked for, so that the command line starts fast
    if name == "extract":
        from extractor.pipeline import extract

        return extract
    raise AttributeError(name)
