"""What the bot says of itself: true after faults, on SQLite and PostgreSQL."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from bot.channels.telegram.health import SILENCE, STUCK, Health
from bot.store import inbox, outbox, queues, records
from bot.store.inbox import Received
from bot.store.opening import open_store
from bot.store.outbox import Call

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
SOON = timedelta(seconds=1)
HELLO = Call("sendMessage", {"chat_id": 1, "text": "您好"})


@pytest.fixture
def store(db: str) -> Iterator[Engine]:
    """Return an empty store."""
    engine = open_store(db)
    yield engine
    engine.dispose()


def test_silence_and_standstill_are_told(store: Engine) -> None:
    """Health fails before Telegram was heard, when it falls silent, and when an update is stuck."""
    time = [NOW]
    health = Health(store, lambda: "1688@0", lambda: time[0])

    def report() -> tuple[bool, object, object]:
        found = asyncio.run(health.report())
        return found.ok, found.details["telegram"], found.details["handling"]

    assert report() == (False, "failing", "ok")
    health.heard()
    assert report() == (True, "ok", "ok")
    with store.begin() as connection:
        inbox.receive(connection, [Received(1, "1", "{}")], NOW)
    time[0] += STUCK + SOON
    assert report() == (False, "ok", "failing")
    time[0] = NOW + SILENCE + SOON
    assert report() == (False, "failing", "failing")
    with store.begin() as connection:
        inbox.finish(connection, 1)
    health.heard()
    assert report() == (True, "ok", "ok")


def test_what_waits_is_counted(store: Engine) -> None:
    """By queue, and who was kept waiting, but for those who blocked the bot."""
    with store.begin() as connection:
        inbox.receive(connection, [Received(n, str(n), "{}") for n in (1, 2, 3)], NOW)
        inbox.finish(connection, 1)
        outbox.keep(connection, 1, "1", [HELLO], NOW)
        records.block(connection, "3", NOW)
        waiting = queues.lengths(connection)

        assert (waiting.inbox, waiting.outbox, waiting.oldest) == (2, 1, NOW)
        assert queues.kept_waiting(connection, NOW - SOON, 10) == []
        assert queues.kept_waiting(connection, NOW, 10) == ["1", "2"]


def test_calls_of_a_process_that_lives_are_not_given_up(store: Engine) -> None:
    """Renewed calls stay; those of a process that is gone are made again by another."""
    with store.begin() as connection:
        outbox.keep(connection, 1, "1", [HELLO], NOW)
        outbox.keep(connection, 2, "2", [HELLO], NOW)
        living, _gone = outbox.claim(connection, 10, NOW)
        outbox.renew(connection, [living.id], NOW + SOON)
        outbox.recover(connection, NOW, NOW + SOON)

        assert [kept.lane for kept in outbox.claim(connection, 10, NOW + SOON)] == ["2"]


def test_a_busy_chat_is_passed_over_with_all_its_lanes(store: Engine) -> None:
    """A chat whose id begins alike is not."""
    with store.begin() as connection:
        for update_id, lane in enumerate(["-5:0:1", "-5:0:2", "-55:0:1", "5"], 1):
            outbox.keep(connection, update_id, lane, [HELLO], NOW)

        assert [k.lane for k in outbox.claim(connection, 10, NOW, {"-5"})] == ["-55:0:1", "5"]
