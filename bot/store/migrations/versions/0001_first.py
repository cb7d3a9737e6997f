"""The first schema: updates, replies on their way, conversations, turns, votes, blocks."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

number = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Create all tables."""
    op.create_table(
        "inbox",
        sa.Column("update_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("lane", sa.String(64), nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("received_at", sa.DateTime, nullable=False),
    )
    op.create_index("inbox_by_state", "inbox", ["state", "update_id"])
    op.create_index("inbox_by_lane", "inbox", ["lane", "received_at"])
    op.create_table(
        "outbox",
        sa.Column("id", number, primary_key=True),
        sa.Column("update_id", sa.BigInteger, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("lane", sa.String(64), nullable=False),
        sa.Column("method", sa.String(32), nullable=False),
        sa.Column("params", sa.Text, nullable=False),
        sa.Column("question", sa.BigInteger),
        sa.Column("edits", sa.BigInteger),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("doubts", sa.Integer, nullable=False),
        sa.Column("not_before", sa.DateTime, nullable=False),
        sa.Column("claimed_at", sa.DateTime),
        sa.Column("message_id", sa.BigInteger),
        sa.UniqueConstraint("update_id", "place"),
    )
    op.create_index("outbox_by_state", "outbox", ["state", "id"])
    op.create_index("outbox_by_lane", "outbox", ["lane", "question"])
    op.create_table(
        "conversations",
        sa.Column("lane", sa.String(64), primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("updated_at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "turns",
        sa.Column("id", number, primary_key=True),
        sa.Column("update_id", sa.BigInteger, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("lane", sa.String(64), nullable=False),
        sa.Column("utterance", sa.Text, nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("entry", sa.Text),
        sa.Column("confidence", sa.Float, nullable=False),
        sa.Column("kb", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.UniqueConstraint("update_id", "place"),
    )
    op.create_index("turns_by_lane", "turns", ["lane"])
    op.create_table(
        "votes",
        sa.Column("update_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("person", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("useful", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "blocks",
        sa.Column("lane", sa.String(64), primary_key=True),
        sa.Column("at", sa.DateTime, nullable=False),
    )
