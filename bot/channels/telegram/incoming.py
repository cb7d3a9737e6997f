"""What an update says, whatever its kind: the one place that knows the shape of raw updates.

Updates are read as the Bot API sends them (https://core.telegram.org/bots/api#update), not through
a library's classes: a shape that a library can't parse must not stop the others.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from bot.language.script import is_traditional

Update = dict[str, Any]

# The kinds of updates that are asked for; each is handled.
KINDS = ("message", "edited_message", "callback_query", "inline_query", "my_chat_member")

# Language tags of those who read traditional characters (https://www.iana.org/assignments/language-subtag-registry).
TRADITIONAL = frozenset({"zh-hant", "zh-tw", "zh-hk", "zh-mo"})
# What a message can be besides text; the first that is there counts (an animation is a document too).
MEDIA = (
    "animation",
    "audio",
    "checklist",
    "contact",
    "dice",
    "document",
    "location",
    "photo",
    "poll",
    "sticker",
    "story",
    "venue",
    "video",
    "video_note",
    "voice",
)

_place = re.compile(r"(-?\d+)(?::(\d+):-?\d+)?$")  # as `lane_of` writes it
GONE = frozenset({"kicked", "left"})  # statuses of who is not in a chat
GROUPS = frozenset({"group", "supergroup"})  # a channel is neither; nobody asks there

_command = re.compile(r"/([a-z_]+)(?:@(\w+))?(?:\s+(.*))?", re.IGNORECASE | re.DOTALL)


class Kind(StrEnum):
    """What is wanted."""

    TEXT = "text"
    COMMAND = "command"
    BUTTON = "button"
    INLINE = "inline"
    MEDIA = "media"
    JOINED = "joined"
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Incoming:
    """An update, flat.

    Attributes:
        kind: What is wanted.
        chat: Id of the chat to answer in; 0 for an inline query.
        person: Id of who wrote.
        message: Id of the message that was written, or whose button was pressed; 0 without one.
        thread: Id of the forum topic, if any.
        group: Whether others read along.
        named: Whether the bot is named.
        edited: Whether the message was changed after it had been sent.
        command: Name of the command, if it is one.
        text: What was written after it; the data of a button; the text of an inline query.
        query: Id of the callback or inline query to answer.
        traditional: Whether what is said has to be put into traditional characters, as far as can
            be known without a question: by the message under which a button was pressed, or by the
            language that the person's Telegram is set to.
        name: What the person is called.
        answers: Id of the message that this one is a reply to; 0 without one.
        quoted: The text of that message.
        quotes_bot: Whether that message is the bot's own.
        media: What it is, where it is no text: one of the keys of MEDIA; else empty.
        caption: What was written under that.
        moved_to: Id of the supergroup that the chat has become; 0 where it stays what it is.

    """

    kind: Kind
    chat: int = 0
    person: int = 0
    message: int = 0
    thread: int | None = None
    group: bool = False
    named: bool = False
    edited: bool = False
    command: str = ""
    text: str = ""
    query: str = ""
    traditional: bool = False
    name: str = ""
    answers: int = 0
    quoted: str = ""
    quotes_bot: bool = False
    media: str = ""
    caption: str = ""
    moved_to: int = 0


def lane_of(update: Update) -> str:
    """Return the conversation that *update* belongs to; updates of one are handled in order."""
    incoming = read(update, "")
    if not incoming.chat:
        return f"inline:{incoming.person}"
    if not incoming.group:
        return str(incoming.chat)
    return f"{incoming.chat}:{incoming.thread or 0}:{incoming.person}"


def lane_chat(lane: str) -> str:
    """Return what all lanes of a chat begin with: its id, where *lane* is of a chat."""
    return lane.partition(":")[0]


class Place(NamedTuple):
    """Where an answer is expected: a *chat*, and a forum topic of it; 0 for none."""

    chat: int
    thread: int


def lane_place(lane: str) -> Place | None:
    """Return the place that *lane* is of; None when it is of no chat."""
    found = _place.match(lane)
    return Place(int(found[1]), int(found[2] or 0)) if found else None


def read(update: Update, username: str) -> Incoming:
    """Return what *update* says to the bot called *username*."""
    if query := update.get("callback_query"):
        return _button(query)
    if query := update.get("inline_query"):
        return Incoming(
            Kind.INLINE,
            person=query["from"]["id"],
            text=query["query"],
            query=query["id"],
            traditional=is_traditional(query["query"]) or _reads_traditional(query["from"]),
        )
    if change := update.get("my_chat_member"):
        return _membership(change)
    edited = "edited_message" in update
    message = update.get("edited_message") or update.get("message")
    if not message or (message.get("from", {}).get("is_bot") and "sender_chat" not in message):
        return Incoming(Kind.NOTHING)
    return _message(message, username, edited=edited)


def _button(query: dict[str, Any]) -> Incoming:
    message = query.get("message") or {}
    chat = message.get("chat", {})
    return Incoming(
        Kind.BUTTON,
        chat=chat.get("id", 0),
        person=query["from"]["id"],
        message=message.get("message_id", 0),
        thread=message.get("message_thread_id"),
        group=chat.get("type", "private") != "private",
        text=query.get("data", ""),
        query=query["id"],
        traditional=is_traditional(message.get("text", "")),
        name=query["from"].get("first_name", ""),
    )


def _membership(change: dict[str, Any]) -> Incoming:
    chat, status = change["chat"], change["new_chat_member"]["status"]
    group = chat["type"] != "private"
    came = change.get("old_chat_member", {}).get("status", "left") in GONE
    kind = Kind.UNBLOCKED
    if status in GONE:
        kind = Kind.BLOCKED
    elif group:
        kind = Kind.JOINED if came and chat["type"] in GROUPS else Kind.NOTHING
    return Incoming(kind, chat=chat["id"], person=change["from"]["id"], group=group)


def _message(message: dict[str, Any], username: str, *, edited: bool) -> Incoming:
    chat = message["chat"]
    group = chat["type"] != "private"
    text = message.get("text", "")
    # An anonymous administrator writes in the name of the chat, and is shown as a bot.
    writer = message.get("sender_chat") or message.get("from", chat)
    mention = _mention(username)
    found = _command.fullmatch(text)
    ours = found if found and (found[2] or username).lower() == username.lower() else None
    kind, command = Kind.TEXT, ""
    named = bool(ours and ours[2]) or bool(mention.search(text or message.get("caption", "")))
    if ours:
        kind, command, text = Kind.COMMAND, ours[1].lower(), (ours[3] or "").strip()
    elif group and found:
        kind, text = Kind.NOTHING, ""  # what is said to another bot is said to nobody here
    elif group and not (named or _replies_to(message, username)):
        kind = Kind.NOTHING
    elif not text:
        kind = Kind.MEDIA
    answered = message.get("reply_to_message", {})
    return Incoming(
        kind,
        chat=chat["id"],
        person=writer["id"],
        message=message["message_id"],
        thread=message.get("message_thread_id"),
        group=group,
        named=named,
        edited=edited,
        command=command,
        text=mention.sub(" ", text).strip() if named else text,
        # A question says itself in which script it wants its answer.
        traditional=kind in {Kind.COMMAND, Kind.MEDIA}
        and command != "ask"
        and _reads_traditional(message.get("from", {})),
        name=writer.get("first_name", ""),
        answers=answered.get("message_id", 0),
        quoted=answered.get("text", ""),
        quotes_bot=_replies_to(message, username),
        media=next((name for name in MEDIA if name in message), ""),
        caption=message.get("caption", ""),
        moved_to=message.get("migrate_to_chat_id", 0),
    )


def _reads_traditional(person: dict[str, Any]) -> bool:
    return str(person.get("language_code", "")).lower() in TRADITIONAL


def _mention(username: str) -> re.Pattern[str]:
    """Return what finds the bot's name in a text, in any case, but no longer name."""
    return re.compile(rf"(?<!\w)@{re.escape(username)}(?!\w)", re.IGNORECASE | re.ASCII)


def _replies_to(message: dict[str, Any], username: str) -> bool:
    """Tell whether a message is a reply to the bot's."""
    answered = message.get("reply_to_message", {}).get("from", {})
    return bool(username) and answered.get("username") == username
