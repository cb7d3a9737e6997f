"""What is remembered of people: conversations, turns, votes, opinions, blocks."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, bindparam, delete, func, or_, select

from bot.store.masking import masked
from bot.store.tables import blocks, conversations, feedback, turns, votes
from bot.store.upserts import replacing

TELEGRAM: Final = "telegram"
DESK: Final = "desk:"  # in front of a lane: what the operators are told of it

_remember = replacing(conversations)
_record = turns.insert()
_vote = replacing(votes)
_block = replacing(blocks)
_unblock = delete(blocks).where(blocks.c.lane == bindparam("lane"))
_blocked_among = select(blocks.c.lane).where(blocks.c.lane.in_(bindparam("lanes", expanding=True)))


@dataclass(frozen=True, slots=True)
class Turn:
    """What was decided about one utterance; its text is masked before it is kept."""

    utterance: str
    outcome: str
    entry: str | None
    confidence: float
    kb: str
    channel: str = TELEGRAM


def remember(connection: Connection, lane: str, value: str, now: datetime) -> None:
    """Remember the conversation of *lane*."""
    row = {"lane": lane, "value": value, "updated_at": now}
    connection.execute(_remember[connection.dialect.name], row)


def record(
    connection: Connection, update_id: int, lane: str, said: Sequence[Turn], now: datetime
) -> None:
    """Record the turns that an update led to."""
    rows = [
        {
            "update_id": update_id,
            "place": place,
            "lane": lane,
            "utterance": masked(turn.utterance),
            "outcome": turn.outcome,
            "entry": turn.entry,
            "confidence": turn.confidence,
            "kb": turn.kb,
            "at": now,
            "channel": turn.channel,
        }
        for place, turn in enumerate(said)
    ]
    if rows:
        connection.execute(_record, rows)


def vote(  # a vote has this many parts
    connection: Connection, update_id: int, chat: str, person: int, now: datetime, *, useful: bool
) -> bool:
    """Record a vote on the answer to an update of *chat*; a later one of *person* replaces it.

    Return False when that chat had no such update.
    """
    here = or_(turns.c.lane == chat, turns.c.lane.like(f"{chat}:%"))
    known = connection.execute(
        select(turns.c.id).where(turns.c.update_id == update_id, here).limit(1)
    ).first()
    if known is None:
        return False
    row = {"update_id": update_id, "person": person, "useful": int(useful), "at": now}
    connection.execute(_vote[connection.dialect.name], row)
    return True


def opine(connection: Connection, update_id: int, lane: str, text: str, now: datetime) -> None:
    """Record what somebody thinks of the bot; the *text* is masked before it is kept."""
    connection.execute(
        feedback.insert().values(update_id=update_id, lane=lane, text=masked(text), at=now)
    )


@dataclass(frozen=True, slots=True)
class Opinion:
    """What somebody thinks of the bot, masked, and when they said it."""

    text: str
    at: datetime


def opinions(connection: Connection, last: int) -> list[Opinion]:
    """Return the *last* opinions, the newest first."""
    rows = connection.execute(
        select(feedback.c.text, feedback.c.at).order_by(feedback.c.at.desc()).limit(last)
    )
    return [Opinion(*row) for row in rows]


def block(connection: Connection, lane: str, now: datetime) -> None:
    """Note that nothing can be written to *lane* any more."""
    connection.execute(_block[connection.dialect.name], {"lane": lane, "at": now})


def unblock(connection: Connection, lane: str) -> None:
    """Note that *lane* can be written to again."""
    connection.execute(_unblock, {"lane": lane})


def blocked(connection: Connection, lane: str) -> bool:
    """Tell whether nothing can be written to *lane*."""
    return bool(blocked_among(connection, {lane}))


def blocked_among(connection: Connection, lanes: Collection[str]) -> set[str]:
    """Return those of *lanes* that nothing can be written to."""
    if not lanes:
        return set()
    return set(connection.execute(_blocked_among, {"lanes": list(lanes)}).scalars())


def recent(connection: Connection, lane: str, limit: int) -> list[Turn]:
    """Return the last turns of *lane*, oldest first."""
    rows = connection.execute(
        select(turns).where(turns.c.lane == lane).order_by(turns.c.id.desc()).limit(limit)
    ).all()
    return [
        Turn(row.utterance, row.outcome, row.entry, row.confidence, row.kb)
        for row in reversed(rows)
    ]


def outcomes(connection: Connection, since: datetime) -> dict[str, int]:
    """Return how many utterances since then had each outcome."""
    rows = connection.execute(
        select(turns.c.outcome, func.count()).where(turns.c.at >= since).group_by(turns.c.outcome)
    )
    return {outcome: count for outcome, count in rows}  # noqa: C416  # rows are no pairs to mypy
