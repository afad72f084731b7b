"""One request to an OpenAI-compatible server, with everything that can go wrong with it.

openai speaks HTTP, instructor turns a completion of any mode into an `Answer`, tenacity asks again. Which
failures are asked again, and when, is decided here alone. Instructor's own re-asks are not used: they resend the
whole conversation (one bad field costs 2.3 prompts), where `repair` mends a record for a quarter of a prompt.
"""

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any

import httpx2
import openai
from instructor.core.exceptions import IncompleteOutputException
from instructor.v2 import Mode, Provider, mode_registry
from openai._models import FinalRequestOptions
from openai.types import CompletionUsage
from openai.types.chat import ChatCompletion
from pydantic import ValidationError
from pydantic_core import to_json
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter

from extractor.errors import ConfigurationError
from extractor.reading.llm.accounting import BudgetReached, Cost, Ledger
from extractor.reading.llm.client import Failed, Reply
from extractor.reading.llm.http import HEADERS, HttpClient, Sdk
from extractor.reading.llm.limits import Gate
from extractor.reading.llm.profiles import ANSWER, ANSWER_SCHEMA, answer_format, profile_of
from extractor.settings import AnswerMode, ModelSettings, require_model
from prompts.wire import Answer

TOKENS_A_CHARACTER = 0.8
"""Chinese text takes 0.6 to 0.8 tokens a character with current tokenizers; used before a server has counted."""

LONGEST_WAIT = 30.0

SHORTEST_KEY = 8
"""Characters of a key that is kept secret: local servers take any word, and such words stand in answers."""

_PARSERS = {
    mode: mode_registry.get_handlers(Provider.OPENAI, mode).response_parser
    for mode in (Mode.TOOLS, Mode.JSON_SCHEMA, Mode.MD_JSON)
}
"""Looked up on import, which is when processes that are forked share what instructor then imports."""

_AWAY = (429, 502, 503, 504)
_FATAL = {401: "the key is refused", 402: "the account is out of credit", 403: "access is denied", 404: "not found"}


class _Again(Exception):
    """An attempt that failed in a way that another may not. `wait` is None where back-off applies.

    `away` says that the server takes no requests, whatever they are.
    """

    def __init__(self, reason: str, wait: float | None = None, answered: bool = False, away: bool = False) -> None:
        super().__init__(reason)
        self.wait = wait
        self.answered = answered
        self.away = away


_TRANSIENT = retry_if_exception_type(_Again)


class _Refused(Exception):
    """An attempt that is no use repeating."""


@dataclass
class _Call:
    """One request on its way: how long it has been at it, what it cost so far, how long its answer may get."""

    body: dict[str, Any]
    limit: int
    characters: int
    cost: Cost = field(default_factory=Cost)
    active: float = 0.0


