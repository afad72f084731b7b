"""The simulated server: /v1/chat/completions over real HTTP, as an OpenAI-compatible server would answer."""

import asyncio
import hashlib
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from evals.simulation.failures import Failure, Failures
from evals.simulation.model import SimulatedModel

TOKENS_A_CHARACTER = 0.7
"""What the server bills: an estimate, good enough to test accounting with."""

SLOW = 3.0
"""How many times longer a slow answer takes."""

Responder = Callable[[Mapping[str, Any]], str | None]
"""Answers requests that are not ours (a benchmark's other clients) with the text of an answer."""


@dataclass
class Counts:
    """What the server saw: requests, characters in and out, failures by kind, the most requests at once."""

    requests: int = 0
    sent: int = 0
    answered: int = 0
    at_once: int = 0
    busiest: int = 0
    failures: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)

    def as_json(self) -> dict[str, Any]:
        """For /stats; `cpu_seconds` are those of the whole process."""
        return {
            "requests": self.requests,
            "sent_characters": self.sent,
            "answered_characters": self.answered,
            "busiest": self.busiest,
            "cpu_seconds": time.process_time(),
            "failures": dict(self.failures),
            "repeated": sum(times - 1 for times in self.asked.values()),
        }


class SimulatedServer:
    """A server on a thread of its own; use as a context manager, or `serve` on a running loop.

    `latency` is in seconds. `keep` makes it remember the bodies of requests, for tests.
    """

    def __init__(
        self,
        model: SimulatedModel,
        failures: Failures | None = None,
        latency: float = 0.0,
        responder: Responder | None = None,
        keep: bool = False,
    ) -> None:
        self.counts = Counts()
        self.bodies: list[dict[str, Any]] = []
        self.port = 0
        self._model = model
        self._failures = failures
        self._latency = latency
        self._responder = responder
        self._keep = keep
        self._systems: set[str] = set()
        self._texts: dict[str, str] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    @property
    def base_url(self) -> str:
        """What a client is configured with."""
        return f"http://127.0.0.1:{self.port}/v1"

    # ---- running -------------------------------------------------------------------------------------------

    def __enter__(self) -> "SimulatedServer":
        started = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(started,), daemon=True)
        self._thread.start()
        if not started.wait(10):
            raise RuntimeError("the simulated server did not start")
        return self

    def __exit__(self, *_: object) -> None:
        assert self._loop is not None
        assert self._thread is not None
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self, started: threading.Event) -> None:
        self._loop = asyncio.new_event_loop()
        runner = self._loop.run_until_complete(self.serve("127.0.0.1", 0))
        started.set()
        try:
            self._loop.run_forever()
        finally:
            self._loop.run_until_complete(runner.cleanup())
            self._loop.close()

    async def serve(self, host: str, port: int) -> web.AppRunner:
        """Start listening on the running loop; port 0 chooses a free one."""
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_post("/v1/chat/completions", self._complete)
        app.router.add_get("/v1/models", self._models)
        app.router.add_get("/stats", self._stats)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, host, port, backlog=1024)
        await site.start()
        self.port = runner.addresses[0][1]
        return runner

    # ---- answering -----------------------------------------------------------------------------------------

    async def _models(self, _: web.Request) -> web.Response:
        return web.json_response({"object": "list", "data": [{"id": "simulated", "object": "model"}]})

    async def _stats(self, _: web.Request) -> web.Response:
        return web.json_response(self.counts.as_json())

    async def _complete(self, request: web.Request) -> web.StreamResponse:
        self.counts.at_once += 1
        self.counts.busiest = max(self.counts.busiest, self.counts.at_once)
        try:
            return await self._answer(request, json.loads(await request.read()))
        finally:
            self.counts.at_once -= 1

    async def _answer(self, request: web.Request, body: dict[str, Any]) -> web.StreamResponse:
        key = hashlib.sha256(json.dumps(body["messages"], ensure_ascii=False).encode()).hexdigest()
        self.counts.asked[key] += 1
        self.counts.requests += 1
        sent = _sent(body)
        self.counts.sent += sent
        if self._keep:
            self.bodies.append(body)
        failure = self._failures.choose(f"{key}:{self.counts.asked[key]}") if self._failures else None
        if failure is not None:
            self.counts.failures[failure.value] += 1
        await asyncio.sleep(self._latency * (SLOW if failure is Failure.SLOW else 1))
        if failure in _TRANSPORT:
            return await _transport_failure(request, failure)
        text = self._text(body)
        message, finish = _message(body, text, failure)
        answered = len(message.get("content") or "") + sum(
            len(call["function"]["arguments"]) for call in message.get("tool_calls", ())
        )
        self.counts.answered += answered
        return web.json_response(
            {
                "id": f"sim-{self.counts.requests}",
                "object": "chat.completion",
                "created": 0,
                "model": body.get("model", "simulated"),
                "choices": [{"index": 0, "finish_reason": finish, "message": message}],
                "usage": self._usage(body, sent, answered),
            },
            dumps=_dumps,
        )

    def _text(self, body: Mapping[str, Any]) -> str:
        other = self._responder(body) if self._responder else None
        if other is not None:
            return other
        asked = body["messages"][-1]["content"]
        if asked not in self._texts:
            self._texts[asked] = _dumps({"r": self._model.answer(asked)})
        return self._texts[asked]

    def _usage(self, body: Mapping[str, Any], sent: int, answered: int) -> dict[str, Any]:
        """Tokens; a system prompt that was seen before counts as cached."""
        system = body["messages"][0]["content"]
        cached = len(system) if system in self._systems else 0
        self._systems.add(system)
        tokens = {name: round(n * TOKENS_A_CHARACTER) for name, n in (("in", sent), ("out", answered), ("hit", cached))}
        return {
            "prompt_tokens": tokens["in"],
            "completion_tokens": tokens["out"],
            "total_tokens": tokens["in"] + tokens["out"],
            "prompt_tokens_details": {"cached_tokens": tokens["hit"]},
        }


