"""HTTP for the SDK: its requests over aiohttp, to the configured address and nowhere else.

The SDK makes the requests and judges the answers; in between stands httpx2, whose client merges headers, cookies
and URLs again, prepares for authentication and redirects, and streams every answer. None of it is needed here, and
without it a request costs 0.5 ms of CPU less (1.5 instead of 2 ms with the SDK's own `DefaultAioHttpClient`).
"""

import ssl
from functools import cache
from pathlib import Path
from typing import Any

import aiohttp
import httpx2
import openai

from extractor.settings import ModelSettings

LONGEST_CONNECT = 10.0
"""Seconds until a server counts as not reachable."""

HEADERS: dict[str, Any] = {
    # what both aiohttp and httpx2 can unpack, whatever is installed beside them
    "Accept-Encoding": "gzip, deflate",
    # nobody asked to tell a server of this machine; 14 lines less to put together and to take apart
    **{
        f"X-Stainless-{name}": openai.Omit()
        for name in ("Lang", "Package-Version", "OS", "Arch", "Runtime", "Runtime-Version", "Async")
    },
}
"""Headers of every request, for the SDK."""


@cache
def trusted(ca_file: Path | None) -> ssl.SSLContext:
    """Whose certificates are accepted: those of the system, or the given ones. Made once a process (0.05 s)."""
    return ssl.create_default_context(cafile=ca_file) if ca_file else httpx2.create_ssl_context(trust_env=False)


class Sdk(openai.AsyncOpenAI):
    """The SDK, which puts a URL together once and not for every request (0.08 ms).

    It does not look up the platform either, in a thread for each of the first requests: nobody is told.
    """

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self._platform = "Unknown"
        self._prepare_url = cache(self._prepare_url)  # type: ignore[method-assign]


class HttpClient(httpx2.AsyncClient):
    """What the SDK sends its requests with.

    Redirects are not followed, cookies not kept, and the environment's proxies not used: each could lead a section
    elsewhere or tell of it. An answer is waited for as long as the caller likes.
    """

    def __init__(self, settings: ModelSettings) -> None:
        super().__init__(transport=httpx2.AsyncBaseTransport(), trust_env=False)  # that transport sends nothing
        self._settings = settings
        self._session: aiohttp.ClientSession | None = None

    def build_request(self, method: str, url: httpx2.URL | str, **given: Any) -> httpx2.Request:
        """The request as the SDK has it: whole URL, all headers, the body as bytes."""
        return httpx2.Request(method, url, headers=given["headers"], content=given.get("content"))

    async def send(self, request: httpx2.Request, **_: Any) -> httpx2.Response:
        """Send a request and read all of its answer. Raises httpx2.ConnectError when there is nobody to answer."""
        session = self._session or self._open()
        try:
            async with session.request(
                request.method,
                str(request.url),
                headers=request.headers,
                data=request.content,
                allow_redirects=False,
                proxy=self._settings.proxy,
            ) as answer:
                body = await answer.read()
        except aiohttp.ClientConnectionError as error:
            raise httpx2.ConnectError(str(error), request=request) from error
        return httpx2.Response(answer.status, headers=answer.raw_headers, content=body, request=request)

    async def aclose(self) -> None:
        """Close all connections."""
        if self._session is not None:
            await self._session.close()
        await super().aclose()

    def _open(self) -> aiohttp.ClientSession:
        """The connections, kept for the next requests. Made in the event loop that uses them."""
        settings = self._settings
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=settings.concurrency, ssl=trusted(settings.ca_file)),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=min(LONGEST_CONNECT, settings.timeout)),
            auto_decompress=False,  # httpx2.Response does that
        )
        return self._session
