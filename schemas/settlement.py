"""What people decided about what was read."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from schemas.base import Model


class Decision(StrEnum):
    """How a person settles a task."""

    ACCEPT = "accept"  # read as printed, and nothing is wrong with it
    CORRECT = "correct"  # read wrongly: here is how it should be read
    DOCUMENT = "document"  # read as printed; the document itself is wrong


class Settlement(Model):
    """Who decided what about a record or a finding, when, and from what.

    `task` is the number of the review task. `was` is the record as it was read: `type`, `reader`, `fields`;
    None for one that was missing, and where nothing was changed.
    """

    by: str
    at: datetime
    decision: Decision
    task: int
    was: dict[str, Any] | None = None
