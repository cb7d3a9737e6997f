"""Tickets: what the bot could not answer, until somebody did. Texts are masked on the way in."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, delete, func, select, update

from bot.store.masking import masked
from bot.store.outbox import FAILED
from bot.store.tables import outbox, tickets

OPEN, ANSWERED, CLOSED = "open", "answered", "closed"
BY_HAND = 0  # in place of an operator's id


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was escalated.

    Attributes:
        message: Id of the message that asked it.
        question: Its utterances that nobody answered, a line each.
        turns: What was asked before it and what became of that, oldest first.
        candidates: Ids of entries that might have answered it, with their confidences.
        kb: The knowledge base that could not answer it.
        media: Whether it is no text; *question* says what it is then.
        lasting: Whether it can be asked again later, without what was said before it.

    """

    message: int
    question: str
    kb: str
    turns: tuple[str, ...] = ()
    candidates: tuple[tuple[str, float], ...] = ()
    media: bool = False
    lasting: bool = True


@dataclass(frozen=True, slots=True)
class Seen:
    """Where operators see a ticket.

    Attributes:
        desk: Id of their chat.
        topic: Id of the kept call that made the forum topic of its person.
        card: Id of the kept call that shows it.

    """

    desk: int
    topic: int
    card: int


@dataclass(frozen=True, slots=True)
class Ticket:
    """An escalated question and what became of it.

    Attributes:
        id: Its number.
        lane: The conversation it comes from.
        asked: What was asked.
        state: One of OPEN, ANSWERED and CLOSED.
        asked_at: When it was asked.
        requested_at: When the person wished for a human; None when they did not.
        answered_at: When it was first answered.
        operator: Id of the operator who answered, BY_HAND outside Telegram; None when none did.
        seen: Where the operators see it; None before they do.
        reminders: How often the operators were reminded of it.

    """

    id: int
    lane: str
    asked: Asked
    state: str
    asked_at: datetime
    requested_at: datetime | None
    answered_at: datetime | None
    operator: int | None
    seen: Seen | None
    reminders: int


def open_(connection: Connection, update_id: int, lane: str, asked: Asked, now: datetime) -> int:
    """Open a ticket for what the update asked in *lane*, and return its number."""
    opened: int = connection.execute(
        tickets.insert()
        .values(
            update_id=update_id,
            lane=lane,
            message=asked.message,
            turns=json.dumps([masked(turn) for turn in asked.turns], ensure_ascii=False),
            media=int(asked.media),
            state=OPEN,
            asked_at=now,
            reminders=0,
            **_question(asked),
        )
        .returning(tickets.c.id)
    ).scalar_one()
    return opened


def reword(connection: Connection, id_: int, update_id: int, asked: Asked) -> None:
    """Let a ticket ask what its message says since that update edited it."""
    _set(connection, id_, update_id=update_id, **_question(asked))


def withdraw(connection: Connection, id_: int) -> None:
    """Delete a ticket whose question was taken back."""
    connection.execute(delete(tickets).where(tickets.c.id == id_))


def get(connection: Connection, id_: int) -> Ticket | None:
    """Return the ticket with that number."""
    return _one(connection, select(tickets).where(tickets.c.id == id_))


def of_update(connection: Connection, lane: str, update_id: int) -> Ticket | None:
    """Return the ticket that the update opened in *lane*."""
    return _one(
        connection,
        select(tickets).where(tickets.c.lane == lane, tickets.c.update_id == update_id),
    )


def of_message(connection: Connection, lane: str, message: int) -> Ticket | None:
    """Return the ticket of a message in *lane*."""
    return _one(
        connection, select(tickets).where(tickets.c.lane == lane, tickets.c.message == message)
    )


def of_card(connection: Connection, desk: int, message: int) -> Ticket | None:
    """Return the ticket that a message in the operators' chat *desk* shows."""
    return _one(
        connection,
        select(tickets)
        .join(outbox, outbox.c.id == tickets.c.card)
        .where(tickets.c.desk == desk, outbox.c.message_id == message),
    )


