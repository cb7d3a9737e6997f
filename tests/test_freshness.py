"""Operators see which answers are due for review, and record that they reviewed them."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import current_day
from bot.knowledge.reading import read_base
from tests.test_commands import run

BASE = """\
# 小王维护
- id: old   # 不要改编号
  question: 几点开门
  answer: 九点。
  reviewed: 2020-01-02   # 上次
- id: fresh
  question: 几点关门
  answer: 六点。
  reviewed: {fresh}
- id: never
  question: 周末开吗
  answer: 开。
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a base with an overdue, a fresh and a never reviewed entry."""
    (tmp_path / "kb" / "entries").mkdir(parents=True)
    text = BASE.format(fresh=current_day() - timedelta(days=1))
    (tmp_path / "kb" / "entries" / "hours.yaml").write_text(text, "utf-8")
    return tmp_path / "kb"


def text_of(folder: Path) -> str:
    """Return the YAML of the base."""
    return (folder / "entries" / "hours.yaml").read_text("utf-8")


def test_what_is_due_is_listed(cache: Path, folder: Path) -> None:
    """Never reviewed and overdue entries are listed, one that is fresh is not."""
    listed = run(cache, "kb", "due", "--kb", str(folder)).stdout.decode()

    assert [line.split("\t")[1] for line in listed.splitlines()[:-1]] == ["never", "old"]


def test_what_is_due_soon_is_listed_on_demand(cache: Path, folder: Path) -> None:
    """A longer look ahead lists the fresh entry too."""
    listed = run(cache, "kb", "due", "--within", "365", "--kb", str(folder)).stdout.decode()

    assert "\tfresh\t" in listed


def test_check_names_the_command_that_mends(cache: Path, folder: Path) -> None:
    """The warning about an overdue entry says what to run."""
    checked = run(cache, "kb", "check", "--kb", str(folder))

    assert checked.returncode == 0
    assert "kaidian kb review old" in checked.stdout.decode()


def test_a_review_changes_the_date_alone(cache: Path, folder: Path) -> None:
    """After a yes the date is today's; comments and all other bytes stay."""
    before = text_of(folder)

    done = run(cache, "kb", "review", "old", "--kb", str(folder), stdin=b"y\n")

    assert done.returncode == 0
    assert "九点。" in done.stdout.decode()
    assert text_of(folder) == before.replace("2020-01-02", str(current_day()))


def test_a_no_changes_nothing(cache: Path, folder: Path) -> None:
    """Who answers no has recorded nothing."""
    before = text_of(folder)

    run(cache, "kb", "review", "old", "--kb", str(folder), stdin=b"n\n")

    assert text_of(folder) == before


def test_several_are_reviewed_without_asking(cache: Path, folder: Path) -> None:
    """With --yes all named entries are reviewed, also one that never was."""
    assert run(cache, "kb", "review", "old", "never", "--yes", "--kb", str(folder)).returncode == 0

    assert {e.reviewed for e in read_base(folder).entries if e.id != "fresh"} == {current_day()}


def test_an_unknown_entry_stops_the_whole_review(cache: Path, folder: Path) -> None:
    """One unknown id: nothing is written, and the id is named."""
    before = text_of(folder)

    refused = run(cache, "kb", "review", "old", "gone", "--yes", "--kb", str(folder))

    assert refused.returncode == 2
    assert "gone" in refused.stderr.decode()
    assert text_of(folder) == before
