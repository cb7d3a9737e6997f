"""Kept calls, made: in order within a conversation, several conversations at once."""

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable, Sequence
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
from bot.channels.telegram.client import MOST_AT_ONCE, is_unauthorized, wait_of
from bot.channels.telegram.formatting import as_plain
from bot.channels.telegram.incoming import lane_chat
from bot.channels.telegram.keeping import durably
from bot.channels.telegram.requests import not_made
from bot.store import outbox, records

AT_ONCE: Final = 12  # calls under way that are answered soon; as many may be in doubt after a kill
# A call that takes longer gives its place to another, and its chat gets no further one: neither a
# chat that hangs nor a group with more to say than Telegram takes delays anybody else.
SLOW: Final = 1.0  # seconds
FAREWELL: Final = 10.0  # seconds for the calls under way when the bot is told to stop
LONGEST_PAUSE: Final = 60  # seconds between tries of a call that can't be made
NOT_MADE: Final = "有一条回复没有发出去，程序出错，过一会儿再发 → 总是这样，请把这一行报告给开发者"

Mark = Callable[[Connection], None]  # writes down what became of a call

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
        self._under_way: dict[asyncio.Task[Mark], _Begun] = {}

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
        """Write down what became of calls, and begin as many as there is room for.

        Both happen in one transaction; return how many calls it was about. *wake* is set when a
        call has ended.
        """
        began = asyncio.get_running_loop().time()
        ended = [task for task in self._under_way if task.done()]
        going = [b for task, b in self._under_way.items() if not task.done()]
        slow = [b.kept for b in going if began - b.since >= SLOW]
        room = min(AT_ONCE - len(going) + len(slow), MOST_AT_ONCE - len(going))
        if not ended and room <= 0:
            return 0
        busy = {lane_chat(kept.lane) for kept in slow}
        work = partial(self._mark_and_claim, _marks(ended), max(room, 0), busy)
        claimed = await durably(work, self._stop)
        for task in ended:
            del self._under_way[task]
        for kept in claimed:
            task = asyncio.create_task(self._make(kept))
            self._under_way[task] = _Begun(kept, began)
            task.add_done_callback(lambda _: wake.set())
        return len(ended) + len(claimed)

    async def finish(self) -> None:
        """Wait for the calls under way, but not for ever: what is cut off is in doubt."""
        if not self._under_way:
            return
        ended, unfinished = await asyncio.wait(self._under_way, timeout=FAREWELL)
        for task in unfinished:
            task.cancel()
        await asyncio.gather(*unfinished, return_exceptions=True)
        await durably(partial(self._mark_and_claim, _marks(ended), 0, ()), self._stop)

    def _mark_and_claim(
        self, marks: Sequence[Mark], room: int, busy: Collection[str]
    ) -> list[outbox.Kept]:
        with self._store.begin() as connection:
            for mark in marks:
                mark(connection)
            return self._claim(connection, room, busy) if room else []

    def _claim(self, connection: Connection, room: int, busy: Collection[str]) -> list[outbox.Kept]:
        """Claim calls to make, but none for those who can't be written to."""
        claimed = outbox.claim(connection, room, self._clock(), busy)
        blocked = records.blocked_among(connection, {kept.lane for kept in claimed})
        unwanted = [kept for kept in claimed if kept.lane in blocked and _is_to_lane(kept)]
        for kept in unwanted:
            outbox.refuse(connection, kept.id)
            self._tell(kept, kept.call.method, "blocked")
        return [kept for kept in claimed if kept not in unwanted]

    async def _make(self, kept: outbox.Kept) -> Mark:
        """Make a call, and return what is to be written down of it."""
        method, params = kept.call.method, dict(kept.call.params)
        if kept.call.edits is not None:
            if kept.target is None:
                # What should be changed never arrived, so it is said anew.
                method = "sendMessage"
            else:
                params["message_id"] = kept.target
        try:
            return await self._call(kept, method, params)
        except TelegramError as error:
            return await self._failed(kept, method, params, error)

    async def _call(self, kept: outbox.Kept, method: str, params: dict[str, Any]) -> Mark:
        """Make a call in the form of *method* and *params*."""
        result = await self._bot.do_api_request(method, params)
        self._tell(kept, method, "ok")
        made = result if isinstance(result, dict) else {}
        message_id = made.get("message_id", made.get("message_thread_id"))
        return partial(outbox.confirm, id_=kept.id, message_id=message_id)

    async def _failed(  # noqa: PLR0911  # one return a kind of error
        self, kept: outbox.Kept, method: str, params: dict[str, Any], error: TelegramError
    ) -> Mark:
        """Decide what an error means for a call; the one place that does."""
        self._tell(kept, method, type(error).__name__)
        pause = timedelta(seconds=min(LONGEST_PAUSE, 2**kept.tries))
        match error:
            case RetryAfter():
                return partial(outbox.postpone, id_=kept.id, until=self._clock() + wait_of(error))
            case Forbidden():
                return partial(self._blocked, kept=kept)
            case ChatMigrated():
                return await self._again(kept, method, params | {"chat_id": error.new_chat_id})
            case BadRequest() if "not modified" in str(error):
                return partial(outbox.confirm, id_=kept.id, message_id=kept.target)
            case BadRequest() if "parse entities" in str(error) and "parse_mode" in params:
                plain = {k: v for k, v in params.items() if k != "parse_mode"}
                return await self._again(kept, method, plain | {"text": as_plain(params["text"])})
            case BadRequest() if "thread not found" in str(error) and "message_thread_id" in params:
                # An operator deleted the topic; what belongs in it is said all the same.
                unplaced = {k: v for k, v in params.items() if k != "message_thread_id"}
                return await self._again(kept, method, unplaced)
            case EndPointNotFound() if is_unauthorized(error):
                # It is the token that was refused; an operator will give the bot another.
                return partial(outbox.postpone, id_=kept.id, until=self._clock() + pause)
            case BadRequest() | InvalidToken() | Conflict() | EndPointNotFound():
                return partial(outbox.refuse, id_=kept.id)
            case NetworkError() if not_made(error):
                return partial(outbox.postpone, id_=kept.id, until=self._clock() + pause)
            case _:
                # No answer, or none that can be read: it may have been made.
                return partial(outbox.doubt, id_=kept.id, until=self._clock() + pause)

    async def _again(self, kept: outbox.Kept, method: str, params: dict[str, Any]) -> Mark:
        """Make a call once more in another form."""
        try:
            return await self._call(kept, method, params)
        except TelegramError as error:
            self._tell(kept, method, type(error).__name__)
            return partial(outbox.refuse, id_=kept.id)

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


def _marks(ended: Iterable[asyncio.Task[Mark]]) -> list[Mark]:
    """Return what is to be written down; a call that failed in our own hands is taken up later."""
    for task in ended:
        if error := task.exception():
            log.error(NOT_MADE, extra={"error": type(error).__name__})
    return [task.result() for task in ended if not task.exception()]


def _is_to_lane(kept: outbox.Kept) -> bool:
    """Tell whether a call is to the chat of its lane, not to somebody else because of it."""
    return str(kept.call.params.get("chat_id")) == lane_chat(kept.lane)
