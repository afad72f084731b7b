"""Arithmetic that proves or contradicts what was read, and says who is wrong."""

from extractor.checking.engine import Verdict, check_records

__all__ = ["Verdict", "check_records"]
