"""Operators update a base with a spreadsheet; what they did not change stays byte for byte."""

import shutil
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from bot.desk.proposing import propose
from bot.errors import KnowledgeError
from bot.knowledge.model import Base, Entry, Source, Step
from bot.knowledge.reading import read_base
from bot.knowledge.sheets.rows import read_sheet, write_sheet
from bot.knowledge.writing import rewritten, save
from bot.settings import shipped
from tests.test_commands import run

BASE = """\
# 押金的条目，由小王维护

- id: deposit   # 不要改编号
  question: 要押金吗
  phrasings:
    - 开店要交押金吗   # 最常见
    - 要交保证金不
  answer: |
    要的。
    # 这一行是答案的一部分
  reviewed: 2026-01-02

# 下面是退款
- {id: refund, question: "押金能退吗", answer: '能', review_every_days: 180}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a small base with comments in every place."""
    (tmp_path / "kb" / "entries").mkdir(parents=True)
    (tmp_path / "kb" / "entries" / "deposit.yaml").write_text(BASE, "utf-8")
    return tmp_path / "kb"


def yaml_of(folder: Path) -> str:
    """Return the YAML of the small base."""
    return (folder / "entries" / "deposit.yaml").read_text("utf-8")


def files(folder: Path) -> dict[str, bytes]:
    """Return the bytes of all files of a base."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("name", ["base.xlsx", "base.csv"])
def test_what_is_exported_and_imported_changes_no_byte(
    cache: Path, tmp_path: Path, name: str
) -> None:
    """The shipped base comes back as it was, through either format."""
    folder = tmp_path / "1688"
    shutil.copytree(shipped(), folder)
    sheet = str(tmp_path / name)
    run(cache, "kb", "export", sheet, "--kb", str(folder))
    done = run(cache, "kb", "import", sheet, "--yes", "--delete", "--kb", str(folder))

    assert (done.returncode, done.stderr) == (0, b"")
    assert files(folder) == files(shipped())


def test_an_import_keeps_comments_and_touches_only_what_changed(
    cache: Path, folder: Path, tmp_path: Path
) -> None:
    """A new phrasing and a new answer are the only lines that differ."""
    sheet = tmp_path / "base.xlsx"
    run(cache, "kb", "export", str(sheet), "--kb", str(folder))
    book = load_workbook(sheet)
    page = book["条目"]
    page["D2"] = "开店要交押金吗\n要交保证金不\n押金要不要"
    page["E3"] = "能退。\n要先申请。"
    book.save(sheet)

    preview = run(cache, "kb", "import", str(sheet), "--kb", str(folder))
    assert "＋ 相似问：押金要不要" in preview.stdout.decode()
    assert yaml_of(folder) == BASE

    run(cache, "kb", "import", str(sheet), "--yes", "--kb", str(folder))
    before, after = BASE.splitlines(), yaml_of(folder).splitlines()
    assert [line for line in before if line not in after] == [before[-1]]
    assert "    - 押金要不要" in after
    assert {e.id: e.answer for e in read_base(folder).entries}["refund"] == "能退。\n要先申请。"


def test_an_import_leaves_the_questions_out_of_scope_alone(
    cache: Path, folder: Path, tmp_path: Path
) -> None:
    """No byte of the list changes; a phrasing that is listed is refused, and nothing is written."""
    listed = "# 食堂\r\n- 食堂押金多少  # 常问\r\n"
    (folder / "out_of_scope.yaml").write_bytes(listed.encode())
    before, sheet = files(folder), tmp_path / "base.xlsx"
    run(cache, "kb", "export", str(sheet), "--kb", str(folder))
    book = load_workbook(sheet)
    book["条目"]["D2"] = "开店要交押金吗\n食堂押金多少"
    book.save(sheet)
    done = run(cache, "kb", "import", str(sheet), "--yes", "--kb", str(folder))

    assert done.returncode == 2
    assert f"{folder / 'out_of_scope.yaml'}:2: " in done.stderr.decode()
    assert files(folder) == before

    book["条目"]["D2"] = "开店要交押金吗\n押金要不要"
    book.save(sheet)
    done = run(cache, "kb", "import", str(sheet), "--yes", "--delete", "--kb", str(folder))

    assert (done.returncode, done.stderr) == (0, b"")
    assert {name for name, data in files(folder).items() if data != before[name]} == {
        "entries/deposit.yaml"
    }


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("refund,押金能退吗,能", "知识库里有 1 个条目不在表格里（如 deposit）"),
        ("fee,年费多少,看页面", "知识库里有 2 个条目不在表格里（如 deposit、refund）"),
    ],
)
def test_what_a_sheet_lacks_stays_and_is_named(
    cache: Path, folder: Path, tmp_path: Path, row: str, told: str
) -> None:
    """A row that was taken out, and new entries alone: what is missing goes with --delete only."""
    sheet = tmp_path / "base.csv"
    sheet.write_text(f"编号,标准问,答案\n{row}\n", "utf-8")
    kept = run(cache, "kb", "import", str(sheet), "--yes", "--kb", str(folder))

    assert (kept.returncode, kept.stderr) == (0, b"")
    assert told in kept.stdout.decode()
    assert "deposit" in read_base(folder).by_id

    gone = run(cache, "kb", "import", str(sheet), "--yes", "--delete", "--kb", str(folder))

    assert "不在表格里" not in gone.stdout.decode()
    assert "deposit" not in read_base(folder).by_id


def test_a_sheet_that_holds_all_is_told_nothing_of_what_it_lacks(
    cache: Path, folder: Path, tmp_path: Path
) -> None:
    """Nothing stays by itself where nothing is missing."""
    sheet = tmp_path / "base.csv"
    run(cache, "kb", "export", str(sheet), "--kb", str(folder))
    done = run(cache, "kb", "import", str(sheet), "--kb", str(folder))

    assert done.stdout.decode() == "表格里的和知识库里的完全一样，没有要改的。\n"


def test_what_looks_like_a_formula_is_text(cache: Path, folder: Path, tmp_path: Path) -> None:
    """A question that begins with = can't run, and comes back as it was."""
    dangerous = '=HYPERLINK("http://evil.example","押金")'
    text = BASE.replace("要押金吗", f"'{dangerous}'", 1)
    (folder / "entries" / "deposit.yaml").write_text(text, "utf-8")
    for name in ("base.xlsx", "base.csv"):
        run(cache, "kb", "export", str(tmp_path / name), "--kb", str(folder))
        done = run(cache, "kb", "import", str(tmp_path / name), "--yes", "--kb", str(folder))
        assert done.returncode == 0

    assert load_workbook(tmp_path / "base.xlsx")["条目"]["C2"].data_type == "s"
    assert "\"'=HYPERLINK" in (tmp_path / "base.csv").read_text("utf-8-sig")
    assert yaml_of(folder) == text


