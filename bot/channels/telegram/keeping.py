"""Work on the store that outlasts its outages: a full disk, a database that is started again."""

import asyncio
import logging
from collections.abc import Callable
from typing import Final, TypeVar

from bot.channels.telegram.pausing import set_within
from bot.errors import StoreError
from bot.store.opening import UNREACHABLE, UNUSABLE

FIRST_PAUSE: Final = 0.5  # seconds
LONGEST_PAUSE: Final = 15.0  # seconds

Done = TypeVar("Done")

log = logging.getLogger(__name__)


async def durably(work: Callable[[], Done], stop: asyncio.Event) -> Done:
    """Return what *work* on the store returns; it is done again while the store can't be used.

    Raises:
        StoreError: when the store can't be used and *stop* is set.

    """
    pause = FIRST_PAUSE
    while True:
        try:
            return await asyncio.to_thread(work)
        except UNUSABLE as error:
            log.warning("the store can't be used", extra={"error": type(error).__name__})
            if stop.is_set():
                raise StoreError(UNREACHABLE.format(reason=type(error).__name__)) from error
        await set_within(stop, pause)
        pause = min(LONGEST_PAUSE, pause * 2)
