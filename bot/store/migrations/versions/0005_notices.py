"""What operators were told without asking."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the table of notices."""
    op.create_table(
        "notices",
        sa.Column("what", sa.String(64), primary_key=True),
        sa.Column("at", sa.DateTime, nullable=False),
    )
