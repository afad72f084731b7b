"""Servers that fail: every section ends in a true outcome, nothing is lost or doubled, nothing hangs, nothing leaks."""

import asyncio
import json
import logging
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from aiohttp import web
from simulated import OwnServer, disclosure_of, read_all, read_one, server_of, settings_of, varied

from evals.simulation.failures import Failure
from extractor.errors import ConfigurationError
from extractor.pipeline import read
from extractor.reading.llm import BudgetReached, Ledger
from extractor.reading.llm.limits import Gate
from extractor.reading.llm.profiles import PROFILES
from extractor.reading.rules import RulesReader
from extractor.settings import Price
from schemas.extraction import SectionOutcome
from schemas.fields import pointers

DISCLOSURE = disclosure_of()
EXPECTED = sum(len(reading.records) for reading in read(DISCLOSURE, RulesReader()))


@pytest.mark.parametrize("failure", list(Failure))
def test_a_failure_now_and_then_costs_nothing_but_time(failure: Failure, tmp_path: Path) -> None:
    texts = varied(5)
    modes = ("tools",) if failure is Failure.WRONG_TOOL else ("json_object", "tools")
    for mode in modes:
        with server_of(*texts, failures={failure: 0.5}, seed=1) as server:
            settings = settings_of(server, tmp_path / mode, timeout=0.4, mode=mode, attempts=12, repair_rounds=0)
            readings = read_all(texts, settings)
            assert server.counts.failures[failure.value] >= 2
        for reading in readings:
            assert not [r.reason for r in reading.readings if r.outcome is SectionOutcome.FAILED]
            assert sum(len(r.records) for r in reading.readings) == EXPECTED


@pytest.mark.parametrize("mode", ["tools", "json_object"])
def test_a_storm_of_all_failures(mode: str, tmp_path: Path) -> None:
    """Every kind at 10 % at once: 72 % of requests fail somehow."""
    texts = varied(30)
    with server_of(*texts, failures=dict.fromkeys(Failure, 0.1), seed=7) as server:
        settings = settings_of(server, tmp_path, timeout=1.5, deadline=60.0, mode=mode, attempts=6, concurrency=16)
        started = time.monotonic()
        readings = read_all(texts, settings)
        assert time.monotonic() - started < 200
        assert len(server.counts.failures) >= 11
    assert Counter(r.disclosure.loaded.name for r in readings) == Counter(t.loaded.name for t in texts)
    outcomes: Counter[SectionOutcome] = Counter()
    for reading in readings:
        sections = [section.id for section in reading.disclosure.sections]
        assert [r.section for r in reading.readings] == sections
        held = [id for r in reading.readings for record in r.records for _, id in pointers(record.fields)]
        assert len(held) == len(set(held))
        for each in reading.readings:
            outcomes[each.outcome] += 1
            assert (each.reason is not None) == (each.outcome in (SectionOutcome.FAILED, SectionOutcome.NEEDS_REVIEW))
            if each.outcome is SectionOutcome.FAILED:
                assert not each.records
    assert outcomes[SectionOutcome.FAILED] < 0.2 * sum(outcomes.values())


def test_a_request_that_is_refused_together_is_asked_section_by_section(tmp_path: Path) -> None:
    """One section that the model refuses to read costs the others nothing."""
    with server_of(DISCLOSURE) as inner:

        async def refuse(request: web.Request) -> web.Response:
            body = await request.json()
            if "收入合计" in body["messages"][1]["content"]:
                message = {"role": "assistant", "content": None, "refusal": "no"}
                choice = {"index": 0, "finish_reason": "stop", "message": message}
                return web.json_response(
                    {"id": "x", "object": "chat.completion", "created": 0, "model": "m", "choices": [choice]}
                )
            return await _forward(inner.base_url, body)

        with OwnServer(refuse) as server:
            reading = read_one(DISCLOSURE, settings_of(server.base_url, tmp_path, attempts=2))
    failed = [r for r in reading.readings if r.outcome is SectionOutcome.FAILED]
    assert len(failed) == 1
    assert "refused" in (failed[0].reason or "")
    assert sum(len(r.records) for r in reading.readings) == EXPECTED - 5


