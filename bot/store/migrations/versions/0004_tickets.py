"""Tickets, what was carried between people and operators, take-overs, opt-outs, refused commands.

Calls may now come from no update, and refer to the topic or the message that an earlier call made.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

number = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Widen the outbox, and create the tables."""
    with op.batch_alter_table("outbox") as outbox:
        outbox.alter_column("update_id", existing_type=sa.BigInteger, nullable=True)
        outbox.add_column(sa.Column("within", sa.BigInteger))
        outbox.add_column(sa.Column("under", sa.BigInteger))
    op.create_index("outbox_by_message", "outbox", ["message_id"])
    op.create_table(
        "tickets",
        sa.Column("id", number, primary_key=True),
        sa.Column("update_id", sa.BigInteger, nullable=False),
        sa.Column("lane", sa.String(64), nullable=False),
        sa.Column("message", sa.BigInteger, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("turns", sa.Text, nullable=False),
        sa.Column("candidates", sa.Text, nullable=False),
        sa.Column("media", sa.Integer, nullable=False),
        sa.Column("kb", sa.Text, nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("asked_at", sa.DateTime, nullable=False),
        sa.Column("requested_at", sa.DateTime),
        sa.Column("answered_at", sa.DateTime),
        sa.Column("operator", sa.BigInteger),
        sa.Column("reply", sa.Text),
        sa.Column("desk", sa.BigInteger),
        sa.Column("topic", sa.BigInteger),
        sa.Column("card", sa.BigInteger),
        sa.Column("reminders", sa.Integer, nullable=False),
        sa.Column("reminded_at", sa.DateTime),
        sa.Column("checked", sa.Text),
        sa.UniqueConstraint("update_id"),
    )
    op.create_index("tickets_by_lane", "tickets", ["lane", "message"])
    op.create_index("tickets_by_state", "tickets", ["state", "asked_at"])
    op.create_table(
        "relays",
        sa.Column("id", number, primary_key=True),
        sa.Column("ticket", sa.BigInteger, nullable=False),
        sa.Column("origin", sa.String(8), nullable=False),
        sa.Column("message", sa.BigInteger),
        sa.Column("call", sa.BigInteger, nullable=False),
        sa.Column("fate", sa.String(8)),
        sa.UniqueConstraint("origin", "ticket", "message"),
    )
    op.create_index("relays_by_call", "relays", ["call"])
    op.create_index("relays_by_fate", "relays", ["fate"])
    op.create_table(
        "takeovers",
        sa.Column("lane", sa.String(64), primary_key=True),
        sa.Column("ticket", sa.BigInteger, nullable=False),
        sa.Column("operator", sa.BigInteger, nullable=False),
        sa.Column("until", sa.DateTime, nullable=False),
    )
    op.create_table(
        "mutes",
        sa.Column("lane", sa.String(64), primary_key=True),
        sa.Column("at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "refusals",
        sa.Column("id", number, primary_key=True),
        sa.Column("person", sa.BigInteger, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
    )
    op.create_index("refusals_by_time", "refusals", ["at"])
