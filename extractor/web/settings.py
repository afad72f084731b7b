"""Configuration of the server: environment variables that begin with GOUJI_, or the file gouji.toml."""

from pathlib import Path
from typing import Any

from pydantic import Field

from extractor.configuration import configured
from extractor.review.settings import ReviewSettings

LOOPBACK = ("127.0.0.1", "localhost", "::1")

ANY_HOST = ("*",)


class WebSettings(ReviewSettings):
    """What `ReviewSettings` holds, and how the server is reached.

    A login fails for `attempts_minutes` once as many attempts failed as `attempts_pair` (same name, same address),
    `attempts_address` (any name) or `attempts_name` (any address) allow. `trusted_proxies` are the addresses whose
    X-Forwarded-For is believed, with commas between; None where nobody stands in between.
    """

    attempts_minutes: float = Field(default=15.0, gt=0)
    attempts_pair: int = Field(default=5, ge=1)
    attempts_address: int = Field(default=30, ge=1)
    attempts_name: int = Field(default=50, ge=1)

    request_kilobytes: int = Field(default=1024, ge=16)
    uploads_at_once: int = Field(default=8, ge=1)
    trusted_proxies: str | None = None
    tls_certificate: Path | None = None
    tls_key: Path | None = None

    @property
    def secure(self) -> bool:
        """True when browsers come by https, so that cookies may insist on it."""
        return self.secure_cookies or self.tls_certificate is not None

    def hosts_for(self, bind: str) -> tuple[str, ...]:
        """The Host headers to answer to when listening on an address.

        On loopback only its own names: a page of the web that points its name at this machine (DNS rebinding) gets
        no answer. Where people come from elsewhere every name is answered, unless some are configured.
        """
        configured = "allowed_hosts" in self.model_fields_set
        names = self.allowed_hosts if configured or bind in LOOPBACK else ANY_HOST
        return tuple(f"[{name}]" if ":" in name else name for name in names)


def load_web_settings(**overrides: Any) -> WebSettings:
    """The settings, with overrides that are not None. Raises ConfigurationError with a sentence for each wrong value."""
    return configured(WebSettings, **overrides)
