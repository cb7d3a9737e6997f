"""An answer that was not written in Telegram: queued for the running bot to send."""

from typing import Any

from bot.channels.telegram import wording
from bot.channels.telegram.formatting import pieces
from bot.channels.telegram.occasions import Occasion
from bot.store import relays, tickets
from bot.store.outbox import Call
from bot.store.tickets import Ticket


def answer(on: Occasion, ticket: Ticket, text: str) -> None:
    """Answer *ticket* with *text*, where it was asked."""
    question = ticket.asked.question.replace("\n", "；")
    for piece in pieces(wording.BY_HAND.format(question=question, text=text)):
        call = Call("sendMessage", {**_place(ticket), "text": piece}, lane=ticket.lane)
        relays.carry(on.connection, ticket.id, relays.OPERATOR, None, on.call(call))
    tickets.answer(on.connection, ticket.id, tickets.BY_HAND, on.now, text)


def _place(ticket: Ticket) -> dict[str, Any]:
    """Return where a ticket was asked: a private chat, or a message in a group (see `lane_of`)."""
    chat, *rest = ticket.lane.split(":")
    if not rest:
        return {"chat_id": int(chat)}
    reply = {"message_id": ticket.asked.message, "allow_sending_without_reply": True}
    thread = {"message_thread_id": int(rest[0])} if int(rest[0]) else {}
    return {"chat_id": int(chat), "reply_parameters": reply, **thread}
