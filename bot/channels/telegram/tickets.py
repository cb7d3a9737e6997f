"""A person's questions on their way to the operators, and the bot's silence while one answers."""

from datetime import datetime
from typing import Any

from bot.channels.telegram import operator_wording, wording
from bot.channels.telegram.cards import Standing, card
from bot.channels.telegram.incoming import Incoming, Kind
from bot.channels.telegram.occasions import Hotline, Occasion
from bot.channels.telegram.saying import told
from bot.dialogue.conversation import NEW
from bot.messages import Outcome, Part, Reply
from bot.store import outbox, records, relays, takeovers, tickets
from bot.store.masking import masked
from bot.store.outbox import Call
from bot.store.records import DESK
from bot.store.takeovers import Takeover
from bot.store.tickets import OPEN, Asked, Seen, Ticket

MOST_TURNS = 5  # before the question, that a ticket shows
LONGEST_TOPIC = 128  # characters of a forum topic's name (Bot API, createForumTopic)


class Tickets:
    """Carries what people ask to the operators behind *hotline*."""

    def __init__(self, hotline: Hotline) -> None:
        self._hotline = hotline

    def request(self, on: Occasion, incoming: Incoming, asked: int) -> None:
        """Pass what the update *asked* wanted to know on to the operators."""
        ticket = tickets.of_update(on.connection, on.lane, asked)
        if ticket is None:
            on.call(told(incoming, wording.EXPIRED))
        elif ticket.seen:
            on.call(told(incoming, wording.ALREADY_PASSED_ON))
        else:
            on.call(told(incoming, None))
            on.call(_line(on.lane, self._promise(on.now)))
            self._show_first(on, ticket, incoming.name)

    def relay(self, on: Occasion, incoming: Incoming) -> bool:
        """Carry a message to the operator who holds its conversation; False when nobody does."""
        held = takeovers.current(on.connection, on.lane, on.now)
        ticket = tickets.get(on.connection, held.ticket) if held else None
        if ticket is None or ticket.seen is None:
            return False
        if incoming.edited:
            carrier = relays.carrier(on.connection, on.lane, incoming.message)
            if carrier is not None:
                on.call(edited(incoming, self._hotline.chat, DESK + on.lane, carrier))
        else:
            self._copy(on, ticket, ticket.seen, incoming.message)
        return True

    def show(self, on: Occasion, id_: int) -> None:
        """Let the card of a ticket say how it stands."""
        ticket = tickets.get(on.connection, id_)
        if ticket and ticket.seen:
            held = takeovers.current(on.connection, ticket.lane, on.now)
            standing = Standing(
                held=held is not None and held.ticket == id_,
                fates=relays.fates(on.connection, id_),
            )
            shown = card(
                ticket, standing, on.library.of(ticket.asked.kb).base, self._hotline.duty.zone
            )
            params = {"chat_id": ticket.seen.desk, **shown}
            lane = DESK + ticket.lane
            on.call(Call("editMessageText", params, edits=ticket.seen.card, lane=lane))

    def take_over(self, on: Occasion, ticket: Ticket, operator: Incoming) -> None:
        """Let an operator hold the person of *ticket* from now on, and tell the person once."""
        if takeovers.current(on.connection, ticket.lane, on.now) is None:
            text = wording.NOW_HUMAN.format(name=operator.name)
            on.call(_line(ticket.lane, text))
        until = on.now + self._hotline.takeover
        takeovers.hold(on.connection, Takeover(ticket.lane, ticket.id, operator.person, until))

    def tell_forgotten(self, on: Occasion, person: int) -> None:
        """Tell the operators that what they write to a person from now on reaches nobody."""
        ticket = tickets.of_lane(on.connection, self._hotline.chat, str(person))
        if ticket is None or ticket.seen is None:
            return
        params: dict[str, Any] = {
            "chat_id": ticket.seen.desk,
            "text": operator_wording.DELETED.format(id=ticket.id),
        }
        # Where it belongs is looked up now: the calls that know it are forgotten, too.
        if topic := outbox.made(on.connection, ticket.seen.topic):
            params["message_thread_id"] = topic
        if card_ := outbox.made(on.connection, ticket.seen.card):
            params["reply_parameters"] = {
                "message_id": card_,
                "allow_sending_without_reply": True,
            }
        on.call(Call("sendMessage", params, lane=DESK + ticket.lane))

    def give_back(self, on: Occasion, lane: str) -> bool:
        """Give a person back to the bot and tell them; False when nobody held them."""
        held = takeovers.give_back(on.connection, lane)
        if held and not records.blocked(on.connection, lane):
            on.call(_line(lane, wording.NOW_BOT))
        return held

    def _show_first(self, on: Occasion, ticket: Ticket, name: str) -> None:
        """Show a ticket in the forum topic of its person, made if need be; else as a message."""
        desk, lane = self._hotline.chat, DESK + ticket.lane
        topic = tickets.topic_of(on.connection, desk, ticket.lane)
        if topic is None:
            title = operator_wording.TOPIC.format(name=name, id=ticket.id)[:LONGEST_TOPIC]
            made = Call("createForumTopic", {"chat_id": desk, "name": title}, lane=lane)
            topic = on.call(made)
        shown = card(
            ticket, Standing(), on.library.of(ticket.asked.kb).base, self._hotline.duty.zone
        )
        params = {"chat_id": desk, **shown}
        seen = Seen(desk, topic, on.call(Call("sendMessage", params, within=topic, lane=lane)))
        tickets.request(on.connection, ticket.id, seen, on.now)
        if ticket.asked.media:
            self._copy(on, ticket, seen, ticket.asked.message)

    def _copy(self, on: Occasion, ticket: Ticket, seen: Seen, message: int) -> None:
        """Carry a person's message to the operators, whatever it is."""
        params = {"chat_id": seen.desk, "from_chat_id": int(ticket.lane), "message_id": message}
        copy = Call(
            "copyMessage", params, within=seen.topic, under=seen.card, lane=DESK + ticket.lane
        )
        relays.carry(on.connection, ticket.id, relays.PERSON, message, on.call(copy))

    def _promise(self, now: datetime) -> str:
        """Say when to expect an answer."""
        duty = self._hotline.duty
        if duty.is_on(now):
            return wording.PASSED_ON
        start = duty.next_start(now)
        if start is None:
            return wording.PASSED_ON_AWAY
        is_today = start.date() == now.astimezone(duty.zone).date()
        when = (wording.WHEN_TODAY if is_today else wording.WHEN).format(at=start)
        return wording.PASSED_ON_OFF_DUTY.format(when=when)


