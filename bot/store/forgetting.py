"""What is deleted, and when: one person's data when they ask, everybody's when it is old."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Connection, Table, delete, or_, select, union

from bot.store import inbox as updates
from bot.store.outbox import FAILED, SENT
from bot.store.tables import (
    blocks,
    conversations,
    feedback,
    inbox,
    metadata,
    outbox,
    refusals,
    relays,
    tickets,
    turns,
    votes,
)

# Handled updates and finished calls are kept so long: to tell repeated updates (Telegram keeps them
# a day, and may use an id again after a week), and to find the answer to a question edited since.
NEEDED: Final = timedelta(days=7)
# What is dropped when it is older than the operator wants: each table, and the time of its rows.
AGING: Final = (
    (turns, turns.c.at),
    (votes, votes.c.at),
    (feedback, feedback.c.at),
    (conversations, conversations.c.updated_at),
    (inbox, inbox.c.received_at),
    (tickets, tickets.c.asked_at),
    (outbox, outbox.c.not_before),
    (blocks, blocks.c.at),
    (refusals, refusals.c.at),
)
# Calls that made the topic or the card of a ticket, or carried a message of it: they are found by it.
_of_tickets = union(
    select(tickets.c.topic).where(tickets.c.topic.is_not(None)),
    select(tickets.c.card).where(tickets.c.card.is_not(None)),
    select(relays.c.call).join(tickets, tickets.c.id == relays.c.ticket),
)


def forget(connection: Connection, person: int, but: int | None = None) -> int:
    """Delete all that is kept of a *person*, in private, in groups and inline; return how many rows.

    The update with the id *but*, and what it leads to, stay until they are done with, as does what
    came after it and waits to be handled.
    """
    gone = 0
    known = select(turns.c.update_id).where(_of(turns, person))
    gone += connection.execute(
        delete(votes).where(or_(votes.c.person == person, votes.c.update_id.in_(known)))
    ).rowcount
    asked = select(tickets.c.id).where(_of(tickets, person))
    gone += connection.execute(delete(relays).where(relays.c.ticket.in_(asked))).rowcount
    for table in metadata.sorted_tables:
        if "lane" in table.c:
            where = [_of(table, person)]
            if but is not None and table is inbox:
                where.append(or_(inbox.c.state != updates.NEW, inbox.c.update_id < but))
            if but is not None and table is outbox:
                where.append(outbox.c.update_id.is_distinct_from(but))
            gone += connection.execute(delete(table).where(*where)).rowcount
    return gone


def _of(table: Table, person: int) -> ColumnElement[bool]:
    """Return what holds of a person's rows: a lane is a chat's, or ends in the person's id."""
    lane = table.c.lane
    return or_(lane == str(person), lane.like(f"%:{person}") & ~lane.like("unread:%"))


def expire(connection: Connection, now: datetime, kept: timedelta | None) -> int:
    """Delete what is older than *kept* (None: for ever), and what nobody needs; return how many rows.

    Updates that wait to be handled and calls that wait to be made stay, however old; so do calls by
    which a ticket is known, as long as the ticket.
    """
    gone = _drop(connection, inbox, inbox.c.received_at < now - NEEDED)
    gone += _drop(connection, outbox, outbox.c.not_before < now - NEEDED)
    if kept is not None:
        gone += sum(_drop(connection, table, time < now - kept) for table, time in AGING)
        alone = relays.c.ticket.not_in(select(tickets.c.id))
        gone += connection.execute(delete(relays).where(alone)).rowcount
    return gone


def _drop(connection: Connection, table: Table, old: ColumnElement[bool]) -> int:
    finished = {inbox: (updates.DONE, updates.DEAD), outbox: (SENT, FAILED)}
    where = [old]
    if table in finished:
        where.append(table.c.state.in_(finished[table]))
    if table is outbox:
        where.append(outbox.c.id.not_in(_of_tickets))
    return connection.execute(delete(table).where(*where)).rowcount
