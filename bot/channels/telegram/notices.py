"""What the operators' chat is told without asking: a base with faults, overdue reviews, failures."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from sqlalchemy import Connection, Engine

from bot.channels.telegram import operator_wording
from bot.channels.telegram.formatting import as_html, pieces
from bot.desk.freshness import due_by
from bot.desk.serving import Refused
from bot.knowledge.model import Base
from bot.store import outbox
from bot.store.amiss import as_store_error
from bot.store.notices import claim
from bot.store.opening import UNUSABLE
from bot.store.outbox import Call
from bot.store.records import DESK

WEEK: Final = timedelta(days=7)
DAY: Final = timedelta(days=1)  # for which the same faults of a base are not told again
HOUR: Final = timedelta(hours=1)  # in which updates that can't be handled are told of once
NOT_TOLD: Final = "知识库没有换上，这件事没能告诉值班群。{told}"
MOST_ENTRIES: Final = 20  # of a list; the rest is counted

log = logging.getLogger(__name__)


class Notices:
    """Tells the operators in *chat* what they must know, through *store*; *clock* tells the time."""

    def __init__(self, store: Engine, chat: int, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._chat = chat
        self._clock = clock

    def refused(self, news: Refused) -> None:
        """Tell what is wrong with a base that was saved and is not used."""
        text = str(news)
        what = f"refused:{sha256(text.encode()).hexdigest()[:32]}"
        try:
            with self._store.begin() as connection:
                self._tell(connection, what, text, DAY)
        except UNUSABLE as error:
            log.warning(NOT_TOLD.format(told=as_store_error(error)))

    def set_aside(self, connection: Connection, update_id: int, error: Exception) -> None:
        """Tell, at most once an hour, that an update can't be handled, for which *error* is why."""
        name = type(error).__name__
        text = operator_wording.SET_ASIDE.format(update=update_id, error=name)
        self._tell(connection, "set-aside", text, HOUR)

    def weekly(self, connection: Connection, base: Base) -> None:
        """Tell once a week which entries of *base* are due for a review; nothing when none is."""
        due = [entry for entry in due_by(base.entries, self._clock().date()) if entry.due]
        if not due:
            return
        lines = [
            operator_wording.DUE_LINE.format(id=entry.id, question=entry.question, due=entry.due)
            for entry in due[:MOST_ENTRIES]
        ]
        text = operator_wording.DUE.format(count=len(due), entries="\n".join(lines))
        self._tell(connection, f"due:{base.header.id}"[:64], text, WEEK)

    def _tell(self, connection: Connection, what: str, text: str, every: timedelta) -> None:
        now = self._clock()
        if not claim(connection, what, now, every):
            return
        for piece in pieces(text):
            params = {"chat_id": self._chat, "text": as_html(piece), "parse_mode": "HTML"}
            call = Call("sendMessage", params)
            outbox.add(connection, None, f"{DESK}{self._chat}", call, now)
