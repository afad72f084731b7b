"""The counts of many documents as one array: a million small tuples are summed by columns, not one by one."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from evals.confidence import Floats

Integers = NDArray[np.int64]
Fields = Mapping[str, Mapping[str, tuple[int, ...]]]
"""Counts of one document, by record type, then field."""


@dataclass(frozen=True)
class Pooled:
    """Counts of all fields of all documents, a row each: `document` and `name` say whose (`names[name]` is the record
    type and the field)."""

    documents: int
    names: list[tuple[str, str]]
    document: Integers
    name: Integers
    counts: Integers

    @cached_property
    def by_document(self) -> Integers:
        """Documents × counts."""
        return _summed(self.counts, self.document, self.documents)

    @cached_property
    def by_name(self) -> dict[tuple[str, str], list[int]]:
        """The sums over all documents, by type and field in their order."""
        sums = _summed(self.counts, self.name, len(self.names)).tolist()
        return dict(sorted(zip(self.names, sums, strict=True)))

    def by_type(self) -> tuple[list[str], Floats]:
        """The record types in their order, and documents × types × counts."""
        return self._by([record_type for record_type, _ in self.names])

    def by_field(self) -> tuple[list[str], Floats]:
        """The fields in their order, whatever type, and documents × fields × counts."""
        return self._by([field for _, field in self.names])

    def _by(self, group_of: Sequence[str]) -> tuple[list[str], Floats]:
        groups = sorted(set(group_of))
        place = {group: index for index, group in enumerate(groups)}
        column = np.array([place[group] for group in group_of], dtype=np.int64)[self.name]
        sums = _summed(self.counts, self.document * len(groups) + column, self.documents * len(groups))
        return groups, sums.reshape(self.documents, len(groups), self.counts.shape[1]).astype(np.float64)


def pooled(documents: Sequence[Fields], width: int) -> Pooled:
    """The counts, `width` a field, of some documents."""
    ids: dict[tuple[str, str], int] = {}
    columns: dict[Hashable, list[int]] = {}
    name: list[int] = []
    sizes: list[int] = []
    rows: list[tuple[int, ...]] = []
    for document in documents:
        before = len(rows)
        for record_type, fields in document.items():
            key = (record_type, *fields)  # most documents have the same fields of a type: their columns are kept
            if key not in columns:
                columns[key] = [ids.setdefault((record_type, each), len(ids)) for each in fields]
            name += columns[key]
            rows += fields.values()
        sizes.append(len(rows) - before)
    counts = np.fromiter(chain.from_iterable(rows), dtype=np.int64, count=width * len(rows)).reshape(-1, width)
    document_of = np.repeat(np.arange(len(documents)), sizes)
    return Pooled(len(documents), list(ids), document_of, np.array(name, dtype=np.int64), counts)


def _summed(counts: Integers, groups: Integers, size: int) -> Integers:
    """The sums of the rows of every group; integers below 2⁵³, so that sums of floats are exact."""
    columns = [np.bincount(groups, weights=column, minlength=size) for column in counts.T]
    return np.stack(columns, axis=1).astype(np.int64) if columns else np.zeros((size, 0), dtype=np.int64)
