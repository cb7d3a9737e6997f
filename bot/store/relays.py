"""Messages carried between a person and the operators: who wrote them, and what became of them."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, or_, select, update

from bot.store.outbox import FAILED, SENT
from bot.store.tables import blocks, outbox, relays, tickets

PERSON, OPERATOR = "person", "operator"  # who wrote
DELIVERED, BLOCKED, LOST = "sent", "blocked", "failed"  # what became of it


@dataclass(frozen=True, slots=True)
class Settled:
    """A message to a person whose *fate* is known.

    *ticket* is what it answers; *message* its id in the operators' chat, None when it was written
    elsewhere.
    """

    ticket: int
    message: int | None
    fate: str


def carry(connection: Connection, ticket: int, origin: str, message: int | None, call: int) -> None:
    """Note that the kept *call* carries a message of *origin* to the other side of *ticket*.

    *message* is its id on the side it comes from, if it has one.
    """
    connection.execute(
        relays.insert().values(ticket=ticket, origin=origin, message=message, call=call)
    )


def carrier(connection: Connection, lane: str, message: int) -> int | None:
    """Return the id of the kept call that carried a person's message of *lane* to the operators."""
    return _call(connection, PERSON, message, tickets.c.lane == lane)


def operators_carrier(connection: Connection, desk: int, message: int) -> int | None:
    """Return the id of the kept call that carried a message of the operators' chat *desk*."""
    return _call(connection, OPERATOR, message, tickets.c.desk == desk)


def _call(connection: Connection, origin: str, message: int, where: Any) -> int | None:  # noqa: ANN401  # a SQL condition
    return connection.execute(
        select(relays.c.call)
        .join(tickets, tickets.c.id == relays.c.ticket)
        .where(relays.c.origin == origin, relays.c.message == message, where)
        .order_by(relays.c.id.desc())
        .limit(1)
    ).scalar_one_or_none()


def ticket_of(connection: Connection, desk: int, message: int) -> int | None:
    """Return the ticket of a message in the operators' chat *desk*, theirs or carried there."""
    return connection.execute(
        select(relays.c.ticket)
        .join(outbox, outbox.c.id == relays.c.call)
        .join(tickets, tickets.c.id == relays.c.ticket)
        .where(
            tickets.c.desk == desk,
            or_(
                (relays.c.origin == OPERATOR) & (relays.c.message == message),
                (relays.c.origin == PERSON) & (outbox.c.message_id == message),
            ),
        )
        .order_by(relays.c.id.desc())
        .limit(1)
    ).scalar_one_or_none()


def settle(connection: Connection) -> list[Settled]:
    """Return the operators' messages whose fate became known, once."""
    rows = connection.execute(
        select(relays.c.id, relays.c.ticket, relays.c.message, outbox.c.state, blocks.c.lane)
        .join(outbox, outbox.c.id == relays.c.call)
        .outerjoin(blocks, blocks.c.lane == outbox.c.lane)
        .where(
            relays.c.origin == OPERATOR,
            relays.c.fate.is_(None),
            outbox.c.state.in_((SENT, FAILED)),
        )
        .order_by(relays.c.id)
        .with_for_update(skip_locked=True, of=relays)
    ).all()
    settled = []
    for id_, ticket, message, state, blocked in rows:
        fate = DELIVERED if state == SENT else BLOCKED if blocked else LOST
        connection.execute(update(relays).where(relays.c.id == id_).values(fate=fate))
        settled.append(Settled(ticket, message, fate))
    return settled


def fates(connection: Connection, ticket: int) -> list[str | None]:
    """Return what became of the operators' messages about a ticket, oldest first; None: not known."""
    rows = connection.execute(
        select(relays.c.fate)
        .where(relays.c.ticket == ticket, relays.c.origin == OPERATOR)
        .order_by(relays.c.id)
    )
    return list(rows.scalars())
