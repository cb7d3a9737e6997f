"""The bot's own web server: how it does, what it counts, and where Telegram brings updates."""

import asyncio
import logging
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
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
TAKEN: Final = "不能在 {host} 的端口 {port} 上提供服务：{reason} → 请换一个 KAIDIAN_WEBHOOK_PORT，或停掉占用它的程序"

log = logging.getLogger(__name__)


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


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens at *host* and *port*.

    Raises:
        SettingError: when that can't be had.

    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except (OSError, OverflowError) as error:
        raise SettingError(TAKEN.format(host=host, port=port, reason=error)) from error


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
