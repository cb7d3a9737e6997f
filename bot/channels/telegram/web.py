"""The bot's own web server: how it does, what it counts, and where Telegram brings updates."""

import asyncio
import logging
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.channels.telegram import metrics
from bot.channels.telegram.health import Health
from bot.errors import SettingError

# Telegram makes up to 40 requests at once (Bot API, setWebhook); more wait outside and come again.
MOST_REQUESTS: Final = 100
FAREWELL: Final = 10  # seconds for the requests under way when the bot is told to stop
LAST_PORT: Final = 65_535
NO_PORT: Final = (
    "KAIDIAN_WEBHOOK_PORT 是 {found!r}，应该是 1 到 65535 的端口号 → 请写一个数，比如 8080"
)
TAKEN: Final = "不能在 {host} 的端口 {port} 上提供服务：{reason} → 请换一个 KAIDIAN_WEBHOOK_PORT，或停掉占用它的程序"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Address:
    """Where to listen."""

    host: str
    port: int

    @classmethod
    def read(cls, host: str, port: str) -> "Address":
        """Return the address of *host* and *port* as they were set.

        Raises:
            SettingError: when the port is none.

        """
        if not (port.isascii() and port.isdecimal() and int(port) <= LAST_PORT):
            raise SettingError(NO_PORT.format(found=port))
        return cls(host, int(port))


class Server(uvicorn.Server):
    """uvicorn, which leaves signals to the bot."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


def pages(health: Health) -> Sequence[Route]:
    """Return the pages about the bot itself: /healthz and /metrics."""

    async def healthz(request: Request) -> Response:
        del request
        report = await health.report()
        return JSONResponse(dict(report.details), 200 if report.ok else 503)

    async def figures(request: Request) -> Response:
        del request
        body = await asyncio.to_thread(metrics.page)
        return Response(body, headers={"content-type": metrics.CONTENT_TYPE})

    return Route("/healthz", healthz), Route("/metrics", figures)


def listen(address: Address) -> socket.socket:
    """Return a socket that listens at *address*.

    Raises:
        SettingError: when that can't be had.

    """
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    try:
        return socket.create_server((address.host, address.port), family=family)
    except (OSError, OverflowError) as error:
        raise SettingError(
            TAKEN.format(host=address.host, port=address.port, reason=error)
        ) from error


async def serve(routes: Sequence[Route], listening: socket.socket, stop: asyncio.Event) -> None:
    """Serve *routes* on a socket until *stop* is set, then finish what was begun."""
    config = uvicorn.Config(
        Starlette(routes=list(routes)),
        access_log=False,
        log_config=None,
        lifespan="off",
        limit_concurrency=MOST_REQUESTS,
        server_header=False,
        timeout_graceful_shutdown=FAREWELL,
    )
    server = Server(config)
    log.info("listening", extra={"port": listening.getsockname()[1]})
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    server.should_exit = True
    await serving
