"""Replies as Telegram shows them: HTML, in pieces that fit into a message."""

import re
from collections.abc import Iterator
from html import escape
from typing import Final

# UTF-16 units of one message (Bot API, sendMessage), less room for the marks that HTML adds.
LONGEST: Final = 3900

_heading = re.compile(r"^【\d+】.*$", re.MULTILINE)
_source = re.compile(r"^（(?:資料|资料)：.*）$", re.MULTILINE)
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
    """Yield *text* in pieces of at most *longest* UTF-16 units, cut at lines where there are any."""
    piece = ""
    for line in text.splitlines(keepends=True):
        rest = line
        if piece and _units(piece + rest) > longest:
            yield piece.strip("\n")
            piece = ""
        while _units(rest) > longest:
            # A character takes at most two units.
            yield rest[: longest // 2]
            rest = rest[longest // 2 :]
        piece += rest
    if piece.strip():
        yield piece.strip("\n")


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
