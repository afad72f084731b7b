"""The simulated server: right answers, errors and failures by kind, rate and seed, and honest counting."""

import asyncio
import json
import re
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from simulated import TEXT, disclosure_of, model_of, server_of

from evals.simulation.command import rates_of
from evals.simulation.failures import Failure, Failures
from evals.simulation.slips import Slip, Slips
from extractor.errors import ConfigurationError
from extractor.reading.llm.asks import asks_of, worth_asking
from extractor.reading.routing import passages_of
from extractor.reading.rules import RulesReader
from prompts.wire import decode
from schemas.fields import pointers

DISCLOSURE = disclosure_of()
ASKS = asks_of([p for p in passages_of(DISCLOSURE) if worth_asking(p)], 2500)


def read_back(model: Any) -> list[Any]:
    """What a model answers to the requests for the test document, as records."""
    return [record.fields for ask in ASKS for record in decode(model.answer(ask.user), ask.ids).records]


def truth() -> list[Any]:
    rules = RulesReader()
    return [fields for p in passages_of(DISCLOSURE) if worth_asking(p) for fields in rules.read(DISCLOSURE, p).records]


def test_without_errors_it_answers_the_truth() -> None:
    assert Counter(map(str, read_back(model_of(DISCLOSURE)))) == Counter(map(str, truth()))


def test_what_it_does_not_know_it_leaves_out() -> None:
    other = disclosure_of(TEXT.replace("1180.50", "77.00"))
    answered = [record.fields for ask in ASKS for record in decode(model_of(other).answer(ask.user), ask.ids).records]
    assert 0 < len(answered) < len(truth())


@pytest.mark.parametrize("slip", list(Slip))
def test_every_kind_of_error_is_made_and_noted(slip: Slip) -> None:
    model = model_of(DISCLOSURE, slips=Slips({slip: 0.5}, seed=5))
    answered = read_back(model)
    assert {made.slip for made in model.made} == {slip}
    assert Counter(map(str, answered)) != Counter(map(str, truth()))
    again = model_of(DISCLOSURE, slips=Slips({slip: 0.5}, seed=5))
    assert read_back(again) == answered
    assert model_of(DISCLOSURE, slips=Slips({slip: 0.0})).made == []


def test_errors_come_at_their_rate() -> None:
    slips = Slips({Slip.MISSED: 0.1, Slip.NEIGHBOUR: 0.05}, seed=3)
    passage = next(p for p in passages_of(DISCLOSURE) if len(p.quantities) > 8)
    records = RulesReader().read(DISCLOSURE, passage).records
    made = Counter(each.slip for n in range(300) for each in slips.make(passage, records, str(n))[1])
    assert 0.08 < made[Slip.MISSED] / (300 * len(records)) < 0.12
    assert 0.035 < made[Slip.NEIGHBOUR] / (300 * len(records)) < 0.065


def test_made_errors_name_the_figures_they_touch() -> None:
    model = model_of(DISCLOSURE, slips=Slips({Slip.MISSED: 0.3}, seed=1))
    answered = {id for fields in read_back(model) for _, id in pointers(fields)}
    for made in model.made:
        assert made.quantities
        assert not answered.intersection(made.quantities)


async def _post(base_url: str, **body: Any) -> tuple[int, dict[str, str], Any]:
    messages = [{"role": "system", "content": ASKS[0].system}, {"role": "user", "content": ASKS[0].user}]
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{base_url}/chat/completions", json={"model": "m", "messages": messages, **body}) as response,
    ):
        return response.status, dict(response.headers), await response.json()


TOOLS = [{"type": "function", "function": {"name": "answer", "parameters": {"type": "object"}}}]


