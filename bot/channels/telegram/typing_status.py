"""“typing…” for those who are kept waiting, so that nobody thinks the bot is gone.

An answer takes milliseconds; it takes time only when updates or calls queue up: after an outage,
in a flood, while Telegram asks for a pause. Only then is it shown, straight away and unkept: a
call that waited in the same queue as the answer would say nothing.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from telegram.error import TelegramError

from bot.channels.telegram.client import AnyBot
from bot.store.queues import kept_waiting

LONG: Final = timedelta(seconds=1)  # after which people wonder whether they were heard
SHOWN: Final = 5.0  # seconds that Telegram shows it (Bot API, sendChatAction)
# A sixth of what Telegram takes from a bot in a second: the rest is for the answers.
MOST: Final = 5
LOOKED_AT: Final = 100  # lanes in a look; among them are those who see it already

log = logging.getLogger(__name__)


class TypingStatus:
    """Shows with *bot* who in *store* is being served; *clock* tells the time."""

    def __init__(self, bot: AnyBot, store: Engine, clock: Callable[[], datetime]) -> None:
        self._bot = bot
        self._store = store
        self._clock = clock
        self._shown: dict[int, datetime] = {}

    async def show(self) -> None:
        """Show it to some of those who have waited long, and do not see it yet."""
        now = self._clock()
        recent = now - timedelta(seconds=SHOWN)
        self._shown = {chat: at for chat, at in self._shown.items() if at > recent}
        lanes = await asyncio.to_thread(self._kept_waiting, now - LONG)
        # A lane that is a number is a private chat; in a group nobody wonders.
        people = [int(lane) for lane in lanes if lane.isdecimal()]
        unseen = [chat for chat in people if chat not in self._shown][:MOST]
        self._shown |= dict.fromkeys(unseen, now)
        await asyncio.gather(*map(self._show, unseen))

    def _kept_waiting(self, since: datetime) -> Sequence[str]:
        try:
            with self._store.begin() as connection:
                return kept_waiting(connection, since, LOOKED_AT)
        except SQLAlchemyError as error:
            log.warning("the store can't be read", extra={"error": type(error).__name__})
            return ()

    async def _show(self, chat: int) -> None:
        with suppress(TelegramError):
            await self._bot.do_api_request(
                "sendChatAction", {"chat_id": chat, "action": "typing"}, read_timeout=SHOWN
            )
