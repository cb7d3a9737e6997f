"""Calls that say something to who wrote or pressed."""

from collections.abc import Iterator
from typing import Any

from bot.channels.telegram.formatting import as_html, pieces
from bot.channels.telegram.incoming import Incoming
from bot.store.outbox import Call


def messages(
    incoming: Incoming, text: str, markup: dict[str, Any], edits: int | None = None
) -> Iterator[Call]:
    """Say *text* in as many messages as it takes; the last one has the buttons."""
    parts = list(pieces(text))
    for place, part in enumerate(parts):
        params: dict[str, Any] = {
            "chat_id": incoming.chat,
            "text": as_html(part),
            "parse_mode": "HTML",
        }
        if place == len(parts) - 1:
            params |= markup
        if edits is not None and place == 0:
            yield Call("editMessageText", params, incoming.message, edits)
            continue
        if incoming.group and incoming.message:
            params["reply_parameters"] = {
                "message_id": incoming.message,
                "allow_sending_without_reply": True,
            }
        if incoming.thread:
            params["message_thread_id"] = incoming.thread
        yield Call("sendMessage", params, incoming.message if place == 0 else None)


def told(incoming: Incoming, text: str | None) -> Call:
    """Answer the press of a button, so that Telegram stops showing that it waits."""
    shown = {"text": text} if text else {}
    return Call("answerCallbackQuery", {"callback_query_id": incoming.query, **shown})
