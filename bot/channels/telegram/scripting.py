"""Calls in traditional characters, for those who read these and did not just ask something."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from bot.language.script import to_traditional
from bot.store.outbox import Call

# The parameters that people read, wherever they stand; all others are ids and marks.
READ: Final = frozenset({"text", "title", "message_text"})


def in_traditional(calls: Iterable[Call]) -> tuple[Call, ...]:
    """Return *calls* with all that people read in traditional characters."""
    return tuple(replace(call, params=converted(call.params)) for call in calls)


def converted(value: Any) -> Any:  # noqa: ANN401  # JSON
    """Return a part of a call with all that people read in traditional characters."""
    match value:
        case dict():
            return {
                key: to_traditional(one) if key in READ and isinstance(one, str) else converted(one)
                for key, one in value.items()
            }
        case list():
            return [converted(one) for one in value]
        case _:
            return value
