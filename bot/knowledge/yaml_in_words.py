"""What libyaml says of a mistake, as an operator who never heard of YAML needs to know it."""

from dataclasses import dataclass
from typing import Final

import yaml


@dataclass(frozen=True, slots=True)
class _Fault:
    """A *problem*, its *mend*, and whether it stands where what it broke off began, not where it ended."""

    problem: str
    mend: str
    at_beginning: bool = False


WRONG: Final = "YAML 写法有误：{problem}"
QUOTE: Final = "请用英文双引号把整段文字括起来"
# The problems of libyaml 0.2.5 (src/scanner.c, src/parser.c) that slips of the hand lead to.
FAULTS: Final = {
    "could not find expected ':'": _Fault(
        "这一行没有冒号，也没有接着上面的文字",
        "请写成“键: 值”，用英文冒号，后面空一格；如果是上面文字的下一行，请缩进到和它一样；"
        "是列表的一项，请以“- ”开头，减号后面空一格",
        at_beginning=True,
    ),
    "mapping values are not allowed in this context": _Fault(
        "这里不能再有“: ”，或者缩进和上面的键不一样",
        f"文字里有英文冒号的，{QUOTE}；是键的，请和上面的键左边对齐",
    ),
    "did not find expected key": _Fault(
        "这一行的键和上面的没有对齐，或者引号后面还有文字",
        "请让同一个条目的键左边对齐；文字里有英文双引号的，请改成中文引号",
    ),
    "did not find expected '-' indicator": _Fault(
        "这一行和上面的列表没有对齐", "请以“- ”开头，并和上面的“- ”左边对齐"
    ),
    "found a tab character that violates indentation": _Fault(
        "行首用了制表符（Tab 键）", "请改成空格"
    ),
    "found a tab character where an indentation space is expected": _Fault(
        "行首用了制表符（Tab 键）", "请改成空格"
    ),
    "found character that cannot start any token": _Fault("文字不能以 %、@、` 或制表符开头", QUOTE),
    "did not find expected alphabetic or numeric character": _Fault(
        "文字不能以 * 或 & 开头", QUOTE
    ),
    "did not find expected whitespace or line break": _Fault("文字不能以 ! 开头", QUOTE),
    "found unexpected end of stream": _Fault(
        "从这一行开始的引号没有成对", "请在这段文字的末尾补上引号", at_beginning=True
    ),
    "did not find expected ',' or ']'": _Fault(
        "从这一行开始的 [ 没有成对，或者少了逗号",
        "请在末尾补上 ] ，各项之间用英文逗号隔开",
        at_beginning=True,
    ),
    "did not find expected ',' or '}'": _Fault(
        "从这一行开始的 { 没有成对，或者少了逗号",
        "请在末尾补上 } ，各项之间用英文逗号隔开",
        at_beginning=True,
    ),
    "did not find expected node content": _Fault(
        "方括号或花括号里少了内容，或者没有成对", "请补上内容和右边的括号"
    ),
    "found unknown escape character": _Fault(
        "双引号里的反斜杠（\\）用法不对", "请写成两个反斜杠，或把双引号改成单引号"
    ),
}


def yaml_in_words(error: yaml.MarkedYAMLError) -> tuple[int, str, str]:
    """Return the line of *error* (0 where it has none), what is wrong in Chinese, and how to mend it."""
    fault = FAULTS.get(error.problem or "")
    if fault is None:
        fault = _Fault(
            error.problem or error.context or "",
            "请检查这一行的缩进、引号、冒号和括号；含有特殊符号的文字请用双引号括起来",
        )
    marks = (error.problem_mark, error.context_mark)
    mark = next(filter(None, reversed(marks) if fault.at_beginning else marks), None)
    return mark.line + 1 if mark else 0, WRONG.format(problem=fault.problem), fault.mend
