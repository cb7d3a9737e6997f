"""The running bot: updates are received, handled and answered side by side until told to stop."""

import asyncio
import logging
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import Engine

from bot.channels.telegram import metrics, operator_wording, web, wording
from bot.channels.telegram.client import AnyBot, Patient, now
from bot.channels.telegram.handling import Handler
from bot.channels.telegram.health import Health
from bot.channels.telegram.keeping import durably
from bot.channels.telegram.menus import introduce
from bot.channels.telegram.occasions import Hotline
from bot.channels.telegram.pausing import set_within
from bot.channels.telegram.planning import Planner
from bot.channels.telegram.polling import Polling
from bot.channels.telegram.rounds import Rounds
from bot.channels.telegram.sending import Sender
from bot.channels.telegram.typing_status import TypingStatus
from bot.channels.telegram.webhook import Hook, Webhook
from bot.dialogue.library import Library
from bot.errors import ChannelError, StoreError
from bot.store.forgetting import expire
from bot.store.opening import joining

IDLE: Final = 1.0  # seconds after which postponed calls are looked at again
# After which a call of another process counts as given up. Living processes renew it in time;
# one that stands still for longer may see its call made twice.
LEASE: Final = timedelta(seconds=15)
RENEW: Final = LEASE.total_seconds() / 3
PRUNE: Final = 3600.0  # seconds between looks for what need not be kept longer

CUT_OFF: Final = "没有完全停好就结束了；没发完的回复，下次启动接着发"
MORE_ERRORS: Final = "停下的原因不止一个，另外还有程序出错 → 请把这一行报告给开发者"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Way:
    """How updates come, and how the bot can be asked how it does.

    *hook* is the webhook; without one updates are polled. *listening* is the socket of the web
    server; without one there is none.
    """

    hook: Hook | None = None
    listening: socket.socket | None = None


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What the bot answers from: the *planner* and *library* of now; a base's *folder* by version."""

    planner: Callable[[], Planner]
    library: Callable[[], Library]
    folder: Callable[[str], Path]


class Service:
    """Serves *knowledge* with *bot*, in the *way* given; *store* keeps, *hotline* tells of people.

    What is older than *kept* is deleted; None keeps it for ever.
    """

    def __init__(
        self,
        bot: AnyBot,
        store: Engine,
        knowledge: Knowledge,
        way: Way,
        hotline: Hotline | None,
        *,
        kept: timedelta | None = None,
    ) -> None:
        self._hotline = hotline
        self._kept = kept
        self._bot = bot
        self._store = store
        self._knowledge = knowledge
        self._way = way
        self._health = Health(store, lambda: knowledge.library().version, now)
        self._arrived = asyncio.Event()
        self._to_send = asyncio.Event()
        self._stop = asyncio.Event()
        self._patient = Patient(self._stop)

    async def run(self, serving: Callable[[str], None]) -> None:
        """Serve until SIGTERM or SIGINT; what was begun is finished first.

        *serving* is told the bot's name once Telegram has answered.

        Raises:
            ChannelError: when Telegram refuses the token, or gives the updates to somebody else.
            StoreError: when the store can't be used while the bot stops.

        """
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, self._stop.set)
        sender = Sender(self._store, self._bot, now, self._stop)
        try:
            await self._patient.persist(self._bot.initialize, "getMe")
            if not self._stop.is_set():
                await durably(partial(self._recover, sender), self._stop)
                serving(self._bot.username)
                await self._serve(sender)
        except BaseExceptionGroup as group:
            raise _reason(group) from None
        finally:
            await self._shut_down(sender)
            log.info("stopped")

    async def _shut_down(self, sender: Sender) -> None:
        """Wait for the calls under way; a fault of the last moment must not hide why the bot stops."""
        try:
            await sender.finish()
            await self._bot.shutdown()
        except Exception as error:  # noqa: BLE001  # whatever a closing connection raises
            log.warning(CUT_OFF, extra={"error": type(error).__name__})

    def _recover(self, sender: Sender) -> None:
        """Take up what was being sent when a process ended; whoever is alone need not wait for it."""
        with joining(self._store) as alone:
            sender.recover(timedelta() if alone else LEASE)

    async def _serve(self, sender: Sender) -> None:
        handler = Handler(
            self._store,
            self._knowledge.planner,
            now,
            self._bot.username,
            hotline=self._hotline,
            folder=self._knowledge.folder,
        )
        rounds = Rounds(self._store, self._knowledge.library, now, self._hotline)
        self._arrived.set()
        self._to_send.set()
        async with asyncio.TaskGroup() as tasks:
            passing = [
                tasks.create_task(self._receive(handler, tasks)),
                tasks.create_task(self._introduce()),
                tasks.create_task(self._show_typing()),
            ]
            tasks.create_task(self._handle(handler))
            tasks.create_task(self._send(sender))
            tasks.create_task(self._renew(sender))
            tasks.create_task(self._prune())
            tasks.create_task(self._go_round(rounds))
            log.info("serving", extra={"username": self._bot.username})
            await self._stop.wait()
            log.info("stopping")
            for task in passing:
                task.cancel()
            self._arrived.set()
            self._to_send.set()

    async def _receive(self, handler: Handler, tasks: asyncio.TaskGroup) -> None:
        """Receive updates in the way given, and answer how the bot does where that is asked."""
        routes = list(web.pages(self._health))
        if self._way.hook is None:
            receiver: Polling | Webhook = Polling(self._bot, self._health, self._stop)
        else:
            receiver = Webhook(self._bot, self._way.hook, self._health, self._stop)
            routes.append(receiver.route(handler, self._arrived.set))
        if self._way.listening is not None:
            metrics.watch(self._health.counts)
            tasks.create_task(web.serve(routes, self._way.listening, self._stop))
        await receiver.receive(handler, self._arrived.set)

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

    async def _renew(self, sender: Sender) -> None:
        while not self._stop.is_set():
            await durably(sender.renew, self._stop)
            await durably(partial(sender.recover, LEASE), self._stop)
            await self._patient.paused(RENEW)

    async def _introduce(self) -> None:
        library = self._knowledge.library()
        more = {} if library.only else wording.BASE_COMMANDS
        theirs = wording.COMMANDS | more | operator_wording.COMMANDS
        menus = {self._hotline.chat: theirs} if self._hotline else {}
        await introduce(self._bot, library.title, menus, more)

    async def _go_round(self, rounds: Rounds) -> None:
        while not self._stop.is_set():
            await durably(rounds.make, self._stop)
            await self._patient.paused(IDLE)

    async def _show_typing(self) -> None:
        status = TypingStatus(self._bot, self._store, now)
        while not self._stop.is_set():
            await status.show()
            await self._patient.paused(IDLE)

    async def _prune(self) -> None:
        def prune() -> None:
            with self._store.begin() as connection:
                expire(connection, now(), self._kept)

        while not self._stop.is_set():
            await durably(prune, self._stop)
            await self._patient.paused(PRUNE)


def _reason(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """Return what a person can mend of the errors in *group*, else the group itself."""
    told, others = group.split((ChannelError, StoreError))
    if told is None:
        return group
    error: BaseException = told
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if others is not None:
        log.error(MORE_ERRORS, extra={"error": repr(others)})
    return error


async def _woken(event: asyncio.Event, seconds: float) -> None:
    """Wait until *event* is set, but no longer than *seconds*, and take it back."""
    if await set_within(event, seconds):
        event.clear()
