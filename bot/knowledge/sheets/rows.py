"""From the grid of a spreadsheet to entries, with row and column in every mistake."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from bot.errors import KnowledgeError, Mistake
from bot.knowledge.model import Entry
from bot.knowledge.sheets.cells import HEADINGS, NOTES, REQUIRED, columns, fields, is_empty, row
from bot.knowledge.sheets.files import LONGEST, Grid, read_csv, read_xlsx, write_csv, write_xlsx

WORKBOOK: Final = ".xlsx"
TEXT: Final = ".csv"
LONGEST_SHOWN: Final = 40
MENDS: Final = {
    "id": "请用字母、数字、- 、_ 或 . ，以字母或数字开头",
    "steps": "每步第一行写标题，下面写内容，两步之间空一行",
    "sources": "请写成：标题 | 网址 | 日期，日期写成 2026-11-24 的样子",
    "reviewed": "请写成 2026-11-24 的样子",
    "review_every_days": "请填一个大于 0 的整数",
    "draft": "请填“是”，或者留空",
}


@dataclass(frozen=True, slots=True)
class Rows:
    """The *entries* of the spreadsheet *file*, in its order, and where each stands.

    Attributes:
        file: Its path as the person knows it, with the sheet.
        entries: One for each row that is not empty.
        rows: The row of each entry, from 1 with the headings as the first.
        letters: The column of each field that the spreadsheet has.
        unread: The names of other sheets in the workbook that something is written in.

    """

    file: str
    entries: tuple[Entry, ...]
    rows: Mapping[str, int]
    letters: Mapping[str, str]
    unread: Sequence[str] = ()

    def mistake(
        self, entry: str, at: int | str, problem: str, mend: str, *, warning: bool = False
    ) -> Mistake:
        """Return a mistake at an entry's row, in the column of what stands *at* it."""
        field = at if isinstance(at, str) else "phrasings" if at else "question"
        letter = self.letters.get(field, "")
        return Mistake(self.file, self.rows[entry], problem, mend, warning, _column(letter, field))


def write_sheet(path: Path, entries: Iterable[Entry]) -> bytes:
    """Return the spreadsheet of *entries*, in the format that the suffix of *path* names.

    Raises:
        KnowledgeError: when it names none, or a text is too long for a cell.

    """
    grid = [list(HEADINGS.values()), *(list(row(entry).values()) for entry in entries)]
    _refuse_other_formats(path)
    mistakes = [
        Mistake(
            str(path),
            number,
            f"条目 {cells[0]} 的这一格有 {len(text)} 个字，表格一格最多放 {LONGEST} 个",
            "请先在 YAML 里缩短它，或拆成几个条目",
            column=_column(letter, field),
        )
        for number, cells in enumerate(grid, 1)
        for letter, field, text in zip(columns(len(cells)), HEADINGS, cells, strict=True)
        if len(text) > LONGEST
    ]
    if mistakes:
        raise KnowledgeError(mistakes)
    if path.suffix.lower() == TEXT:
        return write_csv(grid)
    return write_xlsx(grid, [NOTES.get(field, "") for field in HEADINGS])


def read_sheet(path: Path, data: bytes, known: Mapping[str, Entry]) -> Rows:
    """Read the spreadsheet *path*; a column that it lacks is taken from the *known* entries.

    Raises:
        KnowledgeError: with every mistake of every row.

    """
    _refuse_other_formats(path)
    if path.suffix.lower() == TEXT:
        return _rows(str(path), read_csv(str(path), data), known)
    grid, file, unread = read_xlsx(str(path), data)
    return replace(_rows(file, grid, known), unread=unread)


def _refuse_other_formats(path: Path) -> None:
    if path.suffix.lower() not in {TEXT, WORKBOOK}:
        problem = f"不认识 {path.suffix or '没有后缀'} 这种文件"
        mend = "表格请用 .xlsx 或 .csv 文件，文章请用 .txt、.md 或 .html 文件"
        raise KnowledgeError([Mistake(str(path), 0, problem, mend)])


def _rows(file: str, grid: Grid, known: Mapping[str, Entry]) -> Rows:
    if not grid or is_empty(grid[0]):
        raise KnowledgeError(
            [Mistake(file, 1, "第一行没有标题", "请先用 kaidian kb export 导出一份，在它上面改")]
        )
    places, mistakes = _headings(file, grid[0])
    if mistakes:
        raise KnowledgeError(mistakes)
    names = list(columns(len(grid[0])))
    letters = {field: names[at] for field, at in places.items()}
    entries: list[Entry] = []
    numbers: dict[str, int] = {}
    for number, texts in enumerate(grid[1:], 2):
        if is_empty(texts):
            continue
        cells = {f: texts[at] if at < len(texts) else "" for f, at in places.items()}
        entry, wrong = _entry(cells, known)
        if entry and entry.id in numbers:
            wrong["id"] = (
                f"编号 {entry.id} 重复，第 {numbers[entry.id]} 行已经用过",
                "请给其中一个换一个编号",
            )
        mistakes += [
            Mistake(file, number, problem, mend, column=_column(letters.get(field, ""), field))
            for field, (problem, mend) in wrong.items()
        ]
        if entry is None:
            continue
        numbers[entry.id] = number
        entries.append(entry)
    if mistakes:
        raise KnowledgeError(mistakes)
    return Rows(file, tuple(entries), numbers, letters)


def _headings(file: str, texts: list[str]) -> tuple[dict[str, int], list[Mistake]]:
    """Return the place of each field's column, from 0, and what is wrong with the headings."""
    field_of = {heading: field for field, heading in HEADINGS.items()}
    places: dict[str, int] = {}
    mistakes: list[Mistake] = []
    for at, (letter, text) in enumerate(zip(columns(len(texts)), texts, strict=True)):
        heading = text.strip()
        field = field_of.get(heading)
        if not heading:
            continue
        if field is None or field in places:
            problem = f"标题“{heading}”{'不认识' if field is None else '重复出现'}"
            mend = f"可用的标题有：{'、'.join(HEADINGS.values())}；用不着的列请整列删去"
            mistakes.append(Mistake(file, 1, problem, mend, column=letter))
        else:
            places[field] = at
    mistakes += [
        Mistake(file, 1, f"缺少“{HEADINGS[field]}”这一列", "请补上这一列")
        for field in REQUIRED
        if field not in places
    ]
    return places, mistakes


def _entry(
    cells: dict[str, str], known: Mapping[str, Entry]
) -> tuple[Entry | None, dict[str, tuple[str, str]]]:
    """Return the entry that a row's *cells* say, or by field what is wrong, and how to mend it."""
    before = known.get(cells["id"].strip())
    try:
        return Entry.model_validate(fields((row(before) if before else {}) | cells)), {}
    except ValidationError as error:
        wrong = dict.fromkeys(str(details["loc"][0]) for details in error.errors())
    return None, {field: _in_words(field, cells.get(field, "").strip()) for field in wrong}


def _in_words(field: str, text: str) -> tuple[str, str]:
    heading = HEADINGS[field]
    if not text:
        return f"“{heading}”是空的", "请填写这一格"
    problem = f"“{heading}”写的“{text[:LONGEST_SHOWN]}”读不懂"
    return problem, MENDS.get(field, "请改写这一格")


def _column(letter: str, field: str) -> str:
    return f"{letter}（{HEADINGS[field]}）" if letter else ""
