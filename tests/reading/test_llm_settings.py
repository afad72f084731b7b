"""Configuration: by environment and file, with sentences for what is missing or wrong, and keys kept to themselves."""

import asyncio
from decimal import Decimal
from pathlib import Path

import pytest

from extractor.errors import ConfigurationError
from extractor.pipeline import checked
from extractor.reading.llm import model_session
from extractor.settings import ModelSettings, load_settings


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import os

    for name in [name for name in os.environ if name.startswith("GOUJI_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_without_a_model_it_says_what_to_set() -> None:
    async def run() -> None:
        async with model_session(load_settings(), checked):
            raise AssertionError("nothing may be read")

    with pytest.raises(ConfigurationError, match=r"GOUJI_BASE_URL.*GOUJI_MODEL.*--reader rules"):
        asyncio.run(run())


def test_no_address_is_assumed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key and an address that other tools read from the environment are not ours."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-another-tool")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://example.invalid/v1")
    monkeypatch.setenv("GOUJI_MODEL", "gpt")
    settings = load_settings()
    assert settings.base_url is None
    assert settings.api_key is None


def test_environment_wins_over_file_and_options_over_both(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "gouji.toml").write_text(
        'base_url = "http://a/v1"\nmodel = "in-file"\nconcurrency = 4\n'
        '[prices.in-environment]\ninput = "2"\ncached = "0.5"\noutput = "8"\ncurrency = "USD"\n',
        encoding="utf-8",
    )
    monkeypatch.setenv("GOUJI_MODEL", "in-environment")
    monkeypatch.setenv("GOUJI_API_KEY", "sk-4711")
    settings = load_settings(concurrency=9, profile=None)
    assert (settings.base_url, settings.model, settings.concurrency) == ("http://a/v1", "in-environment", 9)
    assert settings.price is not None
    assert (settings.price.output, settings.price.currency) == (Decimal(8), "USD")
    assert settings.api_key is not None
    assert settings.api_key.get_secret_value() == "sk-4711"
    assert "4711" not in repr(settings)
    assert "4711" not in settings.model_dump_json()


def test_another_file_by_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_text('model = "other"\n', encoding="utf-8")
    monkeypatch.setenv("GOUJI_CONFIG", str(tmp_path / "other.toml"))
    assert load_settings().model == "other"
    monkeypatch.setenv("GOUJI_CONFIG", str(tmp_path / "missing.toml"))
    with pytest.raises(ConfigurationError, match=r"missing\.toml"):
        load_settings()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("GOUJI_CONCURRENCY", "many", "GOUJI_CONCURRENCY"),
        ("GOUJI_CONCURRENCY", "0", "greater than or equal to 1"),
        ("GOUJI_TIMEOUT", "-1", "GOUJI_TIMEOUT"),
        ("GOUJI_MODE", "xml", "tools"),
        ("GOUJI_PRICES", '{"m": {"input": "dear"}}', "GOUJI_PRICES__M__INPUT"),
    ],
)
def test_wrong_values_are_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigurationError, match=said):
        load_settings()


def test_a_wrong_value_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Someone may paste the key into the wrong variable."""
    monkeypatch.setenv("GOUJI_TIMEOUT", "sk-4711")
    with pytest.raises(ConfigurationError) as raised:
        load_settings()
    assert "4711" not in str(raised.value)


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "gouji.toml").write_text("model = [", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"gouji\.toml"):
        load_settings()


def test_a_cache_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    settings = ModelSettings(base_url="http://127.0.0.1:9/v1", model="m", cache_file=tmp_path / "file" / "a.sqlite")

    async def run() -> None:
        async with model_session(settings, checked):
            raise AssertionError("nothing may be read")

    with pytest.raises(ConfigurationError, match="GOUJI_CACHE_FILE"):
        asyncio.run(run())
