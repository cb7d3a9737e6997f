"""Turns as they were recorded, to be counted."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, select

from bot.store.bases import decided_by
from bot.store.tables import turns, votes

AT_ONCE: Final = 1_000  # rows that are held in memory while all are read


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which turns are meant: from *since* to before *until*, of an *entry*, of a *channel*.

    *base* is the id of the base that decided them, where it is not the only one in the store.
    """

    since: datetime | None = None
    until: datetime | None = None
    entry: str | None = None
    channel: str | None = None
    base: str | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """A turn: what was asked, masked, what became of it, when, and whether somebody disliked it.

    A vote is on the reply to an update, which may hold several turns.
    """

    update_id: int
    utterance: str
    outcome: str
    entry: str | None
    at: datetime
    disliked: bool


def recorded(connection: Connection, wanted: Wanted) -> Iterator[Recorded]:
    """Yield the turns that are wanted, in the order of their time."""
    disliked = (
        select(votes.c.person)
        .where(votes.c.update_id == turns.c.update_id, votes.c.useful == 0)
        .exists()
    )
    statement = select(
        turns.c.update_id,
        turns.c.utterance,
        turns.c.outcome,
        turns.c.entry,
        turns.c.at,
        disliked.label("disliked"),
    ).order_by(turns.c.at, turns.c.id)
    if wanted.since is not None:
        statement = statement.where(turns.c.at >= wanted.since)
    if wanted.until is not None:
        statement = statement.where(turns.c.at < wanted.until)
    if wanted.entry is not None:
        statement = statement.where(turns.c.entry == wanted.entry)
    if wanted.channel is not None:
        statement = statement.where(turns.c.channel == wanted.channel)
    if wanted.base is not None:
        statement = statement.where(decided_by(wanted.base))
    for row in connection.execute(statement, execution_options={"yield_per": AT_ONCE}):
        yield Recorded(
            row.update_id, row.utterance, row.outcome, row.entry, row.at, bool(row.disliked)
        )
