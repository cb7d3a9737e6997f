"""Updates that were kept, to calls that are kept: one transaction each way, exactly once."""

import json
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Final

from sqlalchemy import Connection, Engine

from bot.channels.telegram import metrics
from bot.channels.telegram.incoming import Incoming, Kind, Update, lane_chat, lane_of, read
from bot.channels.telegram.limiting import LIMITED, MINUTE, MOST_A_MINUTE, Limit
from bot.channels.telegram.notices import Notices
from bot.channels.telegram.occasions import Hotline, Occasion
from bot.channels.telegram.operators import Operators
from bot.channels.telegram.planning import Planner
from bot.channels.telegram.plans import Plan
from bot.channels.telegram.scripting import in_traditional
from bot.channels.telegram.tickets import Tickets, note
from bot.dialogue.conversation import NEW, Conversation
from bot.messages import Reply
from bot.store import inbox, mutes, outbox, records, takeovers
from bot.store.forgetting import forget
from bot.store.masking import masked
from bot.store.opening import UNUSABLE

BATCH: Final = 16  # updates in one transaction, which is as long as others wait for the store
# What reading an update of a shape that is not known raises.
UNREADABLE: Final = (KeyError, TypeError, AttributeError)

FAILED: Final = "处理一条消息时程序出错，会再试"
SET_ASIDE: Final = (
    "有一条消息处理不了，试了几次都不行，已经放到一边，发的人没有收到回答；别的消息不受影响 → "
    "请把这一行报告给开发者"
)

log = logging.getLogger(__name__)


class Handler:
    """Keeps updates and handles them.

    *planner* gives the one that plans now, asked once for each update; *clock* tells the time;
    *username* is the bot's own; *hotline* tells of the people behind it, and *folder* holds the
    base of a version, into which they write drafts.
    """

    def __init__(
        self,
        store: Engine,
        planner: Callable[[], Planner],
        clock: Callable[[], datetime],
        username: str,
        *,
        hotline: Hotline | None = None,
        folder: Callable[[str], Path] = Path,
    ) -> None:
        self._store = store
        self._planner = planner
        self._clock = clock
        self._username = username
        self._limit = Limit()
        self._desk = hotline.chat if hotline else None
        self._notices = Notices(store, hotline.chat, clock) if hotline else None
        self._tickets = Tickets(hotline) if hotline else None
        self._operators = (
            Operators(hotline, self._tickets, folder) if hotline and self._tickets else None
        )

    def receive(self, updates: Sequence[Update]) -> int:
        """Keep *updates*; when this returns they survive anything.

        Return how many are to be handled: not those that are too many of one person.
        """
        now = self._clock()
        self._limit.tidy(now)
        received = [inbox.Received(u["update_id"], _lane(u), json.dumps(u)) for u in updates]
        over = {
            one.update_id: one.lane
            for update, one in zip(updates, received, strict=True)
            if self._is_limited(update) and self._limit.is_exceeded(one.lane, one.update_id, now)
        }
        if len(over) < len(received) or self._tickets:
            with self._store.begin() as connection:
                # A conversation that an operator holds is not ours to limit.
                held = {lane for lane in over.values() if takeovers.current(connection, lane, now)}
                over = {id_: lane for id_, lane in over.items() if lane not in held}
                kept = [one for one in received if one.update_id not in over]
                inbox.receive(connection, kept, now)
        metrics.received(len(updates), len(over))
        return len(updates) - len(over)

    def _is_limited(self, update: Update) -> bool:
        """Tell whether *update* counts as asking; what operators write in their chat does not."""
        try:
            incoming = read(update, self._username)
        except UNREADABLE:
            return False
        return incoming.kind in LIMITED and incoming.chat != self._desk

    def handle(self) -> int:
        """Handle a batch of kept updates, and return how many there were.

        One transaction holds them all; where that fails, each is handled in one of its own, so
        that whatever is wrong with one does not stop the others.
        """
        try:
            with self._store.begin() as connection:
                handled = list(self._handle_batch(connection))
                inbox.finish(connection, *(one.update_id for one in handled))
        except UNUSABLE:
            # No update's fault: none must be set aside for a full disk.
            raise
        except Exception:  # noqa: BLE001  # it is told of the update whose fault it is
            return sum(self._handle_alone() for _ in range(BATCH))
        for one in handled:
            one.tell()
        return len(handled)

    def _handle_batch(self, connection: Connection) -> Iterator["_Handled"]:
        for one in inbox.claim(connection, BATCH, self._clock() - MINUTE):
            handled = self._handle(connection, one)
            yield handled
            if handled.plan.forget:
                # Claimed with the rest was what has just been forgotten; it is claimed anew.
                return

    def _handle_alone(self) -> int:
        """Handle the first update that waits, or count its failure; return 0 when none does."""
        with self._store.begin() as connection:
            claimed = inbox.claim(connection, 1, self._clock() - MINUTE)
            told = [self._try(connection, one) for one in claimed]
        for tell in told:
            tell()
        return len(claimed)

    def _try(self, connection: Connection, claimed: inbox.Claimed) -> Callable[[], None]:
        """Handle one update, and return what tells of it; a failed try is counted instead."""
        try:
            with connection.begin_nested():
                handled = self._handle(connection, claimed)
                inbox.finish(connection, claimed.update_id)
                return handled.tell
        except UNUSABLE:
            raise
        except Exception as error:  # noqa: BLE001  # one poisonous update never stops the others
            dead = inbox.fail(connection, claimed.update_id)
            if dead and self._notices:
                self._notices.set_aside(connection, claimed.update_id, error)
            return partial(_tell_failed, claimed.update_id, error, set_aside=dead)

    def _handle(self, connection: Connection, claimed: inbox.Claimed) -> "_Handled":
        began = perf_counter()
        planner = self._planner()
        incoming = read(json.loads(claimed.payload), self._username)
        on = Occasion(connection, claimed.update_id, claimed.lane, self._clock(), planner.library)
        plan = Plan()
        if claimed.blocked and incoming.kind is not Kind.BLOCKED:
            # Whoever blocked the bot can't write to it.
            records.unblock(connection, claimed.lane)
        if not self._is_for_people(on, incoming):
            plan = self._answer(on, incoming, planner, claimed)
        return _Handled(claimed.update_id, incoming.kind, plan, perf_counter() - began)

    def _is_for_people(self, on: Occasion, incoming: Incoming) -> bool:
        """Let operators do what is theirs, and carry to them what is written to one of them."""
        if self._operators and self._operators.handle(on, incoming):
            return True
        spoken = incoming.kind in {Kind.TEXT, Kind.MEDIA} and not incoming.group
        return bool(spoken and self._tickets and self._tickets.relay(on, incoming))

    def _answer(
        self, on: Occasion, incoming: Incoming, planner: Planner, claimed: inbox.Claimed
    ) -> Plan:
        """Let the bot answer, and return what it planned."""
        connection, lane, now = on.connection, on.lane, on.now
        update_id = claimed.update_id
        conversation = _from_text(claimed.conversation) if claimed.conversation else NEW
        if claimed.recent > MOST_A_MINUTE and incoming.kind in LIMITED:
            plan = planner.slower(incoming) if claimed.recent == MOST_A_MINUTE + 1 else Plan()
        else:
            edits = (
                outbox.answer_to(connection, lane, incoming.message) if incoming.edited else None
            )
            plan = planner.plan(incoming, update_id, conversation, edits)
        calls = plan.calls
        if plan.vote and not records.vote(
            connection,
            plan.vote.update_id,
            lane_chat(lane),
            incoming.person,
            now,
            useful=plan.vote.useful,
        ):
            calls = plan.refused
        if incoming.traditional:
            calls = in_traditional(calls)
        self._remember(on, incoming, plan, update_id)
        outbox.keep(connection, update_id, lane, calls, now)
        if plan.human is not None and self._tickets:
            self._tickets.request(on, incoming, plan.human)
        return plan

    def _remember(self, on: Occasion, incoming: Incoming, plan: Plan, update_id: int) -> None:
        """Write down what a plan says of the conversation."""
        connection, lane, now = on.connection, on.lane, on.now
        if plan.forget:
            self._forget(on, incoming.person, update_id)
        if plan.feedback:
            records.opine(connection, update_id, lane, plan.feedback, now)
        if plan.blocked:
            records.block(connection, lane, now)
        if plan.mute is True:
            mutes.mute(connection, lane, now)
        elif plan.mute is False:
            mutes.unmute(connection, lane)
        if plan.reply is not None or plan.media:
            seen = note(on, incoming, plan.reply)
            if seen is not None and self._tickets:
                self._tickets.show(on, seen)
        if plan.after is not None:
            kept = replace(plan.after, asked=masked(plan.after.asked))
            records.remember(connection, lane, json.dumps(asdict(kept)), now)
        if plan.reply is not None:
            records.record(connection, update_id, lane, _turns(plan.reply), now)

    def _forget(self, on: Occasion, person: int, but: int) -> None:
        if self._tickets:
            self._tickets.tell_forgotten(on, person)
        forget(on.connection, person, but)