@pytest.mark.parametrize("failure", [f for f in Failure if f not in (Failure.HANG, Failure.DROPPED)])
def test_failures_look_as_those_of_real_servers(failure: Failure) -> None:
    with server_of(DISCLOSURE, failures={failure: 1.0}) as server:
        status, headers, answer = asyncio.run(_post(server.base_url))
        tools = asyncio.run(_post(server.base_url, tools=TOOLS))[2]
        assert server.counts.failures == Counter({failure.value: 2})
    if failure is Failure.RATE_LIMIT:
        assert status == 429
        assert float(headers["Retry-After"]) > 0
        return
    if failure is Failure.SERVER_ERROR:
        assert status == 500
        return
    choice, called = answer["choices"][0], tools["choices"][0]["message"].get("tool_calls")
    content = choice["message"]["content"]
    if failure is Failure.SLOW:
        assert json.loads(content)["r"]
    elif failure is Failure.TRUNCATED:
        assert choice["finish_reason"] == "length"
    elif failure is Failure.WHITE_SPACE:
        assert choice["finish_reason"] == "length"
        assert len(content) - len(content.strip()) > 1000
    elif failure is Failure.REFUSAL:
        assert choice["message"]["refusal"]
    elif failure is Failure.EMPTY:
        assert content == ""
        assert not called
    elif failure is Failure.WRONG_TOOL:
        assert called[0]["function"]["name"] == "search"
    elif failure is Failure.PROSE:
        assert json.loads(re.search(r"\{.*\}", content)[0])["r"]  # type: ignore[index]
    else:
        with pytest.raises(json.JSONDecodeError):
            json.loads(content)


def test_a_dropped_connection_and_a_hang() -> None:
    with (
        server_of(DISCLOSURE, failures={Failure.DROPPED: 1.0}) as server,
        pytest.raises(aiohttp.ClientPayloadError),
    ):
        asyncio.run(_post(server.base_url))

    async def hang(base_url: str) -> None:
        async with asyncio.timeout(0.3):
            await _post(base_url)

    with server_of(DISCLOSURE, failures={Failure.HANG: 1.0}) as server, pytest.raises(TimeoutError):
        asyncio.run(hang(server.base_url))


def test_failures_are_seeded_and_differ_from_try_to_try() -> None:
    failures = Failures(dict.fromkeys(Failure, 0.1), seed=4)
    chosen = [failures.choose(f"request:{n}") for n in range(2000)]
    assert chosen == [Failures(dict.fromkeys(Failure, 0.1), seed=4).choose(f"request:{n}") for n in range(2000)]
    assert 0.66 < sum(each is not None for each in chosen) / 2000 < 0.78  # 1 - 0.9^12
    assert set(chosen) == {None, *Failure}


def test_it_counts_what_is_sent_and_answered() -> None:
    with server_of(DISCLOSURE) as server:
        _, _, first = asyncio.run(_post(server.base_url))
        _, _, second = asyncio.run(_post(server.base_url))
        counts = server.counts
    content = first["choices"][0]["message"]["content"]
    assert counts.requests == 2
    assert counts.sent == 2 * (len(ASKS[0].system) + len(ASKS[0].user))
    assert counts.answered == 2 * len(content)
    assert first["usage"]["prompt_tokens_details"]["cached_tokens"] == 0
    assert second["usage"]["prompt_tokens_details"]["cached_tokens"] > 0


def test_sixty_four_at_once_take_one_latency() -> None:
    async def many(base_url: str) -> float:
        connector = aiohttp.TCPConnector(limit=64)
        async with aiohttp.ClientSession(connector=connector) as session:
            body = {"model": "m", "messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "u"}]}

            async def one() -> None:
                async with session.post(f"{base_url}/chat/completions", json=body) as response:
                    await response.read()

            started = time.monotonic()
            await asyncio.gather(*(one() for _ in range(64)))
            return time.monotonic() - started

    with server_of(DISCLOSURE, latency=0.5) as server:
        assert asyncio.run(many(server.base_url)) < 1.2
        assert server.counts.busiest == 64


def test_rates_are_given_by_kind() -> None:
    assert rates_of(["swap=0.05", "missed=0"], Slip) == {Slip.SWAP: 0.05, Slip.MISSED: 0.0}
    assert rates_of(["all=0.1"], Failure) == dict.fromkeys(Failure, 0.1)
    for wrong in ("swop=0.1", "swap", "swap=often", "swap=2"):
        with pytest.raises(ConfigurationError, match="rate"):
            rates_of([wrong], Slip)


def test_the_command_serves_until_stopped(tmp_path: Path) -> None:
    path = tmp_path / "disclosure.txt"
    path.write_text(TEXT, encoding="utf-8")
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-m", "evals.simulation.command", str(path), "--port", "0", "--latency", "0"]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        address = re.search(r"http://127\.0\.0\.1:\d+/v1", run.stdout.readline())
        assert address is not None
        status, _, answer = asyncio.run(_post(address[0]))
        run.terminate()
        assert run.wait(10) == 0
        assert "requests: 1" in run.stdout.read()
    assert status == 200
    assert json.loads(answer["choices"][0]["message"]["content"])["r"]
