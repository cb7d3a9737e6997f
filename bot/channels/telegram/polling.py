"""The running bot: updates are fetched, handled and answered side by side until it is told to stop.

python-telegram-bot tells Telegram that it has an update before any handler ran, and stops for ever
on one that it can't parse; so updates are fetched raw and kept first, and its Updater is not used.
"""

import asyncio
import logging
import signal
import warnings
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final

from sqlalchemy import Engine
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.ext import AIORateLimiter, ExtBot
from telegram.request import HTTPXRequest
from telegram.warnings import PTBUserWarning

from bot.channels.telegram import wording
from bot.channels.telegram.handling import Handler
from bot.channels.telegram.incoming import KINDS, Update
from bot.channels.telegram.keeping import durably
from bot.channels.telegram.planning import Planner
from bot.channels.telegram.sending import AT_ONCE, Sender, wait_of
from bot.errors import ChannelError, StoreError
from bot.store import inbox
from bot.store.opening import joining

POLL: Final = 25  # seconds that Telegram holds a request for updates open
MOST_UPDATES: Final = 100  # in one answer (Bot API, getUpdates)
TIMEOUT: Final = 20  # seconds for any other answer; less makes needless doubt
LONGEST_PAUSE: Final = 30.0  # seconds between tries while Telegram can't be reached
IDLE: Final = 1.0  # seconds after which postponed calls are looked at again
LEASE: Final = timedelta(minutes=1)  # after which a call of another process counts as given up
KEPT: Final = timedelta(days=7)  # handled updates are kept so long, to tell repeated ones

REFUSED: Final = (
    "Telegram 不认这个令牌 → 请检查 KAIDIAN_TELEGRAM_TOKEN，可以在 @BotFather 那里重新取"
)
ANOTHER: Final = "另一个程序正在用同一个令牌收消息（或者设置了 webhook）→ 请先停掉那一个，一个机器人只能有一处接收"

log = logging.getLogger(__name__)

AnyBot = ExtBot[int]


def make_bot(token: str, api: str, rate: float) -> AnyBot:
    """Return a client of the Bot API at the address *api*.

    It sends at most *rate* messages a second, or as many as there are when that is 0.
    """
    # The library asks to use its own methods, which parse what they get; raw answers are wanted.
    warnings.filterwarnings("ignore", "Please use 'Bot", PTBUserWarning)
    return ExtBot(
        token,
        base_url=f"{api}/bot",
        base_file_url=f"{api}/file/bot",
        request=HTTPXRequest(connection_pool_size=AT_ONCE * 2, read_timeout=TIMEOUT),
        get_updates_request=HTTPXRequest(connection_pool_size=2, read_timeout=TIMEOUT),
        rate_limiter=AIORateLimiter(overall_max_rate=rate),
    )


def now() -> datetime:
    """Return the time; the one clock of the channel."""
    return datetime.now(UTC)


class Polling:
    """The running bot: *bot* talks to Telegram, *store* keeps, *planner* gives who decides now."""

    def __init__(self, bot: AnyBot, store: Engine, planner: Callable[[], Planner]) -> None:
        self._bot = bot
        self._store = store
        self._planner = planner
        self._arrived = asyncio.Event()
        self._to_send = asyncio.Event()
        self._stop = asyncio.Event()

    async def run(self) -> None:
        """Serve until SIGTERM or SIGINT; what was begun is finished first.

        Raises:
            ChannelError: when Telegram refuses the token, or gives the updates to somebody else.

        """
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, self._stop.set)
        await self._persist(self._bot.initialize)
        if self._stop.is_set():
            return
        handler = Handler(self._store, self._planner, now, self._bot.username)
        sender = Sender(self._store, self._bot, now, self._stop)
        await durably(partial(self._recover, sender), self._stop)
        await self._introduce()
        log.info("serving")
        self._arrived.set()
        self._to_send.set()
        try:
            async with asyncio.TaskGroup() as tasks:
                fetching = tasks.create_task(self._fetch(handler))
                tasks.create_task(self._handle(handler))
                tasks.create_task(self._send(sender))
                tasks.create_task(self._tidy(sender))
                await self._stop.wait()
                fetching.cancel()
                self._arrived.set()
                self._to_send.set()
        except* (ChannelError, StoreError) as group:
            raise group.exceptions[0] from None
        finally:
            await sender.finish()
            await self._bot.shutdown()

    def _recover(self, sender: Sender) -> None:
        """Take up what was being sent when a process ended; whoever is alone need not wait for it."""
        with joining(self._store) as alone:
            sender.recover(timedelta() if alone else LEASE)

    async def _fetch(self, handler: Handler) -> None:
        # From 0, never from the store: after a week without updates their ids begin anywhere.
        offset = 0
        while not self._stop.is_set():
            updates = await self._persist(partial(self._updates, offset))
            if updates:
                await durably(partial(handler.receive, updates), self._stop)
                offset = updates[-1]["update_id"] + 1
                self._arrived.set()

    async def _updates(self, offset: int) -> list[Update]:
        fields = {
            "offset": offset,
            "timeout": POLL,
            "limit": MOST_UPDATES,
            "allowed_updates": list(KINDS),
        }
        result: list[Update] = await self._bot.do_api_request(
            "getUpdates", fields, read_timeout=POLL + TIMEOUT
        )
        return result

    async def _handle(self, handler: Handler) -> None:
        while not self._stop.is_set():
            if await durably(handler.handle, self._stop):
                self._to_send.set()
            else:
                await _woken(self._arrived, IDLE)

    async def _send(self, sender: Sender) -> None:
        while not self._stop.is_set():
            if not await sender.send(self._to_send):
                await _woken(self._to_send, IDLE)

    async def _tidy(self, sender: Sender) -> None:
        while not self._stop.is_set():
            await durably(self._prune, self._stop)
            await durably(partial(sender.recover, LEASE), self._stop)
            await self._paused(LEASE.total_seconds())

    def _prune(self) -> None:
        with self._store.begin() as connection:
            inbox.prune(connection, now() - KEPT)

    async def _introduce(self) -> None:
        """Tell Telegram the commands to show; the bot works without."""
        commands = [
            {"command": name, "description": text} for name, text in wording.COMMANDS.items()
        ]
        try:
            await self._bot.do_api_request("setMyCommands", {"commands": commands})
        except TelegramError as error:
            log.warning("commands not shown: %s", type(error).__name__)

    async def _persist(self, call: Callable[[], Awaitable[Any]]) -> Any:  # noqa: ANN401  # what the call returns
        """Make *call* until Telegram can be reached; None when the bot was told to stop."""
        pause = 1.0
        while not self._stop.is_set():
            try:
                return await call()
            except InvalidToken as error:
                raise ChannelError(REFUSED) from error
            except Conflict as error:
                raise ChannelError(ANOTHER) from error
            except RetryAfter as error:
                pause = wait_of(error).total_seconds()
            except TelegramError as error:
                log.warning("Telegram can't be reached: %s", type(error).__name__)
            await self._paused(pause)
            pause = min(LONGEST_PAUSE, pause * 2)
        return None

    async def _paused(self, seconds: float) -> None:
        """Wait that long, or until the bot is told to stop."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stop.wait(), seconds)


async def _woken(event: asyncio.Event, seconds: float) -> None:
    """Wait until *event* is set, but no longer than *seconds*, and take it back."""
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        return
    event.clear()