_TRANSPORT = (Failure.RATE_LIMIT, Failure.SERVER_ERROR, Failure.HANG, Failure.DROPPED)


async def _transport_failure(request: web.Request, failure: Failure) -> web.StreamResponse:
    if failure is Failure.RATE_LIMIT:
        said = {"error": {"message": "slow down", "type": "rate_limit"}}
        return web.json_response(said, status=429, headers={"Retry-After": "0.2"})
    if failure is Failure.SERVER_ERROR:
        return web.json_response({"error": {"message": "internal error"}}, status=500)
    if failure is Failure.HANG:
        while request.transport is not None and not request.transport.is_closing():
            await asyncio.sleep(0.05)
        return web.Response()
    response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b'{"id": "sim", "choices": [')
    if request.transport is not None:
        request.transport.close()
    return response


def _message(body: Mapping[str, Any], text: str, failure: Failure | None) -> tuple[dict[str, Any], str]:
    """The message of an answer and why it ends, in the mode that was asked for, as the failure has it."""
    finish, refusal = "stop", None
    tools = body.get("tools")
    name = tools[0]["function"]["name"] if tools else ""
    if failure is Failure.TRUNCATED:
        text, finish = text[: len(text) // 2], "length"
    elif failure is Failure.MALFORMED:
        text = text.replace('"', "“", 3)[:-1]
    elif failure is Failure.EMPTY:
        text = ""
    elif failure is Failure.REFUSAL:
        text, refusal = "", "I can't help with that."
    elif failure is Failure.WHITE_SPACE:
        text, finish = text[:5] + " \n" * 4000, "length"
    elif failure is Failure.PROSE:
        text = f"好的，结果如下：\n```json\n{text}\n```\n如需进一步说明请告知。"
    elif failure is Failure.WRONG_TOOL:
        name = "search"
        text = text if tools else '{"query": "预算"}'
    message: dict[str, Any] = {"role": "assistant", "content": None if tools else text, "refusal": refusal}
    if tools and refusal is None and failure is not Failure.EMPTY:
        called = {"name": name, "arguments": text}
        message["tool_calls"] = [{"id": "call_1", "type": "function", "function": called}]
    return message, finish


def _sent(body: Mapping[str, Any]) -> int:
    """Characters of a request that a model reads: messages, and schemas as they are sent."""
    messages = sum(len(message.get("content") or "") for message in body["messages"])
    return messages + sum(len(_dumps(body[name])) for name in ("tools", "response_format") if name in body)


def _dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
