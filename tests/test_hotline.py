"""Operators behind the real command, over HTTP, and `kaidian tickets` beside it."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desk import CHAT, OPERATOR, UNKNOWN
from tests.emulator import USERNAME, Emulator, Made, person
from tests.test_commands import KAIDIAN
from tests.test_telegram import Bot, buttons


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """Return a running emulator."""
    with Emulator() as running:
        yield running


@pytest.fixture
def bot(emulator: Emulator, tmp_path: Path, cache: Path) -> Iterator[Bot]:
    """Return a running bot with operators."""
    running = Bot(
        emulator,
        tmp_path,
        cache,
        KAIDIAN_OPERATORS=str(OPERATOR),
        KAIDIAN_OPERATORS_CHAT=str(CHAT),
    )
    yield running
    running.kill()


def passed_on(emulator: Emulator, who: int) -> Made:
    """Let a person ask for a human; return the card that the operators see."""
    before = len(emulator.said(CHAT))
    reply = emulator.ask(UNKNOWN, who)
    button = next(b for b in buttons(reply) if b["text"] == "转给人工")
    emulator.press(button["callback_data"], under=reply.result["message_id"], chat=who)
    emulator.wait(lambda: len(emulator.said(CHAT)) > before)
    return emulator.said(CHAT)[before]


def copies(emulator: Emulator, chat: int) -> list[Made]:
    """Return what was copied to *chat*."""
    return [c for c in emulator.calls if c.method == "copyMessage" and c.params["chat_id"] == chat]


def test_a_human_answers_although_the_bot_is_killed_in_between(
    emulator: Emulator, bot: Bot
) -> None:
    """Ticket, take-over and relays survive; each person gets their own answer and no other."""
    cards = {who: passed_on(emulator, who) for who in (41, 42)}
    bot.kill()
    answers = {}
    for who, card in cards.items():
        # Which of two cards is known, when it was sent again after the kill, is not told.
        quoted = {
            "message_id": card.result["message_id"],
            "text": card.params["text"],
            "from": {"id": 7, "is_bot": True, "username": USERNAME},
        }
        more = {"from": person(OPERATOR), "reply_to_message": quoted}
        answers[who] = emulator.write("可以的", CHAT, **more)
    bot.start()
    emulator.wait(lambda: all(copies(emulator, who) for who in cards))
    bot.kill()
    bot.start()
    carried = emulator.write("在哪里设置", 41)
    emulator.wait(lambda: bool(copies(emulator, CHAT)))

    for who, answer in answers.items():
        got = [c.params["message_id"] for c in copies(emulator, who)]
        # Killed between Telegram's word and our mark, a call is made once more.
        assert got in ([answer], [answer, answer])
    (copy,) = copies(emulator, CHAT)
    assert (copy.params["from_chat_id"], copy.params["message_id"]) == (41, carried)
    assert copy.params["message_thread_id"] == cards[41].params["message_thread_id"]
    emulator.wait(lambda: any("已送达" in str(c.params.get("text")) for c in emulator.calls))


def tickets(bot: Bot, *arguments: str) -> str:
    """Run `kaidian tickets`, and return what it says."""
    done = subprocess.run(
        [KAIDIAN, "tickets", *arguments], env=bot.environ, capture_output=True, check=False
    )
    return (done.stdout + done.stderr).decode()


def test_tickets_are_answered_from_the_command_line_while_the_bot_runs(
    emulator: Emulator, tmp_path: Path, cache: Path
) -> None:
    """Also without an operators' chat: list, show, answer, close."""
    bot = Bot(emulator, tmp_path, cache)
    emulator.ask(UNKNOWN)

    assert "#1\t等人回复\t" in tickets(bot, "list")
    assert UNKNOWN in tickets(bot, "list")
    assert "可能的条目" in tickets(bot, "show", "1")
    assert "发送队列" in tickets(bot, "answer", "1", "可以，在登录设置里改")
    emulator.wait(lambda: len(emulator.said()) == 2)
    assert "可以，在登录设置里改" in emulator.said()[1].params["text"]
    assert tickets(bot, "list") == "没有工单。\n"
    assert "已关闭" in tickets(bot, "close", "1")
    assert "#1\t已关闭" in tickets(bot, "list", "--all")
    assert "没有工单 #7" in tickets(bot, "answer", "7", "x")
    assert "Traceback" not in tickets(bot, "close", "9" * 20)
    assert bot.stop() == 0
