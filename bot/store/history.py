"""What people asked, counted: every question, and those that an operator should look at."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from sqlalchemy import Connection, Select, Subquery, and_, func, or_, select
from sqlalchemy import case as when

from bot.store.bases import decided_by
from bot.store.tables import dismissals, turns, votes
from bot.store.upserts import replacing

AT_ONCE: Final = 1_000  # rows that are held in memory while many are read
UNANSWERED: Final = ("escalate", "clarify")
SMALL_TALK: Final = "smalltalk"

_dismiss = replacing(dismissals)


@dataclass(frozen=True, slots=True)
class Period:
    """Which turns are meant: those since a time, of these the *last* so many; None for all.

    *base* is the id of the base that decided them, where it is not the only one in the store.
    """

    since: datetime | None = None
    last: int | None = None
    base: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was kept, masked, and how many *times* it was asked."""

    text: str
    times: int


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A question that was not answered, or not to somebody's satisfaction.

    Attributes:
        text: As it was kept, masked.
        times: How often it was asked and came to nothing.
        disliked: The entry whose answer to it was voted down most often; None where none was.
        picked: The entry that was picked most often when it was asked back; None where none was.

    """

    text: str
    times: int
    disliked: str | None
    picked: str | None


def asked(connection: Connection, period: Period) -> Iterator[Asked]:
    """Yield each question of *period* once, the most frequent first.

    The database counts, and rows are read a few at a time, so that memory stays bounded.
    """
    recent = _recent(period)
    times = func.count()
    statement = (
        select(recent.c.utterance, times)
        .where(recent.c.outcome != SMALL_TALK)
        .group_by(recent.c.utterance)
        .order_by(times.desc(), func.max(recent.c.id).desc())
    )
    for text, count in _streamed(connection, statement):
        yield Asked(text, count)


def unsettled(connection: Connection, period: Period) -> Iterator[Unsettled]:
    """Yield each question of *period* that was not answered, was asked back or voted down, once.

    The most frequent come first; what was dismissed does not come at all.
    """
    recent = _recent(period)
    following = {
        name: func.lead(column).over(partition_by=recent.c.lane, order_by=recent.c.id)
        for name, column in (("entry", recent.c.entry), ("confidence", recent.c.confidence))
    }
    down = select(votes.c.update_id).where(votes.c.useful == 0)
    disliked = and_(recent.c.outcome == "answer", recent.c.update_id.in_(down))
    rows = select(
        recent.c.id,
        recent.c.utterance,
        recent.c.outcome,
        when((disliked, recent.c.entry)).label("disliked"),
        # A choice that was picked, by button or number, is certain.
        when(
            (and_(recent.c.outcome == "clarify", following["confidence"] == 1), following["entry"])
        ).label("picked"),
    ).subquery()
    statement = (
        select(rows.c.utterance, rows.c.disliked, rows.c.picked, func.count())
        .where(or_(rows.c.outcome.in_(UNANSWERED), rows.c.disliked.is_not(None)))
        .group_by(rows.c.utterance, rows.c.disliked, rows.c.picked)
    )
    gone = set(connection.execute(select(dismissals.c.digest)).scalars())
    found: dict[str, _Counts] = defaultdict(_Counts)
    for text, disliked_entry, picked, count in _streamed(connection, statement):
        found[text].add(count, disliked_entry, picked)
    for text, counts in sorted(found.items(), key=lambda item: (-item[1].times, item[0])):
        if _digest(text) not in gone:
            yield Unsettled(text, counts.times, _most(counts.disliked), _most(counts.picked))


def dismiss(connection: Connection, texts: Iterable[str], now: datetime) -> None:
    """Never again yield *texts* as unsettled."""
    rows = [{"digest": digest, "at": now} for digest in {_digest(text) for text in texts}]
    if rows:
        connection.execute(_dismiss[connection.dialect.name], rows)


def _recent(period: Period) -> Subquery:
    statement = select(turns)
    if period.since is not None:
        statement = statement.where(turns.c.at >= period.since)
    if period.base is not None:
        statement = statement.where(decided_by(period.base))
    if period.last is not None:
        statement = statement.order_by(turns.c.id.desc()).limit(period.last)
    return statement.subquery()


def _streamed(connection: Connection, statement: Select[Any]) -> Iterator[Any]:
    yield from connection.execute(statement, execution_options={"yield_per": AT_ONCE})


class _Counts:
    """How often a question came to nothing, which entries were disliked for it, or picked."""

    def __init__(self) -> None:
        self.times = 0
        self.disliked: Counter[str] = Counter()
        self.picked: Counter[str] = Counter()

    def add(self, count: int, disliked: str | None, picked: str | None) -> None:
        self.times += count
        if disliked:
            self.disliked[disliked] += count
        if picked:
            self.picked[picked] += count


def _most(counts: Counter[str]) -> str | None:
    """Return the most frequent of *counts*; of equals the first by name."""
    return min(counts, key=lambda name: (-counts[name], name), default=None)


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