class ModelClient:
    """The configured model. Use as an asynchronous context manager.

    Raises ConfigurationError when no model is configured, and when the server refuses the key or the model.
    """

    def __init__(self, settings: ModelSettings, ledger: Ledger, gate: Gate | None = None) -> None:
        base_url, self._model = require_model(settings)
        self._settings = settings
        self._ledger = ledger
        self._profile = profile_of(settings)
        self.mode = settings.mode or self._profile.mode
        self._gate = gate or Gate(settings.concurrency, settings.requests_per_minute, settings.tokens_per_minute)
        self._key = settings.api_key.get_secret_value() if settings.api_key else "none"
        self._sdk = Sdk(
            base_url=base_url,
            api_key=self._key,
            max_retries=0,
            default_headers=HEADERS,
            http_client=HttpClient(settings),
        )
        self._request = FinalRequestOptions.construct(method="post", url="/chat/completions")

    @property
    def model(self) -> str:
        """The configured model."""
        return self._model

    async def __aenter__(self) -> "ModelClient":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._sdk.close()

    async def ask(self, system: str, user: str, answer_tokens: int) -> Reply:
        """Send a prompt and a text (see `Client`)."""
        call = self._call(system, user, answer_tokens)
        settings = self._settings
        attempts = stop_after_attempt(settings.attempts)
        back_off = wait_exponential_jitter(multiplier=settings.back_off, max=LONGEST_WAIT, jitter=settings.back_off)

        def stop(state: RetryCallState) -> bool:
            return attempts(state) or call.active >= settings.deadline

        def wait(state: RetryCallState) -> float:
            error = state.outcome.exception() if state.outcome else None
            seconds = error.wait if isinstance(error, _Again) and error.wait is not None else back_off(state)
            seconds = min(seconds, max(0.0, settings.deadline - call.active))
            call.active += seconds
            return seconds

        try:
            lines: list[str] = await AsyncRetrying(retry=_TRANSIENT, stop=stop, wait=wait, reraise=True)(
                self._attempt, call
            )
            return Reply([self._masked(line) for line in lines], call.cost)
        except _Again as error:
            tried = f"{call.cost.requests} requests, {call.active:.0f} s"
            said = self._masked(str(error))[:300]
            raise Failed(f"{said} (given up after {tried})", call.cost, error.answered, error.away) from None
        except _Refused as error:
            raise Failed(self._masked(str(error)), call.cost, answered=False) from None

    def _masked(self, said: str) -> str:
        """What a server said, without the key: some repeat it, and what they say is shown and written down."""
        return said.replace(self._key, "***") if len(self._key) >= SHORTEST_KEY else said

    def _call(self, system: str, user: str, answer_tokens: int) -> _Call:
        body: dict[str, Any] = {
            "model": self._model,
            "messages": [{"role": "system", "content": system}, {"role": "user", "content": user}],
            **answer_format(self._profile, self.mode, ANSWER_SCHEMA),
            **self._profile.extra,
        }
        if self._profile.temperature and self._settings.temperature is not None:
            body["temperature"] = self._settings.temperature
        return _Call(body, answer_tokens + self._profile.headroom, len(system) + len(user))

    async def _attempt(self, call: _Call) -> list[str]:
        estimate = call.characters * TOKENS_A_CHARACTER
        async with self._gate.slot(estimate):
            if reached := self._ledger.reached:
                raise BudgetReached(reached)
            before, started = call.cost.total_tokens, time.monotonic()
            try:
                answer = await self._answer(call)
            finally:
                seconds = time.monotonic() - started
                call.active += seconds
                self._enter(call, Cost(requests=1, retries=int(call.cost.requests > 0), seconds=seconds))
                self._gate.correct(call.cost.total_tokens - before - estimate)
        return answer.r

    def _enter(self, call: _Call, cost: Cost) -> None:
        call.cost += cost
        self._ledger.add(cost)

    async def _answer(self, call: _Call) -> Answer:
        """Send one request, and read its answer; what goes wrong is sorted into ours.

        A prepared request instead of `chat.completions.create`, which walks the typed dictionaries of the whole body:
        0.25 instead of 1.9 ms of CPU in the SDK. Instructor's reading of a completion instead of a patched client, whose
        retry machinery costs another 1.2 ms a call.
        """
        body = to_json({**call.body, self._profile.limit: call.limit})
        try:
            seconds = min(self._settings.timeout, max(0.1, self._settings.deadline - call.active))
            async with asyncio.timeout(seconds):
                response = await self._sdk.request(httpx2.Response, self._request.model_copy(update={"content": body}))
        except TimeoutError:
            raise _Again(f"no answer within {self._settings.timeout:g} s (GOUJI_TIMEOUT)") from None
        except openai.APIError as error:
            raise self._sorted(error) from None
        try:
            completion = _completion(response.content)
            self._enter(call, _cost_of(completion, call.characters))
            return _read(completion, self.mode)
        except (AttributeError, TypeError):  # not all is validated: anything may stand in the place of a message
            raise self._no_completion() from None
        except IncompleteOutputException:
            call.limit *= 2
            raise _Again("the answer was cut off at its longest allowed length", 0.0, answered=True) from None

    def _no_completion(self) -> _Again:
        """Something else answers: a web page, a gateway, another kind of server."""
        return _Again(
            f"what {self._settings.base_url} answers is not a chat completion; check GOUJI_BASE_URL (most end in /v1)"
        )

    def _sorted(self, error: openai.APIError) -> Exception:
        """An API error as one of ours."""
        said = self._masked(str(error.message))[:200]
        if isinstance(error.__cause__, httpx2.ConnectError):
            return _Again(f"the server at {self._settings.base_url} cannot be reached (GOUJI_BASE_URL)", away=True)
        if isinstance(error, openai.APITimeoutError):
            return _Again(f"no answer within {self._settings.timeout:g} s (GOUJI_TIMEOUT)")
        if isinstance(error, openai.APIStatusError):
            status = error.status_code
            if status in _FATAL:
                return ConfigurationError(
                    f"模型服务器拒绝了请求 (the server at {self._settings.base_url} answered {status}, {_FATAL[status]}): {said};"
                    " check GOUJI_BASE_URL, GOUJI_MODEL and GOUJI_API_KEY"
                )
            if status in (408, 409, 425, 429) or status >= 500:
                wait = _retry_after(error.response.headers)
                if status == 429:
                    self._gate.hush(min(wait or 1.0, LONGEST_WAIT))
                return _Again(f"the server answered {status}: {said}", wait, away=status in _AWAY)
            return _Refused(f"the server answered {status}: {said}")
        return _Again(f"the connection failed: {said}")


