"""Updates that arrived: kept before Telegram is told so, handled in order within a lane.

A lane is a conversation: what must be handled one after the other. Every function works in the
transaction of *connection*; the caller commits.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select, update

from bot.store.tables import inbox
from bot.store.upserts import ignoring

NEW, DONE, DEAD = "new", "done", "dead"
EMPTY = "{}"
MOST_TRIES = 3  # then an update is set aside, so that it stops nobody else

_earlier = inbox.alias()
_is_first = ~(
    select(_earlier.c.update_id)
    .where(
        _earlier.c.state == NEW,
        _earlier.c.lane == inbox.c.lane,
        _earlier.c.update_id < inbox.c.update_id,
    )
    .exists()
)
# Statements on the way of each update are built once: building takes longer than executing.
_receive = ignoring(inbox)
_claim = (
    select(inbox.c.update_id, inbox.c.lane, inbox.c.payload)
    .where(inbox.c.state == NEW, _is_first)
    .order_by(inbox.c.update_id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_finish = (
    update(inbox).where(inbox.c.update_id == bindparam("one")).values(state=DONE, payload=EMPTY)
)
_recent = (
    select(func.count())
    .select_from(inbox)
    .where(
        inbox.c.lane == bindparam("lane"),
        inbox.c.received_at >= bindparam("since"),
        inbox.c.update_id <= bindparam("upto"),
    )
)


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
        connection.execute(_receive[connection.dialect.name], rows)


def claim(connection: Connection, limit: int) -> Sequence[Received]:
    """Return up to *limit* updates to handle now: the first of their lanes, at most one a lane.

    On PostgreSQL they are locked until the transaction ends, and what others locked is left out.
    """
    return [Received(*row) for row in connection.execute(_claim, {"most": limit})]


def finish(connection: Connection, update_id: int) -> None:
    """Mark an update as handled, and empty it: telling repeated ones takes no more than its id."""
    connection.execute(_finish, {"one": update_id})


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
    return connection.execute(_recent, {"lane": lane, "since": since, "upto": upto}).scalar_one()