@dataclass(frozen=True, slots=True)
class _Handled:
    """An update that was handled, in so many *seconds*; only what was committed has happened."""

    update_id: int
    kind: Kind
    plan: Plan
    seconds: float

    def tell(self) -> None:
        """Log and count it."""
        reply = self.plan.reply
        metrics.handled(self.kind, reply, self.seconds)
        log.info(
            "handled",
            extra={
                "update": self.update_id,
                "kind": self.kind,
                "outcome": reply.outcome if reply else "",
                "entries": ",".join(part.entry or "" for part in reply.parts) if reply else "",
            },
        )


def _tell_failed(update_id: int, error: Exception, *, set_aside: bool) -> None:
    """Log and count a failed try, without what a traceback could show of what the person wrote."""
    metrics.failed()
    extra = {"update": update_id, "error": type(error).__name__}
    log.error(SET_ASIDE if set_aside else FAILED, extra=extra)


def _lane(update: Update) -> str:
    try:
        return lane_of(update)
    except UNREADABLE:
        # It can't be read now and will be set aside when it is handled, in a lane of its own.
        return f"unread:{update['update_id']}"


def _turns(reply: Reply) -> list[records.Turn]:
    return [
        records.Turn(part.utterance, part.outcome, part.entry, part.confidence, reply.kb)
        for part in reply.parts
    ]


def _from_text(kept: str) -> Conversation:
    fields = json.loads(kept)
    lists = {name: tuple(fields.get(name, ())) for name in ("pending", "between")}
    return Conversation(**(fields | lists))