def test_a_wrong_key_ends_the_run_with_a_sentence_that_does_not_hold_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def refuse(request: web.Request) -> web.Response:
        key = request.headers["Authorization"].removeprefix("Bearer ")
        return web.json_response({"error": {"message": f"Incorrect API key provided: {key}"}}, status=401)

    with OwnServer(refuse) as server, caplog.at_level(logging.DEBUG):
        settings = settings_of(server.base_url, tmp_path, api_key="sk-geheim-4711")
        with pytest.raises(ConfigurationError, match=r"401.*GOUJI_API_KEY") as raised:
            read_one(DISCLOSURE, settings)
    assert "4711" not in str(raised.value)
    assert "4711" not in caplog.text
    assert "4711" not in repr(settings)
    assert all(b"4711" not in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def _page(key: str) -> web.Response:
    return web.Response(text=f"<html><body>welcome {key}</body></html>", content_type="text/html")


def _said(message: dict[str, object]) -> web.Response:
    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": None, **message}}
    return web.json_response({"id": "x", "object": "chat.completion", "created": 0, "model": "m", "choices": [choice]})


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (_page, "not"),
        (lambda key: web.Response(status=502, text=f"<html>bad gateway {key}</html>"), "502"),
        (
            lambda key: web.json_response({"error": {"message": f"maximum context length is 2048 {key}"}}, status=400),
            "400",
        ),
        (lambda key: web.Response(text=f'{{"choices": ["{key}', content_type="application/json"), "not"),
        (lambda key: web.json_response([key]), "not"),
        (lambda key: web.json_response({"choices": f"nothing {key}"}), "not"),
        (lambda key: web.json_response({"choices": [key]}), "not"),
        (lambda key: web.json_response({"choices": [{"message": key}]}), "not"),
        (lambda key: _said({"refusal": f"{'x' * 90}{key}"}), "refused"),
        (lambda key: _said({"content": json.dumps({"r": [key, f"BT s={key}"]})}), "record type"),
    ],
    ids=["page", "502", "400", "half", "list", "odd", "odd choice", "odd message", "refusal", "answer"],
)
def test_whatever_a_server_says_the_sections_end_with_a_reason_without_the_key(
    answer: Callable[[str], web.Response], reason: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def respond(request: web.Request) -> web.Response:
        return answer(request.headers["Authorization"].removeprefix("Bearer "))

    with OwnServer(respond) as server, caplog.at_level(logging.DEBUG):
        settings = settings_of(server.base_url, tmp_path, api_key="sk-geheim-4711", attempts=2, back_off=0.01)
        reading = read_one(DISCLOSURE, settings)
    asked = [r for r in reading.readings if r.outcome in (SectionOutcome.FAILED, SectionOutcome.NEEDS_REVIEW)]
    assert asked
    for each in asked:
        assert reason in (each.reason or "")
        assert "程序出错" not in (each.reason or "")
        assert "geheim" not in (each.reason or "")
    assert "sk-geheim" not in caplog.text
    assert all(b"geheim" not in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    with sqlite3.connect(tmp_path / "answers.sqlite") as kept:
        assert kept.execute("select count(*) from answers").fetchone() == (0,)


def test_a_word_in_place_of_a_key_stays_in_answers(tmp_path: Path) -> None:
    with server_of(DISCLOSURE) as server:
        reading = read_one(DISCLOSURE, settings_of(server, tmp_path, api_key="s"))
    assert sum(len(r.records) for r in reading.readings) == EXPECTED


def test_a_redirect_is_not_followed(tmp_path: Path) -> None:
    elsewhere: list[str] = []

    async def steal(request: web.Request) -> web.Response:
        elsewhere.append(await request.text())
        return web.json_response({})

    with OwnServer(steal) as other:

        async def redirect(_: web.Request) -> web.Response:
            return web.Response(status=307, headers={"Location": f"{other.base_url}/chat/completions"})

        with OwnServer(redirect) as server:
            reading = read_one(DISCLOSURE, settings_of(server.base_url, tmp_path, attempts=2))
    assert elsewhere == []
    assert any(r.outcome is SectionOutcome.FAILED for r in reading.readings)


def test_proxies_of_the_environment_are_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    async def proxy(request: web.Request) -> web.Response:
        asked.append(str(request.url))
        return web.json_response({}, status=502)

    with OwnServer(proxy) as server, server_of(DISCLOSURE) as model:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, server.base_url.removesuffix("/v1"))
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        reading = read_one(DISCLOSURE, settings_of(model, tmp_path))
    assert asked == []
    assert sum(len(r.records) for r in reading.readings) == EXPECTED


def test_a_configured_proxy_is_used(tmp_path: Path) -> None:
    asked: list[str] = []

    async def proxy(request: web.Request) -> web.Response:
        asked.append(str(request.url))
        return await _forward(model.base_url, await request.json())

    with OwnServer(proxy) as server, server_of(DISCLOSURE) as model:
        address = server.base_url.removesuffix("/v1")
        reading = read_one(DISCLOSURE, settings_of("http://model.invalid/v1", tmp_path, proxy=address))
    assert set(asked) == {"http://model.invalid/v1/chat/completions"}
    assert sum(len(r.records) for r in reading.readings) == EXPECTED


def test_compressed_answers_are_read_and_nothing_is_told_of_this_machine(tmp_path: Path) -> None:
    """Neither the platform, nor a cookie that the server set before."""
    told: list[set[str]] = []

    async def compress(request: web.Request) -> web.Response:
        told.append({name.lower() for name in request.headers})
        answer = await _forward(inner.base_url, await request.json())
        answer.enable_compression(web.ContentCoding.gzip)
        answer.set_cookie("who", "you")
        return answer

    with server_of(DISCLOSURE) as inner, OwnServer(compress) as server:
        reading = read_one(DISCLOSURE, settings_of(server.base_url, tmp_path, concurrency=1))
    assert sum(len(r.records) for r in reading.readings) == EXPECTED
    assert len(told) >= 2
    for names in told:
        assert {"authorization", "content-type", "user-agent"} <= names
        assert not names & {"cookie", "x-stainless-os", "x-stainless-arch", "x-stainless-runtime-version"}


def test_a_server_that_is_not_there_fails_sections_with_a_reason(tmp_path: Path) -> None:
    settings = settings_of("http://127.0.0.1:9/v1", tmp_path, attempts=2)
    reading = read_one(DISCLOSURE, settings)
    failed = [r for r in reading.readings if r.outcome is SectionOutcome.FAILED]
    assert len(failed) == 7
    assert all("cannot be reached" in (r.reason or "") and "2 requests" in (r.reason or "") for r in failed)


def test_the_deadline_of_a_section_holds(tmp_path: Path) -> None:
    with server_of(DISCLOSURE, failures={Failure.HANG: 1.0}) as server:
        started = time.monotonic()
        reading = read_one(DISCLOSURE, settings_of(server, tmp_path, timeout=0.4, deadline=1.0, attempts=20))
        assert time.monotonic() - started < 4
    assert any(r.outcome is SectionOutcome.FAILED for r in reading.readings)


def test_retry_after_is_kept_by_all(tmp_path: Path) -> None:
    """After a 429 nothing is sent until the server wants to hear more."""
    times: list[float] = []

    async def limited(_: web.Request) -> web.Response:
        times.append(time.monotonic())
        if len(times) <= 2:
            return web.json_response({"error": {"message": "slow down"}}, status=429, headers={"Retry-After": "0.7"})
        return web.json_response({"error": {"message": "no"}}, status=400)

    with OwnServer(limited) as server:
        read_one(DISCLOSURE, settings_of(server.base_url, tmp_path))
    assert len(times) == 4
    assert times[2] - times[1] >= 0.65


# ---- limits ------------------------------------------------------------------------------------------------


def test_requests_at_once_stay_within_the_limit(tmp_path: Path) -> None:
    texts = varied(12)
    with server_of(*texts, latency=0.05) as server:
        read_all(texts, settings_of(server, tmp_path, concurrency=3, cache=False))
        assert server.counts.requests == 24
        assert server.counts.busiest == 3


def test_requests_and_tokens_a_minute_are_spread_evenly() -> None:
    async def pace(requests: int | None, tokens: int | None, amount: float) -> float:
        gate = Gate(50, requests, tokens)
        started = time.monotonic()

        async def one() -> None:
            async with gate.slot(amount):
                pass

        await asyncio.gather(*(one() for _ in range(11)))
        return time.monotonic() - started

    assert 0.95 <= asyncio.run(pace(600, None, 1)) <= 1.2
    assert 0.95 <= asyncio.run(pace(None, 60_000, 100)) <= 1.2
    assert asyncio.run(pace(None, None, 1)) < 0.2


# ---- money and budgets -------------------------------------------------------------------------------------


def test_costs_add_up_over_sections_documents_and_run(tmp_path: Path) -> None:
    texts = varied(3)
    with server_of(*texts) as server:
        prices = {"simulated": Price(input=2, cached="0.5", output=8)}
        settings = settings_of(server, tmp_path, prices=prices, cache=False, concurrency=1)
        ledger = Ledger(settings)
        readings = read_all(texts, settings, ledger=ledger)
        billed = server.counts
    total = sum((reading.cost for reading in readings[1:]), readings[0].cost)
    assert total == ledger.total
    assert total.requests == billed.requests == 6
    assert total.answered_characters == billed.answered
    assert total.cached > 0
    expected = (total.input - total.cached) * 2 + total.cached * Decimal("0.5") + total.output * 8
    assert total.money(settings.price) == expected / 1_000_000
    assert readings[0].cost.usage(settings.price).currency == "CNY"


def test_a_budget_stops_and_the_same_call_goes_on(tmp_path: Path) -> None:
    texts = varied(8)
    with server_of(*texts) as server:
        settings = settings_of(server, tmp_path, budget_tokens=6000, concurrency=2)
        for _ in range(3):
            ledger = Ledger(settings)
            with pytest.raises(BudgetReached, match="GOUJI_BUDGET_TOKENS"):
                read_all(texts, settings, ledger=ledger)
            assert 6000 <= ledger.total.total_tokens < 6000 + 2 * 4000  # what was on its way is finished
        readings = read_all(texts, settings_of(server, tmp_path))
        assert server.counts.requests == 16  # no section was asked twice
    assert len(readings) == len(texts)
    assert not [r for reading in readings for r in reading.readings if r.outcome is SectionOutcome.FAILED]


def test_a_document_that_the_budget_cut_off_is_incomplete(tmp_path: Path) -> None:
    with server_of(DISCLOSURE) as server:
        settings = settings_of(server, tmp_path, budget_tokens=1, concurrency=1)
        reading = read_one(DISCLOSURE, settings)
    failed = [r for r in reading.readings if r.outcome is SectionOutcome.FAILED]
    assert len(failed) in (3, 4)  # one request was sent, for the sections of one family
    assert all("run again to go on" in (r.reason or "") for r in failed)


# ---- what each kind of server is sent ----------------------------------------------------------------------


@pytest.mark.parametrize("name", list(PROFILES))
def test_profiles_are_followed(name: str, tmp_path: Path) -> None:
    profile = PROFILES[name]
    with server_of(DISCLOSURE, keep=True) as server:
        reading = read_one(DISCLOSURE, settings_of(server, tmp_path, profile=name))
        body = server.bodies[0]
    assert sum(len(r.records) for r in reading.readings) == EXPECTED
    assert profile.limit in body
    assert ("temperature" in body) == profile.temperature
    assert all(body[key] == value for key, value in profile.extra.items())
    if profile.mode == "json_schema":
        shape = body["response_format"]["json_schema"]
        assert shape["schema"]["required"] == ["r"]
        assert shape.get("strict", False) == profile.strict
    assert "json" in json.dumps(body["messages"], ensure_ascii=False).lower()


def test_an_unknown_profile_is_refused_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="openai, deepseek, qwen"):
        read_one(DISCLOSURE, settings_of("http://127.0.0.1:9/v1", tmp_path, profile="nonsense"))


async def _forward(base_url: str, body: object) -> web.Response:
    import aiohttp

    async with aiohttp.ClientSession() as session, session.post(f"{base_url}/chat/completions", json=body) as response:
        return web.json_response(await response.json())
