"""Updates that arrived: kept before Telegram is told so, handled in order within a lane.

A lane is a conversation: what must be handled one after the other. Every function works in the
transaction of *connection*; the caller commits.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.tables import inbox

NEW, DONE, DEAD = "new", "done", "dead"
EMPTY = "{}"
MOST_TRIES = 3  # then an update is set aside, so that it stops nobody else


@dataclass(frozen=True, slots=True)
class Received:
    """An update: its id, its *lane*, and its *payload* as JSON text."""

    update_id: int
    lane: str
    payload: str


def receive(connection: Connection, updates: Iterable[Received], now: datetime) -> None:
    """Keep *updates*; those that are kept already change nothing."""
    rows = [
        {
            "update_id": one.update_id,
            "lane": one.lane,
            "payload": one.payload,
            "state": NEW,
            "tries": 0,
            "received_at": now,
        }
        for one in updates
    ]
    if rows:
        insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
        connection.execute(insert(inbox).on_conflict_do_nothing(), rows)


def claim(connection: Connection, limit: int) -> Sequence[Received]:
    """Return up to *limit* updates to handle now: the first of their lanes, at most one a lane.

    On PostgreSQL they are locked until the transaction ends, and what others locked is left out.
    """
    earlier = inbox.alias()
    first = ~(
        select(earlier.c.update_id)
        .where(
            earlier.c.state == NEW,
            earlier.c.lane == inbox.c.lane,
            earlier.c.update_id < inbox.c.update_id,
        )
        .exists()
    )
    rows = connection.execute(
        select(inbox.c.update_id, inbox.c.lane, inbox.c.payload)
        .where(inbox.c.state == NEW, first)
        .order_by(inbox.c.update_id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [Received(*row) for row in rows]


def finish(connection: Connection, update_id: int) -> None:
    """Mark an update as handled, and empty it: telling repeated ones takes no more than its id."""
    connection.execute(
        update(inbox).where(inbox.c.update_id == update_id).values(state=DONE, payload=EMPTY)
    )


def fail(connection: Connection, update_id: int) -> bool:
    """Count a failed try of an update, and tell whether it was set aside for it."""
    tries = (
        1
        + connection.execute(
            select(inbox.c.tries).where(inbox.c.update_id == update_id)
        ).scalar_one()
    )
    dead: bool = tries >= MOST_TRIES
    connection.execute(
        update(inbox)
        .where(inbox.c.update_id == update_id)
        .values(tries=tries, state=DEAD if dead else NEW)
    )
    return dead


def recent(connection: Connection, lane: str, since: datetime, upto: int) -> int:
    """Return how many updates of *lane* came since, up to the one with the id *upto*."""
    return connection.execute(
        select(func.count())
        .select_from(inbox)
        .where(inbox.c.lane == lane, inbox.c.received_at >= since, inbox.c.update_id <= upto)
    ).scalar_one()
