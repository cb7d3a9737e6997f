"""The bot behind webhooks: the real command over HTTP, alone and as replicas on one PostgreSQL."""

import re
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from tests.balancer import Balancer
from tests.emulator import PATIENCE, TOKEN, Emulator
from tests.postgres import Postgres
from tests.soaking import free_port
from tests.test_commands import KAIDIAN
from tests.test_telegram import Bot

SECRET = "a-Secret_0"  # noqa: S105  # opens nothing but the bot of a test


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """Return a running emulator."""
    with Emulator() as running:
        yield running


class Hooked(Bot):
    """`kaidian telegram --webhook` on *port*; Telegram brings updates to *public*, or right there."""

    def __init__(
        self,
        emulator: Emulator,
        folder: Path,
        cache: Path,
        port: int,
        public: int | None = None,
        **environ: str,
    ) -> None:
        folder.mkdir(exist_ok=True)
        self.port = port
        super().__init__(
            emulator,
            folder,
            cache,
            None,
            ["--webhook"],
            KAIDIAN_WEBHOOK_URL=f"http://127.0.0.1:{public or port}/telegram",
            KAIDIAN_WEBHOOK_PORT=str(port),
            KAIDIAN_WEBHOOK_SECRET=SECRET,
            **environ,
        )

    def get(self, page: str) -> httpx.Response:
        """Return one of the bot's pages."""
        return httpx.get(f"http://127.0.0.1:{self.port}{page}", timeout=PATIENCE)

    def bring(self, body: bytes, secret: str = SECRET) -> int:
        """Bring an update to the webhook as Telegram does, and return the status of the answer."""
        return httpx.post(
            f"http://127.0.0.1:{self.port}/telegram",
            content=body,
            headers={"X-Telegram-Bot-Api-Secret-Token": secret},
            timeout=PATIENCE,
        ).status_code

    def figure(self, name: str) -> float:
        """Return one of the figures that the bot counts of itself; 0 when there is none."""
        found = re.search(rf"^{re.escape(name)} (\S+)$", self.get("/metrics").text, re.MULTILINE)
        return float(found[1]) if found else 0.0


@pytest.fixture
def bot(emulator: Emulator, tmp_path: Path, cache: Path) -> Iterator[Hooked]:
    """Return a running bot whose webhook is set."""
    running = Hooked(emulator, tmp_path, cache, free_port())
    emulator.wait(lambda: any(call.method == "setWebhook" for call in emulator.calls))
    yield running
    running.kill()


def test_a_question_is_answered_by_webhook(emulator: Emulator, bot: Hooked) -> None:
    """The webhook is set with its secret and the kinds of updates; health and figures tell of it."""
    reply = emulator.ask("要押金吗")
    health = bot.get("/healthz")

    assert "买家保障" in reply.params["text"]
    assert health.status_code == 200
    assert health.json()["status"] == "ok"
    assert health.json()["kb"].startswith("1688@")
    assert bot.figure("kaidian_updates_received_total") == 1
    assert bot.figure('kaidian_decisions_total{outcome="answer"}') == 1
    assert bot.figure("kaidian_handling_seconds_count") == 1
    assert bot.stop() == 0
    assert SECRET not in bot.log
    assert TOKEN not in bot.log


def test_who_does_not_know_the_secret_is_refused(bot: Hooked) -> None:
    """A wrong or missing secret is 403 and counted; nothing is kept."""
    assert bot.bring(b'{"update_id": 1}', secret="wrong") == 403  # noqa: S106  # a wrong one
    assert bot.bring(b'{"update_id": 1}', secret="") == 403
    assert bot.figure('kaidian_requests_refused_total{reason="secret"}') == 2
    assert bot.figure("kaidian_updates_received_total") == 0


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b"\xff",
        b"[" * 100_000,
        b'{"update_id": true}',
        b'{"update_id": 1e400}',
        b'{"update_id": 9223372036854775808}',
        b" " * 1_000_001 + b'{"update_id": 1}',
    ],
    ids=["empty", "list", "half", "bytes", "deep", "true", "infinite", "large", "long"],
)
def test_junk_is_taken_and_thrown_away(bot: Hooked, body: bytes) -> None:
    """Telegram would bring it for ever if it were refused."""
    assert bot.bring(body) == 200
    assert bot.figure('kaidian_requests_refused_total{reason="junk"}') == 1


