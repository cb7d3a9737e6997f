"""Buttons under messages; their data says all that is needed, so that they work after a restart."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from bot.channels.telegram import wording
from bot.knowledge.model import Header
from bot.messages import Choice

SHORT = 12  # hexadecimal digits of an entry's id; 48 bits tell any number of entries apart
ENTRY, STEP, VOTE, BASE = "a", "s", "v", "b"
HUMAN, MUTE, TICKET = "h", "m", "t"
UP, DOWN = "+", "-"
BACK, CLOSE = "back", "close"
# What a base is picked for: to answer what waits, to be the chat's from now on, to be looked at.
ASKED, SET, TOPICS, STEPS = "ask", "set", "topics", "steps"
NO_BASE = "0"
NUMBERED = frozenset({VOTE, HUMAN, TICKET})  # these are about an update or a ticket
VERBS = NUMBERED | {ENTRY, STEP, MUTE, BASE}

# Longer figures fit into no column of the store, and are none of ours.
_number = re.compile(r"[0-9]{1,18}")

Row = list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Pressed:
    """What a button means: what to do (*verb*), with which entry, update, ticket or base, and how."""

    verb: str
    about: str
    how: str


def short(entry: str, base: str = "") -> str:
    """Return the short form of an entry's id, which fits into the 64 bytes of a button's data.

    Where several bases are served, it is that of the entry in *base*.
    """
    named = f"{base}:{entry}" if base else entry
    return sha256(named.encode()).hexdigest()[:SHORT]


def read(data: str) -> Pressed | None:
    """Return what a button with *data* means; None when no button of ours has such data."""
    verb, _, rest = data.partition(":")
    about, _, how = rest.partition(":")
    if verb not in VERBS or not about:
        return None
    if verb in NUMBERED and not _number.fullmatch(about):
        return None
    return Pressed(verb, about, how)


def keyboard(rows: Iterable[Row]) -> dict[str, Any]:
    """Return the reply_markup of *rows*; nothing where there are none."""
    filled = [row for row in rows if row]
    return {"reply_markup": {"inline_keyboard": filled}} if filled else {}


def choices(offered: Sequence[Choice], *, numbered: bool, base: str = "") -> Iterable[Row]:
    """Yield a row for each of the *offered* choices, which are entries of *base*."""
    for number, choice in enumerate(offered, 1):
        text = wording.NUMBERED.format(number=number, text=choice.text) if numbered else choice.text
        yield [{"text": text, "callback_data": f"{ENTRY}:{short(choice.entry, base)}"}]


def bases(offered: Iterable[Header], how: str) -> Iterable[Row]:
    """Yield a row for each of the *offered* bases, to be picked for what *how* says."""
    for header in offered:
        yield [{"text": header.title, "callback_data": f"{BASE}:{short(header.id)}:{how}"}]


def no_base() -> Row:
    """Return the row that lets the chat be set to no base."""
    return [{"text": wording.NO_BASE, "callback_data": f"{BASE}:{NO_BASE}:{SET}"}]


def steps(entry: str, number: int, total: int, base: str = "") -> Row:
    """Return the row that walks the steps of *entry* of *base*, of which step *number* is shown."""
    row: Row = []
    for other, label in ((number - 1, wording.STEP_BACK), (number + 1, wording.STEP_BUTTON)):
        if 1 <= other <= total:
            row.append(
                {
                    "text": label.format(number=other),
                    "callback_data": f"{STEP}:{short(entry, base)}:{other}",
                }
            )
    return row


def votes(update_id: int) -> Row:
    """Return the row that asks whether the answer to an update was useful."""
    return [
        {"text": wording.USEFUL, "callback_data": f"{VOTE}:{update_id}:{UP}"},
        {"text": wording.USELESS, "callback_data": f"{VOTE}:{update_id}:{DOWN}"},
    ]


def human(update_id: int) -> Row:
    """Return the row that passes what an update asked on to a human."""
    return [{"text": wording.HUMAN, "callback_data": f"{HUMAN}:{update_id}"}]


def mute() -> Row:
    """Return the row that asks not to be told of new answers."""
    return [{"text": wording.MUTE, "callback_data": f"{MUTE}:{MUTE}"}]


def ticket(id_: int, *, held: bool) -> Row:
    """Return the row with which operators end a ticket, and give its person back to the bot."""
    back = {"text": wording.GIVE_BACK, "callback_data": f"{TICKET}:{id_}:{BACK}"}
    close = {"text": wording.CLOSE, "callback_data": f"{TICKET}:{id_}:{CLOSE}"}
    return [back, close] if held else [close]
