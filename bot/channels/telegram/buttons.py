"""Buttons under messages; their data says all that is needed, so that they work after a restart."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from bot.channels.telegram import wording
from bot.messages import Choice

SHORT = 12  # hexadecimal digits of an entry's id; 48 bits tell any number of entries apart
ENTRY, STEP, VOTE = "a", "s", "v"
UP, DOWN = "+", "-"

# Longer figures fit into no column of the store, and are no update's.
_update_id = re.compile(r"[0-9]{1,18}")

Row = list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Pressed:
    """What a button means: what to do (*verb*), with which entry or update, and how."""

    verb: str
    about: str
    how: str


def short(entry: str) -> str:
    """Return the short form of an entry's id, which fits into the 64 bytes of a button's data."""
    return sha256(entry.encode()).hexdigest()[:SHORT]


def read(data: str) -> Pressed | None:
    """Return what a button with *data* means; None when no button of ours has such data."""
    verb, _, rest = data.partition(":")
    about, _, how = rest.partition(":")
    if verb == VOTE and not _update_id.fullmatch(about):
        return None
    return Pressed(verb, about, how) if verb in {ENTRY, STEP, VOTE} and about else None


def keyboard(rows: Iterable[Row]) -> dict[str, Any]:
    """Return the reply_markup of *rows*; nothing where there are none."""
    filled = [row for row in rows if row]
    return {"reply_markup": {"inline_keyboard": filled}} if filled else {}


def choices(offered: Sequence[Choice], *, numbered: bool) -> Iterable[Row]:
    """Yield a row for each of the *offered* choices."""
    for number, choice in enumerate(offered, 1):
        text = wording.NUMBERED.format(number=number, text=choice.text) if numbered else choice.text
        yield [{"text": text, "callback_data": f"{ENTRY}:{short(choice.entry)}"}]


def steps(entry: str, number: int, total: int) -> Row:
    """Return the row that walks the steps of *entry*, of which step *number* is shown."""
    row: Row = []
    for other, label in ((number - 1, wording.STEP_BACK), (number + 1, wording.STEP_BUTTON)):
        if 1 <= other <= total:
            row.append(
                {
                    "text": label.format(number=other),
                    "callback_data": f"{STEP}:{short(entry)}:{other}",
                }
            )
    return row


def votes(update_id: int) -> Row:
    """Return the row that asks whether the answer to an update was useful."""
    return [
        {"text": wording.USEFUL, "callback_data": f"{VOTE}:{update_id}:{UP}"},
        {"text": wording.USELESS, "callback_data": f"{VOTE}:{update_id}:{DOWN}"},
    ]
