r"""What the cells of an entry's row say, and how to read them back without loss.

A cell of a list holds one item a line; a backslash writes what would be taken for structure:
``\\n`` a line break inside an item, ``\\|`` a bar inside a title, ``\\`` a backslash, ``\\u000d`` a
character that no spreadsheet can hold.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

from bot.knowledge.model import Entry, Source, Step

HEADINGS: Final = {
    "id": "编号",
    "topic": "话题",
    "question": "标准问",
    "phrasings": "相似问",
    "answer": "答案",
    "steps": "步骤",
    "related": "相关条目",
    "sources": "资料来源",
    "reviewed": "核对日期",
    "review_every_days": "复核周期（天）",
    "draft": "草稿",
}
REQUIRED: Final = ("id", "question", "answer")
YES: Final = "是"
NO: Final = ("", "否")
NOTES: Final = {
    "id": "每个条目一个，用字母、数字和 - ，定了以后不要改。",
    "phrasings": "一行一种问法。",
    "steps": "每步第一行是标题，下面是内容；两步之间空一行。",
    "related": "一行一个条目的编号。",
    "sources": "一行一个：标题 | 网址 | 日期；没有网址就写：标题 | 日期。",
    "reviewed": "写成 2026-11-24 的样子。",
    "draft": "填“是”的条目暂时不用来回答。",
}

# Control characters, line ends other than \n, halves of characters, and what is no character.
_unfit = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
# Excel takes _x0041_ for the letter A (ECMA-376 part 1, 22.4.2.4 ST_Xstring).
_excel = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_escaped = re.compile(r"\\(?:u([0-9a-f]{4})|([\\n|｜]))")
_blank = re.compile(r"\n(?=[ \t\u3000]*(?:\n|$))")
_day = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_bar = re.compile(r"(?<!\\)((?:\\\\)*)[|｜]")


def row(entry: Entry) -> dict[str, str]:
    """Return the texts of the cells of *entry*, by field."""
    cells = {
        "id": entry.id,
        "topic": entry.topic,
        "question": _escape(entry.question),
        "phrasings": _lines(entry.phrasings),
        "answer": _escape(entry.answer),
        "steps": "\n\n".join(map(_step, entry.steps)),
        "related": "\n".join(entry.related),
        "sources": "\n".join(map(_source, entry.sources)),
        "reviewed": entry.reviewed.isoformat() if entry.reviewed else "",
        "review_every_days": str(entry.review_every_days),
        "draft": YES if entry.draft else "",
    }
    return {field: cells[field] for field in HEADINGS}


def fields(cells: dict[str, str]) -> dict[str, Any]:
    """Return what the texts *cells* of a row say, by field, not yet validated."""
    return {
        field: value
        for field, text in cells.items()
        if (value := _READERS.get(field, _text)(text)) is not None
    }


def _text(cell: str) -> str | None:
    return _unescape(cell) if cell.strip() else None


def _phrasings(cell: str) -> list[str]:
    return [_unescape(line) for line in cell.split("\n") if line.strip(" \t\u3000")]


def _steps(cell: str) -> list[dict[str, str]]:
    blocks = re.split(r"\n(?:[ \t\u3000]*\n)+", cell.strip("\n"))
    parted = [block.partition("\n") for block in blocks if block.strip(" \t\u3000\n")]
    return [{"title": _unescape(title), "detail": _unescape(rest)} for title, _, rest in parted]


def _related(cell: str) -> list[str]:
    return [id_ for id_ in re.split(r"[\s,，、;；]+", cell) if id_]


def _sources(cell: str) -> list[dict[str, str]]:
    return [_one_source(line) for line in cell.split("\n") if line.strip(" \t\u3000")]


def _one_source(line: str) -> dict[str, str]:
    parts = [part.strip() for part in _bar.sub(r"\1\0", line).split("\0")]
    names = ("title", "date") if len(parts) <= 2 else ("title", "url", "date")  # noqa: PLR2004  # a title, a date, and perhaps an address
    # A part too many stays with the date, which then is none.
    given = zip(names, [*parts[: len(names) - 1], "|".join(parts[len(names) - 1 :])], strict=True)
    return {
        name: _day_in(text) if name == "date" else _unescape(text) for name, text in given if text
    }


def _reviewed(cell: str) -> str | None:
    return _day_in(cell.strip()) or None


def _day_in(text: str) -> str:
    """Return *text* as ISO 8601 writes a day; as it is where it is none."""
    found = _day.fullmatch(text)
    return "{}-{:0>2}-{:0>2}".format(*found.groups()) if found else text


def _draft(cell: str) -> str:
    text = cell.strip()
    return "true" if text == YES else "false" if text in NO else text


_READERS: Final[dict[str, Any]] = {
    "phrasings": _phrasings,
    "steps": _steps,
    "related": _related,
    "sources": _sources,
    "reviewed": _reviewed,
    "draft": _draft,
}


def _step(step: Step) -> str:
    detail = _blank.sub(r"\\n", _escape(step.detail))
    return f"{_one_line(step.title)}\n{detail}"


def _source(source: Source) -> str:
    parts = [source.title, source.url] if source.url else [source.title]
    shown = [re.sub(r"([|｜])", r"\\\1", _one_line(part)) for part in parts]
    return " | ".join([*shown, source.date.isoformat()])


def _lines(items: Iterable[str]) -> str:
    return "\n".join(map(_one_line, items))


def _one_line(text: str) -> str:
    return _escape(text).replace("\n", r"\n")


def _escape(text: str) -> str:
    text = text.replace("\\", r"\\")
    text = _excel.sub(lambda _: r"\u005f", text)
    return _unfit.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _unescape(text: str) -> str:
    def meant(found: re.Match[str]) -> str:
        if found[1]:
            return chr(int(found[1], 16))
        return "\n" if found[2] == "n" else found[2]

    return _escaped.sub(meant, text)


def is_empty(cells: Iterable[str]) -> bool:
    """Tell whether nothing is written in any of *cells*."""
    return not any(map(str.strip, cells))


def columns(count: int) -> Iterator[str]:
    """Yield the letters of the first *count* columns: A to Z, then AA."""
    for number in range(count):
        first, second = divmod(number, 26)
        yield (chr(64 + first) if first else "") + chr(65 + second)
