"""Replies as Telegram shows them: HTML, in pieces that fit into a message."""

import re
from collections.abc import Iterator
from html import escape
from typing import Final

# UTF-16 units of one message (Bot API, sendMessage), less room for the marks that HTML adds.
LONGEST: Final = 3900

_heading = re.compile(r"^【\d+】.*$", re.MULTILINE)
_source = re.compile(r"^（(?:資料|资料)：.*）$", re.MULTILINE)
_paragraph_end = re.compile(r"(?<=\n\n)(?!\n)")
_tag = re.compile(r"</?[bi]>")


def as_html(text: str) -> str:
    """Return *text* as HTML: headings bold, sources in italics, all else as it was written."""
    escaped = escape(text, quote=False)
    escaped = _heading.sub(lambda line: f"<b>{line.group()}</b>", escaped)
    return _source.sub(lambda line: f"<i>{line.group()}</i>", escaped)


def as_plain(html: str) -> str:
    """Return the text that `as_html` was given, for when Telegram can't parse it."""
    bare = _tag.sub("", html)
    return bare.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def pieces(text: str, longest: int = LONGEST) -> Iterator[str]:
    """Yield *text* in pieces of at most *longest* UTF-16 units.

    They are cut between paragraphs, where one is too long between its lines, and where a line is
    too long anywhere.
    """
    piece = ""
    for part in _parts(text, longest):
        if piece and _units(piece + part) > longest:
            yield piece.strip("\n")
            piece = ""
        piece += part
    if piece.strip():
        yield piece.strip("\n")


def _parts(text: str, longest: int) -> Iterator[str]:
    """Yield the paragraphs of *text*, or smaller parts where one is too long."""
    for paragraph in _paragraph_end.split(text):
        if _units(paragraph) <= longest:
            yield paragraph
            continue
        for line in paragraph.splitlines(keepends=True):
            # A character takes at most two units.
            step = longest // 2 if _units(line) > longest else len(line)
            yield from (line[at : at + step] for at in range(0, len(line), step))


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
