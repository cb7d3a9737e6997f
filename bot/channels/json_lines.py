"""Replies as JSON, one object a line: the fixed form of `kaidian ask --json`."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import IO, Any, BinaryIO

from bot.channels.lines import in_words
from bot.dialogue.conversation import NEW
from bot.dialogue.library import Library
from bot.messages import Reply


def as_json(reply: Reply, **more: str) -> bytes:
    """Return *reply* as one line of JSON; *more* adds keys."""
    fields: dict[str, Any] = {
        "message": reply.message,
        "decision": reply.outcome,
        "parts": [_part(part) for part in asdict(reply)["parts"]],
        "reply": reply.text,
        "choices": [asdict(choice) for choice in reply.choices],
        "kb": reply.kb,
        **more,
    }
    if reply.base or reply.bases:
        fields |= {"base": reply.base or None, "bases": list(reply.bases)}
    # A lone surrogate can't be UTF-8; backslashreplace writes it as JSON's own escape.
    return json.dumps(fields, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"


def answer_lines(library: Library, lines: Iterable[bytes]) -> Iterator[tuple[bytes, str | None]]:
    """Yield one line of JSON for each of *lines*, and what is wrong with the line, if anything.

    Every line is a conversation of its own.
    """
    for number, line in enumerate(lines, 1):
        try:
            message = line.rstrip(b"\r\n").decode("utf-8")
        except UnicodeDecodeError as broken:
            error = in_words(number, broken)
            _, reply = library.respond(NEW, "")
            yield as_json(reply, error=error), error
        else:
            _, reply = library.respond(NEW, message)
            yield as_json(reply), None


def answer_stream(library: Library, source: IO[bytes], sink: BinaryIO, errors: BinaryIO) -> None:
    """Answer each line of *source* on *sink* before the next is read; report bad ones."""
    for line, error in answer_lines(library, iter(source.readline, b"")):
        sink.write(line)
        sink.flush()
        if error:
            errors.write(error.encode() + b"\n")
            errors.flush()


def _part(part: dict[str, Any]) -> dict[str, Any]:
    return {"utterance": part["utterance"], "decision": part["outcome"]} | {
        key: part[key] for key in ("entry", "topic", "confidence", "candidates")
    }
