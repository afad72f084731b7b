"""Facts, checks and findings as lines: one JSON object each, flattened."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from schemas.checks import Finding, FindingKind
from schemas.extraction import Extraction
from schemas.fields import pointers

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
"""Made once: `json.dumps` with options makes one for every line."""

_GRAVITY = {kind: rank for rank, kind in enumerate(FindingKind)}


def facts(extraction: Extraction) -> Iterator[dict[str, Any]]:
    """Every printed quantity with all that is known of it: its section, its record and field, its proof."""
    paths = {section.id: list(section.path) for section in extraction.sections}
    held = {quantity: (record, path) for record in extraction.records for path, quantity in pointers(record.fields)}
    document = extraction.document
    for quantity in extraction.quantities:
        line = {
            "document_id": document.id,
            "document": document.name,
            "department": document.department,
            "kind_of_document": document.kind,
            "fiscal_year": document.fiscal_year,
            **quantity.model_dump(mode="json", exclude_none=True),
        }
        if quantity.section in paths:
            line["section_path"] = paths[quantity.section]
        if quantity.id in held:
            record, path = held[quantity.id]
            line |= {"record": record.id, "record_type": record.type, "field": path, "status": record.status.value}
        yield line


def checks(extraction: Extraction) -> Iterator[dict[str, Any]]:
    """Every evaluated relation, with its document."""
    for check in extraction.checks:
        yield {"document_id": extraction.document.id, **check.model_dump(mode="json", exclude_none=True)}


def findings(extraction: Extraction) -> Iterator[dict[str, Any]]:
    """Every finding, with its document's name and id."""
    for finding in extraction.findings:
        yield {
            "document": extraction.document.name,
            "document_id": extraction.document.id,
            **finding.model_dump(mode="json", exclude_none=True),
        }


def gravity(finding: Finding) -> tuple[int, Decimal]:
    """Sorts findings, most serious first: by kind, then by the amount at stake."""
    return _GRAVITY[finding.kind], -(finding.amount_at_stake or Decimal(0))


def as_line(value: dict[str, Any]) -> str:
    """One line of JSON, Chinese as Chinese."""
    return _ENCODER.encode(value) + "\n"
