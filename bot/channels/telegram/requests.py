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

CONNECT: Final = 5.0  # seconds to reach a server, as the library's own requests take
JSON: Final = {"Content-Type": "application/json"}
# Errors that come before anything was sent.
UNSENT: Final = (ClientConnectorError, ConnectionTimeoutError, ClientHttpProxyError)


class Requests(BaseRequest):
    """Makes calls to *server* over at most *most* connections, which are kept.

    An answer may take *timeout* seconds. A proxy is taken from HTTPS_PROXY and HTTP_PROXY, as long
    as NO_PROXY doesn't name the server.
    """

    def __init__(self, server: str, most: int, timeout: float) -> None:
        self._server = urlsplit(server)
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

    @property
    def _proxy(self) -> str | None:
        # aiohttp's own look at the environment takes a thread and a third of a millisecond a call.
        if proxy_bypass(self._server.hostname or ""):
            return None
        return getproxies().get(self._server.scheme)

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
