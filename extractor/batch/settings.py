"""Configuration of jobs and workers: environment variables that begin with GOUJI_, or the file gouji.toml."""

import os
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from extractor.errors import ConfigurationError

CONFIG_FILE = "gouji.toml"


class BatchSettings(BaseSettings):
    """Where results and files are kept, how much one document may take, and who is told of what happens.

    `database` is a path or `postgresql://user@host/name`; `files` is a folder or `s3://bucket/prefix` that keeps
    copies of files under their SHA-256, for workers that do not see the disk of whoever submits.
    """

    model_config = SettingsConfigDict(env_prefix="GOUJI_", extra="ignore", frozen=True)

    database: str = "gouji.sqlite"
    files: str | None = None

    fetch_seconds: float = Field(default=120.0, gt=0)
    document_seconds: float = Field(default=1800.0, gt=0)
    document_megabytes: int = Field(default=4096, ge=256)
    disk_reserve_megabytes: int = Field(default=200, ge=0)
    keep_engine_days: float = Field(default=1.0, gt=0)

    log_format: str = Field(default="text", pattern="^(text|json)$")
    otlp_endpoint: str | None = None
    prometheus_host: str = "127.0.0.1"
    prometheus_port: int | None = Field(default=None, ge=1, le=65535)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What is given in code wins over the environment, and that over the file."""
        path = Path(os.environ.get("GOUJI_CONFIG", CONFIG_FILE))
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, path)


def load_batch_settings(**overrides: Any) -> BatchSettings:
    """The settings, with overrides that are not None. Raises ConfigurationError with a sentence for each wrong value."""
    try:
        return BatchSettings(**{name: value for name, value in overrides.items() if value is not None})
    except ValidationError as error:
        wrong = "; ".join(
            f"GOUJI_{'__'.join(str(part).upper() for part in each['loc'])}: {each['msg']}"
            for each in error.errors(include_input=False, include_url=False)
        )
        raise ConfigurationError(f"设置有误 (a setting is wrong): {wrong}") from None
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"读不了设置文件 (the settings file cannot be read): {error}") from None
