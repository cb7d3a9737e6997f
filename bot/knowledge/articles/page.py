"""What an article says, free of the page around it and of the format it came in."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

# Control characters, halves of characters, and what is no character: no YAML file can hold them.
_unfit = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]+")
_blank = re.compile(r"\s+")
BODY: Final = 0


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph or a heading of a page; *level* is that of the heading, from 1, else BODY."""

    text: str
    level: int = BODY


@dataclass(frozen=True, slots=True)
class Part:
    """A step or a matter of its own; *title* is empty where a *numbered* item has none."""

    title: str
    text: str
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one *heading* (empty before the first), in order.

    Attributes:
        heading: Without its number.
        numbered: Whether it had one.
        parts: What has a title of its own, or a number.
        paragraphs: The rest.

    """

    heading: str
    numbered: bool = False
    parts: tuple[Part, ...] = ()
    paragraphs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """An article.

    Attributes:
        title: Its title.
        date: The day that the page gives for it, if it gives one.
        sections: Its text.
        recommended: Titles of other articles that the page points to.
        url: Its address, if the page names it.

    """

    title: str
    date: date | None
    sections: tuple[Section, ...]
    recommended: tuple[str, ...]
    url: str | None = None


def tidy(text: str) -> str:
    """Return *text* in one line, without characters that no knowledge base can hold."""
    return _blank.sub(" ", _unfit.sub(" ", text)).strip()
