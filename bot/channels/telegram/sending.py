"""Kept calls, made: in order within a conversation, several conversations at once."""

import asyncio
import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

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

from bot.channels.telegram import metrics
from bot.channels.telegram.client import MOST_AT_ONCE, wait_of
from bot.channels.telegram.formatting import as_plain
from bot.channels.telegram.incoming import lane_chat
from bot.channels.telegram.keeping import durably
from bot.channels.telegram.requests import not_made
from bot.store import outbox, records

AT_ONCE: Final = 8  # calls under way that are answered soon; as many may be in doubt after a kill
# A call that takes longer gives its place to another, and its chat gets no further one: neither a
# chat that hangs nor a group with more to say than Telegram takes delays anybody else.
SLOW: Final = 1.0  # seconds
FAREWELL: Final = 10.0  # seconds for the calls under way when the bot is told to stop
LONGEST_PAUSE: Final = 60  # seconds between tries of a call that can't be made

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Begun:
    """A call under way, *since* when by the event loop's clock."""

    kept: outbox.Kept
    since: float


class Sender:
    """Makes the kept calls with *bot*; *clock* tells the time, *stop* that it is time to end."""

    def __init__(
        self, store: Engine, bot: Bot, clock: Callable[[], datetime], stop: asyncio.Event
    ) -> None:
        self._store = store
        self._bot = bot
        self._clock = clock
        self._stop = stop
        self._under_way: dict[asyncio.Task[None], _Begun] = {}
        self._to_mark: list[
            tuple[Callable[..., None], tuple[object, ...], asyncio.Future[None]]
        ] = []
        self._marking = asyncio.Lock()

    def recover(self, lease: timedelta) -> None:
        """Take back what a process that is gone began to send longer than *lease* ago."""
        now = self._clock()
        with self._store.begin() as connection:
            outbox.recover(connection, now - lease, now)

    def renew(self) -> None:
        """Tell the other processes that the calls under way are not given up."""
        under_way = [begun.kept.id for begun in list(self._under_way.values())]
        with self._store.begin() as connection:
            outbox.renew(connection, under_way, self._clock())

    async def send(self, wake: asyncio.Event) -> int:
        """Begin to make as many calls as there is room for; *wake* is set when one has ended."""
        began = asyncio.get_running_loop().time()
        slow = [b.kept for b in self._under_way.values() if began - b.since >= SLOW]
        room = min(AT_ONCE - len(self._under_way) + len(slow), MOST_AT_ONCE - len(self._under_way))
        if room <= 0:
            return 0
        busy = {lane_chat(kept.lane) for kept in slow}
        claimed = await durably(partial(self._claim, room, busy), self._stop)
        for kept in claimed:
            task = asyncio.create_task(self._make(kept))
            self._under_way[task] = _Begun(kept, began)
            task.add_done_callback(self._under_way.pop)
            task.add_done_callback(lambda _: wake.set())
        return len(claimed)

    async def finish(self) -> None:
        """Wait for the calls under way, but not for ever: what is cut off is in doubt."""
        if not self._under_way:
            return
        _, unfinished = await asyncio.wait(self._under_way, timeout=FAREWELL)
        for task in unfinished:
            task.cancel()
        await asyncio.gather(*unfinished, return_exceptions=True)

    def _claim(self, room: int, busy: Collection[str]) -> list[outbox.Kept]:
        """Claim calls to make, but none for those who can't be written to."""
        with self._store.begin() as connection:
            claimed = outbox.claim(connection, room, self._clock(), busy)
            blocked = records.blocked_among(connection, {kept.lane for kept in claimed})
            unwanted = [kept for kept in claimed if kept.lane in blocked and _is_to_lane(kept)]
            for kept in unwanted:
                outbox.refuse(connection, kept.id)
        for kept in unwanted:
            self._tell(kept, kept.call.method, "blocked")
        return [kept for kept in claimed if kept not in unwanted]

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
        made = result if isinstance(result, dict) else {}
        message_id = made.get("message_id", made.get("message_thread_id"))
        await self._mark(outbox.confirm, kept.id, message_id)
        self._tell(kept, method, "ok")

    async def _failed(
        self, kept: outbox.Kept, method: str, params: dict[str, Any], error: TelegramError
    ) -> None:
        """Decide what an error means for a call; the one place that does."""
        self._tell(kept, method, type(error).__name__)
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
            case BadRequest() if "thread not found" in str(error) and "message_thread_id" in params:
                # An operator deleted the topic; what belongs in it is said all the same.
                unplaced = {k: v for k, v in params.items() if k != "message_thread_id"}
                await self._again(kept, method, unplaced)
            case BadRequest():
                await self._mark(outbox.refuse, kept.id)
            case InvalidToken() | Conflict() | EndPointNotFound():
                await self._mark(outbox.refuse, kept.id)
            case NetworkError() if not_made(error):
                await self._mark(outbox.postpone, kept.id, self._clock() + pause)
            case _:
                # No answer, or none that can be read: it may have been made.
                await self._mark(outbox.doubt, kept.id, self._clock() + pause)

    async def _again(self, kept: outbox.Kept, method: str, params: dict[str, Any]) -> None:
        """Make a call once more in another form."""
        try:
            await self._call(kept, method, params)
        except TelegramError as error:
            self._tell(kept, method, type(error).__name__)
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

    def _tell(self, kept: outbox.Kept, method: str, result: str) -> None:
        """Log and count what became of a call."""
        metrics.called(method, result)
        log.log(
            logging.INFO if result == "ok" else logging.WARNING,
            "called",
            extra={
                "call": kept.id,
                "update": kept.update_id,
                "method": method,
                "result": result,
                "tries": kept.tries,
            },
        )

    def _blocked(self, connection: Connection, kept: outbox.Kept) -> None:
        outbox.refuse(connection, kept.id)
        if _is_to_lane(kept):
            records.block(connection, kept.lane, self._clock())


def _is_to_lane(kept: outbox.Kept) -> bool:
    """Tell whether a call is to the chat of its lane, not to somebody else because of it."""
    return str(kept.call.params.get("chat_id")) == lane_chat(kept.lane)
