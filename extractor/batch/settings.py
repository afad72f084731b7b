"""Configuration of jobs and workers: environment variables that begin with GOUJI_, or the file gouji.toml."""

from typing import Any

from pydantic import Field

from extractor.configuration import Settings, configured


class BatchSettings(Settings):
    """Where results and files are kept, how much one document may take, and who is told of what happens.

    `database` is a path or `postgresql://user@host/name`; `files` is a folder or `s3://bucket/prefix` that keeps
    copies of files under their SHA-256, for workers that do not see the disk of whoever submits.
    """

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


def load_batch_settings(**overrides: Any) -> BatchSettings:
    """The settings, with overrides that are not None. Raises ConfigurationError with a sentence for each wrong value."""
    return configured(BatchSettings, **overrides)
