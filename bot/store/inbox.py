"""Updates that arrived: kept before Telegram is told so, handled in order within a lane.

A lane is a conversation: what must be handled one after the other. Every function works in the
transaction of *connection*; the caller commits.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, exists, func, select, update

from bot.store.tables import blocks, conversations, inbox
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
_same_lane = inbox.alias()
_recent = (
    select(func.count())
    .select_from(_same_lane)
    .where(
        _same_lane.c.lane == inbox.c.lane,
        _same_lane.c.received_at >= bindparam("since"),
        _same_lane.c.update_id <= inbox.c.update_id,
    )
)
_conversation = select(conversations.c.value).where(conversations.c.lane == inbox.c.lane)
_claim = (
    select(
        inbox.c.update_id,
        inbox.c.lane,
        inbox.c.payload,
        _recent.scalar_subquery(),
        _conversation.scalar_subquery(),
        exists().where(blocks.c.lane == inbox.c.lane),
    )
    .where(inbox.c.state == NEW, _is_first)
    .order_by(inbox.c.update_id)
    .limit(bindparam("most"))
    .with_for_update(of=inbox, skip_locked=True)
)
_finish = (
    update(inbox).where(inbox.c.update_id == bindparam("one")).values(state=DONE, payload=EMPTY)
)


@dataclass(frozen=True, slots=True)
class Received:
    """An update: its id, its *lane*, and its *payload* as JSON text."""

    update_id: int
    lane: str
    payload: str


@dataclass(frozen=True, slots=True)
class Claimed:
    """An update to handle, and what is known of its lane.

    Attributes:
        update_id: Its id.
        lane: Its lane.
        payload: It itself, as JSON text.
        recent: How many updates of the lane came lately, itself counted.
        conversation: The conversation of the lane as it was remembered; None for a new one.
        blocked: Whether nothing could be written to the lane.

    """

    update_id: int
    lane: str
    payload: str
    recent: int
    conversation: str | None
    blocked: bool


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


def claim(connection: Connection, limit: int, since: datetime) -> list[Claimed]:
    """Return up to *limit* updates to handle now: the first of their lanes, at most one a lane.

    What came *since* then is recent. On PostgreSQL they are locked until the transaction ends, and
    what others locked is left out.
    """
    rows = connection.execute(_claim, {"most": limit, "since": since})
    return [Claimed(*row) for row in rows]


def finish(connection: Connection, *update_ids: int) -> None:
    """Mark updates as handled, and empty them: telling repeated ones takes no more than their ids."""
    if update_ids:
        connection.execute(_finish, [{"one": update_id} for update_id in update_ids])


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
