"""YAML text as plain values that remember their lines.

YAML 1.1 is read with every scalar as text: what an operator writes is what the base says,
whether it looks like a number, a date or a truth value. Tags, aliases and repeated keys are
mistakes; an alias is never followed, so that none can grow into a bomb.
Source: https://yaml.org/spec/1.1/ (tags: 3.2.1.2, aliases: 3.2.2.2).
"""

import re
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Final

import yaml

from bot.errors import KnowledgeError, Mistake
from bot.gbk import seems_gbk
from bot.knowledge.yaml_in_words import yaml_in_words

Value = str | list["Value"] | dict[str, "Value"] | None
Path = tuple[str | int, ...]

# Deeper than any base nests (a list of entries, of steps, of fields, of text).
MAX_DEPTH = 12
# Nesting that libyaml, which composes by recursion in C, can be trusted with (100,000 overrun it).
SAFE_DEPTH = 1000

NO_UTF8: Final = "这里不是 UTF-8 编码的文字"
SAVE: Final = "请用 UTF-8 编码重新保存文件"
CONVERT: Final = (
    "文件看起来是 GBK 编码的，请用编辑器另存为 UTF-8，"
    "或者转换：iconv -f gbk -t utf-8 {file} > 新文件"
)

_comment = re.compile(r"\s+#")

PLAIN_TAGS = {f"tag:yaml.org,2002:{kind}" for kind in ("str", "seq", "map")}


@dataclass(slots=True)
class Located:
    """A file's *value*, the *lines* of its parts, and the *mistakes* met on the way.

    Behind those texts that are *commented* a comment stands: it may be meant as part of them.
    """

    value: Value = None
    lines: dict[Path, int] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)
    commented: list[Path] = field(default_factory=list)

    def line(self, path: Path) -> int:
        """Return the line of *path*, or of the nearest part around it that stands in the file."""
        while path not in self.lines and path:
            path = path[:-1]
        return self.lines.get(path, 0)


def read_yaml(file: str, data: bytes) -> Located:
    """Read the bytes of *file*; what can't be meant is in the result's mistakes."""
    located = Located()
    try:
        text = data.decode("utf-8-sig")
        _check_depth(text)
        node = yaml.compose(text, Loader=yaml.CBaseLoader)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        mend = CONVERT.format(file=file) if seems_gbk(error) else SAVE
        located.mistakes.append(Mistake(file, line, NO_UTF8, mend))
    except yaml.MarkedYAMLError as error:
        located.mistakes.append(Mistake(file, *yaml_in_words(error)))
    except yaml.YAMLError as error:
        located.mistakes.append(
            Mistake(file, 0, f"文件里有 YAML 不允许的字符（{error}）", "请删去控制字符后重新保存")
        )
    except RecursionError:
        located.mistakes.append(Mistake(file, 0, "嵌套太深", "请按格式说明减少缩进层数"))
    else:
        if node is not None:
            located.value = _Walk(file, located, text).value(node, ())
    return located


def _check_depth(text: str) -> None:
    """Raise RecursionError where *text* nests deeper than SAFE_DEPTH."""
    # A level takes a bracket, or a column of its own: most files are shallow at a glance.
    longest = max(map(len, text.splitlines()), default=0)
    if text.count("[") + text.count("{") + longest < SAFE_DEPTH:
        return
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CBaseLoader):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > SAFE_DEPTH:
            raise RecursionError


def read_shipped(package: str, name: str) -> dict[str, Value]:
    """Read the file *name* of sections that ships inside *package*.

    Raises:
        KnowledgeError: when the file was damaged.

    """
    located = read_yaml(name, (files(package) / name).read_bytes())
    if located.mistakes or not isinstance(located.value, dict):
        raise KnowledgeError(located.mistakes)
    return located.value


class _Walk:
    """One pass over the nodes of *file*, which has this *text*, that fills *located*."""

    def __init__(self, file: str, located: Located, text: str) -> None:
        self._file = file
        self._located = located
        # Few lines have one, and all values are looked at whenever a base is read.
        self._with_comments = {
            number: line for number, line in enumerate(text.splitlines()) if "#" in line
        }
        self._seen: set[int] = set()

    def value(self, node: yaml.Node, path: Path) -> Value:
        line = node.start_mark.line + 1
        self._located.lines[path] = line
        # An alias is composed as the very node that it points to.
        if id(node) in self._seen:
            self._mistake(line, "不支持别名（*名字）", "请把内容直接写在这里")
            return None
        self._seen.add(id(node))
        if len(path) > MAX_DEPTH:
            self._mistake(line, "嵌套太深", "请按格式说明减少缩进层数")
            return None
        if node.tag not in PLAIN_TAGS:
            self._mistake(line, f"不支持标签 {node.tag}", "请删去以 ! 开头的标签")
            return None
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*path, i)) for i, item in enumerate(node.value)]
        if self._is_commented(node):
            self._located.commented.append(path)
        return str(node.value)

    def _is_commented(self, node: yaml.Node) -> bool:
        """Tell whether a comment stands behind *node*, and no quotes show that it is none of it."""
        line = self._with_comments.get(node.end_mark.line)
        plain = isinstance(node, yaml.ScalarNode) and not node.style
        return bool(line and plain and _comment.match(line, node.end_mark.column))

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Value]:
        result: dict[str, Value] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self._mistake(line, "键必须是一个词", "请写成“键: 值”")
                continue
            key = str(key_node.value)
            if key in result:
                self._mistake(line, f"键 {key} 重复出现", "请合并或删去其中一个")
                continue
            result[key] = self.value(value_node, (*path, key))
            self._located.lines[*path, key] = line
        return result

    def _mistake(self, line: int, problem: str, mend: str) -> None:
        self._located.mistakes.append(Mistake(self._file, line, problem, mend))
