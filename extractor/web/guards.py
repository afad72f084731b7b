"""What every request passes: a line in the log, headers against what browsers allow by default, no foreign origins."""

import logging
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from extractor.batch.children import Closed
from extractor.web.problems import answered, trace_of, unforeseen

log = logging.getLogger("gouji.web")

READING = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing."""

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # with none at all, browsers would call our own forms' origin null
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}

_ADMITTED = "gouji.admitted"

_HSTS = "max-age=31536000"


class Guard:
    """Logs every request, answers what fails unforeseen, and sets the headers.

    The log holds the path without its query, who asked, the outcome and the time: no header, no body, no address
    beyond the path, so no token, password or text of a document.
    """

    def __init__(self, app: ASGIApp, secure: bool, largest: Mapping[str, int]) -> None:
        """`largest` is how many bytes a request may have, by path; "" stands for all others."""
        self.app = app
        self.secure = secure
        self.largest = largest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started, number = time.perf_counter(), secrets.token_hex(8)
        scope.setdefault("state", {})["request"] = number
        status = 0

        async def guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._set_headers(MutableHeaders(scope=message), number, scope["path"])
            await send(message)

        try:
            await self._answer(scope, receive, guarded, number, lambda: status != 0)
        finally:
            self._note(scope, status, time.perf_counter() - started, number)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, number: str, begun: Callable[[], bool]) -> None:
        request = Request(scope)
        try:
            if is_foreign(scope):
                detail = "请求来自其他网站，已拒绝 (the request comes from another site and is refused)"
                await answered(request, 403, "foreign-origin", detail)(scope, receive, send)
            elif self._is_too_large(scope):
                detail = "请求过大 (the request is too large)"
                await answered(request, 413, "too-large", detail)(scope, receive, send)
            else:
                await self.app(scope, receive, send)
        except Closed:
            detail = "服务器正在关闭 (the server is closing)"
            await answered(request, 503, "closing", detail)(scope, receive, send)
        except Exception as error:
            log.error("unforeseen", extra={"request": number, "where": trace_of(error)})
            if begun():
                raise ConnectionAbortedError from None  # half an answer must not look like a whole one
            await unforeseen(request)(scope, receive, send)

    def _is_too_large(self, scope: Scope) -> bool:
        """Whether a request says so itself; what does not say is measured as it comes."""
        length = Headers(scope=scope).get("content-length", "")
        most = self.largest.get(scope["path"], self.largest[""])
        return length.isdecimal() and int(length[:20]) > most

    def _set_headers(self, headers: MutableHeaders, number: str, path: str) -> None:
        for name, value in HEADERS.items():
            headers.setdefault(name, value)
        headers["X-Request-Id"] = number
        if not path.startswith("/static/"):
            headers.setdefault("Cache-Control", "no-store")
        if self.secure:
            headers["Strict-Transport-Security"] = _HSTS

    def _note(self, scope: Scope, status: int, seconds: float, number: str) -> None:
        log.info(
            "request",
            extra={
                "method": scope["method"],
                "path": _shown(scope["path"]),
                "status": status,
                "ms": round(seconds * 1000, 1),
                "actor": scope["state"].get("actor"),
                "request": number,
            },
        )


class KnownHosts:
    """Lets requests pass whose Host header is one of ours; the others are answered as every other problem is."""

    def __init__(self, app: ASGIApp, hosts: Sequence[str]) -> None:
        self.app = app
        self._gate = TrustedHostMiddleware(_admit, list(hosts), www_redirect=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        await self._gate(scope, receive, _unsent)
        if scope.pop(_ADMITTED, False):
            await self.app(scope, receive, send)
            return
        detail = (
            "不认识这个主机名，请用服务器自己的地址，或由管理员设置 GOUJI_ALLOWED_HOSTS (unknown Host header: use the"
            " server's own address, or let the operator set GOUJI_ALLOWED_HOSTS)"
        )
        await answered(Request(scope), 400, "unknown-host", detail)(scope, receive, send)


async def _admit(scope: Scope, _: Receive, __: Send) -> None:
    scope[_ADMITTED] = True


async def _unsent(_: Message) -> None:
    """Drops the plain words that the gate refuses with."""


def _shown(path: str) -> str:
    return path[:100] if path.isprintable() else repr(path[:100])


def is_foreign(scope: Scope) -> bool:
    """Whether a browser sends a request that changes something from a page that is not ours.

    Browsers say where such a request comes from, in Sec-Fetch-Site or Origin; what says neither is no browser.
    """
    if scope["method"] in READING:
        return False
    headers = Headers(scope=scope)
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc.lower() != headers.get("host", "").lower()
