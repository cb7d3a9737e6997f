"""Grids of text in ``.xlsx`` and ``.csv`` files; what looks like a formula is written as text.

A text that a spreadsheet would run (OWASP, "CSV Injection") is marked as text in a workbook and
gets an apostrophe before it in a CSV file, which is taken away again on reading.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from io import BytesIO, StringIO
from typing import Final
from zipfile import ZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.worksheet import Worksheet

from bot.errors import KnowledgeError, Mistake

Grid = list[list[str]]
SHEET: Final = "条目"
PLACE: Final = "{file} 工作表“{sheet}”"
LONGEST: Final = 32_767  # characters of a cell ("Excel specifications and limits")
LARGEST: Final = 64 * 2**20  # bytes of a file's unpacked parts; a base is far smaller
# By openpyxl's type of a cell, those that hold no text that anybody typed.
WRONG_CELLS: Final = {"e": "这一格是错误值 {value}", "f": "这一格是公式 {value}，不是文字"}
MOST_COLUMNS: Final = 100
WIDTHS: Final = {"标准问": 34, "相似问": 40, "答案": 60, "步骤": 50, "资料来源": 40}
WIDTH: Final = 16

_runs = re.compile(r"'*[=+\-@\t\r＝＋－＠]")
_guarded = re.compile(r"'+[=+\-@\t\r＝＋－＠]")


def write_csv(grid: Sequence[Sequence[str]]) -> bytes:
    """Return *grid* as CSV in UTF-8 with the byte-order mark that Excel needs."""
    stream = StringIO(newline="")
    writer = csv.writer(stream, quoting=csv.QUOTE_MINIMAL)
    for row in grid:
        writer.writerow([f"'{text}" if _runs.match(text) else text for text in row])
    return stream.getvalue().encode("utf-8-sig")


def read_csv(file: str, data: bytes) -> Grid:
    """Read CSV in UTF-8 or GB18030, its fields apart by comma, tab or semicolon.

    Raises:
        KnowledgeError: when it is neither.

    """
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise _unreadable(file, "文字编码既不是 UTF-8 也不是 GB18030")
    heading = text.split("\n", 1)[0]
    delimiter = max(",\t;", key=heading.count)
    csv.field_size_limit(LARGEST)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return [[_unguarded(_plain(field)) for field in row] for row in reader]
    except csv.Error as error:
        raise _unreadable(file, f"第 {reader.line_num} 行的引号不成对（{error}）") from error


def write_xlsx(grid: Sequence[Sequence[str]], notes: Sequence[str]) -> bytes:
    """Return *grid* as a workbook; *notes* are hints on its headings."""
    book = Workbook()
    sheet = book.active
    if sheet is None:
        raise AssertionError
    sheet.title = SHEET
    for number, row in enumerate(grid, 1):
        for column, text in enumerate(row, 1):
            cell = sheet.cell(number, column)
            if not isinstance(cell, Cell):
                continue
            cell.value = text or None
            if text:
                cell.data_type = "s"
                cell.quotePrefix = bool(_runs.match(text))
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for column, (heading, note) in enumerate(zip(grid[0], notes, strict=True), 1):
        cell = sheet.cell(1, column)
        cell.font = Font(bold=True)
        if note:
            cell.comment = Comment(note, "kaidian")
        sheet.column_dimensions[get_column_letter(column)].width = WIDTHS.get(heading, WIDTH)
    sheet.freeze_panes = "C2"
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def read_xlsx(file: str, data: bytes) -> tuple[Grid, str, list[str]]:
    """Read the sheet 条目 of a workbook, or its first one.

    Returns the grid, *file* with the name of the sheet, and the names of other sheets that are
    not empty.

    Raises:
        KnowledgeError: when it is no workbook, or a cell holds a formula or an error value.

    """
    book = _book(file, data)
    sheet = book[SHEET] if SHEET in book.sheetnames else book.worksheets[0]
    where = PLACE.format(file=file, sheet=sheet.title)
    mistakes: list[Mistake] = []
    grid: Grid = []
    for number, cells in enumerate(_cells(sheet), 1):
        grid.append([_shown(cell.value) for cell in cells])
        mistakes += [
            Mistake(
                where,
                number,
                WRONG_CELLS[cell.data_type].format(value=_shown(cell.value)),
                "请改成文字",
                column=get_column_letter(column),
            )
            for column, cell in enumerate(cells, 1)
            if cell.data_type in WRONG_CELLS
        ]
    if mistakes:
        raise KnowledgeError(mistakes)
    unread = [other.title for other in book.worksheets if other is not sheet and _is_written(other)]
    return grid, where, unread


def _cells(sheet: Worksheet) -> Iterator[tuple[Cell | MergedCell, ...]]:
    return sheet.iter_rows(max_col=min(sheet.max_column, MOST_COLUMNS))


def _is_written(sheet: Worksheet) -> bool:
    return any(cell.value is not None for cells in _cells(sheet) for cell in cells)


def _book(file: str, data: bytes) -> Workbook:
    try:
        with ZipFile(BytesIO(data)) as parts:
            size = sum(part.file_size for part in parts.infolist())
        book = load_workbook(BytesIO(data), keep_links=False) if size <= LARGEST else None
    except Exception as error:
        # A damaged part raises whatever its parser does; the data is read and nothing else.
        raise _unreadable(file, "打不开，它不是 .xlsx 工作簿，或者已损坏") from error
    if book is None:
        raise _unreadable(file, f"解开后有 {size} 字节，大得不像知识库")
    if not book.worksheets:
        raise _unreadable(file, "里面没有工作表")
    return book


def _shown(value: object) -> str:
    """Return the text that a person typed to get the *value* of a cell."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    elif isinstance(value, datetime):
        value = value.date()
    elif isinstance(value, ArrayFormula):
        value = value.text
    return "" if value is None else _plain(str(value))


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _unguarded(text: str) -> str:
    return text[1:] if _guarded.match(text) else text


def _unreadable(file: str, problem: str) -> KnowledgeError:
    mend = "请用 Excel 或 WPS 另存为 .xlsx，或“CSV UTF-8”，再试一次"
    return KnowledgeError([Mistake(file, 0, problem, mend)])
