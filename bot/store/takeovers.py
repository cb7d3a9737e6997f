"""Conversations that an operator holds: the bot is silent in them, until a time."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select

from bot.store.tables import takeovers
from bot.store.upserts import replacing

_hold = replacing(takeovers)
_current = select(takeovers).where(
    takeovers.c.lane == bindparam("lane"), takeovers.c.until > bindparam("now")
)


@dataclass(frozen=True, slots=True)
class Takeover:
    """The *operator* who holds *lane* because of *ticket*, *until* then."""

    lane: str
    ticket: int
    operator: int
    until: datetime


def hold(connection: Connection, takeover: Takeover) -> None:
    """Let an operator hold a conversation; who held it before no longer does."""
    connection.execute(_hold[connection.dialect.name], asdict(takeover))


def current(connection: Connection, lane: str, now: datetime) -> Takeover | None:
    """Return who holds *lane* now."""
    row = connection.execute(_current, {"lane": lane, "now": now}).first()
    return Takeover(row.lane, row.ticket, row.operator, row.until) if row else None


def give_back(connection: Connection, lane: str) -> bool:
    """Give *lane* back to the bot, and tell whether anybody held it."""
    return connection.execute(delete(takeovers).where(takeovers.c.lane == lane)).rowcount > 0


def ended(connection: Connection, now: datetime) -> list[Takeover]:
    """Return those whose time is over; they are no longer held, but not given back yet."""
    rows = connection.execute(
        select(takeovers)
        .where(takeovers.c.until <= now)
        .order_by(takeovers.c.until)
        .with_for_update(skip_locked=True)
    )
    return [Takeover(row.lane, row.ticket, row.operator, row.until) for row in rows]
