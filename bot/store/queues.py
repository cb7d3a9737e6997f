"""What waits in the store: how much, how long, and for whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Connection, func, select, union

from bot.store.inbox import DEAD, NEW
from bot.store.outbox import FAILED, QUEUED, SENDING
from bot.store.tables import blocks, inbox, outbox


@dataclass(frozen=True, slots=True)
class Lengths:
    """How many updates wait (*inbox*), calls wait or are being made (*outbox*).

    *set_aside* are updates that could not be handled, *failed* calls that were given up; *oldest*
    is when the longest waiting update came.
    """

    inbox: int
    set_aside: int
    outbox: int
    failed: int
    oldest: datetime | None


def lengths(connection: Connection) -> Lengths:
    """Return what waits now."""

    def of(column: Column[str], *states: str) -> int:
        return connection.execute(select(func.count()).where(column.in_(states))).scalar_one()

    oldest = connection.execute(
        select(inbox.c.received_at).where(inbox.c.state == NEW).order_by(inbox.c.update_id).limit(1)
    ).scalar_one_or_none()
    return Lengths(
        inbox=of(inbox.c.state, NEW),
        set_aside=of(inbox.c.state, DEAD),
        outbox=of(outbox.c.state, QUEUED, SENDING),
        failed=of(outbox.c.state, FAILED),
        oldest=oldest,
    )


def kept_waiting(connection: Connection, since: datetime, limit: int) -> Sequence[str]:
    """Return up to *limit* lanes whose update came before *since* and is not answered yet.

    Those that can't be written to are left out, and groups where nobody may have asked anything.
    """
    unhandled = select(inbox.c.lane).where(
        inbox.c.state == NEW, inbox.c.received_at <= since, ~inbox.c.lane.contains(":")
    )
    unsent = (
        select(outbox.c.lane)
        .join(inbox, inbox.c.update_id == outbox.c.update_id)
        .where(
            outbox.c.state.in_((QUEUED, SENDING)),
            outbox.c.method == "sendMessage",
            inbox.c.received_at <= since,
        )
    )
    lanes = union(unhandled, unsent).subquery()
    return (
        connection.execute(
            select(lanes.c.lane)
            .where(lanes.c.lane.not_in(select(blocks.c.lane)))
            .order_by(lanes.c.lane)
            .limit(limit)
        )
        .scalars()
        .all()
    )
