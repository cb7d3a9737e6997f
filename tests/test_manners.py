"""The bot under pressure, told to stop, or not alone: the real command against the emulator."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from bot.channels.telegram.sending import AT_ONCE
from tests.emulator import PATIENCE, PERSON, TOKEN, USERNAME, Emulator, Fault, message, person
from tests.test_telegram import Bot

GROUP = -5
_line = re.compile(
    r"at=\S+ level=[A-Z]+ part=\S+ msg=(\"(?:[^\"\\]|\\.)*\"|\S*)( \w+=(\"(?:[^\"\\]|\\.)*\"|\S*))*"
)

_greeting = re.compile(r"正在连接 Telegram…|@\w+ 正在 Telegram 上服务，按 Ctrl-C 停止。")


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """Return a running emulator."""
    with Emulator() as running:
        yield running


@pytest.fixture
def bot(emulator: Emulator, tmp_path: Path, cache: Path) -> Iterator[Bot]:
    """Return a running bot."""
    running = Bot(emulator, tmp_path, cache)
    yield running
    running.kill()


def calls(emulator: Emulator, method: str, chat: int = PERSON) -> int:
    """Return how often *method* was called for *chat*."""
    return sum(c.method == method and c.params.get("chat_id") == chat for c in emulator.calls)


@pytest.mark.usefixtures("bot")
def test_a_chat_that_hangs_delays_nobody_else(emulator: Emulator) -> None:
    """Twelve people of a group whose calls hang, and twenty others, who are all answered.

    None of the hanging calls has ended by then, or it would have been made again.
    """
    emulator.hanging.add(GROUP)
    for number in range(12):
        emulator.update(
            message=message(number + 1, "/ask 要押金吗", GROUP, **{"from": person(500 + number)})
        )
    emulator.wait(lambda: calls(emulator, "sendMessage", GROUP) == AT_ONCE)
    for chat in range(600, 620):
        emulator.write("要押金吗", chat)
    emulator.wait(lambda: all(emulator.said(chat) for chat in range(600, 620)))

    assert calls(emulator, "sendMessage", GROUP) == AT_ONCE


@pytest.mark.usefixtures("bot")
def test_who_is_kept_waiting_sees_that_somebody_types(emulator: Emulator) -> None:
    """Only when an answer takes time, here because Telegram asked for a pause."""
    emulator.ask("要押金吗", chat=77)
    emulator.faults.append(Fault("sendMessage", 429, "Too Many Requests", {"retry_after": 3}))
    emulator.ask("要押金吗")

    assert calls(emulator, "sendChatAction") == 1
    assert calls(emulator, "sendChatAction", 77) == 0


@pytest.mark.usefixtures("bot")
def test_a_group_that_is_kept_waiting_sees_it_too(emulator: Emulator) -> None:
    """In the forum topic where it was asked, once: a group takes few calls a minute."""
    emulator.faults.append(Fault("sendMessage", 429, "Too Many Requests", {"retry_after": 3}))
    emulator.write("/ask 要押金吗", GROUP, message_thread_id=7, **{"from": person(PERSON)})
    emulator.wait(lambda: bool(emulator.said(GROUP)))
    typing = [c.params for c in emulator.calls if c.method == "sendChatAction"]

    assert [(one["chat_id"], one["message_thread_id"]) for one in typing] == [(GROUP, 7)]


@pytest.mark.usefixtures("bot")
def test_a_token_that_is_refused_for_a_while_costs_no_reply(emulator: Emulator) -> None:
    """What Telegram didn't take because of the token is sent when it takes the token again."""
    emulator.faults.append(Fault("sendMessage", 401, "Unauthorized"))

    assert "押金" in emulator.ask("要押金吗").params["text"]


def test_nobody_writes_to_who_blocked_the_bot(emulator: Emulator, bot: Bot) -> None:
    """A reply that waits when its person blocks the bot is never tried; later ones are again."""
    emulator.faults.append(Fault("sendMessage", 429, "Too Many Requests", {"retry_after": 2}))
    emulator.write("要押金吗")
    emulator.update(
        my_chat_member={
            "chat": {"id": PERSON, "type": "private"},
            "from": person(PERSON),
            "date": 1_764_000_000,
            "old_chat_member": {"user": person(7), "status": "member"},
            "new_chat_member": {"user": person(7), "status": "kicked"},
        }
    )
    bot.wait_for("result=blocked")

    assert not emulator.said()
    assert "买家保障" in emulator.ask("要押金吗").params["text"]


