"""How much a person may ask: more is said once to be too much, then passed over for a while.

What is passed over is not even kept, so that a flood delays nobody: neither its updates nor its
answers stand before those of others.
"""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from bot.channels.telegram.incoming import Kind

# A person who asks more in a minute is told once to slow down, then waits for the minute to pass.
MOST_A_MINUTE: Final = 20
MINUTE: Final = timedelta(minutes=1)
LIMITED: Final = frozenset({Kind.TEXT, Kind.MEDIA, Kind.COMMAND})


@dataclass(slots=True)
class _Asked:
    """When a lane asked last, as often as counts, and the *newest* update of it."""

    newest: int = -1
    times: deque[datetime] = field(default_factory=lambda: deque(maxlen=MOST_A_MINUTE + 1))


class Limit:
    """Knows who has asked too much to be heard; what was told of it is known by the store alone."""

    def __init__(self) -> None:
        self._asked: dict[str, _Asked] = {}
        self._tidied: datetime | None = None

    def is_exceeded(self, lane: str, update_id: int, now: datetime) -> bool:
        """Count an update of *lane*, and tell whether it comes after the one that is told of it."""
        asked = self._asked.setdefault(lane, _Asked())
        if update_id <= asked.newest:
            return False  # it comes again, and the store knows it
        exceeded = len(asked.times) > MOST_A_MINUTE and asked.times[0] > now - MINUTE
        asked.newest = update_id
        asked.times.append(now)
        return exceeded

    def tidy(self, now: datetime) -> None:
        """Forget those who have not asked for a minute."""
        if self._tidied is None or self._tidied <= now - MINUTE:
            self._tidied = now
            kept = {k: v for k, v in self._asked.items() if v.times[-1] > now - MINUTE}
            self._asked = kept
