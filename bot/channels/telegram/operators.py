"""What operators do in their chat: answer, close, give back, look things up, save what was good."""

import logging
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from bot.channels.explaining import explain
from bot.channels.telegram import buttons
from bot.channels.telegram import operator_wording as wording
from bot.channels.telegram import wording as people_wording
from bot.channels.telegram.formatting import pieces
from bot.channels.telegram.incoming import Incoming, Kind
from bot.channels.telegram.occasions import Hotline, Occasion
from bot.channels.telegram.saying import told
from bot.channels.telegram.tickets import Tickets, edited
from bot.desk.drafting import save_draft
from bot.dialogue.conversation import NEW
from bot.errors import KnowledgeError
from bot.knowledge.model import Entry
from bot.store import records, refusals, relays, tickets
from bot.store.masking import masked
from bot.store.outbox import Call
from bot.store.tickets import Ticket

WEEK: Final = timedelta(days=7)
MONTH: Final = timedelta(days=30)
MOST_UNANSWERED: Final = 10
INTERNAL: Final = ("//", "／／")  # in front of what operators say to each other in a person's topic
REFUSED: Final = (
    "用户 {person} 不在 KAIDIAN_OPERATORS 里，他写的没有执行，也没有转给提问的人 → "
    "是值班人员的话，请把编号加进 KAIDIAN_OPERATORS，再重新启动机器人；不是就不用处理"
)

_number = re.compile(r"工单 #(\d{1,18})\b")  # as all that is said of a ticket begins

log = logging.getLogger(__name__)


