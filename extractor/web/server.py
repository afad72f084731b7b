"""Listening: one process, on one address."""

import socket
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI

from extractor.batch import logs
from extractor.errors import ConfigurationError
from extractor.web.app import create_app, open_desk
from extractor.web.settings import LOOPBACK, WebSettings

PATIENCE = 10
"""Seconds that requests under way get when the server is told to stop."""


def serve(settings: WebSettings, host: str, port: int, ready: Callable[[str], None], quiet: bool = False) -> None:
    """Serve until told to stop; `ready` is told the address once it is bound. Port 0 takes a free one.

    Raises ConfigurationError when the address cannot be bound or the database not opened.
    """
    logs.set_up(settings.log_format, quiet)
    if settings.single_user is not None and host not in LOOPBACK:
        raise ConfigurationError(
            f"{host}: 无登录模式只能在本机使用 (without login the server listens on loopback only; gouji serve is for teams)"
        )
    bound = _bound(host, port)
    desk = open_desk(settings)
    app = create_app(desk, settings, settings.hosts_for(host))
    server = uvicorn.Server(_config(app, settings))
    scheme = "https" if settings.tls_certificate else "http"
    name = f"[{host}]" if ":" in host else host
    ready(f"{scheme}://{name}:{bound.getsockname()[1]}/")
    server.run(sockets=[bound])


def _config(app: FastAPI, settings: WebSettings) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,  # the guard writes the log: uvicorn's holds queries
        server_header=False,
        ws="none",
        proxy_headers=settings.trusted_proxies is not None,
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=PATIENCE,
        ssl_certfile=settings.tls_certificate,
        ssl_keyfile=settings.tls_key,
    )


def _bound(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        found = socket.socket(family, kind, protocol)
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind(address)
        found.listen(128)  # who comes before the server is ready waits, and is not turned away
    except OSError as error:
        raise ConfigurationError(f"{host}:{port}: 无法监听 (cannot listen there: {error.strerror})") from error
    return found
