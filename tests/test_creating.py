"""An operator makes a new base by answering a few questions."""

import re
from pathlib import Path

import pytest

from bot.knowledge.reading import read_base
from tests.test_commands import run

OPTIONS = {
    "--id": "library",
    "--title": "小区图书馆问答",
    "--names": "图书馆，书屋",
    "--others": "书店, 新华书店",
    "--support": "到服务台问管理员",
    "--question": "图书馆几点开门",
    "--answer": "每天九点开门。",
    "--source": "图书馆告示",
}


def arguments(options: dict[str, str]) -> list[str]:
    """Return *options* as they stand on a command line."""
    return [word for pair in options.items() for word in pair]


def created(cache: Path, folder: Path, **changes: str) -> int:
    """Make a base by options alone and return the exit status."""
    options = OPTIONS | {f"--{name}": value for name, value in changes.items()}
    return run(cache, "kb", "new", str(folder), *arguments(options)).returncode


def test_a_base_made_by_options_passes_the_check(cache: Path, tmp_path: Path) -> None:
    """A script makes a base without a question; it has neither mistake nor warning."""
    folder = tmp_path / "新库"

    assert created(cache, folder) == 0

    checked = run(cache, "kb", "check", "--kb", str(folder))
    assert (checked.returncode, len(checked.stdout.decode().splitlines())) == (0, 1)
    header = read_base(folder).header
    assert header.platform.names == ("图书馆", "书屋")
    assert header.platform.others == ("书店", "新华书店")


def test_questions_make_the_same_base_as_options(cache: Path, tmp_path: Path) -> None:
    """Who is asked gets what who gives options gets."""
    created(cache, tmp_path / "a")
    typed = "".join(f"{value}\n" for value in OPTIONS.values()).encode()

    assert run(cache, "kb", "new", str(tmp_path / "b"), stdin=typed).returncode == 0

    a, b = ({p.name: p.read_bytes() for p in (tmp_path / n).rglob("*.yaml")} for n in "ab")
    assert a == b


def test_a_new_base_answers(cache: Path, tmp_path: Path) -> None:
    """Its first question is answered at once."""
    created(cache, tmp_path / "kb")

    asked = run(cache, "ask", "图书馆几点开门", "--kb", str(tmp_path / "kb"))

    assert "每天九点开门" in asked.stdout.decode()


@pytest.mark.parametrize("hard", ["no", "1688", "- [a", "# 不是注释", "a: b", "{x}", '"', "\u2028"])
def test_any_text_is_taken_as_it_is(cache: Path, tmp_path: Path, hard: str) -> None:
    """What means something in YAML is only text in an answer, a title and a name."""
    assert created(cache, tmp_path / "kb", title=f"题{hard}", answer=f"{hard}答") == 0

    base = read_base(tmp_path / "kb")
    assert (base.header.title, base.entries[0].answer) == (f"题{hard}".strip(), f"{hard}答".strip())


def test_help_explains_every_option(cache: Path) -> None:
    """What is asked is what the help says of the option; no name of the program's inside shows."""
    told = run(cache, "kb", "new", "--help").stdout.decode()

    assert "_WORDS" not in told
    assert [name for name in OPTIONS if not re.search(rf"{name} TEXT +[^ ]", told)] == []


def test_a_folder_with_something_in_it_is_left_alone(cache: Path, tmp_path: Path) -> None:
    """Nothing is ever written over."""
    (tmp_path / "note.txt").write_text("要紧", "utf-8")

    assert created(cache, tmp_path) == 2

    assert [path.name for path in tmp_path.iterdir()] == ["note.txt"]


@pytest.mark.parametrize("changes", [{"id": "图书"}, {"title": " "}, {"answer": ""}])
def test_what_can_not_be_is_refused(cache: Path, tmp_path: Path, changes: dict[str, str]) -> None:
    """A bad id or a blank text ends the command before anything is written."""
    assert created(cache, tmp_path / "kb", **changes) == 2

    assert not (tmp_path / "kb").exists()
