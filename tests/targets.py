"""What reads bytes from outside: each target takes any bytes, and fails when it meets a fault of ours.

Mistakes that a person is told of are no fault.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import gettempdir
from typing import Final

from bot.app import Parts, assemble
from bot.channels.telegram import buttons
from bot.channels.telegram.formatting import LONGEST, as_html, as_plain, pieces
from bot.channels.telegram.incoming import lane_of, read
from bot.dialogue.conversation import NEW
from bot.errors import KnowledgeError
from bot.knowledge.articles.reading import read_article
from bot.knowledge.located import read_yaml
from bot.knowledge.reading import read_base
from bot.knowledge.sheets.rows import read_sheet, write_sheet
from bot.language.normalizing import normalize
from bot.settings import shipped
from bot.store.masking import masked
from tests.articles import MARKDOWN, PLAIN

USERNAME: Final = "kaidian_bot"
# Shapes that only an update that nobody can read has; it is set aside when it is handled.
UNREADABLE: Final = (KeyError, TypeError, AttributeError)


@cache
def parts() -> Parts:
    """Return the parts that answer from the shipped base."""
    return assemble(read_base(shipped()), Path(gettempdir()) / "kaidian-fuzzing")


def message(data: bytes) -> None:
    """Answer a message, twice in a conversation, and show the reply."""
    text = data.decode("utf-8", "replace")
    once = normalize(text)
    assert normalize(once) == once
    after, reply = parts().assistant.respond(NEW, text)
    _, again = parts().assistant.respond(after, text)
    assert reply.text
    assert again.text
    masked(text)


def markup(data: bytes) -> None:
    """Show a text as HTML, and as plain text again, in pieces that fit."""
    text = data.decode("utf-8", "replace")
    assert as_plain(as_html(text)) == text
    for piece in pieces(text):
        assert piece
        assert len(piece.encode("utf-16-le")) // 2 <= LONGEST


def yaml(data: bytes) -> None:
    """Read a file of a knowledge base."""
    read_yaml("entries.yaml", data)


def sheet(data: bytes) -> None:
    """Read a sheet that an operator sent back."""
    with suppress(KnowledgeError):
        read_sheet(Path("sheet.csv"), data, {})


def workbook(data: bytes) -> None:
    """Read a workbook that an operator sent back."""
    with suppress(KnowledgeError):
        read_sheet(Path("sheet.xlsx"), data, {})


def article(data: bytes) -> None:
    """Read a help article as text, and as Markdown."""
    for name in ("article.txt", "article.md"):
        with suppress(KnowledgeError):
            read_article(Path(name), data)


def update(data: bytes) -> None:
    """Read an update, and the data of its button."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return
    if not isinstance(value, dict):
        return
    with suppress(*UNREADABLE):
        lane_of(value)
        buttons.read(read(value, USERNAME).text)


def seeds() -> Iterator[bytes]:
    """Yield inputs of each kind to begin from: what is shipped, and an update of each shape."""
    for path in sorted(shipped().rglob("*.yaml")):
        yield path.read_bytes()[:LONGEST]
    entries = read_base(shipped()).entries[:2]
    yield from (write_sheet(Path(name), entries) for name in ("sheet.csv", "sheet.xlsx"))
    yield from (entry.question.encode() for entry in entries)
    yield from (text.encode() for text in (PLAIN, MARKDOWN))
    chat = {"id": -5, "type": "supergroup", "username": USERNAME}
    said = {"message_id": 1, "chat": chat, "from": chat, "text": "/ask 押金", "date": 1}
    asked = {"id": "1", "from": chat, "message": said, "data": "v:1:+", "query": "押金"}
    change = {"chat": chat, "from": chat, "new_chat_member": {"status": "kicked"}}
    for kind, value in (
        ("message", said | {"reply_to_message": said}),
        ("edited_message", said),
        ("callback_query", asked),
        ("inline_query", asked),
        ("my_chat_member", change),
    ):
        yield json.dumps({"update_id": 1, kind: value}).encode()


TARGETS: Final[Mapping[str, Callable[[bytes], None]]] = {
    target.__name__: target for target in (message, markup, yaml, sheet, workbook, article, update)
}