def of_topic(connection: Connection, desk: int, thread: int) -> Ticket | None:
    """Return the newest ticket in a forum topic of the operators' chat *desk*."""
    return _one(
        connection,
        select(tickets)
        .join(outbox, outbox.c.id == tickets.c.topic)
        .where(tickets.c.desk == desk, outbox.c.message_id == thread),
    )


def of_lane(connection: Connection, desk: int, lane: str) -> Ticket | None:
    """Return the newest ticket of *lane* that is seen in the operators' chat *desk*."""
    return _one(connection, select(tickets).where(tickets.c.lane == lane, tickets.c.desk == desk))


def topic_of(connection: Connection, desk: int, lane: str) -> int | None:
    """Return the id of the kept call that made, or will make, the topic of *lane* in *desk*."""
    return connection.execute(
        select(tickets.c.topic)
        .join(outbox, outbox.c.id == tickets.c.topic)
        .where(tickets.c.desk == desk, tickets.c.lane == lane, outbox.c.state != FAILED)
        .order_by(tickets.c.id.desc())
        .limit(1)
    ).scalar_one_or_none()


def listed(connection: Connection, states: Sequence[str], limit: int) -> list[Ticket]:
    """Return the newest tickets in one of the *states*, newest first."""
    rows = connection.execute(
        select(tickets)
        .where(tickets.c.state.in_(states))
        .order_by(tickets.c.id.desc())
        .limit(limit)
    )
    return [_ticket(row) for row in rows]


def request(connection: Connection, id_: int, seen: Seen, now: datetime) -> None:
    """Note that the person wished for a human, and where the operators see the ticket."""
    _set(connection, id_, requested_at=now, desk=seen.desk, topic=seen.topic, card=seen.card)


def answer(
    connection: Connection, id_: int, operator: int | None, now: datetime, reply: str = ""
) -> None:
    """Note that a ticket was answered, by an operator or by the knowledge base (None).

    The first answer tells when; of an operator's replies the first that says anything is kept,
    masked.
    """
    kept = func.coalesce(tickets.c.reply, masked(reply) or None)
    at = func.coalesce(tickets.c.answered_at, now)
    _set(connection, id_, state=ANSWERED, answered_at=at, operator=operator, reply=kept)


def close(connection: Connection, id_: int) -> None:
    """Note that nothing more is to be done about a ticket."""
    _set(connection, id_, state=CLOSED)