def test_an_update_that_cannot_be_kept_is_brought_again(
    emulator: Emulator, bot: Hooked, tmp_path: Path
) -> None:
    """While the store is locked the webhook answers 500 and health says so; then all is well."""
    emulator.ask("你好")
    other = sqlite3.connect(tmp_path / "store.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    refused = bot.bring(b'{"update_id": 1000, "message": {}}')
    sick = bot.get("/healthz")
    other.execute("ROLLBACK")
    other.close()

    assert refused == 500
    assert "有消息没存下，Telegram 会再送来。数据库" in bot.log
    assert sick.status_code == 503
    assert sick.json()["database"] == "failing"
    assert "买家保障" in emulator.ask("要押金吗").params["text"]
    assert bot.get("/healthz").status_code == 200


@pytest.mark.parametrize(
    ("secret", "url", "port", "named"),
    [
        ("", "https://bot.example.com/x", "0", "KAIDIAN_WEBHOOK_SECRET"),
        ("with space", "https://bot.example.com/x", "0", "KAIDIAN_WEBHOOK_SECRET"),
        ("x" * 257, "https://bot.example.com/x", "0", "KAIDIAN_WEBHOOK_SECRET"),
        (SECRET, "", "0", "KAIDIAN_WEBHOOK_URL"),
        (SECRET, "http://bot.example.com/x", "0", "KAIDIAN_WEBHOOK_URL"),
        (SECRET, "https://bot.example.com/x", "65536", "KAIDIAN_WEBHOOK_PORT"),
    ],
)
def test_what_can_not_be_served_is_refused(
    secret: str, url: str, port: str, named: str, cache: Path
) -> None:
    """A missing or unusable setting is named in one line, with its mend and without its value."""
    done = subprocess.run(
        [KAIDIAN, "telegram", "--webhook"],
        capture_output=True,
        check=False,
        env={
            "KAIDIAN_TELEGRAM_TOKEN": TOKEN,
            "KAIDIAN_WEBHOOK_SECRET": secret,
            "KAIDIAN_WEBHOOK_URL": url,
            "KAIDIAN_WEBHOOK_PORT": port,
            "KAIDIAN_CACHE": str(cache),
            "PATH": "/usr/bin:/bin",
            "LANG": "C.UTF-8",
        },
    )
    (line,) = done.stderr.decode().splitlines()

    assert done.returncode == 2
    assert named in line
    assert "→" in line
    assert not secret or secret not in line


@pytest.mark.parametrize("replicas", [2, 3])
def test_replicas_share_the_work_and_outlive_one_another(
    emulator: Emulator, postgres: Postgres, tmp_path: Path, cache: Path, replicas: int
) -> None:
    """One is killed in the middle of sixty questions: none is lost, each person's stay in order."""
    ports = [free_port() for _ in range(replicas)]
    db, people = postgres.new_database(), range(100, 104)
    with Balancer(ports) as balancer, ExitStack() as stack:
        bots = [
            Hooked(emulator, tmp_path / str(port), cache, port, balancer.port, KAIDIAN_DB=db)
            for port in ports
        ]
        for bot in bots:
            stack.callback(bot.kill)
        emulator.wait(lambda: [c.method for c in emulator.calls].count("setWebhook") == replicas)
        for number in range(15):
            for chat in people:
                emulator.write("要押金吗", chat)
            if number == 7:
                bots[0].kill()
        emulator.deliver()
        emulator.wait(lambda: all(len(asked(emulator, chat)) == 15 for chat in people))
        doubled = sum(len(emulator.said(chat)) for chat in people) - 60

        for chat in people:
            assert asked(emulator, chat) == sorted(asked(emulator, chat))
        assert 0 <= doubled <= len(people)
        assert all(bot.figure("kaidian_updates_received_total") for bot in bots[1:])
        assert all(bot.get("/healthz").status_code == 200 for bot in bots[1:])
        assert all(bot.stop() == 0 for bot in bots[1:])


def asked(emulator: Emulator, chat: int) -> list[int]:
    """Return which questions of *chat* were answered, in the order of their first answers."""
    votes = [
        int(found[1])
        for call in emulator.said(chat)
        if (found := re.search(r"v:(\d+):", str(call.params.get("reply_markup"))))
    ]
    return list(dict.fromkeys(votes))


def test_polling_while_a_webhook_is_set_says_what_to_do(
    emulator: Emulator, bot: Hooked, tmp_path: Path, cache: Path
) -> None:
    """One line names the webhook and the option that takes it away, which works."""
    bot.stop()
    polling = Bot(emulator, tmp_path, cache)

    assert polling.wait() == 2
    assert "设置了 webhook" in polling.log
    assert "--delete-webhook" in polling.log
    assert "Traceback" not in polling.log

    polling = Bot(emulator, tmp_path, cache, arguments=["--delete-webhook"])
    assert "买家保障" in emulator.ask("要押金吗").params["text"]
    assert polling.stop() == 0


def test_a_port_that_is_taken_is_named(
    emulator: Emulator, bot: Hooked, tmp_path: Path, cache: Path
) -> None:
    """A second process on the same port says which."""
    second = Hooked(emulator, tmp_path / "second", cache, bot.port)

    assert second.wait() == 2
    assert str(bot.port) in second.log
    assert "Traceback" not in second.log
