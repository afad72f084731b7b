"""What servers can do, as data: the differences between them are fields here, never branches elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from extractor.errors import ConfigurationError
from extractor.settings import AnswerMode, ModelSettings


@dataclass(frozen=True)
class Profile:
    """One kind of server.

    `mode` is how it is asked for JSON; `strict` whether it knows strict schemas; `tool_choice` what makes it
    call the one tool; `limit` the name of its parameter for the longest answer and `headroom` what is added
    to it for thinking, in tokens; `temperature` whether it takes one; `extra` is sent along in every request.
    """

    mode: AnswerMode
    strict: bool = False
    tool_choice: str = "named"
    limit: str = "max_tokens"
    headroom: int = 0
    temperature: bool = True
    extra: Mapping[str, Any] = field(default_factory=dict)


PROFILES: dict[str, Profile] = {
    # thinking models refuse a temperature, and think on account of the answer's limit
    "openai": Profile("json_schema", strict=True, limit="max_completion_tokens", headroom=8192, temperature=False),
    # JSON mode needs the word JSON in the prompt (ours has it); named tools are refused while thinking
    "deepseek": Profile("json_object", tool_choice="auto"),
    "qwen": Profile("json_object", extra={"enable_thinking": False}),
    "vllm": Profile("json_schema", strict=True),
    # ignores tool_choice
    "ollama": Profile("json_schema", tool_choice="auto"),
    # enforces the schema without showing it to the model: the prompt describes the answer anyway
    "llama.cpp": Profile("json_schema"),
    "generic": Profile("json_object"),
}


def profile_of(settings: ModelSettings) -> Profile:
    """The configured profile. Raises ConfigurationError for an unknown name."""
    profile = PROFILES.get(settings.profile)
    if profile is None:
        raise ConfigurationError(
            f"没有名为 {settings.profile} 的服务器类型 (GOUJI_PROFILE: there is no profile of this name);"
            f" 可选 (choose one of): {', '.join(PROFILES)}"
        )
    return profile


def answer_format(profile: Profile, mode: AnswerMode, schema: dict[str, Any]) -> dict[str, Any]:
    """The part of a request that asks for an answer of this schema."""
    if mode == "json_object":
        return {"response_format": {"type": "json_object"}}
    strict = {"strict": True} if profile.strict else {}
    if mode == "json_schema":
        shape = {"name": ANSWER, "schema": schema, **strict}
        return {"response_format": {"type": "json_schema", "json_schema": shape}}
    named: Any = {"type": "function", "function": {"name": ANSWER}}
    return {
        "tools": [{"type": "function", "function": {"name": ANSWER, "parameters": schema, **strict}}],
        "tool_choice": named if profile.tool_choice == "named" else profile.tool_choice,
    }


ANSWER = "answer"
"""What the tool and the schema are called."""

ANSWER_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"r": {"type": "array", "items": {"type": "string"}}},
    "required": ["r"],
    "additionalProperties": False,
}
"""`prompts.Answer` without titles: what a schema says beyond this is only paid for."""
