"""Adding words, cases and questions to a base's YAML: one insertion each, all else as it stands."""

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import yaml

from bot.errors import KnowledgeError, Mistake
from bot.knowledge.located import read_yaml
from bot.knowledge.model import Case, Header
from bot.knowledge.reading import CASES, HEADER, OUT_OF_SCOPE

BOM: Final = "\ufeff"
NOT_WRITABLE: Final = "自动加不进这个文件里"
MEND: Final = "请照这个意思自己写进去：{item}"

# What YAML reads as one plain word everywhere, also between brackets.
_plain = re.compile(r"[\w\u4e00-\u9fff]+")


def with_words(
    folder: Path, header: Header, synonyms: Sequence[Sequence[str]], platforms: Sequence[str]
) -> dict[Path, bytes]:
    """Return the header's file in *folder* with *synonyms* and *platforms* added, if it changes.

    *header* is what the file says now. Each of *synonyms* joins the group that has its first word.

    Raises:
        KnowledgeError: when the file is written in a way that can't be added to.

    """
    if not synonyms and not platforms:
        return {}
    path = folder / HEADER
    if path.is_file():
        text = path.read_bytes().decode("utf-8")
    else:
        text = f"id: {_scalar(header.id)}\ntitle: {_scalar(header.title)}\n"
    try:
        for words in synonyms:
            text = _with_synonym(text, words)
        for name in platforms:
            text = _added(text, ("platform", "others"), _scalar(name))
    except yaml.YAMLError:
        text = ""  # an insertion went astray
    if _value(text) != worded(header, synonyms, platforms):
        item = "；".join([*("、".join(words) for words in synonyms), *platforms])
        raise KnowledgeError([Mistake(str(path), 0, NOT_WRITABLE, MEND.format(item=item))])
    return {path: text.encode("utf-8")}


def worded(header: Header, synonyms: Iterable[Sequence[str]], platforms: Iterable[str]) -> Header:
    """Return *header* with *synonyms* and *platforms* added."""
    groups = [list(group) for group in header.synonyms]
    for words in synonyms:
        group = next((group for group in groups if words[0] in group), None)
        if group is None:
            groups.append(list(words))
        else:
            group += [word for word in words if word not in group]
    others = tuple(dict.fromkeys((*header.platform.others, *platforms)))
    return header.model_copy(
        update={
            "synonyms": tuple(map(tuple, groups)),
            "platform": header.platform.model_copy(update={"others": others}),
        }
    )


def with_cases(folder: Path, cases: Sequence[Case]) -> dict[Path, bytes]:
    """Return the file of cases in *folder* with *cases* behind the others, if there are any."""
    return _with_items(folder / CASES, [_case(case) for case in cases])


def with_out_of_scope(folder: Path, questions: Sequence[str]) -> dict[Path, bytes]:
    """Return the list of what is out of scope in *folder* with *questions* at its end, if any.

    Raises:
        KnowledgeError: when the file is written in a way that can't be added to.

    """
    return _with_items(folder / OUT_OF_SCOPE, [_scalar(question) for question in questions])


def _with_items(path: Path, items: Sequence[str]) -> dict[Path, bytes]:
    """Return the file at *path*, a list, with *items* behind the others, if there are any."""
    if not items:
        return {}
    text = path.read_bytes().decode("utf-8") if path.is_file() else ""
    newline = "\r\n" if "\r\n" in text else "\n"
    head = text if not text or text.endswith("\n") else text + newline
    whole = head + "".join(f"- {item}{newline}" for item in items)
    before, after = (read_yaml(str(path), t.encode("utf-8")) for t in (text, whole))
    if after.mistakes or len(after.value or ()) != len(before.value or ()) + len(items):
        raise KnowledgeError(
            [Mistake(str(path), 0, NOT_WRITABLE, MEND.format(item="；".join(items)))]
        )
    return {path: whole.encode("utf-8")}


def _case(case: Case) -> str:
    if isinstance(case.expect, str):
        return f"{{ask: {_quoted(case.ask)}, expect: {case.expect}}}"
    wanted = [ids[0] if len(ids) == 1 else f"[{', '.join(ids)}]" for ids in case.expect]
    return f"{{ask: {_quoted(case.ask)}, expect: [{', '.join(wanted)}]}}"


def _with_synonym(text: str, words: Sequence[str]) -> str:
    groups = _node(text, ("synonyms",))
    for place, group in enumerate(groups.value if groups else ()):
        known = [item.value for item in group.value]
        if words[0] in known:
            for word in words[1:]:
                if word not in known:
                    text = _added(text, ("synonyms", place), _scalar(word))
            return text
    return _added(text, ("synonyms",), f"[{', '.join(map(_scalar, words))}]")


def _added(text: str, at: tuple[str | int, ...], item: str) -> str:
    """Return *text* with *item* at the end of the list *at* that path, which is made if need be."""
    newline = "\r\n" if "\r\n" in text else "\n"
    node = _node(text, at)
    if node is not None and node.value:
        return _behind(text, node, item, newline)
    parent = _node(text, at[:-1])
    if len(at) > 1 and parent is not None and parent.value and not parent.flow_style:
        first = parent.value[0][0].start_mark
        line = f"{at[-1]}: [{item}]{newline}{' ' * first.column}"
        return _inserted(text, first.index, line)
    whole = text if text.endswith("\n") else text + newline
    opened = "".join(f"{'  ' * depth}{key}:{newline}" for depth, key in enumerate(at))
    return f"{whole}{opened}{'  ' * len(at)}- {item}{newline}"


def _behind(text: str, node: Any, item: str, newline: str) -> str:  # noqa: ANN401  # PyYAML's node
    last = node.value[-1]
    if node.flow_style:
        return _inserted(text, last.end_mark.index, f", {item}")
    # A block ends where something else begins; its last line is that of its last innermost item.
    while isinstance(last, yaml.SequenceNode) and not last.flow_style and last.value:
        last = last.value[-1]
    line = f"{' ' * node.start_mark.column}- {item}"
    stop = text.removeprefix(BOM).find("\n", last.end_mark.index)
    if stop < 0:
        return f"{text}{newline}{line}"
    return _inserted(text, stop + 1, line + newline)


def _inserted(text: str, index: int, piece: str) -> str:
    """Return *text* with *piece* at *index*, counted as PyYAML does: without a mark of byte order."""
    at = index + len(text) - len(text.removeprefix(BOM))
    return text[:at] + piece + text[at:]


def _node(text: str, path: tuple[str | int, ...]) -> Any:  # noqa: ANN401  # PyYAML's node
    """Return the node at *path*; None where there is none."""
    node: Any = yaml.compose(text.removeprefix(BOM), Loader=yaml.CBaseLoader)
    for part in path:
        if node is None:
            return None
        if isinstance(part, int):
            node = node.value[part]
        else:
            node = next((value for key, value in node.value if key.value == part), None)
    return node


def _value(text: str) -> Header | None:
    """Return what *text* says as a header; None where it can't be read as one."""
    located = read_yaml("", text.encode("utf-8", "surrogatepass"))
    try:
        return None if located.mistakes else Header.model_validate(located.value)
    except ValueError:
        return None


def _scalar(text: str) -> str:
    return text if _plain.fullmatch(text) else _quoted(text)


def _quoted(text: str) -> str:
    """Return *text* in double quotes: those of JSON are YAML's too."""
    return json.dumps(text, ensure_ascii=False)
