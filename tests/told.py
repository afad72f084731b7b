"""Texts of disclosures as tests write them, and what was read of them."""

from collections.abc import Callable
from typing import Any

Plain = dict[str, Any]
"""The fields of a record, figures as printed."""

Records = Callable[[str], list[tuple[str, Plain]]]
"""What the fixture `records_of` gives: the records of a text, (type, fields) in order."""


def budget(title: str, body: str) -> str:
    """A budget for 2024 with one section."""
    return f"某市某局2024年部门预算\n第一部分 情况说明\n一、{title}\n{body}\n"


def account(title: str, body: str) -> str:
    """A final account for 2023 with one section."""
    return f"某市某局2023年度部门决算\n第一部分 情况说明\n一、{title}\n{body}\n"


def of_type(records: list[tuple[str, Plain]], kind: str) -> list[Plain]:
    """The fields of the records of one type."""
    return [fields for name, fields in records if name == kind]
