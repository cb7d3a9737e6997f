"""Articles in Markdown."""

from collections.abc import Iterator
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.knowledge.articles.arranging import arranged
from bot.knowledge.articles.page import BODY, Line, Page

BREAKS: Final = {"softbreak", "hardbreak"}
NUMBERED: Final = "{number}. {text}"


def read_markdown(text: str) -> Page | None:
    """Return the article in *text*; None where there is none."""
    return arranged(markdown_lines(text))


def markdown_lines(text: str) -> Iterator[Line]:
    """Yield the headings, paragraphs and items of *text*, without emphasis, addresses and HTML.

    An item of an ordered list keeps its number before it; a line that was broken begins another,
    as no Chinese text is wrapped within a paragraph.
    """
    level, number = BODY, ""
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        match token.type:
            case "heading_open":
                level = int(token.tag.removeprefix("h"))
            case "heading_close":
                level = BODY
            case "list_item_open":
                number = token.info
            case "inline":
                for line in _words(token).split("\n"):
                    yield Line(NUMBERED.format(number=number, text=line) if number else line, level)
                    number = ""


def _words(token: Token) -> str:
    pieces = (
        "\n" if child.type in BREAKS else child.content
        for child in token.children or ()
        if child.type in {"text", "code_inline", *BREAKS}
    )
    return "".join(pieces)
