"""What is said to a language model, and how its answers are spelled."""

from prompts.loader import Prompt, prompt_for, prompts
from prompts.wire import Answer, decode, encode

__all__ = ["Answer", "Prompt", "decode", "encode", "prompt_for", "prompts"]
