"""Waiting that ends when it should."""

import asyncio

import pytest

from bot.channels.telegram.pausing import set_within

LONG = 60.0  # seconds, which nothing waits


def test_a_wait_ends_with_its_event_or_its_time() -> None:
    """It tells which came first."""

    async def wait(event: asyncio.Event) -> list[bool]:
        late = await set_within(event, 0.0)
        event.set()
        return [late, await set_within(event, LONG)]

    assert asyncio.run(wait(asyncio.Event())) == [False, True]


def test_a_cancellation_that_comes_with_the_event_is_not_lost() -> None:
    """Else a bot that must end at the moment when an update arrives would hang."""

    async def wait(event: asyncio.Event) -> None:
        waiting = asyncio.create_task(set_within(event, LONG))
        await asyncio.sleep(0)  # it begins to wait
        event.set()
        waiting.cancel()
        await waiting

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(wait(asyncio.Event()))
