"""The sums of many documents' counts, against sums made one by one."""

from collections import Counter
from collections.abc import Iterable, Sequence

from hypothesis import given
from hypothesis import strategies as st

from evals.pooled import pooled

NAMES = st.sampled_from(["BudgetTotal", "Carryover", "Duty"])
FIELDS = st.sampled_from(["amount", "share", "changes.amount"])
COUNTS = st.tuples(*[st.integers(min_value=0, max_value=50)] * 3)
DOCUMENTS = st.lists(st.dictionaries(NAMES, st.dictionaries(FIELDS, COUNTS, max_size=3), max_size=3), max_size=6)


@given(DOCUMENTS)
def test_sums_are_those_of_every_count_by_itself(documents: list[dict[str, dict[str, tuple[int, int, int]]]]) -> None:
    expected: dict[str, Counter[object]] = {"document": Counter(), "name": Counter(), "type": Counter()}
    for row, document in enumerate(documents):
        for record_type, fields in document.items():
            for field, counts in fields.items():
                for column, count in enumerate(counts):
                    expected["document"][row, column] += count
                    expected["name"][(record_type, field), column] += count
                    expected["type"][row, record_type, column] += count
    made = pooled(documents, 3)
    assert list(made.by_name) == sorted(made.by_name)
    assert _flat(enumerate(made.by_document.tolist())) == +expected["document"]
    assert _flat(made.by_name.items()) == +expected["name"]
    types, by_type = made.by_type()
    assert by_type.shape == (len(documents), len(types), 3)
    cells = [((row, name), by_type[row, place]) for row in range(len(documents)) for place, name in enumerate(types)]
    found = Counter({(*key, column): int(count) for key, counts in cells for column, count in enumerate(counts)})
    assert +found == +expected["type"]


def _flat(rows: Iterable[tuple[object, Sequence[int]]]) -> Counter[object]:
    counted: Counter[object] = Counter()
    for key, counts in rows:
        counted.update({(key, column): count for column, count in enumerate(counts) if count})
    return counted