def test_told_to_stop_it_waits_for_a_call_but_not_for_ever(emulator: Emulator, bot: Bot) -> None:
    """A call that hangs is cut off in the end, and made once more after the next start."""
    emulator.hanging.add(PERSON)
    emulator.write("要押金吗")
    emulator.wait(lambda: bool(emulator.said()))

    assert bot.stop() == 0
    assert "msg=stopped" in bot.log
    emulator.hanging.clear()
    bot.start()
    emulator.wait(lambda: len(emulator.said()) == 2)
    assert bot.stop() == 0


def test_a_second_poller_is_told_of_the_first(
    emulator: Emulator, bot: Bot, tmp_path: Path, cache: Path
) -> None:
    """It ends with one line; the first goes on."""
    emulator.ask("你好")
    (tmp_path / "second").mkdir()
    second = Bot(emulator, tmp_path / "second", cache)

    assert second.wait() == 2
    assert len([line for line in second.log.splitlines() if "另一个程序" in line]) == 1, second.log
    assert "Traceback" not in second.log
    assert "买家保障" in emulator.ask("要押金吗").params["text"]
    assert bot.stop() == 0


def test_a_proxy_is_taken_from_the_environment(
    emulator: Emulator, tmp_path: Path, cache: Path
) -> None:
    """Only it knows the server's name; Telegram is reached through one in many places."""
    bot = Bot(
        emulator,
        tmp_path,
        cache,
        KAIDIAN_TELEGRAM_API="http://telegram.invalid",
        HTTP_PROXY=emulator.url,
    )

    assert "买家保障" in emulator.ask("要押金吗").params["text"]
    assert bot.stop() == 0


def test_a_proxy_that_cannot_be_used_is_told_at_once(
    emulator: Emulator, tmp_path: Path, cache: Path
) -> None:
    """Such as one for SOCKS, unless there is another; nobody wonders why nothing comes."""
    socks = "socks5://127.0.0.1:1"
    api = "http://telegram.invalid"
    bot = Bot(emulator, tmp_path, cache, ALL_PROXY=socks, KAIDIAN_TELEGRAM_API=api)
    assert bot.wait() == 2
    assert "请改用 HTTP 代理" in bot.log

    bot.environ["HTTP_PROXY"] = emulator.url.removeprefix("http://")
    bot.start()
    assert "买家保障" in emulator.ask("要押金吗").params["text"]
    assert bot.stop() == 0


def test_who_is_never_reached_is_left_in_order(
    emulator: Emulator, tmp_path: Path, cache: Path
) -> None:
    """Told to stop while it tries, the bot leaves no connection open; it never said that it serves."""
    bot = Bot(emulator, tmp_path, cache, KAIDIAN_TELEGRAM_API="http://127.0.0.1:1")
    bot.wait_for("连不上 Telegram")

    assert bot.stop() == 0
    assert "Unclosed" not in bot.log
    assert "正在 Telegram 上服务" not in bot.log


def test_it_says_that_it_serves_once_telegram_has_answered(
    emulator: Emulator, tmp_path: Path, cache: Path
) -> None:
    """Before, that it connects; while that fails, why, that it tries again, and what to look at."""
    emulator.faults += [
        Fault("getMe", 502, "Bad Gateway"),
        Fault("getMe", 429, "Too Many Requests", {"retry_after": 1}),
    ]
    bot = Bot(emulator, tmp_path, cache)
    emulator.ask("你好")
    bot.stop()
    connecting, unreached, busy, serving, *_ = bot.log.splitlines()

    assert connecting == "正在连接 Telegram…"
    for told in ("连不上 Telegram", "会一直重试", "KAIDIAN_TELEGRAM_API", "kaidian doctor"):
        assert told in unreached
    assert "等 1 秒" in busy
    assert serving == f"@{USERNAME} 正在 Telegram 上服务，按 Ctrl-C 停止。"


def test_a_token_that_is_refused_ends_the_bot(
    emulator: Emulator, tmp_path: Path, cache: Path
) -> None:
    """In a line that says how to get another; it never said that it serves."""
    emulator.faults.append(Fault("getMe", 401, "Unauthorized"))
    bot = Bot(emulator, tmp_path, cache)

    assert bot.wait() == 2
    assert bot.log.splitlines()[-1].startswith("Telegram 不认这个令牌 → ")
    assert "正在 Telegram 上服务" not in bot.log


