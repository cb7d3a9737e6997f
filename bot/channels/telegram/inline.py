"""What an inline query lists: entries to send into any chat."""

from collections.abc import Iterator
from operator import itemgetter
from typing import Any, Final

from bot.channels.telegram import buttons
from bot.channels.telegram.formatting import as_html, pieces
from bot.channels.telegram.incoming import Incoming
from bot.dialogue.conversation import NEW, Assistant
from bot.dialogue.library import Library
from bot.knowledge.model import Entry
from bot.store.outbox import Call

MOST: Final = 10


def listed(library: Library, incoming: Incoming) -> Call:
    """List the entries that fit an inline query; those of the topics for an empty one."""
    results = [
        result
        for assistant, id_ in list(dict.fromkeys(_found(library, incoming.text)))[:MOST]
        if (result := _result(library, assistant, id_))
    ]
    return Call(
        "answerInlineQuery",
        {"inline_query_id": incoming.query, "results": results, "cache_time": 60},
    )


def _found(library: Library, text: str) -> Iterator[tuple[Assistant, str]]:
    """Yield entries with their assistants: of several, those that fit best first."""
    if not text.strip():
        for assistant in library.assistants.values():
            yield from ((assistant, entry.id) for entry in _first(assistant))
        return
    fitting = [
        (confidence, assistant, entry)
        for assistant in library.among(NEW, text)
        for confidence, entry in _fitting(assistant, text)
    ]
    if not library.only:
        fitting.sort(key=itemgetter(0), reverse=True)
    yield from ((assistant, entry) for _, assistant, entry in fitting)


def _fitting(assistant: Assistant, text: str) -> Iterator[tuple[float, str]]:
    """Yield entries with their confidences: first those about which the bot would ask back."""
    _, reply = assistant.respond(NEW, text)
    best = max(part.confidence for part in reply.parts)
    yield from ((best, choice.entry) for choice in reply.choices)
    yield from ((c.confidence, c.entry) for part in reply.parts for c in part.candidates)


def _first(assistant: Assistant) -> Iterator[Entry]:
    base = assistant.base
    first = base.first_of_topics
    return (entry for entry in base.entries if entry is first[entry.topic])


def _result(library: Library, assistant: Assistant, id_: str) -> dict[str, Any] | None:
    picked = assistant.pick(id_)
    if picked is None:
        return None
    _, reply = picked
    header = assistant.base.header
    result = {
        "type": "article",
        "id": buttons.short(id_, "" if library.only else header.id),
        "title": reply.message,
        "input_message_content": {
            "message_text": as_html(next(pieces(reply.text))),
            "parse_mode": "HTML",
        },
    }
    return result if library.only else result | {"description": header.title}
