"""A load balancer for tests: requests go to the replicas in turn, and past those that are gone."""

import asyncio
import threading
from collections.abc import Sequence
from itertools import count
from typing import Self

from aiohttp import ClientError, ClientSession, web

PATIENCE = 60


class Balancer:
    """A running load balancer before *ports* on this machine; a context manager."""

    def __init__(self, ports: Sequence[int]) -> None:
        self._ports = ports
        self._turns = count()
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve)
        self.port = 0

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait(PATIENCE)
        return self

    def __exit__(self, *raised: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _serve(self) -> None:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._forward)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        self._loop.run_until_complete(runner.setup())
        site = web.TCPSite(runner, "127.0.0.1", 0)
        self._loop.run_until_complete(site.start())
        self.port = runner.addresses[0][1]
        self._ready.set()
        self._loop.run_forever()
        self._loop.run_until_complete(runner.cleanup())

    async def _forward(self, request: web.Request) -> web.Response:
        body, turn = await request.read(), next(self._turns)
        for place in range(len(self._ports)):
            port = self._ports[(turn + place) % len(self._ports)]
            try:
                async with (
                    ClientSession() as client,
                    client.request(
                        request.method,
                        f"http://127.0.0.1:{port}{request.rel_url}",
                        data=body,
                        headers=request.headers,
                    ) as response,
                ):
                    return web.Response(status=response.status, body=await response.read())
            except ClientError:
                continue
        return web.Response(status=502)
