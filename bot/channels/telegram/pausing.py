"""Waiting for an event, but no longer than so many seconds."""

import asyncio


async def set_within(event: asyncio.Event, seconds: float) -> bool:
    """Wait until *event* is set, at most that long, and return whether it is.

    `asyncio.wait_for` would swallow a cancellation that comes when the event does (Python 3.11,
    https://github.com/python/cpython/issues/86296): whoever waits in a loop would never end.
    """
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True
