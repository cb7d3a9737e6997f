"""The tables of the store, as the newest migration leaves them."""

from datetime import UTC, datetime
from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Dialect,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator


class Instant(TypeDecorator[datetime]):
    """An aware time, kept as UTC: SQLite has no time zones."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware time into what is kept."""
        del dialect
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn what is kept into an aware time."""
        del dialect
        return value.replace(tzinfo=UTC) if value else None


# SQLite numbers rows by itself only where the key is an INTEGER.
Number: Final = BigInteger().with_variant(Integer, "sqlite")
# A chat, a thread and a person, each up to 20 characters, with marks between them.
Lane: Final = String(64)

metadata = MetaData()

inbox = Table(
    "inbox",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("lane", Lane, nullable=False),
    Column("payload", Text, nullable=False),
    Column("state", String(8), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("received_at", Instant, nullable=False),
    Index("inbox_by_state", "state", "update_id"),
    Index("inbox_by_lane", "lane", "received_at"),
    Index("inbox_by_turn", "lane", "state", "update_id"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Number, primary_key=True),
    Column("update_id", BigInteger),
    Column("place", Integer, nullable=False),
    Column("lane", Lane, nullable=False),
    Column("method", String(32), nullable=False),
    Column("params", Text, nullable=False),
    Column("question", BigInteger),
    Column("edits", BigInteger),
    Column("state", String(8), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("doubts", Integer, nullable=False),
    Column("not_before", Instant, nullable=False),
    Column("claimed_at", Instant),
    Column("message_id", BigInteger),
    Column("within", BigInteger),
    Column("under", BigInteger),
    UniqueConstraint("update_id", "place"),
    Index("outbox_by_state", "state", "id"),
    Index("outbox_by_lane", "lane", "question"),
    Index("outbox_by_turn", "lane", "state", "id"),
    Index("outbox_by_message", "message_id"),
    sqlite_autoincrement=True,  # a call under way must not confirm another
)

conversations = Table(
    "conversations",
    metadata,
    Column("lane", Lane, primary_key=True),
    Column("value", Text, nullable=False),
    Column("updated_at", Instant, nullable=False),
)

turns = Table(
    "turns",
    metadata,
    Column("id", Number, primary_key=True),
    Column("update_id", BigInteger, nullable=False),
    Column("place", Integer, nullable=False),
    Column("lane", Lane, nullable=False),
    Column("utterance", Text, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("entry", Text),
    Column("confidence", Float, nullable=False),
    Column("kb", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("channel", String(16), nullable=False),
    UniqueConstraint("update_id", "place"),
    Index("turns_by_lane", "lane"),
    Index("turns_by_time", "at"),
)

votes = Table(
    "votes",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("person", BigInteger, primary_key=True, autoincrement=False),
    Column("useful", Integer, nullable=False),
    Column("at", Instant, nullable=False),
)

feedback = Table(
    "feedback",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("lane", Lane, nullable=False),
    Column("text", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

blocks = Table(
    "blocks",
    metadata,
    Column("lane", Lane, primary_key=True),
    Column("at", Instant, nullable=False),
)

dismissals = Table(
    "dismissals",
    metadata,
    # The SHA-256 of a question: what was asked is kept in turns alone, from where it is forgotten.
    Column("digest", String(64), primary_key=True),
    Column("at", Instant, nullable=False),
)

tickets = Table(
    "tickets",
    metadata,
    Column("id", Number, primary_key=True),
    Column("update_id", BigInteger, nullable=False),
    Column("lane", Lane, nullable=False),
    Column("message", BigInteger, nullable=False),
    Column("question", Text, nullable=False),
    Column("turns", Text, nullable=False),
    Column("candidates", Text, nullable=False),
    Column("media", Integer, nullable=False),
    Column("kb", Text, nullable=False),
    Column("state", String(8), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("requested_at", Instant),
    Column("answered_at", Instant),
    Column("operator", BigInteger),
    Column("reply", Text),
    Column("desk", BigInteger),
    Column("topic", BigInteger),
    Column("card", BigInteger),
    Column("reminders", Integer, nullable=False),
    Column("reminded_at", Instant),
    Column("checked", Text),
    UniqueConstraint("update_id"),
    Index("tickets_by_lane", "lane", "message"),
    Index("tickets_by_state", "state", "asked_at"),
    sqlite_autoincrement=True,  # cards of deleted tickets stay in the operators' chat
)

relays = Table(
    "relays",
    metadata,
    Column("id", Number, primary_key=True),
    Column("ticket", BigInteger, nullable=False),
    Column("origin", String(8), nullable=False),
    Column("message", BigInteger),
    Column("call", BigInteger, nullable=False),
    Column("fate", String(8)),
    UniqueConstraint("origin", "ticket", "message"),
    Index("relays_by_call", "call"),
    Index("relays_by_fate", "fate"),
)

takeovers = Table(
    "takeovers",
    metadata,
    Column("lane", Lane, primary_key=True),
    Column("ticket", BigInteger, nullable=False),
    Column("operator", BigInteger, nullable=False),
    Column("until", Instant, nullable=False),
)

mutes = Table(
    "mutes",
    metadata,
    Column("lane", Lane, primary_key=True),
    Column("at", Instant, nullable=False),
)

refusals = Table(
    "refusals",
    metadata,
    Column("id", Number, primary_key=True),
    Column("person", BigInteger, nullable=False),
    Column("at", Instant, nullable=False),
    Index("refusals_by_time", "at"),
)

notices = Table(
    "notices",
    metadata,
    Column("what", String(64), primary_key=True),
    Column("at", Instant, nullable=False),
)
