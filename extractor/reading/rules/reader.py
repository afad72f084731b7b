"""The rules reader: statements of a passage, bound to record fields by the passage's kind."""

from extractor.documents.disclosure import Disclosure
from extractor.reading.reader import Passage, Reading


class RulesReader:
    """Reads every kind of passage by grammar."""

    name = "rules"

    def read(self, disclosure: Disclosure, passage: Passage) -> Reading:
        """Everything that the passage states in wordings the grammar knows."""
        return Reading()
