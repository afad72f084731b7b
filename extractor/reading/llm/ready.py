"""Importing this does what a first request needs, once for all processes that are then forked (0.2 s each)."""

from openai.types.chat import ChatCompletion

from extractor.reading.llm import transport
from extractor.reading.llm.http import trusted
from prompts.loader import SHIPPED, prompts

__all__ = ["transport"]

trusted(None)
ChatCompletion.model_rebuild()
prompts(SHIPPED)
