"""The language-model reader: the model points at figures, code reads them."""

from extractor.reading.llm.accounting import BudgetReached, Cost, Ledger
from extractor.reading.llm.asking import Session
from extractor.reading.llm.document import DocumentReading, Mode, read_document
from extractor.reading.llm.stream import Disclosures, model_session, read_disclosures

__all__ = [
    "BudgetReached",
    "Cost",
    "Disclosures",
    "DocumentReading",
    "Ledger",
    "Mode",
    "Session",
    "model_session",
    "read_disclosures",
    "read_document",
]
