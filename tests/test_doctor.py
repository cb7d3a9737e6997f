"""`kaidian doctor`: each fault with its mend, an exit status, and never a traceback."""

import sqlite3
import subprocess
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from bot.channels.telegram.diagnosing import Answer, Telegram, clock, updates
from bot.channels.telegram.health import SILENCE
from bot.channels.telegram.webhook import Hook
from bot.desk.findings import Grade
from bot.settings import shipped
from tests.emulator import TOKEN, Emulator, Fault
from tests.test_commands import KAIDIAN
from tests.test_health import NOW
from tests.test_telegram import Bot

HOOK = Hook("https://bot.example.com/telegram", "secret")


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """Return a running emulator."""
    with Emulator() as running:
        yield running


def examined(folder: Path, cache: Path, **environ: str) -> tuple[int, str]:
    """Run `kaidian doctor`, and return its exit status and what it said."""
    done = subprocess.run(
        [KAIDIAN, "doctor"],
        capture_output=True,
        check=False,
        env={
            "KAIDIAN_DB": f"sqlite:///{folder / 'store.db'}",
            "KAIDIAN_KB": str(folder / "nothing"),
            "KAIDIAN_CACHE": str(cache),
            "PATH": "/usr/bin:/bin",
            "LANG": "C.UTF-8",
            **environ,
        },
    )
    said = (done.stdout + done.stderr).decode()
    assert "Traceback" not in said
    assert TOKEN not in said
    return done.returncode, said


def test_a_sound_installation_needs_no_mending(
    emulator: Emulator, tmp_path: Path, cache: Path
) -> None:
    """Also while the bot runs, which holds the lock of its store."""
    bot = Bot(emulator, tmp_path, cache)
    emulator.ask("你好")
    status, said = examined(
        tmp_path,
        cache,
        KAIDIAN_TELEGRAM_TOKEN=TOKEN,
        KAIDIAN_TELEGRAM_API=emulator.url,
        KAIDIAN_OPERATORS="1",
        KAIDIAN_OPERATORS_CHAT="-100",
        KAIDIAN_KB=str(shipped()),
    )
    bot.stop()

    assert status == 0
    assert "没有发现要处理的问题" in said
    assert {"数据库", "知识库", "令牌", "时钟", "收消息", "等待的消息", "客服群"} <= {
        line[2:].partition("：")[0] for line in said.splitlines()
    }


def test_everything_broken_at_once_is_told_in_one_go(tmp_path: Path, cache: Path) -> None:
    """No Telegram, no base, no database: each is a line with its mend, and no secret."""
    status, said = examined(
        tmp_path,
        cache,
        KAIDIAN_TELEGRAM_TOKEN=TOKEN,
        KAIDIAN_TELEGRAM_API="http://127.0.0.1:1",
        KAIDIAN_DB="postgresql+psycopg://kaidian:hunter2@127.0.0.1:1/kaidian",
        KAIDIAN_WEBHOOK_URL="nonsense",
    )
    faults = [line for line in said.splitlines() if line.startswith("✗")]

    assert status == 1
    assert len(faults) >= 4
    assert all("→" in line for line in faults)
    assert "hunter2" not in said


def test_settings_that_make_no_sense_are_told_with_all_else(tmp_path: Path, cache: Path) -> None:
    """Each is a line of its own, and what they have nothing to do with is examined all the same."""
    status, said = examined(
        tmp_path,
        cache,
        KAIDIAN_OPERATORS="@li",
        KAIDIAN_OPERATORS_CHAT="-100",
        KAIDIAN_DUTY="整天",
        KAIDIAN_TELEGRAM_RATE="快",
        KAIDIAN_RETENTION_DAYS="0",
        KAIDIAN_TAKEOVER_HOURS="-1",
        KAIDIAN_WEBHOOK_PORT="80800",
        KAIDIAN_KB=str(shipped()),
    )

    assert status == 1
    for name in (
        "OPERATORS",
        "DUTY",
        "TELEGRAM_RATE",
        "RETENTION_DAYS",
        "TAKEOVER_HOURS",
        "WEBHOOK_PORT",
    ):
        assert f"✗ 设置：KAIDIAN_{name} " in said, name
    assert said.count("✗ 设置：") == 6
    assert "知识库：1688@" in said


@pytest.mark.parametrize(
    ("environ", "told"),
    [
        ({}, "@BotFather"),
        ({"KAIDIAN_DB": "mysql://x"}, "数据库"),
        ({"KAIDIAN_DB": "nonsense"}, "数据库"),
        ({"KAIDIAN_TELEGRAM_TOKEN": "☃", "KAIDIAN_TELEGRAM_API": "http://[nonsense"}, "不是网址"),
    ],
)
def test_what_makes_no_sense_is_named(
    environ: dict[str, str], told: str, tmp_path: Path, cache: Path
) -> None:
    """A value that nothing can be done with is a fault of its part."""
    status, said = examined(tmp_path, cache, **environ)

    assert status == 1
    assert any(line.startswith("✗") and told in line for line in said.splitlines())