def note(on: Occasion, incoming: Incoming, reply: Reply | None) -> int | None:
    """Keep what the bot could not answer as a ticket; return that of one the operators see.

    An edited message changes its ticket, or takes it back before operators saw it.
    """
    if on.update_id is None or not incoming.message:
        return None
    standing = (
        tickets.of_message(on.connection, on.lane, incoming.message) if incoming.edited else None
    )
    parts = _unanswered(reply) if reply else ()
    if standing and standing.seen and standing.state == OPEN and reply and not parts:
        parts = reply.parts
    if standing and not parts:
        if standing.seen is None:
            tickets.withdraw(on.connection, standing.id)
    elif standing:
        asked = _asked(on, incoming, reply, parts)
        tickets.reword(on.connection, standing.id, on.update_id, asked)
        return standing.id if standing.seen else None
    elif parts or incoming.kind is Kind.MEDIA:
        asked = _asked(on, incoming, reply, parts)
        tickets.open_(on.connection, on.update_id, on.lane, asked, on.now)
    return None


def edited(incoming: Incoming, chat: int, lane: str, carrier: int) -> Call:
    """Return the call that changes the copy of an edited message, which *carrier* has sent."""
    if incoming.media:
        params = {"chat_id": chat, "caption": incoming.caption}
        return Call("editMessageCaption", params, edits=carrier, lane=lane)
    return Call(
        "editMessageText", {"chat_id": chat, "text": incoming.text}, edits=carrier, lane=lane
    )


def _unanswered(reply: Reply) -> tuple[Part, ...]:
    return tuple(
        part for part in reply.parts if part.outcome is Outcome.ESCALATE and part.utterance
    )


def _asked(on: Occasion, incoming: Incoming, reply: Reply | None, parts: tuple[Part, ...]) -> Asked:
    kb = reply.kb if reply else on.library.version
    question = "\n".join(part.utterance for part in parts)
    if reply is None:
        question = f"{wording.MEDIA[incoming.media]}{incoming.caption}"
    before = records.recent(on.connection, on.lane, MOST_TURNS)
    return Asked(
        message=incoming.message,
        question=question,
        kb=kb,
        turns=tuple(
            operator_wording.TURN.format(
                utterance=turn.utterance, outcome=operator_wording.OUTCOMES[turn.outcome]
            )
            for turn in before
        ),
        candidates=tuple((c.entry, c.confidence) for part in parts for c in part.candidates),
        media=reply is None,
        # What is answered without what was said before it would be told as news.
        lasting=reply is not None
        and all(
            _unanswered(on.library.of(kb).respond(NEW, masked(part.utterance))[1]) for part in parts
        ),
    )


def _line(lane: str, text: str) -> Call:
    return Call("sendMessage", {"chat_id": int(lane), "text": text}, lane=lane)
