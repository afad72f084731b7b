"""Values that requests bring, within bounds that every database can hold."""

from typing import Annotated

from fastapi import Path, Query
from pydantic import AfterValidator, Field

LARGEST = 2**63 - 1

TEXT = r"^[^\x00]*$"
"""PostgreSQL keeps no NUL in a text."""

Word = Annotated[str, Query(min_length=1, max_length=200, pattern=TEXT)]
Number = Annotated[int, Path(ge=1, le=LARGEST)]
Year = Annotated[int, Query(ge=1900, le=2200)]
DocumentId = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$")]


def _without_nul(text: str) -> str:
    if "\x00" in text:
        raise ValueError("a text holds no NUL")
    return text


Note = Annotated[str, Field(max_length=4000, pattern=r"^[^\x00]*$"), AfterValidator(_without_nul)]
"""A remark that a person writes."""
