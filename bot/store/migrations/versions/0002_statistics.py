"""The channel of a turn, what people think of the bot, and turns by their time.

What was handled and sent before is emptied as well, as it is from now on.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Until now everything came through Telegram."""
    op.add_column(
        "turns", sa.Column("channel", sa.String(16), nullable=False, server_default="telegram")
    )
    op.create_index("turns_by_time", "turns", ["at"])
    op.create_table(
        "feedback",
        sa.Column("update_id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("lane", sa.String(64), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
    )
    op.execute("UPDATE inbox SET payload = '{}' WHERE state = 'done'")
    op.execute("UPDATE outbox SET params = '{}' WHERE state IN ('sent', 'failed')")
