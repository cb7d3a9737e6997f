"""Updates by long polling: fetched raw, kept, and only then acknowledged.

python-telegram-bot tells Telegram that it has an update before any handler ran, and stops for ever
on one that it can't parse; so its Updater is not used.
"""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from bot.channels.telegram.client import TIMEOUT, AnyBot, Patient
from bot.channels.telegram.handling import Handler
from bot.channels.telegram.health import Health
from bot.channels.telegram.incoming import KINDS, Update
from bot.channels.telegram.keeping import durably

POLL: Final = 25  # seconds that Telegram holds a request for updates open
MOST_UPDATES: Final = 100  # in one answer (Bot API, getUpdates)


class Polling:
    """Fetches updates with *bot* until *stop* is set; tells *health* when Telegram answered."""

    def __init__(self, bot: AnyBot, health: Health, stop: asyncio.Event) -> None:
        self._bot = bot
        self._health = health
        self._stop = stop
        self._patient = Patient(stop)

    async def receive(self, handler: Handler, arrived: Callable[[], None]) -> None:
        """Have *handler* keep what comes, and tell that it has *arrived*.

        Raises:
            ChannelError: when Telegram refuses the token, or gives the updates to somebody else.

        """
        # From 0, never from the store: after a week without updates their ids begin anywhere.
        offset = 0
        while not self._stop.is_set():
            updates = await self._patient.persist(partial(self._updates, offset), "getUpdates")
            if updates is None:
                return
            self._health.heard()
            if updates:
                to_handle = await durably(partial(handler.receive, updates), self._stop)
                offset = updates[-1]["update_id"] + 1
                if to_handle:
                    arrived()

    async def _updates(self, offset: int) -> Sequence[Update]:
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
