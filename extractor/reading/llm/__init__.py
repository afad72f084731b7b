"""The language-model reader: the model points at figures, code reads them."""

from extractor.reading.llm.accounting import BudgetReached, Cost, Ledger
from extractor.reading.llm.document import DocumentReading, Mode
from extractor.reading.llm.stream import Disclosures, read_disclosures

__all__ = ["BudgetReached", "Cost", "Disclosures", "DocumentReading", "Ledger", "Mode", "read_disclosures"]
