"""Articles as web pages: trafilatura finds the text among navigation, advertisements and links."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from lxml.etree import _Element
from trafilatura import extract, extract_metadata, load_html
from trafilatura.settings import use_config

from bot.knowledge.articles.arranging import arranged, recommended
from bot.knowledge.articles.markdown import markdown_lines
from bot.knowledge.articles.marks import day_in
from bot.knowledge.articles.page import Line, Page

# Help articles are short: without these, a text below 250 characters is taken for a failure.
SHORT: Final = {"MIN_EXTRACTED_SIZE": "1", "MIN_OUTPUT_SIZE": "1"}
BLOCKS: Final = frozenset(
    {"a", "article", "aside", "br", "dd", "div", "dt", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "li", "main", "nav", "p", "section", "span", "td"}
)  # fmt: skip
UNSEEN: Final = frozenset({"script", "style", "noscript", "template", "head"})


def read_html(text: str) -> Page | None:
    """Return the article in the page *text*; None where there is none."""
    tree = load_html(text)
    if tree is None:
        return None
    lines = list(_lines(tree))
    config = use_config()
    config["DEFAULT"].update(SHORT)
    body = extract(
        text,
        output_format="markdown",
        include_formatting=True,
        include_comments=False,
        config=config,
    )
    known = extract_metadata(text)
    page = arranged(markdown_lines(body or ""), known.title or "")
    if page is None:
        return None
    day = page.date or (day_in(known.date) if known.date else None)
    others = dict.fromkeys((*page.recommended, *recommended(lines)))
    return replace(page, date=day, url=known.url or None, recommended=tuple(others))


def _lines(tree: _Element) -> Iterator[Line]:
    """Yield what a person sees of *tree*, a block a line."""
    pieces: list[str] = []
    for element in tree.iter():
        seen = isinstance(element.tag, str) and element.tag not in UNSEEN
        if element.tag in BLOCKS:
            yield Line("".join(pieces))
            pieces = []
        pieces += [element.text or ""] if seen else []
        if element.tail and element is not tree:
            pieces += ["\n", element.tail]
    yield Line("".join(pieces))
