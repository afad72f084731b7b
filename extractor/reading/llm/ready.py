"""Importing this does what a first request needs, once for all processes that are then forked (0.2 s each)."""

import httpx2
from openai.types.chat import ChatCompletion

from extractor.reading.llm import transport
from prompts.loader import SHIPPED, prompts

__all__ = ["transport"]

httpx2.AsyncHTTPTransport(verify=False)  # imports its connection pool when the first one is made
ChatCompletion.model_rebuild()
prompts(SHIPPED)
