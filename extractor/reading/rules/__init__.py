"""The embedded reader: a small statement grammar, no model."""

from extractor.reading.rules.reader import RulesReader

__all__ = ["RulesReader"]
