"""Which answers must be reviewed, and by when."""

from collections.abc import Iterable
from datetime import date

from bot.knowledge.model import Entry


def due_by(entries: Iterable[Entry], until: date) -> list[Entry]:
    """Return the *entries* to review by the day *until*: never reviewed ones first, then by day."""
    return sorted(
        (entry for entry in entries if entry.due is None or entry.due <= until),
        key=lambda entry: entry.due or date.min,
    )
