"""One truth: the same message is decided alike by `kaidian ask`, the console, and Telegram."""

import json
import random
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, select

from bot.app import shelve
from bot.channels.console import Chat
from bot.channels.telegram.formatting import as_plain
from bot.knowledge.reading import read_cases
from bot.settings import shipped
from bot.store.tables import turns
from tests.emulator import Emulator
from tests.test_commands import KAIDIAN, run
from tests.test_telegram import Bot

if TYPE_CHECKING:
    from bot.messages import Reply

SAMPLE = 60  # of the cases: enough to see each kind of decision, few enough for every change
FIRST = 1000  # chat of the first case; each has one of its own


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided about an utterance."""

    outcome: str
    entry: str | None
    confidence: float
    kb: str


Truth = list[list[Decided]]


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """Return a running emulator."""
    with Emulator() as running:
        yield running


def cases(number: int | None) -> list[str]:
    """Return what is asked in *number* cases, the same each time; in all of them for None."""
    asked = [case.ask for case in read_cases(shipped())]
    return asked if number is None else random.Random(number).sample(asked, number)  # noqa: S311  # no secret


def by_ask(questions: Sequence[str], cache: Path) -> tuple[Truth, list[str]]:
    """Return what `kaidian ask --batch --json` decides, and what it replies."""
    lines = "".join(f"{question}\n" for question in questions).encode()
    replies = [
        json.loads(line)
        for line in run(cache, "ask", "--batch", "-", "--json", stdin=lines).stdout.splitlines()
    ]
    decided = [
        [Decided(p["decision"], p["entry"], p["confidence"], r["kb"]) for p in r["parts"]]
        for r in replies
    ]
    return decided, [reply["reply"] for reply in replies]


def by_console(questions: Sequence[str], cache: Path) -> tuple[Truth, list[str]]:
    """Return what the console decides and replies, each question in a conversation of its own."""
    shelf = shelve([shipped()], cache)
    shown: list[Reply] = []
    for question in questions:
        Chat(shelf, lambda _: None, shown.append).converse([question])
    decided = [
        [Decided(p.outcome, p.entry, p.confidence, reply.kb) for p in reply.parts]
        for reply in shown
    ]
    return decided, [reply.text for reply in shown]


def by_telegram(
    questions: Sequence[str], emulator: Emulator, folder: Path, cache: Path, db: str
) -> tuple[Truth, list[str]]:
    """Return what the store keeps of the decisions in Telegram, and what was said there."""
    bot = Bot(emulator, folder, cache, KAIDIAN_DB=db, KAIDIAN_TELEGRAM_RATE="0")
    chats = range(FIRST, FIRST + len(questions))
    for chat, question in zip(chats, questions, strict=True):
        emulator.write(question, chat)
    for chat in chats:
        emulator.wait(lambda chat=chat: bool(emulator.said(chat)))  # type: ignore[misc]  # bound now
    assert bot.stop() == 0
    engine = create_engine(db)
    with engine.connect() as connection:
        rows = connection.execute(select(turns).order_by(turns.c.id)).all()
    engine.dispose()
    decided: dict[int, list[Decided]] = {chat: [] for chat in chats}
    for row in rows:
        decided[int(row.lane)].append(Decided(row.outcome, row.entry, row.confidence, row.kb))
    said = ["\n".join(as_plain(c.params["text"]) for c in emulator.said(chat)) for chat in chats]
    return list(decided.values()), said


def compare(
    questions: Sequence[str], emulator: Emulator, folder: Path, cache: Path, db: str
) -> None:
    """Compare the three, decision for decision and word for word."""
    asked, replied = by_ask(questions, cache)
    kept, said = by_telegram(questions, emulator, folder, cache, db)
    talked, shown = by_console(questions, cache)

    assert len(asked) == len(questions)
    assert {one.outcome for parts in asked for one in parts} >= {"answer", "clarify", "escalate"}
    assert talked == asked
    assert kept == asked
    assert shown == replied
    # A message can't end in empty lines.
    assert said == [reply.strip("\n") for reply in replied]


def test_a_sample_of_the_cases_is_decided_alike(
    emulator: Emulator, tmp_path: Path, cache: Path, db: str
) -> None:
    """Decision, entry, confidence, base and words are the same, on SQLite and PostgreSQL."""
    compare(cases(SAMPLE), emulator, tmp_path, cache, db)


@pytest.mark.soak
def test_all_cases_are_decided_alike(
    emulator: Emulator, tmp_path: Path, cache: Path, db: str
) -> None:
    """The same for all of them, which takes a minute or two."""
    compare(cases(None), emulator, tmp_path, cache, db)


def test_a_conversation_through_a_pipe_is_the_same_in_telegram(
    emulator: Emulator, tmp_path: Path, cache: Path
) -> None:
    """What was said before counts alike: the pipe's replies are those of one person's chat."""
    questions = ["开店流程是什么", "下一步", "要押金吗", "能退吗", "第二步", "好的谢谢"]
    bot = Bot(emulator, tmp_path, cache)
    said = [as_plain(emulator.ask(question).params["text"]) for question in questions]
    assert bot.stop() == 0
    piped = subprocess.run(
        [KAIDIAN, "chat"],
        input="".join(f"{question}\n" for question in questions).encode(),
        capture_output=True,
        check=True,
        env={"KAIDIAN_CACHE": str(cache), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"},
    ).stdout.decode()

    assert piped.split() == "\n".join(said).split()
