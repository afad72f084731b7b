"""Configuration of the review server: environment variables that begin with GOUJI_, or the file gouji.toml."""

from pathlib import Path
from typing import Any

from pydantic import Field

from extractor.batch.settings import BatchSettings
from extractor.configuration import configured
from extractor.storage.tasks import AUDIT_RESERVE


class ReviewSettings(BatchSettings):
    """What `BatchSettings` holds, and how people work.

    `single_user` is the name under which `gouji review` writes its log; None where people log in. `second_share`
    of the tasks are settled by two people blindly, drawn with `seed`. `audit_share` of the records that went
    through by themselves are shown to a person, one after every `audit_every` other tasks.
    """

    single_user: str | None = None
    cache: Path = Path(".gouji-cache")
    cache_megabytes: int = Field(default=500, ge=1)

    lease_seconds: int = Field(default=180, ge=1, le=3600)
    second_share: float = Field(default=0.05, ge=0, le=1)
    audit_share: float = Field(default=0.02, ge=0, le=AUDIT_RESERVE)
    audit_every: int = Field(default=15, ge=1)
    seed: str = "gouji"

    session_hours: float = Field(default=12.0, gt=0)
    secure_cookies: bool = False
    allowed_hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "::1")

    upload_megabytes: int = Field(default=100, ge=1, le=200)
    upload_pages: int = Field(default=1000, ge=1)
    review_children: int = Field(default=2, ge=1, le=64)
    child_seconds: float = Field(default=60.0, gt=0)


def load_review_settings(**overrides: Any) -> ReviewSettings:
    """The settings, with overrides that are not None. Raises ConfigurationError with a sentence for each wrong value."""
    return configured(ReviewSettings, **overrides)
