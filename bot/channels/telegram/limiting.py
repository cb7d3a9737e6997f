"""How much a person may ask: more is said once to be too much, then passed over for a while.

What is passed over is never queued, so that a flood delays nobody: neither its updates nor its
answers stand before those of others.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from bot.channels.telegram.incoming import Kind
from bot.store import inbox, takeovers

# A person who asks more in a minute is told once to slow down, then waits for the minute to pass.
MOST_A_MINUTE: Final = 20
MINUTE: Final = timedelta(minutes=1)
LIMITED: Final = frozenset({Kind.TEXT, Kind.MEDIA, Kind.COMMAND})


def excess(connection: Connection, lane: str, update_id: int, now: datetime) -> int:
    """Return by how many the updates of *lane*, up to that one, are more than a minute's."""
    return inbox.recent(connection, lane, now - MINUTE, update_id) - MOST_A_MINUTE


def pass_over(connection: Connection, asked: Mapping[str, Sequence[int]], now: datetime) -> int:
    """Count as handled what was *asked*, by lane, after the one that is told; return how many.

    A conversation that an operator holds is not ours to limit.
    """
    since, most = now - MINUTE, MOST_A_MINUTE + 1
    return sum(
        inbox.pass_over(connection, lane, asked[lane], since, most)
        for lane in inbox.crowded(connection, asked, since, most)
        if takeovers.current(connection, lane, now) is None
    )