def test_a_formula_is_no_text(cache: Path, folder: Path, tmp_path: Path) -> None:
    """Nobody meant =1+1 as an answer: its cell is named, and nothing is written."""
    sheet = tmp_path / "base.xlsx"
    run(cache, "kb", "export", str(sheet), "--kb", str(folder))
    book = load_workbook(sheet)
    book["条目"]["E3"] = "=1+1"
    book.save(sheet)
    done = run(cache, "kb", "import", str(sheet), "--yes", "--kb", str(folder))

    assert done.returncode == 2
    assert "第 3 行 E 列: 这一格是公式 =1+1，不是文字" in done.stderr.decode()
    assert yaml_of(folder) == BASE


def test_sheets_that_are_not_read_are_named(cache: Path, folder: Path, tmp_path: Path) -> None:
    """Entries on another sheet of the workbook are not lost without a word; an empty sheet is none."""
    sheet = tmp_path / "base.xlsx"
    run(cache, "kb", "export", str(sheet), "--kb", str(folder))
    book = load_workbook(sheet)
    book.create_sheet("Sheet2")
    book.save(sheet)
    assert "提醒" not in run(cache, "kb", "import", str(sheet), "--kb", str(folder)).stdout.decode()

    book.create_sheet("说明", 0)["A1"] = "给小李看"
    book.create_sheet("新条目")["C9"] = "押金要不要"
    book.save(sheet)
    done = run(cache, "kb", "import", str(sheet), "--kb", str(folder))

    assert (done.returncode, done.stderr) == (0, b"")
    told = f"{sheet} 工作表“条目”: 提醒：只读了这一张工作表，没有读“说明”、“新条目” → "
    assert done.stdout.decode().startswith(told)


