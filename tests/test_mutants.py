"""Files that nobody meant to write: each is read, or refused in a line, and nothing is half written.

`KAIDIAN_MUTANTS=5000 pytest tests/test_mutants.py` tries so many of each kind; with `-m soak` they go
through the real command.
"""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest
from click.testing import CliRunner

from bot.cli import cli
from bot.desk.articles import entries_of, named
from bot.desk.proposing import propose
from bot.errors import KaidianError, KnowledgeError, Mistake
from bot.knowledge.adding import with_cases
from bot.knowledge.articles.reading import read_article
from bot.knowledge.model import Case, Entry, Source
from bot.knowledge.reading import read_base, read_cases
from bot.knowledge.sheets.rows import read_sheet, write_sheet
from bot.knowledge.writing import rewritten, save
from tests.articles import HTML, MARKDOWN, PLAIN
from tests.mutating import mutants, repacked

COUNT: Final = int(os.environ.get("KAIDIAN_MUTANTS", "60"))
BASE: Final = """\
# 由小王维护
- id: deposit   # 不要改编号
  question: 要押金吗
  phrasings:
    - 开店要交押金吗   # 最常见
  answer: |
    要的。
  steps: [{title: 交钱, detail: 付款}, {title: 等, detail: 到账}]
  sources: [{title: 公告, url: "https://a.example/1", date: 2025-01-02}]
  reviewed: 2026-01-02
- {id: refund, question: "押金能退吗", answer: '能', related: [deposit], draft: true}
"""
CASES: Final = "- {ask: 飞猪能退吗, expect: escalate}\n- {ask: 押金咋交, expect: [deposit]}\n"
LISTED: Final = '# 常问\n- 飞猪退票要多久\n- "班车: 几点来"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a small base."""
    save(
        {
            tmp_path / "kb" / "entries" / "general.yaml": BASE.encode(),
            tmp_path / "kb" / "cases.yaml": CASES.encode(),
            tmp_path / "kb" / "out_of_scope.yaml": LISTED.encode(),
        }
    )
    return tmp_path / "kb"


def sheet(name: str) -> bytes:
    """Return the small base as a spreadsheet."""
    entry = Entry.model_validate(
        {
            "id": "deposit",
            "question": "=要押金吗",
            "phrasings": ("要交吗", "交|多少"),
            "answer": "要的。\n看公告。",
            "steps": ({"title": "交钱", "detail": "付款"},),
            "sources": ({"title": "公告", "url": "https://a.example/1", "date": "2025-01-02"},),
        }
    )
    return write_sheet(Path(name), [entry])


FILES: Final[Mapping[str, Callable[[], Iterator[bytes]]]] = {
    "a.csv": lambda: mutants(sheet("a.csv"), COUNT, 1),
    "packed.xlsx": lambda: mutants(sheet("a.xlsx"), COUNT, 2),
    "inside.xlsx": lambda: repacked(sheet("a.xlsx"), COUNT, 3),
    "a.txt": lambda: mutants(PLAIN.encode(), COUNT, 4),
    "a.md": lambda: mutants(MARKDOWN.encode(), COUNT, 5),
    "a.html": lambda: mutants(HTML.encode(), COUNT, 6),
}


def imported(folder: Path, path: Path, data: bytes) -> None:
    """Write what the file *path* says into the base in *folder*."""
    base, before = read_base(folder), read_cases(folder)
    if path.suffix in {".csv", ".xlsx"}:
        wanted = read_sheet(path, data, base.with_drafts).entries
        save(rewritten(folder, propose(base, wanted).after))
        after = read_base(folder).with_drafts
        assert {entry.id: after[entry.id] for entry in wanted} == {e.id: e for e in wanted}
        return
    page = read_article(path, data)
    source = Source.model_validate({"title": page.title, "date": page.date or "2025-01-01"})
    drafts = named(entries_of(page, source, "general", [page.title]), base.with_drafts)
    cases = [Case(ask=title, expect="escalate") for title in page.recommended]
    save({**rewritten(folder, {d.id: d for d in drafts}), **with_cases(folder, cases)})
    after = read_base(folder).with_drafts
    assert [after[draft.id] for draft in drafts] == drafts
    assert read_cases(folder) == [*before, *cases]
    assert read_base(folder).entries == base.entries


def files(folder: Path) -> dict[Path, bytes]:
    """Return the bytes of all files of a base, by path."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def is_imported(folder: Path, path: Path, data: bytes) -> bool:
    """Import the file *path*, and tell whether it could be."""
    try:
        imported(folder, path, data)
    except KnowledgeError:
        return False
    return True


def mistakes(folder: Path) -> list[Mistake]:
    """Return what is wrong with the base in *folder*."""
    try:
        read_base(folder)
        read_cases(folder)
    except KnowledgeError as error:
        return error.mistakes
    return []


@pytest.mark.parametrize("name", FILES)
def test_a_mutated_file_is_imported_whole_or_not_at_all(folder: Path, name: str) -> None:
    """What can be read comes back from the base as it was read; else no byte of it changes."""
    before = files(folder)
    read = 0
    for data in FILES[name]():
        if is_imported(folder, Path(name), data):
            read += 1
            shutil.rmtree(folder)
            save(before)
        assert files(folder) == before
    assert read > 0


@pytest.mark.parametrize("name", ["entries/general.yaml", "cases.yaml", "out_of_scope.yaml"])
def test_mutated_yaml_is_read_or_refused(folder: Path, name: str) -> None:
    """A base whose file was mutated reads well, or every mistake has a problem and a mend."""
    refused = 0
    for data in mutants((folder / name).read_bytes(), COUNT, 7):
        (folder / name).write_bytes(data)
        found = mistakes(folder)
        refused += bool(found)
        assert all(mistake.problem and mistake.mend for mistake in found)
    assert refused > 0


@pytest.mark.soak
@pytest.mark.parametrize("name", FILES)
def test_the_command_takes_a_mutated_file_whole_or_not_at_all(
    cache: Path, folder: Path, name: str
) -> None:
    """`kaidian kb import --yes` leaves a base that reads well, or every byte as it was."""
    before = files(folder)
    file = folder.parent / name
    day = [] if file.suffix in {".csv", ".xlsx"} else ["--date", "2026-01-02"]
    arguments = ["kb", "import", str(file), "--kb", str(folder), "--yes", *day]
    runner = CliRunner(env={"KAIDIAN_CACHE": str(cache)})
    for data in FILES[name]():
        file.write_bytes(data)
        done = runner.invoke(cli, arguments)
        assert done.exit_code == 0 or isinstance(done.exception, SystemExit | KaidianError)
        if done.exit_code == 0:
            read_base(folder)
            read_cases(folder)
            shutil.rmtree(folder)
            save(before)
        assert files(folder) == before