def test_a_refused_token_and_an_unknown_chat_are_told_apart(
    emulator: Emulator, tmp_path: Path, cache: Path
) -> None:
    """Telegram's own words stand beside the mend."""
    emulator.faults += [
        Fault("getMe", 401, "Unauthorized", times=2),
        Fault("getChat", 400, "Bad Request: chat not found"),
    ]
    status, said = examined(
        tmp_path,
        cache,
        KAIDIAN_TELEGRAM_TOKEN=TOKEN,
        KAIDIAN_TELEGRAM_API=emulator.url,
        KAIDIAN_OPERATORS="1",
        KAIDIAN_OPERATORS_CHAT="-100",
    )

    assert status == 1
    assert "✗ 令牌：Telegram 不认这个令牌 → " in said
    assert "chat not found" in said


def test_a_server_in_trouble_says_nothing_against_the_token(
    emulator: Emulator, tmp_path: Path, cache: Path
) -> None:
    """What it answered stands beside the mend."""
    emulator.faults.append(Fault("getMe", 502, "Bad Gateway"))
    settings = {"KAIDIAN_TELEGRAM_TOKEN": TOKEN, "KAIDIAN_TELEGRAM_API": emulator.url}

    assert "✗ 令牌：连不上 Telegram（Bad Gateway）" in examined(tmp_path, cache, **settings)[1]


def test_a_store_that_is_newer_or_cannot_be_read_is_told(tmp_path: Path, cache: Path) -> None:
    """The file is left as it was."""
    file = tmp_path / "store.db"
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("INSERT INTO alembic_version VALUES ('9999')")
    connection.close()
    before = file.read_bytes()
    _, newer = examined(tmp_path, cache)
    unchanged = file.read_bytes() == before
    file.write_bytes(b"not a database at all, but longer than a header" * 100)
    _, broken = examined(tmp_path, cache)
    _, misplaced = examined(tmp_path, cache, KAIDIAN_DB=f"sqlite:///{file / 'store.db'}")

    assert newer.count("9999") == 1
    assert "✗ 数据库" in newer
    assert unchanged
    assert f"✗ 数据库：{file} 不是数据库 → " in broken
    assert f"✗ 数据库：建不了放数据库的文件夹 {file} → " in misplaced


class Told(Telegram):
    """A Telegram that says what a test wants, where the emulator can't be brought to say it."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def ask(self, method: str, **params: object) -> Answer:
        """Answer."""
        del method, params
        return self._answer


@pytest.mark.parametrize(
    ("info", "hook", "grade"),
    [
        ({"url": ""}, None, Grade.GOOD),
        ({"url": "https://other.example.com/"}, None, Grade.FAULT),
        ({"url": HOOK.url}, HOOK, Grade.GOOD),
        ({"url": ""}, HOOK, Grade.FAULT),
        ({"url": HOOK.url, "last_error_date": NOW.timestamp() - 60}, HOOK, Grade.FAULT),
        ({"url": HOOK.url, "last_error_date": NOW.timestamp() - 7200}, HOOK, Grade.WARNING),
        ({"url": "", "pending_update_count": 101}, None, Grade.WARNING),
        ({"url": "", "allowed_updates": ["message"]}, None, Grade.WARNING),
    ],
)
def test_the_webhook_must_be_as_it_is_set(
    info: dict[str, object], hook: Hook | None, grade: Grade
) -> None:
    """Another address, a recent error of Telegram's, and updates that pile up are told."""
    found = list(updates(Told(Answer(info, "", NOW)), hook, NOW))

    assert (
        max((f.grade for f in found), key=[Grade.GOOD, Grade.WARNING, Grade.FAULT].index) is grade
    )
    assert all(f.mend for f in found if f.grade is not Grade.GOOD)


def test_a_clock_that_is_off_is_told() -> None:
    """By more than a minute, either way."""
    for off in (SILENCE, -SILENCE):
        (found,) = clock(Told(Answer({}, "", NOW)), lambda: NOW + off)  # noqa: B023  # called at once

        assert found.grade is Grade.FAULT
        assert "90 秒" in found.found


def test_the_clock_is_read_when_telegram_has_answered(emulator: Emulator) -> None:
    """What is examined before may take as long as it likes."""
    asked: list[int] = []

    def now() -> datetime:
        asked.append(len(emulator.calls))
        return NOW

    list(clock(Telegram(emulator.url, TOKEN), now))

    assert asked == [1]


def test_a_proxy_is_taken_as_the_bot_takes_it(
    emulator: Emulator, tmp_path: Path, cache: Path
) -> None:
    """One for SOCKS is a fault where it is the only one."""
    socks = {
        "ALL_PROXY": "socks5://127.0.0.1:1",
        "KAIDIAN_TELEGRAM_API": "http://telegram.invalid",
        "KAIDIAN_TELEGRAM_TOKEN": TOKEN,
    }
    assert "✗ 设置：代理是 socks5:// 开头的" in examined(tmp_path, cache, **socks)[1]
    assert "✓ 令牌" in examined(tmp_path, cache, HTTP_PROXY=emulator.url, **socks)[1]
