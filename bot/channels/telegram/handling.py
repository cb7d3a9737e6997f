"""Updates that were kept, to calls that are kept: one transaction each way, exactly once."""

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, Engine

from bot.channels.telegram.incoming import Kind, Update, lane_of, read
from bot.channels.telegram.planning import Plan, Planner
from bot.dialogue.conversation import NEW, Conversation
from bot.messages import Reply
from bot.store import inbox, outbox, records
from bot.store.opening import UNUSABLE

BATCH: Final = 32  # updates in one transaction
# A person who asks more in a minute is told once to slow down, then waits for the minute to pass.
MOST_A_MINUTE: Final = 20
MINUTE: Final = timedelta(minutes=1)

log = logging.getLogger(__name__)


class Handler:
    """Keeps updates and handles them.

    *planner* gives the one that plans now, asked once for each update; *clock* tells the time;
    *username* is the bot's own.
    """

    def __init__(
        self,
        store: Engine,
        planner: Callable[[], Planner],
        clock: Callable[[], datetime],
        username: str,
    ) -> None:
        self._store = store
        self._planner = planner
        self._clock = clock
        self._username = username

    def receive(self, updates: Sequence[Update]) -> None:
        """Keep *updates*; when this returns they survive anything."""
        with self._store.begin() as connection:
            inbox.receive(connection, map(_received, updates), self._clock())

    def handle(self) -> int:
        """Handle a batch of kept updates, and return how many there were."""
        with self._store.begin() as connection:
            claimed = inbox.claim(connection, BATCH)
            handled = [one.update_id for one in claimed if self._try(connection, one)]
            if handled:
                inbox.finish(connection, handled)
        return len(claimed)

    def _try(self, connection: Connection, received: inbox.Received) -> bool:
        """Handle one update, and tell whether it could be; it must not stop the others."""
        try:
            with connection.begin_nested():
                self._handle(connection, received)
        except UNUSABLE:
            # Not the update's fault: it must not be set aside for a full disk.
            raise
        except Exception as error:  # noqa: BLE001  # one poisonous update never stops the others
            dead = inbox.fail(connection, received.update_id)
            log.error(  # noqa: TRY400  # a traceback could show what the person wrote
                "update %d failed with %s%s",
                received.update_id,
                type(error).__name__,
                ", set aside" if dead else "",
            )
            return False
        return True

    def _handle(self, connection: Connection, received: inbox.Received) -> None:
        now, lane, update_id = self._clock(), received.lane, received.update_id
        planner = self._planner()
        incoming = read(json.loads(received.payload), self._username)
        kept = records.conversation(connection, lane)
        conversation = _from_text(kept) if kept else NEW
        asked = inbox.recent(connection, lane, now - MINUTE, update_id)
        if asked > MOST_A_MINUTE and incoming.kind in {Kind.TEXT, Kind.MEDIA, Kind.COMMAND}:
            plan = planner.slower(incoming) if asked == MOST_A_MINUTE + 1 else Plan()
        else:
            edits = (
                outbox.answer_to(connection, lane, incoming.message) if incoming.edited else None
            )
            plan = planner.plan(incoming, update_id, conversation, edits)
        calls = plan.calls
        if plan.vote and not records.vote(
            connection, plan.vote.update_id, lane, incoming.person, now, useful=plan.vote.useful
        ):
            calls = plan.refused
        if plan.forget:
            records.forget(connection, lane, but=update_id)
        if plan.blocked is True:
            records.block(connection, lane, now)
        elif plan.blocked is False:
            records.unblock(connection, lane)
        if plan.after is not None:
            records.remember(connection, lane, json.dumps(asdict(plan.after)), now)
        if plan.reply is not None:
            records.record(connection, update_id, lane, _turns(plan.reply), now)
        outbox.keep(connection, update_id, lane, calls, now)
        log.info("update %d %s handled, %d calls", update_id, incoming.kind, len(calls))


def _received(update: Update) -> inbox.Received:
    try:
        lane = lane_of(update)
    except (KeyError, TypeError, AttributeError):
        # It can't be read now and will be set aside when it is handled, in a lane of its own.
        lane = f"unread:{update['update_id']}"
    return inbox.Received(update["update_id"], lane, json.dumps(update))


def _turns(reply: Reply) -> list[records.Turn]:
    return [
        records.Turn(part.utterance, part.outcome, part.entry, part.confidence, reply.kb)
        for part in reply.parts
    ]


def _from_text(kept: str) -> Conversation:
    fields = json.loads(kept)
    return Conversation(fields["entry"], fields["step"], tuple(fields["pending"]))
