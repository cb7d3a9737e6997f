"""Remarks that mean something only after what was said before: numbers, steps, more."""

import re

DIGITS = {digit: number for number, digit in enumerate("零一二三四五六七八九十")} | {"两": 2}

_number = re.compile(r"^(?:选|我选|要|第)?(\d{1,2}|[一二两三四五六七八九十])(?:个|号|条|项)?[吧呢啊.!]?$")
_step = re.compile(r"^(?:那|那么)?第(\d{1,2}|[一二两三四五六七八九十])步.{0,8}$")

NEXT = frozenset(
    "下一步 下一步呢 下一步怎么弄 下一步做什么 下一步干嘛 然后呢 接着呢 接下来呢 接下来 继续 后面呢 再然后 "
    "再然后呢 之后呢 下步 还有呢".split()
)
PREVIOUS = frozenset("上一步 上一步呢 前一步 返回上一步 退回上一步 回上一步 上步".split())
MORE = frozenset("还有呢 还有吗 还有什么 还有别的吗 其他呢 别的呢 还有啥 还有其他的吗".split())


def asked_number(text: str) -> int | None:
    """Return the number that *text* is, as 2, 第二个 or 选2; None when it is something else."""
    found = _number.match(text)
    return _read(found[1]) if found else None


def asked_step(text: str, shown: int) -> int | None:
    """Return the number of the step that *text* asks for after step *shown*, else None."""
    bare = text.strip(" ?!,;")
    if bare in NEXT:
        return shown + 1
    if bare in PREVIOUS:
        return shown - 1
    found = _step.match(bare)
    return _read(found[1]) if found else None


def asks_for_more(text: str) -> bool:
    """Tell whether *text* asks for more on the same subject."""
    return text.strip(" ?!,;") in MORE


def _read(digits: str) -> int:
    return int(digits) if digits.isdecimal() else DIGITS[digits]
