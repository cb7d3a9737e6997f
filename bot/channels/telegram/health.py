"""Whether the bot serves: what a load balancer, a container or a person may ask at any time."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.errors import StoreError
from bot.store.amiss import as_store_error
from bot.store.queues import Lengths, lengths

# A held request for updates ends after 25 seconds; twenty more for its answer, and a pause of
# thirty before it is tried again.
SILENCE: Final = timedelta(seconds=90)
# An update that waits longer than this is not being handled.
STUCK: Final = timedelta(minutes=1)
PATIENCE: Final = 5.0  # seconds for the store to answer; SQLite waits as long for a lock

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Report:
    """How the bot does: *ok* only when nothing is amiss; *details* say what is and how much waits."""

    ok: bool
    details: Mapping[str, Any]


class Health:
    """Knows when Telegram was last heard, and asks *store*; *kb* tells the base's version."""

    def __init__(self, store: Engine, kb: Callable[[], str], clock: Callable[[], datetime]) -> None:
        self._store = store
        self._kb = kb
        self._clock = clock
        self._heard: datetime | None = None
        self._asking: asyncio.Future[Lengths | None] | None = None

    def heard(self) -> None:
        """Note that Telegram answered, or sent an update, just now."""
        self._heard = self._clock()

    def waiting(self) -> Lengths | None:
        """Return what waits in the store; None when it can't be read."""
        try:
            with self._store.connect() as connection:
                return lengths(connection)
        except (StoreError, SQLAlchemyError) as error:
            log.warning("%s", as_store_error(error))
            return None

    def counts(self) -> Mapping[str, int] | None:
        """Return the lengths of the queues by name; None when the store can't be read."""
        waiting = self.waiting()
        if waiting is None:
            return None
        return {name: value for name, value in asdict(waiting).items() if isinstance(value, int)}

    async def report(self) -> Report:
        """Return how the bot does now."""
        waiting = await self._ask()
        now = self._clock()
        silent = None if self._heard is None else (now - self._heard).total_seconds()
        waits = (now - waiting.oldest).total_seconds() if waiting and waiting.oldest else 0.0
        faults = {
            "database": waiting is None,
            "telegram": silent is None or silent > SILENCE.total_seconds(),
            "handling": waits > STUCK.total_seconds(),
        }
        ok = not any(faults.values())
        return Report(
            ok,
            {
                "status": "ok" if ok else "failing",
                "kb": self._kb(),
                **{name: "failing" if fault else "ok" for name, fault in faults.items()},
                "silent_seconds": silent and round(silent, 1),
                "longest_wait_seconds": round(waits, 1),
                "inbox": waiting and waiting.inbox,
                "outbox": waiting and waiting.outbox,
            },
        )

    async def _ask(self) -> Lengths | None:
        """Ask the store, but not again while it has not answered; slow is as bad as gone."""
        if self._asking is None or self._asking.done():
            self._asking = asyncio.ensure_future(asyncio.to_thread(self.waiting))
        done, _ = await asyncio.wait({self._asking}, timeout=PATIENCE)
        return self._asking.result() if done else None
