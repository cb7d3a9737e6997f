"""python-telegram-bot's way to Telegram, over aiohttp: a call costs a third of what it does by default.

What goes wrong on the way becomes the errors that the library documents for its requests; whether
a call was made all the same, only this place can tell.
"""

from typing import Final
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx
from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientHttpProxyError,
    ClientSession,
    ClientTimeout,
    ConnectionTimeoutError,
    TCPConnector,
)
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.errors import SettingError

CONNECT: Final = 5.0  # seconds to reach a server, as the library's own requests take
HTTP: Final = frozenset({"http", "https"})
JSON: Final = {"Content-Type": "application/json"}
# Errors that come before anything was sent.
UNSENT: Final = (ClientConnectorError, ConnectionTimeoutError, ClientHttpProxyError)


NO_ADDRESS: Final = (
    "KAIDIAN_TELEGRAM_API 是 {found!r}，不是网址 → "
    "请写 http:// 或 https:// 开头的网址；不设就用 Telegram 官方的"
)
NO_HTTP: Final = (
    "代理是 {scheme}:// 开头的，用不了 → 请改用 HTTP 代理，"
    "比如 HTTPS_PROXY=http://127.0.0.1:7890（多数代理软件的混合端口两种都行）"
)


def proxy_to(server: str) -> str | None:
    """Return the proxy on the way to *server*: from HTTPS_PROXY or HTTP_PROXY, else ALL_PROXY.

    There is none where NO_PROXY names the server.

    Raises:
        SettingError: when it is none for HTTP, or *server* is no address.

    """
    try:
        address = urlsplit(server)
    except ValueError as error:
        raise SettingError(NO_ADDRESS.format(found=server)) from error
    if address.scheme not in HTTP or not address.hostname:
        raise SettingError(NO_ADDRESS.format(found=server))
    proxies = getproxies()
    proxy = proxies.get(address.scheme) or proxies.get("all")
    if not proxy or proxy_bypass(address.hostname):
        return None
    scheme, named, _ = proxy.partition("://")
    if not named:
        return f"http://{proxy}"
    if scheme.lower() not in HTTP:
        raise SettingError(NO_HTTP.format(scheme=scheme))
    return proxy


class Requests(BaseRequest):
    """Makes calls over at most *most* connections, which are kept, and by *proxy*, if any.

    An answer may take *timeout* seconds.
    """

    def __init__(self, proxy: str | None, most: int, timeout: float) -> None:
        # aiohttp's own look at the environment takes a thread and a third of a millisecond a call.
        self._proxy = proxy
        self._most = most
        self._timeout = timeout
        self._session: ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds that an answer may take."""
        return self._timeout

    async def initialize(self) -> None:
        """Get ready to make calls."""
        # The authorities that httpx trusts come with Python packages: a small image has none.
        connector = TCPConnector(limit=self._most, ssl=httpx.create_ssl_context())
        self._session = ClientSession(
            connector=connector, proxy=self._proxy, headers={"User-Agent": self.USER_AGENT}
        )

    async def shutdown(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    async def do_request(  # noqa: PLR0917  # as the library calls it
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Make a call, and return the status and body of its answer; files can't be sent.

        Raises:
            TimedOut: when there is no answer in time.
            NetworkError: when there is none at all.

        """
        del write_timeout, connect_timeout, pool_timeout
        assert self._session is not None  # noqa: S101  # the library initializes it first
        read = read_timeout if isinstance(read_timeout, int | float) else self._timeout
        timeout = ClientTimeout(connect=CONNECT, sock_connect=CONNECT, sock_read=read)
        # As JSON: to write Chinese text as a form takes longer, and three times the bytes.
        data = request_data.json_payload if request_data else None
        kind = JSON if data is not None else None
        try:
            async with self._session.request(
                method, url, data=data, headers=kind, timeout=timeout
            ) as answer:
                return answer.status, await answer.read()
        except TimeoutError as error:
            raise TimedOut from error
        except ClientError as error:
            # What it says could name the address, of which the token is a part.
            raise NetworkError(type(error).__name__) from error


def not_made(error: NetworkError) -> bool:
    """Tell whether a call was never sent, or was answered, if with an error of the server."""
    cause = error.__cause__
    return isinstance(cause, UNSENT) or not isinstance(cause, ClientError)
