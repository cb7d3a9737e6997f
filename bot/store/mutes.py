"""Who does not want to be told of new answers."""

from datetime import datetime

from sqlalchemy import Connection, delete, select

from bot.store.tables import mutes
from bot.store.upserts import replacing

_mute = replacing(mutes)


def mute(connection: Connection, lane: str, now: datetime) -> None:
    """Note that *lane* does not want to be told."""
    connection.execute(_mute[connection.dialect.name], {"lane": lane, "at": now})


def unmute(connection: Connection, lane: str) -> None:
    """Note that *lane* wants to be told."""
    connection.execute(delete(mutes).where(mutes.c.lane == lane))


def muted(connection: Connection, lane: str) -> bool:
    """Tell whether *lane* does not want to be told."""
    return connection.execute(select(mutes.c.lane).where(mutes.c.lane == lane)).first() is not None
