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
from bot.channels.telegram.incoming import Place, lane_place
from bot.errors import StoreError
from bot.store.amiss import as_store_error
from bot.store.queues import kept_waiting

LONG: Final = timedelta(seconds=1)  # after which people wonder whether they were heard
SHOWN: Final = timedelta(seconds=5)  # that Telegram shows it (Bot API, sendChatAction)
# A group takes twenty calls a minute (https://core.telegram.org/bots/faq): one of them is for this.
IN_GROUPS: Final = timedelta(minutes=1)
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
        self._until: dict[Place, datetime] = {}

    async def show(self) -> None:
        """Show it to some of those who have waited long, and do not see it yet."""
        now = self._clock()
        self._until = {place: until for place, until in self._until.items() if until > now}
        lanes = await asyncio.to_thread(self._kept_waiting, now - LONG)
        places = dict.fromkeys(filter(None, map(lane_place, lanes)))
        unseen = [place for place in places if place not in self._until][:MOST]
        for place in unseen:
            self._until[place] = now + (SHOWN if place.chat > 0 else IN_GROUPS)
        await asyncio.gather(*map(self._show, unseen))

    def _kept_waiting(self, since: datetime) -> Sequence[str]:
        try:
            with self._store.begin() as connection:
                return kept_waiting(connection, since, LOOKED_AT)
        except (StoreError, SQLAlchemyError) as error:
            log.warning("%s", as_store_error(error))
            return ()

    async def _show(self, place: Place) -> None:
        params = {"chat_id": place.chat, "action": "typing"}
        if place.thread:
            params["message_thread_id"] = place.thread
        with suppress(TelegramError):
            await self._bot.do_api_request(
                "sendChatAction", params, read_timeout=SHOWN.total_seconds()
            )
