"""Lists in pages: each names where the next goes on, so that nothing is skipped or told twice while rows come in."""

import base64
import binascii
import json
from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel

from extractor.web.api.values import LARGEST
from extractor.web.problems import Refusal

T = TypeVar("T")

Limit = Annotated[int, Query(ge=1, le=200, description="Items of a page.")]
After = Annotated[str | None, Query(max_length=400, description="`next` of the page before.")]

Key = int | float | str


class Page(BaseModel, Generic[T]):
    """A page of a list; `next` is None on the last one."""

    items: list[T]
    next: str | None = None


def page(found: Sequence[T], limit: int, keys: Sequence[Sequence[Key]]) -> Page[T]:
    """A page of what was asked for with one more than `limit`; `keys` are the places of the items in the order."""
    more = len(found) > limit
    return Page(items=list(found[:limit]), next=cursor(keys[limit - 1]) if more else None)


def cursor(key: Sequence[Key]) -> str:
    """A place in a list, as text that nobody needs to understand."""
    return base64.urlsafe_b64encode(json.dumps(list(key)).encode()).decode().rstrip("=")


def place(after: str | None, *kinds: type[Key]) -> list[Key] | None:
    """The place that a cursor names. Raises Refusal for one that is none of this list."""
    if after is None:
        return None
    try:
        found = json.loads(base64.urlsafe_b64decode(after.encode() + b"=" * (-len(after) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        found = None
    fits = isinstance(found, list) and len(found) == len(kinds)
    if not fits or not all(_is(value, kind) for value, kind in zip(found, kinds, strict=True)):
        raise Refusal(
            HTTPStatus.UNPROCESSABLE_ENTITY, "after: 不是本列表的游标 (not a cursor of this list; use `next` of a page)"
        )
    return list(found)


def _is(value: object, kind: type[Key]) -> bool:
    if isinstance(value, str):
        return kind is str and "\x00" not in value and value.isprintable()
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e300
    return kind is int and type(value) is int and abs(value) <= LARGEST
