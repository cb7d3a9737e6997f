"""Indexes by which the first of each lane is found, however many wait behind it."""

from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create the indexes."""
    op.create_index("inbox_by_turn", "inbox", ["lane", "state", "update_id"])
    op.create_index("outbox_by_turn", "outbox", ["lane", "state", "id"])