def test_an_export_overwrites_nothing(cache: Path, folder: Path, tmp_path: Path) -> None:
    """A sheet that somebody is editing stays; a folder that is not there is not made."""
    edited = tmp_path / "edited.csv"
    edited.write_text("改了一小时", "utf-8")
    taken = run(cache, "kb", "export", str(edited), "--kb", str(folder))
    nowhere = run(cache, "kb", "export", str(tmp_path / "no" / "a.csv"), "--kb", str(folder))

    assert (taken.returncode, nowhere.returncode) == (2, 2)
    assert "已经有了" in taken.stderr.decode()
    assert edited.read_text("utf-8") == "改了一小时"
    assert not (tmp_path / "no").exists()


def test_a_csv_of_excel_in_chinese_is_read(cache: Path, folder: Path, tmp_path: Path) -> None:
    """GB18030, as Excel saves it in China, is understood."""
    sheet = tmp_path / "base.csv"
    sheet.write_text("编号,标准问,答案\nrefund,押金能退吗,可以退\n", "gb18030")
    run(cache, "kb", "import", str(sheet), "--yes", "--kb", str(folder))

    assert "可以退" in yaml_of(folder)


@pytest.mark.parametrize("day", ["2026/1/5", "2026/01/05", "2026-1-5", "2026.1.5", "2026年1月5日"])
def test_a_day_may_be_written_as_people_and_excel_write_it(
    cache: Path, folder: Path, tmp_path: Path, day: str
) -> None:
    """Excel makes 2026/1/5 of every 2026-01-05 in a CSV file that it saves in Chinese."""
    sheet = tmp_path / "base.csv"
    sheet.write_text(
        f"编号,标准问,答案,资料来源,核对日期\nrefund,押金能退吗,能,规则 | {day},{day}\n", "gb18030"
    )
    done = run(cache, "kb", "import", str(sheet), "--yes", "--kb", str(folder))
    (refund,) = (entry for entry in read_base(folder).entries if entry.id == "refund")

    assert (done.returncode, done.stderr) == (0, b"")
    assert (refund.reviewed, refund.sources[0].date) == (date(2026, 1, 5), date(2026, 1, 5))


def test_what_was_exported_is_read_back_into_the_same_base(
    cache: Path, folder: Path, tmp_path: Path
) -> None:
    """The command that is named afterwards names the base: another one would get its entries."""
    sheet = tmp_path / "base.xlsx"
    done = run(cache, "kb", "export", str(sheet), "--kb", str(folder))

    assert f"kaidian kb import --kb {folder} {sheet}" in done.stdout.decode()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("编号,标准问,答案\nrefund,,能\n", "第 2 行 B（标准问） 列"),
        ("编号,标准问,答案\na b,问,答\n", "第 2 行 A（编号） 列"),
        ("编号,标准问,答案\nx,问,答\n\nx,问二,答\n", "第 4 行 A（编号） 列"),
        ("编号,标准问,答案,核对日期\nx,问,答,昨天\n", "第 2 行 D（核对日期） 列"),
        ("编号,标准问,答案,备注\nx,问,答,无\n", "第 1 行 D 列"),
        ("编号,标准问\nx,问\n", "答案"),
        ("编号,标准问,答案\nx,押金能退吗,答\n", "第 2 行"),
        ("编号,标准问,答案,相关条目\nx,问,答,nowhere\n", "第 2 行 D（相关条目） 列"),
        ("编号,标准问,答案,核对日期\nx,问,答,2026/13/1\n", "第 2 行 D（核对日期） 列"),
        ('编号,标准问,答案\nx,"问,答\n', "引号"),
        ("", "标题"),
    ],
)
def test_a_mistake_names_row_and_column_and_nothing_is_written(
    cache: Path, folder: Path, tmp_path: Path, text: str, told: str
) -> None:
    """All or nothing, with the place of every mistake."""
    sheet = tmp_path / "base.csv"
    sheet.write_text(text, "utf-8")
    done = run(cache, "kb", "import", str(sheet), "--yes", "--kb", str(folder))

    assert done.returncode == 2
    assert told in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()
    assert yaml_of(folder) == BASE


