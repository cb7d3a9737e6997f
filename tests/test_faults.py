"""Faults, in short: the real bot under load, killed, cut off, out of disk. `make soak` is longer.

And what operators are told of a store that can't be used: the real commands on it.
"""

import logging
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.app import Parts
from bot.store import tickets
from bot.store.opening import open_store
from bot.store.tickets import Asked
from tests.emulator import TOKEN, Accident, Emulator, Fault, Mishap
from tests.postgres import Postgres
from tests.soaking import (
    HOOKED,
    Kill,
    Outage,
    Outcome,
    Soak,
    When,
    answerable,
    fill,
    full,
    gone,
    kills,
)
from tests.test_commands import KAIDIAN
from tests.test_telegram import Bot

SEED = 20261125
NOW = datetime(2026, 11, 25, tzinfo=UTC)
# Root may write whatever the modes say, unless it gives up what lets it.
UNPRIVILEGED = ("/usr/bin/env", "setpriv", "--inh-caps=-all", "--bounding-set=-all")
WRITING = ("store vacuum", "store forget --telegram 42 --yes", "tickets close 1", "telegram")
PAGE = 4096  # bytes
PAGE_OF_INBOX = "SELECT rootpage FROM sqlite_master WHERE name = 'inbox'"
ANY = ("store", "telegram")
DISK = 3 * 2**20  # bytes: the store as it begins, and a little more


@pytest.fixture
def soak(parts: Parts, tmp_path: Path, cache: Path) -> Soak:
    """Return a run of few questions."""
    return Soak(tmp_path, cache, answerable(parts.assistant), people=3)


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Keep the emulator from telling of clients that were killed: they are what is tested."""
    logger = logging.getLogger("aiohttp.server")
    logger.disabled = True
    yield
    logger.disabled = False


def assert_all_answered_once(outcome: Outcome) -> None:
    """Nothing is lost, out of order or misdelivered, and nothing doubled but what was under way."""
    account = outcome.account
    assert (account.lost, account.disordered, account.misdelivered) == (0, 0, 0)
    assert account.doubled <= outcome.in_flight


def test_a_bot_killed_at_four_instants_loses_nothing(db: str, soak: Soak) -> None:
    """Killed before, in and after the sending of replies, each question is answered in its turn."""
    plan = [Kill(10 * number, when) for number, when in enumerate(When)]

    outcome = soak.run(db, plan)

    assert outcome.kills == len(plan)
    assert_all_answered_once(outcome)


def test_a_bot_killed_behind_its_webhook_loses_nothing(db: str, soak: Soak) -> None:
    """What it did not take, Telegram brings again when it is back."""
    plan = [Kill(10 * number, when) for number, when in enumerate(HOOKED)]

    outcome = replace(soak, webhook=True).run(db, plan)

    assert outcome.kills == len(plan)
    assert_all_answered_once(outcome)


def test_telegram_at_its_worst_costs_no_answer(tmp_path: Path, soak: Soak) -> None:
    """Refusals, errors, cut connections and answers that aren't JSON: only the cut ones come twice."""
    refused = [
        Fault("sendMessage", 429, "Too Many Requests", {"retry_after": 1}),
        Fault("sendMessage", 500, "Internal Server Error", times=3),
        Fault("getUpdates", 502, "Bad Gateway"),
    ]
    unread = [Accident("sendMessage", Mishap.CUT), Accident("sendMessage", Mishap.GARBLED)]
    accidents = [
        *unread,
        Accident("getUpdates", Mishap.GARBLED),
        Accident("getUpdates", Mishap.REPEATED, times=3),
    ]

    db = f"sqlite:///{tmp_path / 'store.db'}"
    account = soak.run(db, faults=refused, accidents=accidents).account

    assert (account.lost, account.disordered, account.misdelivered) == (0, 0, 0)
    assert account.doubled == len(unread)


def test_a_postgresql_that_stops_is_waited_for(
    soak: Soak,
) -> None:
    """The server is gone in the middle of the load and comes back; the bot never ended."""
    with Postgres() as server:
        outcome = soak.run(server.new_database(), outages=[Outage(20, gone(server))])

    assert_all_answered_once(outcome)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Return a folder on a disk of its own, which is small."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["/usr/bin/env", "mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("only root can make a disk to fill")
    yield folder
    subprocess.run(["/usr/bin/env", "umount", "--lazy", str(folder)], check=True)


def test_a_full_disk_is_waited_for(small_disk: Path, soak: Soak) -> None:
    """With no room left nothing is taken from Telegram; with room again all is answered."""
    db = f"sqlite:///{small_disk / 'store.db'}"

    outcome = soak.run(db, outages=[Outage(20, full(small_disk))])

    assert_all_answered_once(outcome)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Return the file of a store with a ticket."""
    path = tmp_path / "data" / "store.db"
    engine = open_store(f"sqlite:///{path}")
    with engine.begin() as connection:
        tickets.open_(connection, 1, "42", Asked(1, "押金", "kb"), NOW)
    engine.dispose()
    return path


def run(cache: Path, store: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `kaidian` on *store*, as somebody who may do no more than the modes of files say."""
    return subprocess.run(
        [*(() if os.geteuid() else UNPRIVILEGED), KAIDIAN, *arguments],
        capture_output=True,
        check=False,
        text=True,
        env={
            "KAIDIAN_DB": f"sqlite:///{store}",
            "KAIDIAN_CACHE": str(cache),
            "KAIDIAN_TELEGRAM_TOKEN": TOKEN,
            "KAIDIAN_TELEGRAM_API": "http://127.0.0.1:1",
            "PATH": "/usr/bin:/bin",
            "LANG": "C.UTF-8",
        },
    )


