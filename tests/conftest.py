"""Shared by all tests: no test may reach anything outside this machine."""

import ipaddress
import os
import socket
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

settings.register_profile("steady", derandomize=True, deadline=None)
settings.load_profile("steady")  # a failure on one machine is a failure on every one, however busy

pytest_plugins = ["databases", "reviewing", "browsing"]

SHARED = Path(os.environ.get("GOUJI_SHARED", Path(__file__).resolve().parents[2] / "shared"))


def _is_local(address: Any) -> bool:
    if not isinstance(address, tuple):
        return True  # a Unix socket
    host = str(address[0])
    if host in ("localhost", ""):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True)
def _network_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that leaves the machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if not _is_local(address):
            raise AssertionError(f"a test tried to reach {address!r}; tests may only reach this machine")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Answers of models are kept for one test only: what an earlier run was told must not answer for a server."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The team's real disclosures and labels, which are not part of the repository."""
    if not (SHARED / "gold").is_dir():
        pytest.skip("the shared real disclosures are not on this machine (set GOUJI_SHARED to their folder)")
    return SHARED
