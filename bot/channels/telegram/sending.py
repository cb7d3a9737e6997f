"""Kept calls, made: in order within a conversation, several conversations at once."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

import httpx
from sqlalchemy import Connection, Engine
from telegram import Bot
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.channels.telegram.formatting import as_plain
from bot.channels.telegram.keeping import durably
from bot.store import outbox, records

AT_ONCE: Final = 8  # calls under way; as many may be in doubt after a kill
LONGEST_PAUSE: Final = 60  # seconds between tries of a call that can't be made
# Errors that come before anything was sent.
UNSENT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)

log = logging.getLogger(__name__)


class Sender:
    """Makes the kept calls with *bot*; *clock* tells the time, *stop* that it is time to end."""

    def __init__(
        self, store: Engine, bot: Bot, clock: Callable[[], datetime], stop: asyncio.Event
    ) -> None:
        self._store = store
        self._bot = bot
        self._clock = clock
        self._stop = stop
        self._under_way: set[asyncio.Task[None]] = set()
        self._to_mark: list[
            tuple[Callable[..., None], tuple[object, ...], asyncio.Future[None]]
        ] = []
        self._marking = asyncio.Lock()

    def recover(self, lease: timedelta) -> None:
        """Take back what a process that is gone began to send longer than *lease* ago."""
        now = self._clock()
        with self._store.begin() as connection:
            outbox.recover(connection, now - lease, now)

    async def send(self, wake: asyncio.Event) -> int:
        """Begin to make as many calls as there is room for; *wake* is set when one has ended."""
        room = AT_ONCE - len(self._under_way)
        if room <= 0:
            return 0
        claimed = await durably(partial(self._claim, room), self._stop)
        for kept in claimed:
            task = asyncio.create_task(self._make(kept))
            self._under_way.add(task)
            task.add_done_callback(self._under_way.discard)
            task.add_done_callback(lambda _: wake.set())
        return len(claimed)

    async def finish(self) -> None:
        """Wait for the calls under way."""
        await asyncio.gather(*self._under_way)

    def _claim(self, room: int) -> list[outbox.Kept]:
        with self._store.begin() as connection:
            return list(outbox.claim(connection, room, self._clock()))

    async def _make(self, kept: outbox.Kept) -> None:
        method, params = kept.call.method, dict(kept.call.params)
        if kept.call.edits is not None:
            if kept.target is None:
                # What should be changed never arrived, so it is said anew.
                method = "sendMessage"
            else:
                params["message_id"] = kept.target
        try:
            await self._call(kept, method, params)
        except TelegramError as error:
            await self._failed(kept, method, params, error)

    async def _call(self, kept: outbox.Kept, method: str, params: dict[str, Any]) -> None:
        """Make a call in the form of *method* and *params*, and confirm it."""
        result = await self._bot.do_api_request(method, params)
        message_id = result.get("message_id") if isinstance(result, dict) else None
        await self._mark(outbox.confirm, kept.id, message_id)

    async def _failed(
        self, kept: outbox.Kept, method: str, params: dict[str, Any], error: TelegramError
    ) -> None:
        """Decide what an error means for a call; the one place that does."""
        log.warning("call %d %s: %s", kept.id, method, type(error).__name__)
        pause = timedelta(seconds=min(LONGEST_PAUSE, 2**kept.tries))
        match error:
            case RetryAfter():
                await self._mark(outbox.postpone, kept.id, self._clock() + wait_of(error))
            case Forbidden():
                await self._mark(self._blocked, kept)
            case ChatMigrated():
                await self._again(kept, method, params | {"chat_id": error.new_chat_id})
            case BadRequest() if "not modified" in str(error):
                await self._mark(outbox.confirm, kept.id, kept.target)
            case BadRequest() if "parse entities" in str(error) and "parse_mode" in params:
                plain = {k: v for k, v in params.items() if k != "parse_mode"}
                await self._again(kept, method, plain | {"text": as_plain(params["text"])})
            case BadRequest():
                await self._mark(outbox.refuse, kept.id)
            case InvalidToken() | Conflict() | EndPointNotFound():
                await self._mark(outbox.refuse, kept.id)
            case NetworkError() if _not_made(error):
                await self._mark(outbox.postpone, kept.id, self._clock() + pause)
            case _:
                # No answer, or none that can be read: it may have been made.
                await self._mark(outbox.doubt, kept.id, self._clock() + pause)

    async def _again(self, kept: outbox.Kept, method: str, params: dict[str, Any]) -> None:
        """Make a call once more in another form."""
        try:
            await self._call(kept, method, params)
        except TelegramError as error:
            log.warning("call %d %s again: %s", kept.id, method, type(error).__name__)
            await self._mark(outbox.refuse, kept.id)

    async def _mark(self, mark: Callable[..., None], *about: object) -> None:
        """Write down what became of a call, in one transaction with what waits to be written."""
        written = asyncio.get_running_loop().create_future()
        self._to_mark.append((mark, about, written))
        async with self._marking:
            # Whoever came first has written for all who came until then.
            if not written.done():
                await self._write_marks()

    async def _write_marks(self) -> None:
        marks, self._to_mark = self._to_mark, []

        def write() -> None:
            with self._store.begin() as connection:
                for mark, about, _ in marks:
                    mark(connection, *about)

        await durably(write, self._stop)
        for _, _, written in marks:
            written.set_result(None)

    def _blocked(self, connection: Connection, kept: outbox.Kept) -> None:
        outbox.refuse(connection, kept.id)
        records.block(connection, kept.lane, self._clock())


def _not_made(error: NetworkError) -> bool:
    """Tell whether a call was never sent, or was answered, if with an error of the server."""
    cause = error.__cause__
    return isinstance(cause, UNSENT) or not isinstance(cause, httpx.HTTPError)


def wait_of(error: RetryAfter) -> timedelta:
    """Return how long Telegram asks to wait; the library gives it in one of two types."""
    after = error.retry_after
    return after if isinstance(after, timedelta) else timedelta(seconds=after)
