"""Updates that were kept, to calls that are kept: one transaction each way, exactly once."""

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import partial
from time import perf_counter
from typing import Final

from sqlalchemy import Connection, Engine

from bot.channels.telegram import metrics
from bot.channels.telegram.incoming import Kind, Update, lane_of, read
from bot.channels.telegram.planning import Plan, Planner
from bot.channels.telegram.scripting import in_traditional
from bot.dialogue.conversation import NEW, Conversation
from bot.messages import Reply
from bot.store import inbox, outbox, records
from bot.store.forgetting import forget
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
            counted = [self._try(connection, received) for received in claimed]
        # Only what was committed has happened.
        for count in counted:
            count()
        return len(claimed)

    def _try(self, connection: Connection, received: inbox.Received) -> Callable[[], None]:
        """Handle one update, and return what counts it.

        Whatever is wrong with it must not stop the others.
        """
        began = perf_counter()
        try:
            with connection.begin_nested():
                kind, reply = self._handle(connection, received)
                inbox.finish(connection, received.update_id)
        except UNUSABLE:
            # Not the update's fault: it must not be set aside for a full disk.
            raise
        except Exception as error:  # noqa: BLE001  # one poisonous update never stops the others
            dead = inbox.fail(connection, received.update_id)
            log.error(  # noqa: TRY400  # a traceback could show what the person wrote
                "failed",
                extra={
                    "update": received.update_id,
                    "error": type(error).__name__,
                    "set_aside": dead,
                },
            )
            return metrics.failed
        return partial(metrics.handled, kind, reply, perf_counter() - began)

    def _handle(
        self, connection: Connection, received: inbox.Received
    ) -> tuple[Kind, Reply | None]:
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
        if incoming.traditional:
            calls = in_traditional(calls)
        if plan.forget:
            forget(connection, incoming.person, but=update_id)
        if plan.feedback:
            records.opine(connection, update_id, lane, plan.feedback, now)
        if plan.blocked:
            records.block(connection, lane, now)
        else:
            # Whoever blocked the bot can't write to it.
            records.unblock(connection, lane)
        if plan.after is not None:
            records.remember(connection, lane, json.dumps(asdict(plan.after)), now)
        if plan.reply is not None:
            records.record(connection, update_id, lane, _turns(plan.reply), now)
        outbox.keep(connection, update_id, lane, calls, now)
        log.info(
            "handled",
            extra={
                "update": update_id,
                "kind": incoming.kind,
                "calls": len(calls),
                "outcome": plan.reply.outcome if plan.reply else "",
                "entries": ",".join(part.entry or "" for part in plan.reply.parts)
                if plan.reply
                else "",
            },
        )
        return incoming.kind, plan.reply


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
