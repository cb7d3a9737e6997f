"""Numbers of calls and tickets are given once, as cards in the operators' chat still name them.

SQLite gives the number of a deleted row to the next one unless told not to; PostgreSQL never does.
"""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the tables anew, as SQLite can't change this of a table (sqlite.org/autoinc.html)."""
    if op.get_context().dialect.name != "sqlite":
        return
    for name in ("outbox", "tickets"):
        with op.batch_alter_table(
            name, recreate="always", table_kwargs={"sqlite_autoincrement": True}
        ):
            pass
