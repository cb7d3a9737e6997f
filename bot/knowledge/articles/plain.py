"""Articles as text, copied from a browser: a line is a paragraph."""

from bot.knowledge.articles.arranging import arranged
from bot.knowledge.articles.page import Line, Page


def read_plain(text: str) -> Page | None:
    """Return the article in *text*; None where there is none."""
    return arranged(map(Line, text.splitlines()))