def due(connection: Connection, reminders: int, before: datetime, limit: int) -> list[Ticket]:
    """Return open tickets that wait for an operator since before that time.

    *reminders* is how many there were; with some, the time since the last one counts.
    """
    since = tickets.c.reminded_at if reminders else tickets.c.requested_at
    rows = connection.execute(
        select(tickets)
        .where(
            tickets.c.state == OPEN,
            tickets.c.requested_at.is_not(None),
            tickets.c.reminders == reminders,
            since <= before,
        )
        .order_by(tickets.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [_ticket(row) for row in rows]


def remind(connection: Connection, id_: int, now: datetime) -> None:
    """Note that the operators were reminded of a ticket."""
    _set(connection, id_, reminders=tickets.c.reminders + 1, reminded_at=now)


def unchecked(connection: Connection, kb: str, since: datetime, limit: int) -> list[Ticket]:
    """Return lasting tickets, opened since then, that nobody answered and *kb* was not asked."""
    rows = connection.execute(
        select(tickets)
        .where(
            tickets.c.answered_at.is_(None),
            tickets.c.asked_at >= since,
            tickets.c.checked != kb,
        )
        .order_by(tickets.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [_ticket(row) for row in rows]


def check(connection: Connection, id_: int, kb: str) -> None:
    """Note that *kb* does not answer a ticket either."""
    _set(connection, id_, checked=kb)


def same(connection: Connection, ticket: Ticket) -> list[Ticket]:
    """Return the tickets of a person that ask the same and are not answered, oldest first."""
    rows = connection.execute(
        select(tickets)
        .where(
            tickets.c.lane == ticket.lane,
            tickets.c.question == ticket.asked.question,
            tickets.c.answered_at.is_(None),
        )
        .order_by(tickets.c.id)
    )
    return [_ticket(row) for row in rows]


def unanswered(connection: Connection, since: datetime, limit: int) -> list[tuple[str, int]]:
    """Return the most frequent questions that nobody answered since then, and how many asked."""
    people = func.count(tickets.c.lane.distinct())
    rows = connection.execute(
        select(tickets.c.question, people)
        .where(tickets.c.answered_at.is_(None), tickets.c.media == 0, tickets.c.asked_at >= since)
        .group_by(tickets.c.question)
        .order_by(people.desc(), func.max(tickets.c.id).desc())
        .limit(limit)
    )
    return [(question, count) for question, count in rows]


def waits(
    connection: Connection, since: datetime | None, until: datetime | None
) -> list[timedelta]:
    """Return how long each who wished for a human in that time waited for an operator's answer."""
    statement = select(tickets.c.requested_at, tickets.c.answered_at).where(
        tickets.c.requested_at.is_not(None), tickets.c.operator.is_not(None)
    )
    if since is not None:
        statement = statement.where(tickets.c.requested_at >= since)
    if until is not None:
        statement = statement.where(tickets.c.requested_at < until)
    return [answered - requested for requested, answered in connection.execute(statement)]


def replies(connection: Connection, since: datetime | None) -> dict[str, str]:
    """Return what operators replied to single questions that were asked since then, by question."""
    statement = select(tickets.c.question, tickets.c.reply).where(
        tickets.c.reply.is_not(None), tickets.c.media == 0
    )
    if since is not None:
        statement = statement.where(tickets.c.asked_at >= since)
    rows = connection.execute(statement.order_by(tickets.c.id))
    return {question: reply for question, reply in rows}  # noqa: C416  # rows are no pairs to mypy


def counted(connection: Connection, since: datetime) -> dict[str, int]:
    """Return how many tickets of people who wished for a human, since then, are in each state."""
    rows = connection.execute(
        select(tickets.c.state, func.count())
        .where(tickets.c.requested_at >= since)
        .group_by(tickets.c.state)
    )
    return {state: count for state, count in rows}  # noqa: C416  # rows are no pairs to mypy


def _question(asked: Asked) -> dict[str, Any]:
    return {
        "question": masked(asked.question),
        "candidates": json.dumps(asked.candidates),
        "kb": asked.kb,
        "checked": asked.kb if asked.lasting and not asked.media else None,
    }


def _set(connection: Connection, id_: int, **values: Any) -> None:  # noqa: ANN401  # of columns
    connection.execute(update(tickets).where(tickets.c.id == id_).values(**values))


def _one(connection: Connection, query: Select[Any]) -> Ticket | None:
    """Return the newest ticket that *query* finds."""
    row = connection.execute(query.order_by(tickets.c.id.desc()).limit(1)).first()
    return _ticket(row) if row else None


def _ticket(row: Any) -> Ticket:  # noqa: ANN401  # a row
    return Ticket(
        id=row.id,
        lane=row.lane,
        asked=Asked(
            message=row.message,
            question=row.question,
            kb=row.kb,
            turns=tuple(json.loads(row.turns)),
            candidates=tuple(
                (entry, confidence) for entry, confidence in json.loads(row.candidates)
            ),
            media=bool(row.media),
            lasting=row.checked is not None,
        ),
        state=row.state,
        asked_at=row.asked_at,
        requested_at=row.requested_at,
        answered_at=row.answered_at,
        operator=row.operator,
        seen=Seen(row.desk, row.topic, row.card) if row.card else None,
        reminders=row.reminders,
    )
