"""Work on the store that outlasts its outages: a full disk, a database that is started again."""

import asyncio
import logging
from collections.abc import Callable
from typing import Final, TypeVar

from bot.channels.telegram.pausing import set_within
from bot.errors import OutageError
from bot.store.amiss import as_store_error
from bot.store.opening import UNUSABLE

FIRST_PAUSE: Final = 0.5  # seconds
LONGEST_PAUSE: Final = 15.0  # seconds

TRIED_AGAIN: Final = "数据库现在用不了，会一直重试；没存下的消息先留在 Telegram，最多一天。{told}"

Done = TypeVar("Done")

log = logging.getLogger(__name__)


async def durably(work: Callable[[], Done], stop: asyncio.Event) -> Done:
    """Return what *work* on the store returns; it is done again while the store can't be used.

    Raises:
        StoreError: when what the store held is lost, or it can't be used and *stop* is set.

    """
    pause = FIRST_PAUSE
    while True:
        try:
            return await asyncio.to_thread(work)
        except UNUSABLE as error:
            told = as_store_error(error)
            if stop.is_set() or not isinstance(told, OutageError):
                raise told from error
            log.warning(TRIED_AGAIN.format(told=told))
        await set_within(stop, pause)
        pause = min(LONGEST_PAUSE, pause * 2)
