"""Configuration of the model that reads.

Nothing is sent anywhere unless a base URL and a model are set here.
"""

import os
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from extractor.configuration import CONFIG_FILE, Settings, configured
from extractor.errors import ConfigurationError

AnswerMode = Literal["tools", "json_schema", "json_object"]
"""How a server is asked for JSON."""


class Price(BaseModel):
    """What a model costs, per million tokens."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    input: Decimal = Decimal(0)
    cached: Decimal | None = None  # None: the same as input
    output: Decimal = Decimal(0)
    currency: str = "CNY"


class ModelSettings(Settings):
    """Which model reads, where it is, how hard it may be asked, and what it may cost.

    `timeout` and `deadline` are seconds: for one request, and for one section with all its retries; `attempts`
    is how often one request may be sent, `back_off` the first wait in seconds, doubled every time. Tokens per
    minute count what is sent and what is answered. `bundle_characters` bounds the text of sections that share a
    request. `mode` overrides the profile's. `prices` are by model name; `budget_tokens` and `budget_money` stop a
    run.
    """

    base_url: str | None = None
    api_key: SecretStr | None = None
    model: str | None = None
    profile: str = "generic"
    mode: AnswerMode | None = None
    temperature: float | None = 0.0
    proxy: str | None = None
    ca_file: Path | None = None

    concurrency: int = Field(default=8, ge=1, le=1024)
    requests_per_minute: int | None = Field(default=None, ge=1)
    tokens_per_minute: int | None = Field(default=None, ge=1)
    timeout: float = Field(default=120.0, gt=0)
    deadline: float = Field(default=600.0, gt=0)
    attempts: int = Field(default=6, ge=1, le=20)
    back_off: float = Field(default=0.5, gt=0)

    bundle_characters: int = Field(default=2500, ge=200, le=100_000)
    repair_rounds: int = Field(default=2, ge=0, le=2)
    prompts: Path | None = None

    cache: bool = True
    cache_file: Path | None = None
    budget_tokens: int | None = Field(default=None, ge=1)
    budget_money: Decimal | None = Field(default=None, gt=0)
    prices: dict[str, Price] = Field(default_factory=dict)

    @property
    def price(self) -> Price | None:
        """The configured price of the model, None when it has none."""
        return self.prices.get(self.model or "")

    @property
    def answers_file(self) -> Path:
        """The SQLite file that keeps good answers and the outcomes of sections."""
        return self.cache_file or _cache_home() / "gouji" / "answers.sqlite"


def load_settings(**overrides: Any) -> ModelSettings:
    """The model's settings, with overrides that are not None. Raises ConfigurationError."""
    return configured(ModelSettings, **overrides)


def require_model(settings: ModelSettings) -> tuple[str, str]:
    """The configured base URL and model. Raises ConfigurationError that says what to set where one is missing."""
    if settings.base_url and settings.model:
        return settings.base_url, settings.model
    missing = [
        name for name, value in (("GOUJI_BASE_URL", settings.base_url), ("GOUJI_MODEL", settings.model)) if not value
    ]
    raise ConfigurationError(
        f"没有配置模型：请设置 {' 和 '.join(missing)}（服务器需要密钥时再设 GOUJI_API_KEY），或写入 {CONFIG_FILE}；不用模型请加 --reader rules。"
        f" (No model is configured: set {' and '.join(missing)}, for instance GOUJI_BASE_URL=http://localhost:11434/v1"
        " GOUJI_MODEL=qwen3 GOUJI_PROFILE=ollama; or use --reader rules, which needs none.)"
    )


def _cache_home() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
