"""What falls due without an update: marks of delivery, ends of take-overs, reminders, news."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Engine

from bot.channels.telegram import buttons, operator_wording, wording
from bot.channels.telegram.formatting import as_html, pieces
from bot.channels.telegram.notices import Notices
from bot.channels.telegram.occasions import Hotline, Occasion
from bot.channels.telegram.tickets import Tickets
from bot.dialogue.conversation import NEW
from bot.dialogue.library import Library
from bot.messages import Outcome, Reply
from bot.store import mutes, records, relays, takeovers, tickets
from bot.store.outbox import Call
from bot.store.records import DESK
from bot.store.relays import DELIVERED, Settled
from bot.store.tickets import Ticket

REMIND_AFTER: Final = timedelta(minutes=30)  # without an answer, while somebody is on duty
RISE_AFTER: Final = timedelta(hours=1)  # after the reminder
NEWS_FOR: Final = timedelta(days=30)  # who asked longer ago has found the answer or given up
AT_ONCE: Final = 20  # tickets of one kind in a round, so that a round is short


class Rounds:
    """Does in *store* what *clock* says is due; without a *hotline*, only what needs none."""

    def __init__(
        self,
        store: Engine,
        library: Callable[[], Library],
        clock: Callable[[], datetime],
        hotline: Hotline | None,
    ) -> None:
        self._store = store
        self._library = library
        self._clock = clock
        self._hotline = hotline
        self._tickets = Tickets(hotline) if hotline else None
        self._notices = Notices(store, hotline.chat, clock) if hotline else None

    def make(self) -> None:
        """Make a round: one transaction, so that what is done is done once."""
        with self._store.begin() as connection:
            on = Occasion(connection, None, "", self._clock(), self._library())
            self._news(on)
            self._settled(on)
            if self._hotline and self._tickets:
                self._ended(on, self._tickets)
                if self._hotline.duty.is_on(on.now):
                    self._reminded(on, self._hotline)
                    self._overdue(on)

    def _ended(self, on: Occasion, carriage: Tickets) -> None:
        """Give people back to the bot whose operator has gone."""
        for held in takeovers.ended(on.connection, on.now):
            ticket = tickets.get(on.connection, held.ticket)
            carriage.give_back(on, held.lane)
            if ticket:
                carriage.show(on, ticket.id)
                on.call(_under(ticket, operator_wording.ENDED.format(id=ticket.id)))

    def _settled(self, on: Occasion) -> None:
        """Show operators what became of their replies."""
        settled = relays.settle(on.connection)
        if self._tickets is None:
            return
        for id_ in dict.fromkeys(one.ticket for one in settled):
            self._tickets.show(on, id_)
        for one in settled:
            ticket = tickets.get(on.connection, one.ticket)
            if one.fate != DELIVERED and ticket and ticket.seen:
                on.call(_missed(one, ticket))

    def _reminded(self, on: Occasion, hotline: Hotline) -> None:
        """Remind of tickets that wait: once quietly, then by naming everybody."""
        for ticket in tickets.due(on.connection, 1, on.now - RISE_AFTER, AT_ONCE):
            mentions = " ".join(
                operator_wording.MENTION.format(id=id_) for id_ in sorted(hotline.operators)
            )
            text = operator_wording.RISEN.format(id=ticket.id, mentions=mentions)
            on.call(_under(ticket, text))
            tickets.remind(on.connection, ticket.id, on.now)
        for ticket in tickets.due(on.connection, 0, on.now - REMIND_AFTER, AT_ONCE):
            on.call(_under(ticket, operator_wording.REMINDER.format(id=ticket.id)))
            tickets.remind(on.connection, ticket.id, on.now)

    def _overdue(self, on: Occasion) -> None:
        """Tell the operators, once a week, which answers must be reviewed."""
        if self._notices:
            for base in on.library.bases:
                self._notices.weekly(on.connection, base)

    def _news(self, on: Occasion) -> None:
        """Tell people once what they asked in vain and the base has come to know."""
        kb = on.library.version
        told: set[int] = set()
        for ticket in tickets.unchecked(on.connection, kb, on.now - NEWS_FOR, AT_ONCE):
            if ticket.id in told:
                continue
            replies = [
                on.library.of(ticket.asked.kb).respond(NEW, question)[1]
                for question in ticket.asked.question.split("\n")
            ]
            if all(reply.outcome is Outcome.ANSWER for reply in replies):
                told.update(self._tell(on, ticket, replies))
            else:
                tickets.check(on.connection, ticket.id, kb)

    def _tell(self, on: Occasion, ticket: Ticket, replies: list[Reply]) -> list[int]:
        """Tell the answer to who asked *ticket*, and return all tickets that it settles."""
        same = tickets.same(on.connection, ticket)
        for one in same:
            tickets.answer(on.connection, one.id, None, on.now)
            if self._tickets:
                self._tickets.show(on, one.id)
        if _may_tell(on, ticket.lane):
            answer = "\n\n".join(reply.text for reply in replies)
            question = ticket.asked.question.replace("\n", "；")
            _say(on, ticket.lane, wording.TOLD.format(question=question, text=answer))
        return [one.id for one in same]


def _may_tell(on: Occasion, lane: str) -> bool:
    """Tell whether news may be sent: to a private chat that can be reached and wants them."""
    return (
        lane.isdecimal()
        and not records.blocked(on.connection, lane)
        and not mutes.muted(on.connection, lane)
        and takeovers.current(on.connection, lane, on.now) is None
    )


def _say(on: Occasion, lane: str, news: str) -> None:
    """Tell a person *news*, in as many messages as it takes, and how to hear no more."""
    *first, last = pieces(news)
    for text, markup in [
        *((text, {}) for text in first),
        (last, buttons.keyboard([buttons.mute()])),
    ]:
        params = {"chat_id": int(lane), "text": as_html(text), "parse_mode": "HTML", **markup}
        on.call(Call("sendMessage", params, lane=lane))


def _under(ticket: Ticket, text: str) -> Call:
    """Say something about a ticket to the operators, as a reply to its card."""
    seen = ticket.seen
    return Call(
        "sendMessage",
        {"chat_id": seen.desk if seen else 0, "text": text, "parse_mode": "HTML"},
        within=seen.topic if seen else None,
        under=seen.card if seen else None,
        lane=DESK + ticket.lane,
    )


def _missed(one: Settled, ticket: Ticket) -> Call:
    """Say that a message did not arrive, as a reply to it where it stands in the chat."""
    said = _under(ticket, operator_wording.NOT_DELIVERED[one.fate])
    if one.message is None:
        return said
    reply = {"message_id": one.message, "allow_sending_without_reply": True}
    return replace(said, under=None, params={**said.params, "reply_parameters": reply})
