"""Reading the file of an article."""

from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Final

from bot.errors import KnowledgeError, MissingExtraError, Mistake
from bot.knowledge.articles.markdown import read_markdown
from bot.knowledge.articles.page import Page
from bot.knowledge.articles.plain import read_plain

LARGEST: Final = 8 * 2**20  # bytes; saved pages of articles have some 100,000
EXTRA: Final = "读网页需要 trafilatura，请先安装：pip install 'kaidian[articles]'；或者把网页上的文字复制到 .txt 文件里"
AGAIN: Final = "请把文章另存为 UTF-8 编码的 .txt、.md 或 .html 文件，再试一次"
COPY: Final = "请把标题和正文一起复制下来，标题单独占一行"


def _read_html(text: str) -> Page | None:
    # Only this format needs the extra, and its library takes half a second to import.
    try:
        html = import_module("bot.knowledge.articles.html")
    except ModuleNotFoundError as error:
        raise MissingExtraError(EXTRA) from error
    page: Page | None = html.read_html(text)
    return page


READERS: Final[dict[str, Callable[[str], Page | None]]] = {
    ".txt": read_plain,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": _read_html,
    ".htm": _read_html,
}


def read_article(path: Path, data: bytes) -> Page:
    """Return the article that the bytes *data* of the file *path* hold.

    Raises:
        KnowledgeError: when it is no text in UTF-8 or GB18030, or no article is found in it.
        MissingExtraError: when it is a web page, and the library for that is not installed.

    """
    page = READERS[path.suffix.lower()](_text(path, data))
    if page is None:
        raise _unreadable(path, "里面没有找到文章（要有一行标题和它下面的正文）", COPY)
    return page


def _text(path: Path, data: bytes) -> str:
    if len(data) > LARGEST:
        raise _unreadable(path, f"有 {len(data)} 字节，大得不像一篇文章", AGAIN)
    if b"\0" in data:
        raise _unreadable(path, "不是文字文件", AGAIN)
    text = _decoded(data)
    if text is None:
        raise _unreadable(path, "文字编码既不是 UTF-8 也不是 GB18030", AGAIN)
    if not text.strip():
        raise _unreadable(path, "是空的", COPY)
    return text


def _decoded(data: bytes) -> str | None:
    for encoding in ("utf-8-sig", "gb18030"):
        with suppress(UnicodeDecodeError):
            return data.decode(encoding)
    return None


def _unreadable(path: Path, problem: str, mend: str) -> KnowledgeError:
    return KnowledgeError([Mistake(str(path), 0, problem, mend)])
