"""JSON Schemas of the records and of the whole extraction, for other programs."""

from typing import Any

from schemas.catalogue import RECORD_TYPES
from schemas.extraction import Extraction


def schema_of(name: str) -> dict[str, Any]:
    """The JSON Schema of one record type, or of `Extraction`. Raises KeyError for any other name."""
    if name == "Extraction":
        return Extraction.model_json_schema()
    return RECORD_TYPES[name].model_json_schema()


def all_schemas() -> dict[str, dict[str, Any]]:
    """The JSON Schemas of every record type and of the extraction, by name."""
    return {name: schema_of(name) for name in ("Extraction", *RECORD_TYPES)}
