"""Lines of a file or a pipe as text; one that is no UTF-8 is told of with its number."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from bot.gbk import seems_gbk

BAD: Final = "第 {number} 行不是 UTF-8 编码的文字，已跳过；请把文件另存为 UTF-8 后重试。"
GBK: Final = (
    "第 {number} 行看起来是 GBK 编码的文字，不是 UTF-8，已跳过；"
    "请先转换：iconv -f gbk -t utf-8 原文件 > 新文件"
)


def in_words(number: int, error: UnicodeDecodeError) -> str:
    """Say what is wrong with the line of that *number*, and how to mend it."""
    return (GBK if seems_gbk(error) else BAD).format(number=number)


def read_lines(lines: Iterable[bytes], tell: Callable[[str], None]) -> Iterator[str]:
    """Yield the text of *lines*; *tell* of those that have none."""
    for number, line in enumerate(lines, 1):
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError as error:
            tell(in_words(number, error))
        else:
            yield text
