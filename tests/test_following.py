"""A running bot follows its base: what is saved well is used, anything else changes nothing."""

import gc
import subprocess
from collections.abc import Iterator
from pathlib import Path
from weakref import ref

import pytest

from bot.app import load
from bot.desk.serving import Refused, Serving, Swapped
from bot.dialogue.conversation import NEW
from tests.emulator import Emulator
from tests.test_commands import KAIDIAN, run
from tests.test_telegram import Bot

QUESTION = "年假有几天"
BASE = (
    "- {{id: leave, question: 年假有几天, phrasings: [年假几天, 有几天年假], answer: {answer}}}\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a base of one entry, whose answer is five days (五天)."""
    (tmp_path / "kb" / "entries").mkdir(parents=True)
    write(tmp_path / "kb", BASE.format(answer="五天"))
    return tmp_path / "kb"


@pytest.fixture
def serving(folder: Path, cache: Path) -> Serving:
    """Return what serves the base, and is told when to look."""
    return Serving(folder, lambda place: load(place, cache))


def write(folder: Path, text: str) -> None:
    """Save the entries as an editor does: in place."""
    (folder / "entries" / "leave.yaml").write_text(text, "utf-8")


def said(serving: Serving) -> str:
    """Return the answer to the one question."""
    return serving.assistant.respond(NEW, QUESTION)[1].text


def test_a_saved_change_is_used_once_it_stands_still(serving: Serving, folder: Path) -> None:
    """The first look sees a file that may still be written; the second uses it."""
    before = serving.assistant.base.version
    write(folder, BASE.format(answer="十天"))

    assert serving.look() is None
    assert "五天" in said(serving)
    assert serving.look() == Swapped(before, serving.assistant.base.version)
    assert "十天" in said(serving)
    assert serving.look() is None


def test_a_change_with_a_mistake_leaves_the_old_base_serving(
    serving: Serving, folder: Path
) -> None:
    """The mistake is told once, with file and line; mending it is enough."""
    write(folder, BASE.format(answer="十天") + "- id: x\n")
    serving.look()
    news = serving.look()

    assert isinstance(news, Refused)
    assert "leave.yaml:2" in str(news)
    assert "五天" in said(serving)
    assert serving.look() is None

    write(folder, BASE.format(answer="十天"))
    serving.look()
    serving.look()
    assert "十天" in said(serving)


def test_a_folder_that_is_renamed_away_and_back_changes_nothing(
    serving: Serving, folder: Path
) -> None:
    """While it is away, the base that was read goes on serving."""
    away = folder.with_name("away")
    folder.rename(away)
    looks = [serving.look(), serving.look()]
    away.rename(folder)
    looks += [serving.look(), serving.look()]

    assert looks == [None] * 4
    assert "五天" in said(serving)


def test_a_thousand_saves_never_show_half_a_base(serving: Serving, folder: Path) -> None:
    """Whatever is cut off or half written between two looks, every answer is a whole one."""
    for number in range(1000):
        text = BASE.format(answer=f"第{number}版完")
        write(folder, text[: number % len(text)] if number % 3 else text)
        if number % 5 == 0:
            serving.look()
            assert said(serving).endswith(("五天", "版完"))
    write(folder, BASE.format(answer="十天"))
    serving.look()
    serving.look()

    assert "十天" in said(serving)


def test_a_base_that_was_replaced_is_let_go_at_once(serving: Serving, folder: Path) -> None:
    """Nothing in it holds itself, so that it goes without the collector (see `bot.desk.beside`)."""
    replaced = ref(serving.assistant)
    said(serving)
    gc.disable()
    try:
        write(folder, BASE.format(answer="十天"))
        serving.look()
        serving.look()
        assert replaced() is None
    finally:
        gc.enable()


@pytest.fixture
def chat(folder: Path, cache: Path) -> Iterator[subprocess.Popen[str]]:
    """Return a running `kaidian chat` in a pipe."""
    with subprocess.Popen(
        [KAIDIAN, "chat", "--kb", str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={"KAIDIAN_CACHE": str(cache), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
        encoding="utf-8",
        bufsize=1,
    ) as process:
        yield process
        process.kill()


def answer(chat: subprocess.Popen[str]) -> str:
    """Ask the one question and return the first line of the reply."""
    assert chat.stdin
    assert chat.stdout
    chat.stdin.write(QUESTION + "\n")
    return chat.stdout.readline()


def test_a_running_chat_follows_its_base(chat: subprocess.Popen[str], folder: Path) -> None:
    """A change is used in the middle of a chat; a mistake is told and changes nothing."""
    assert chat.stderr
    assert "五天" in answer(chat)

    write(folder, BASE.format(answer="十天"))
    assert "知识库已更新" in chat.stderr.readline()
    assert "十天" in answer(chat)

    write(folder, "- id: leave\n")
    assert "知识库有错误" in chat.stderr.readline()
    assert "leave.yaml:1" in chat.stderr.readline()
    assert "十天" in answer(chat)


def test_a_chat_says_which_version_answers(
    chat: subprocess.Popen[str], folder: Path, cache: Path
) -> None:
    """/version is what `kaidian kb version` shows, after each change."""
    assert chat.stdin
    assert chat.stdout
    assert chat.stderr
    assert "五天" in answer(chat)  # it runs
    told = []
    for text in (BASE.format(answer="十天"), BASE.format(answer="半月")):
        write(folder, text)
        chat.stderr.readline()
        chat.stdin.write("/version\n")
        told.append(chat.stdout.readline())
        version = run(cache, "kb", "version", "--kb", str(folder)).stdout.decode()
        assert told[-1] == f"知识库 {version}"
    assert told[0] != told[1]


@pytest.mark.parametrize(
    ("name", "text", "line"),
    [
        (
            "entries/sick.yaml",
            "- {id: sick, question: 病假有几天, phrasings: [年假几天], answer: 三天}\n",
            1,
        ),
        (
            "entries/sick.yaml",
            "\n- {id: sick, question: 病假有几天, related: [no], answer: 三天}\n",
            2,
        ),
        ("cases.yaml", "- {ask: 有几天年假, expect: [leave]}\n", 1),
        ("out_of_scope.yaml", "- 病假有几天\n- 有几天年假\n", 2),
        ("out_of_scope.yaml", "- 病假: 有几天\n", 1),
    ],
)
def test_a_change_that_breaks_a_rule_is_not_used(
    chat: subprocess.Popen[str], folder: Path, name: str, text: str, line: int
) -> None:
    """What `kaidian kb check` calls a mistake answers nobody; the rest of what was saved waits, too."""
    assert chat.stderr
    assert "五天" in answer(chat)

    (folder / name).write_text(text, "utf-8")
    write(folder, BASE.format(answer="十天"))
    assert "知识库有错误" in chat.stderr.readline()
    assert f"{name}:{line}: " in chat.stderr.readline()
    assert "五天" in answer(chat)

    (folder / name).unlink()
    assert "知识库已更新" in chat.stderr.readline()
    assert "十天" in answer(chat)


def test_a_running_telegram_bot_follows_its_base(folder: Path, cache: Path, tmp_path: Path) -> None:
    """People get the new answer; log and operators' chat say what was refused, and where."""
    operators = {"KAIDIAN_OPERATORS_CHAT": "-500", "KAIDIAN_OPERATORS": "900"}
    with Emulator() as emulator:
        bot = Bot(emulator, tmp_path, cache, folder, **operators)
        try:
            assert "五天" in emulator.ask(QUESTION).params["text"]

            write(folder, BASE.format(answer="十天"))
            bot.wait_for("知识库已更新")
            assert "十天" in emulator.ask(QUESTION).params["text"]

            write(folder, "- id: leave\n")
            bot.wait_for("leave.yaml:1")
            emulator.wait(lambda: len(emulator.said(-500)) > 0)
            assert "leave.yaml:1" in emulator.said(-500)[0].params["text"]
            assert "十天" in emulator.ask(QUESTION).params["text"]
        finally:
            bot.kill()
