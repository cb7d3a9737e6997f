"""An occasion to say something: an update, or the time having come."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.desk.duty import Duty
from bot.dialogue.library import Library
from bot.store import outbox
from bot.store.outbox import Call


@dataclass(frozen=True, slots=True)
class Hotline:
    """The people behind the bot.

    Attributes:
        chat: Id of the group in which they answer.
        operators: Ids of those who may.
        duty: When they are there.
        takeover: How long the bot is silent after one of them wrote.

    """

    chat: int
    operators: frozenset[int]
    duty: Duty
    takeover: timedelta


@dataclass(frozen=True, slots=True)
class Occasion:
    """When and in which transaction something happens.

    Attributes:
        connection: The transaction; whoever made it commits.
        update_id: The update that leads to it; None when only time has passed.
        lane: The lane of that update.
        now: The time.
        library: Who answers now.

    """

    connection: Connection
    update_id: int | None
    lane: str
    now: datetime
    library: Library

    def call(self, call: Call) -> int:
        """Keep a call, and return its id."""
        return outbox.add(self.connection, self.update_id, self.lane, call, self.now)
