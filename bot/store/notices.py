"""What operators were told without asking, and when: so that each is said once, by one process."""

from datetime import datetime, timedelta

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.tables import notices


def claim(connection: Connection, what: str, now: datetime, every: timedelta) -> bool:
    """Tell whether *what* is to be said now, as it was not for as long as *every*; note that it is.

    Of several processes that ask at once, one is told so.
    """
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    said = insert(notices).values(what=what, at=now)
    claimed = connection.execute(
        said.on_conflict_do_update(
            index_elements=[notices.c.what],
            set_={"at": said.excluded.at},
            where=notices.c.at <= now - every,
        ).returning(notices.c.what)
    )
    return claimed.first() is not None