class Operators:
    """Acts for those behind *hotline*; *folder* tells where the base of a version takes drafts."""

    def __init__(self, hotline: Hotline, carriage: Tickets, folder: Callable[[str], Path]) -> None:
        self._hotline = hotline
        self._tickets = carriage
        self._folder = folder

    def handle(self, on: Occasion, incoming: Incoming) -> bool:
        """Do what *incoming* asks of an operator; False when it is nothing of the kind."""
        here = incoming.chat == self._hotline.chat
        if here and incoming.moved_to:
            self._tell_moved(on, incoming.moved_to)
            return True
        if incoming.kind is Kind.COMMAND and incoming.command in wording.COMMANDS:
            if self._may(on, incoming, here=here):
                self._command(on, incoming)
            return True
        if incoming.kind is Kind.BUTTON:
            return self._press(on, incoming, here=here)
        if not here or incoming.kind not in {Kind.TEXT, Kind.MEDIA, Kind.NOTHING}:
            return False
        ticket = self._ticket(on, incoming)
        if ticket is None:
            return self._tell_deleted(on, incoming)
        # Somebody may also have joined, pinned something, or spoken to another bot.
        said = incoming.text or incoming.caption or incoming.media
        if said and not said.startswith(INTERNAL) and self._may(on, incoming, here=True):
            self._answer(on, incoming, ticket)
        return True

    def _may(self, on: Occasion, incoming: Incoming, *, here: bool) -> bool:
        """Tell whether an operator does this, in the right place; refuse and count it if not."""
        if incoming.person not in self._hotline.operators:
            refusals.refuse(on.connection, incoming.person, on.now)
            log.warning(REFUSED.format(person=incoming.person))
            self._say(on, incoming, wording.NOT_OPERATOR)
            return False
        if not here:
            self._say(on, incoming, wording.ONLY_IN_CHAT)
        return here

    def _ticket(self, on: Occasion, incoming: Incoming) -> Ticket | None:
        """Return the ticket that a message in the operators' chat is about."""
        desk = self._hotline.chat
        about = incoming.message if incoming.edited else incoming.answers
        found = None
        if about:
            carried = relays.ticket_of(on.connection, desk, about)
            found = tickets.of_card(on.connection, desk, about) or (
                tickets.get(on.connection, carried) if carried else None
            )
        if found is None and incoming.thread:
            found = tickets.of_topic(on.connection, desk, incoming.thread)
        return found or self._named(on, incoming)

    def _named(self, on: Occasion, incoming: Incoming) -> Ticket | None:
        """Return the ticket that the bot's own message names to which this one is a reply.

        A card that was sent just before the bot was killed is sent again, and only the id of the
        second is known; but operators may reply to the first.
        """
        number = _named(incoming)
        ticket = tickets.get(on.connection, number) if number else None
        is_here = ticket and ticket.seen and ticket.seen.desk == self._hotline.chat
        return ticket if is_here else None

    def _tell_moved(self, on: Occasion, chat: int) -> None:
        """Say, where they are now, that the operators' chat has another id than the one set."""
        text = wording.MOVED.format(chat=chat)
        log.error(text)
        on.call(Call("sendMessage", {"chat_id": chat, "text": text}))

    def _tell_deleted(self, on: Occasion, incoming: Incoming) -> bool:
        """Say that the ticket to which a message replies is no more; False when there is none."""
        number = _named(incoming)
        if number is None or tickets.get(on.connection, number):
            return False
        self._say(on, incoming, wording.DELETED.format(id=number))
        return True

    def _answer(self, on: Occasion, incoming: Incoming, ticket: Ticket) -> None:
        """Carry an operator's message to the person of *ticket*, and to nobody else."""
        if incoming.edited:
            carrier = relays.operators_carrier(on.connection, self._hotline.chat, incoming.message)
            if carrier is not None:
                on.call(edited(incoming, int(ticket.lane), ticket.lane, carrier))
        elif records.blocked(on.connection, ticket.lane):
            self._say(on, incoming, wording.NOT_BLOCKED_YET)
        else:
            self._tickets.take_over(on, ticket, incoming)
            params = {
                "chat_id": int(ticket.lane),
                "from_chat_id": incoming.chat,
                "message_id": incoming.message,
            }
            copy = on.call(Call("copyMessage", params, lane=ticket.lane))
            relays.carry(on.connection, ticket.id, relays.OPERATOR, incoming.message, copy)
            # Its card says so once the fate of the copy is known: a group takes 20 calls a minute.
            tickets.answer(on.connection, ticket.id, incoming.person, on.now, incoming.text)

    def _press(self, on: Occasion, incoming: Incoming, *, here: bool) -> bool:
        pressed = buttons.read(incoming.text)
        if pressed is None or pressed.verb != buttons.TICKET:
            return False
        if not here or incoming.person not in self._hotline.operators:
            refusals.refuse(on.connection, incoming.person, on.now)
            on.call(told(incoming, wording.NOT_OPERATOR))
            return True
        ticket = (
            tickets.get(on.connection, int(pressed.about)) if pressed.about.isdecimal() else None
        )
        if ticket is None:
            on.call(told(incoming, people_wording.EXPIRED))
        elif pressed.how == buttons.BACK:
            on.call(told(incoming, self._done(on, ticket)))
        else:
            on.call(told(incoming, self._close(on, ticket)))
        return True

    def _command(self, on: Occasion, incoming: Incoming) -> None:
        match incoming.command:
            case "stats":
                self._say(on, incoming, self._stats(on))
            case "unanswered":
                self._say(on, incoming, _unanswered(on))
            case command:
                ticket = self._ticket(on, incoming)
                if ticket is None:
                    self._say(on, incoming, wording.WHICH_TICKET)
                else:
                    self._say(on, incoming, self._about(on, incoming, command, ticket))

    def _about(self, on: Occasion, incoming: Incoming, command: str, ticket: Ticket) -> str:
        """Do what a command wants of *ticket*, and return what is to be said of it."""
        match command:
            case "close":
                return self._close(on, ticket)
            case "done":
                return self._done(on, ticket)
            case "draft":
                return self._draft(on, incoming, ticket)
            case "phrasing":
                return self._phrasing(on, incoming, ticket)
            case _:
                return explain(on.library, NEW, ticket.asked.question)

    def _close(self, on: Occasion, ticket: Ticket) -> str:
        tickets.close(on.connection, ticket.id)
        self._tickets.give_back(on, ticket.lane)
        self._tickets.show(on, ticket.id)
        return wording.CLOSED.format(id=ticket.id)

    def _done(self, on: Occasion, ticket: Ticket) -> str:
        if not self._tickets.give_back(on, ticket.lane):
            return wording.NOT_HELD
        tickets.close(on.connection, ticket.id)
        self._tickets.show(on, ticket.id)
        return wording.GIVEN_BACK.format(id=ticket.id)

    def _draft(self, on: Occasion, incoming: Incoming, ticket: Ticket) -> str:
        """Save the operators' answer that a command replies to as a draft."""
        answer = masked(incoming.quoted).strip()
        if (
            not answer
            or relays.operators_carrier(on.connection, self._hotline.chat, incoming.answers) is None
        ):
            return wording.DRAFT_WHAT
        question, *others = ticket.asked.question.split("\n")
        return self._saved(
            ticket,
            Entry(
                id=f"ticket-{ticket.id}",
                question=question,
                phrasings=tuple(others),
                answer=answer,
                draft=True,
            ),
        )

    def _phrasing(self, on: Occasion, incoming: Incoming, ticket: Ticket) -> str:
        """Save the question of *ticket* as a draft that proposes it as a phrasing of an entry."""
        if not incoming.text:
            return wording.PHRASING_WHAT
        entry = on.library.of(ticket.asked.kb).base.by_id.get(incoming.text)
        if entry is None:
            return wording.PHRASING_UNKNOWN.format(entry=incoming.text)
        return self._saved(
            ticket,
            Entry(
                id=f"phrasing-{ticket.id}",
                topic=entry.topic,
                question=ticket.asked.question.split("\n")[0],
                answer=wording.PHRASING_DRAFT.format(entry=entry.id, question=entry.question),
                related=(entry.id,),
                draft=True,
            ),
        )

    def _saved(self, ticket: Ticket, draft: Entry) -> str:
        try:
            save_draft(self._folder(ticket.asked.kb), draft)
        except KnowledgeError as error:
            return wording.NOT_SAVED.format(reason=error)
        return wording.DRAFTED.format(entry=draft.id)

    def _stats(self, on: Occasion) -> str:
        local = on.now.astimezone(self._hotline.duty.zone)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        counts = dict(_counts(on, "today", midnight)) | dict(_counts(on, "week", on.now - WEEK))
        return wording.STATS.format(
            **counts, refused=refusals.refused(on.connection, on.now - WEEK)
        )

    def _say(self, on: Occasion, incoming: Incoming, text: str) -> None:
        """Answer a message in its chat, as a reply."""
        for piece in pieces(text):
            params = {
                "chat_id": incoming.chat,
                "text": piece,
                "reply_parameters": {
                    "message_id": incoming.message,
                    "allow_sending_without_reply": True,
                },
            }
            if incoming.thread:
                params["message_thread_id"] = incoming.thread
            on.call(Call("sendMessage", params))


def _named(incoming: Incoming) -> int | None:
    """Return the number of the ticket that the bot's message is about to which this is a reply."""
    named = _number.match(incoming.quoted) if incoming.quotes_bot else None
    return int(named[1]) if named else None


def _counts(on: Occasion, span: str, since: datetime) -> Iterator[tuple[str, int]]:
    outcomes = records.outcomes(on.connection, since)
    states = tickets.counted(on.connection, since)
    yield f"{span}_asked", sum(outcomes.values())
    for outcome in ("answer", "clarify", "escalate"):
        yield f"{span}_{outcome}", outcomes.get(outcome, 0)
    yield f"{span}_requested", sum(states.values())
    for state in (tickets.OPEN, tickets.ANSWERED):
        yield f"{span}_{state}", states.get(state, 0)


def _unanswered(on: Occasion) -> str:
    found = tickets.unanswered(on.connection, on.now - MONTH, MOST_UNANSWERED)
    if not found:
        return wording.NONE_UNANSWERED
    lines = [
        wording.UNANSWERED_LINE.format(question=question, people=people)
        for question, people in found
    ]
    return wording.UNANSWERED.format(questions="\n".join(lines))