def test_a_file_that_cannot_be_written_leaves_all_as_they_were(folder: Path) -> None:
    """When the second of two files can't be put in place, the first is put back."""
    good, bad = folder / "entries" / "deposit.yaml", folder / "entries"
    with pytest.raises(KnowledgeError):
        save({good: b"new", bad: b"new"})

    assert yaml_of(folder) == BASE
    assert [path.name for path in bad.iterdir()] == ["deposit.yaml"]


TEXT = st.text(st.characters(codec="utf-8"), min_size=1, max_size=30)
TRICKY = st.sampled_from(["=1+1", "'=1", "a\nb", "a\n\nb", "a|b", "\\n", "_x0041_", "1688", "# x"])
WORDS = (TEXT | TRICKY).filter(lambda text: bool(text.strip().strip("\x00\x1c\x1d\x1e\x1f")))
IDS = st.from_regex(r"[a-z0-9][a-z0-9.-]{0,8}", fullmatch=True)
DATES = st.dates(date(1900, 3, 1), date(9999, 12, 31))
ENTRIES = st.builds(
    Entry,
    id=IDS,
    topic=st.sampled_from(["a", "b"]),
    question=WORDS,
    phrasings=st.lists(WORDS, max_size=3),
    answer=WORDS,
    steps=st.lists(st.builds(Step, title=WORDS, detail=WORDS), max_size=2),
    related=st.lists(IDS, max_size=2),
    sources=st.lists(st.builds(Source, title=WORDS, url=st.none() | WORDS, date=DATES), max_size=2),
    reviewed=st.none() | DATES,
    review_every_days=st.integers(1, 10_000),
)


@given(
    st.lists(ENTRIES, min_size=1, max_size=3, unique_by=lambda entry: entry.id),
    st.sampled_from(["base.xlsx", "base.csv"]),
)
@settings(deadline=None, max_examples=150)
def test_any_base_survives_the_way_through_a_spreadsheet(entries: list[Entry], name: str) -> None:
    """Written as YAML, exported and imported, generated entries say the same, byte for byte."""
    with TemporaryDirectory() as place:
        folder = Path(place)
        seed = Entry(id="zz-seed", question="种子", answer="答", topic="seed")
        save(rewritten(folder, propose(read_seed(folder, seed), entries).after))
        base = read_base(folder)
        assert {entry.id: entry for entry in entries} == {
            id_: entry for id_, entry in base.with_drafts.items() if id_ != seed.id
        }

        path = folder / name
        rows = read_sheet(path, write_sheet(path, base.with_drafts.values()), base.with_drafts)
        assert not propose(base, rows.entries, delete=True)

        other = [entry.model_copy(update={"answer": "改过的答案"}) for entry in base.entries]
        original = files(folder)
        save(rewritten(folder, propose(base, other).after))
        save(rewritten(folder, propose(read_base(folder), base.entries).after))
        assert read_base(folder).entries == base.entries
        assert files(folder).keys() == original.keys()


def read_seed(folder: Path, seed: Entry) -> Base:
    """Return the base in *folder* with one entry, to which others are added."""
    (folder / "entries").mkdir(exist_ok=True)
    text = f"- id: {seed.id}\n  topic: seed\n  question: {seed.question}\n  answer: {seed.answer}\n"
    (folder / "entries" / "seed.yaml").write_text(text, "utf-8")
    return read_base(folder)