def told(cache: Path, store: Path, *arguments: str) -> str:
    """Run `kaidian` in vain, and return the one line that tells why, and how to mend it."""
    done = run(cache, store, *arguments)
    (line,) = done.stderr.splitlines()

    assert (done.returncode, done.stdout) == (2, "")
    assert " → " in line
    return line


def assert_ticket_is_kept(cache: Path, store: Path) -> None:
    """Check that what was in the store before is in it still."""
    assert "押金" in run(cache, store, "tickets", "list").stdout


@pytest.mark.parametrize("command", WRITING)
def test_a_file_that_may_not_be_written_is_named(store: Path, cache: Path, command: str) -> None:
    """It is not taken for a busy one; what only reads goes on."""
    store.chmod(0o444)
    assert told(cache, store, *command.split()).startswith(f"数据库 {store} 不能写 → ")
    assert_ticket_is_kept(cache, store)

    for path in store.parent.glob(store.name + "*"):
        path.chmod(0o600)
    assert run(cache, store, "tickets", "close", "1").returncode == 0


@pytest.mark.parametrize("command", ANY)
def test_a_folder_that_may_not_be_written_is_told(store: Path, cache: Path, command: str) -> None:
    """SQLite needs files beside its own, even to read."""
    store.parent.chmod(0o555)
    assert told(cache, store, *command.split()).startswith(f"数据库 {store} 不能写 → ")

    store.parent.chmod(0o755)
    assert_ticket_is_kept(cache, store)


@pytest.mark.parametrize("command", ANY)
def test_what_is_no_database_is_told(store: Path, cache: Path, command: str) -> None:
    """It is left as it is."""
    junk = b"not a database at all, but longer than a header" * 100
    store.write_bytes(junk)

    assert told(cache, store, *command.split()).startswith(f"{store} 不是数据库 → ")
    assert store.read_bytes() == junk


@pytest.mark.parametrize("command", ANY)
def test_a_folder_in_place_of_the_file_is_told(store: Path, cache: Path, command: str) -> None:
    """It is neither busy nor missing."""
    assert told(cache, store.parent, *command.split()).startswith(f"打不开数据库 {store.parent} → ")


@pytest.mark.parametrize("command", ANY)
def test_a_damaged_database_is_told(store: Path, cache: Path, command: str) -> None:
    """Its first page may still be good."""
    with store.open("r+b") as file:
        file.seek(PAGE)
        file.write(b"Z" * (store.stat().st_size - PAGE))

    assert told(cache, store, *command.split()).startswith(f"数据库 {store} 坏了 → ")


def test_a_bot_that_meets_damage_ends(store: Path, cache: Path) -> None:
    """Trying again would help nobody: in the line it tells, nothing is set aside or taken for busy."""
    with closing(sqlite3.connect(store)) as connection:
        (page,) = connection.execute(PAGE_OF_INBOX).fetchone()
    with store.open("r+b") as file:
        file.seek((page - 1) * PAGE)
        file.write(b"Z" * PAGE)
    with Emulator() as emulator:
        emulator.write("要押金吗")
        bot = Bot(emulator, store.parent, cache)
        assert bot.wait() == 2

    assert bot.log.splitlines()[-1].startswith(f"数据库 {store} 坏了 → ")
    assert "Traceback" not in bot.log


def test_a_folder_that_cannot_be_made_is_told(store: Path, cache: Path) -> None:
    """Neither where the folder above it may not be written, nor where that is a file."""
    store.parent.chmod(0o555)
    for folder in (store.parent / "more", store):
        line = told(cache, folder / "store.db", "telegram")
        assert line.startswith(f"建不了放数据库的文件夹 {folder} → ")


def test_a_folder_that_may_not_be_entered_is_told(store: Path, cache: Path) -> None:
    """Whether the store is there can't be seen then, and nobody says that it isn't."""
    store.parent.chmod(0o000)
    assert told(cache, store, "tickets", "list").startswith(f"打不开数据库 {store} → ")
    assert told(cache, store, "telegram").startswith(f"数据库 {store} 不能写 → ")
    store.parent.chmod(0o755)


@pytest.mark.parametrize("command", ANY)
def test_a_disk_that_is_full_at_the_start_is_told(
    small_disk: Path, store: Path, cache: Path, command: str
) -> None:
    """With room again, everything is there."""
    moved = small_disk / store.name
    shutil.copyfile(store, moved)
    fill(small_disk)

    assert "磁盘" in told(cache, moved, *command.split())
    (small_disk / "filler").unlink()
    assert_ticket_is_kept(cache, moved)


def test_a_plan_of_kills_is_the_same_each_time() -> None:
    """The instants depend on the seed and on what was answered, not on a clock."""
    assert kills(SEED, 5, 100) == kills(SEED, 5, 100)
    assert kills(SEED, 5, 100) != kills(SEED + 1, 5, 100)