def _completion(content: bytes) -> ChatCompletion:
    """A body as a completion, as the SDK reads it where a server leaves fields out; else pydantic is faster (by 0.2 ms).

    Raises TypeError for a web page, a list or whatever else is no object.
    """
    try:
        return ChatCompletion.model_validate_json(content)
    except ValidationError:
        pass
    try:
        fields = json.loads(content)
    except ValueError:
        raise TypeError("not JSON") from None
    return ChatCompletion.construct(**fields)


def _read(completion: ChatCompletion, mode: AnswerMode) -> Answer:
    """The answer in a completion. Raises _Again where there is none, IncompleteOutputException where it was cut off."""
    if not completion.choices:
        raise _Again("the server sent no choice", answered=True)
    choice = completion.choices[0]
    message = choice.message
    if message.refusal or choice.finish_reason == "content_filter":
        raise _Again(f"the model refused: {message.refusal or 'content filter'}", 0.0, answered=True)
    if mode == "tools" and choice.finish_reason != "length":
        # instructor would take the arguments of any tool for the answer
        names = [call.function.name for call in message.tool_calls or [] if call.type == "function"]
        if names[:1] != [ANSWER]:
            raise _Again(f"the model called {names[0] if names else 'no tool'}, not {ANSWER}", 0.0, answered=True)
    try:
        return _parsed(completion, Mode.TOOLS if mode == "tools" else Mode.JSON_SCHEMA)
    except ValueError:
        pass
    try:  # words or a code block round the JSON
        return _parsed(completion, Mode.MD_JSON)
    except ValueError:
        what = "empty" if mode != "tools" and not (message.content or "").strip() else "not the agreed JSON"
        raise _Again(f"the answer is {what}", 0.0, answered=True) from None


def _parsed(completion: ChatCompletion, mode: Mode) -> Answer:
    """The answer as instructor reads it. `OpenAISchema.from_response` would look up validators every time (0.15 ms)."""
    answer = _PARSERS[mode](completion, response_model=Answer, strict=True)
    assert isinstance(answer, Answer)
    return answer


def _cost_of(completion: ChatCompletion, sent: int) -> Cost:
    """Tokens as the server counted them, estimated where it does not."""
    message = completion.choices[0].message if completion.choices else None
    texts = (
        [message.content or "", *(c.function.arguments for c in message.tool_calls or [] if c.type == "function")]
        if message
        else []
    )
    answered = sum(map(len, texts))
    usage = completion.usage
    if usage is None:
        return Cost(
            input=round(sent * TOKENS_A_CHARACTER),
            output=round(answered * TOKENS_A_CHARACTER),
            sent_characters=sent,
            answered_characters=answered,
        )
    return Cost(
        input=usage.prompt_tokens,
        cached=_cached_tokens(usage),
        output=usage.completion_tokens,
        sent_characters=sent,
        answered_characters=answered,
    )


def _cached_tokens(usage: CompletionUsage) -> int:
    """Tokens read from the provider's prompt cache: OpenAI's field, or DeepSeek's."""
    details = usage.prompt_tokens_details
    if details is not None and details.cached_tokens is not None:
        return details.cached_tokens
    return int((usage.model_extra or {}).get("prompt_cache_hit_tokens") or 0)


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait as a server asks for in Retry-After: a number or a date."""
    value = headers.get("retry-after")
    if not value:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (TypeError, ValueError):
        return None