def test_a_token_that_is_revoked_ends_the_bot(emulator: Emulator, bot: Bot) -> None:
    """It can't come back before somebody starts it with another."""
    emulator.ask("你好")
    emulator.faults.append(Fault("getUpdates", 401, "Unauthorized"))
    emulator.write("要押金吗")

    assert bot.wait() == 2
    assert bot.log.splitlines()[-1].startswith("Telegram 不认这个令牌 → ")


def test_what_telegram_refuses_to_show_is_told(emulator: Emulator, bot: Bot) -> None:
    """In the log, with the fact that answers come all the same."""
    emulator.faults.append(Fault("setMyDescription", 400, "Bad Request"))
    bot.wait_for("没有设上")

    assert "不影响回答" in bot.log
    assert bot.stop() == 0


def test_menus_and_descriptions_are_shown(emulator: Emulator, bot: Bot) -> None:
    """Everybody's menu, the shorter one of groups, and what the bot is, all in Chinese."""
    emulator.wait(lambda: any(c.method == "setMyShortDescription" for c in emulator.calls))
    menus = {
        c.params["scope"]["type"]: c.params["commands"]
        for c in emulator.calls
        if c.method == "setMyCommands"
    }
    described = next(c for c in emulator.calls if c.method == "setMyDescription")

    assert {"steps", "forget"} <= {c["command"] for c in menus["all_private_chats"]}
    assert "forget" not in {c["command"] for c in menus["all_group_chats"]}
    assert "1688" in described.params["description"]
    assert any(c.method == "deleteMyCommands" for c in emulator.calls)
    assert bot.stop() == 0


def test_polling_tells_how_it_does_where_a_port_is_set(
    emulator: Emulator, tmp_path: Path, cache: Path
) -> None:
    """Health and figures are there as with a webhook."""
    bot = Bot(emulator, tmp_path, cache, KAIDIAN_WEBHOOK_PORT="0")
    emulator.ask("要押金吗")
    bot.wait_for("msg=listening")
    found = re.search(r"port=(\d+)", bot.log)
    assert found
    address = f"http://127.0.0.1:{found[1]}"
    health = httpx.get(f"{address}/healthz", timeout=PATIENCE)
    figures = httpx.get(f"{address}/metrics", timeout=PATIENCE).text

    assert health.status_code == 200
    assert 'kaidian_calls_total{method="sendMessage",result="ok"} 1.0' in figures
    assert 'kaidian_queue{queue="outbox"} 0.0' in figures
    assert "kaidian_store_up 1.0" in figures
    assert bot.stop() == 0


def test_the_log_has_a_line_an_event_and_no_text(emulator: Emulator, bot: Bot) -> None:
    """Each line is key=value; an update and its calls are found by their ids."""
    emulator.ask("要押金吗")
    bot.stop()
    lines = [line for line in bot.log.splitlines() if not _greeting.fullmatch(line)]

    assert all(_line.fullmatch(line) for line in lines), lines
    assert any("msg=handled update=1 kind=text" in line for line in lines)
    assert any(
        "msg=called" in line and "update=1" in line and "result=ok" in line for line in lines
    )
    assert "押金" not in bot.log


def test_secrets_stay_out_of_the_log_and_the_process_list(
    emulator: Emulator, tmp_path: Path, cache: Path
) -> None:
    """Under errors too: a refused token, answers that can't be read, a store that can't be had."""
    emulator.faults += [Fault("getMe", 500), Fault("getUpdates", 502), Fault("sendMessage", 400)]
    bot = Bot(emulator, tmp_path, cache)
    emulator.write("我的手机号是13800138000")
    bot.wait_for("result=BadRequest")
    listed = Path(f"/proc/{bot._process.pid}/cmdline").read_bytes()  # noqa: SLF001  # what ps shows
    bot.stop()
    emulator.faults.append(Fault("getMe", 401, "Unauthorized"))
    bot.start()
    refused = bot.wait()
    unreachable = Bot(
        emulator,
        tmp_path,
        cache,
        KAIDIAN_DB="postgresql+psycopg://kaidian:hunter2@127.0.0.1:1/kaidian",
    )

    assert (refused, unreachable.wait()) == (2, 2)
    assert "不认这个令牌" in bot.log
    assert "打不开数据库" in bot.log
    for secret in (TOKEN, "hunter2", "13800138000"):
        assert secret not in bot.log
        assert secret.encode() not in listed
    assert "Traceback" not in bot.log
