"""Faults, in short: the real bot under load, killed, cut off, out of disk. `make soak` is longer."""

import logging
import os
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.app import Parts
from tests.emulator import Accident, Fault, Mishap
from tests.postgres import Postgres
from tests.soaking import HOOKED, Kill, Outage, Outcome, Soak, When, answerable, full, gone, kills

SEED = 20261125
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


def test_a_plan_of_kills_is_the_same_each_time() -> None:
    """The instants depend on the seed and on what was answered, not on a clock."""
    assert kills(SEED, 5, 100) == kills(SEED, 5, 100)
    assert kills(SEED, 5, 100) != kills(SEED + 1, 5, 100)
