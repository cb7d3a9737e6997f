"""A ticket as operators see it: the text and the buttons of its card."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from bot.channels.telegram import buttons
from bot.channels.telegram import operator_wording as wording
from bot.channels.telegram.formatting import pieces
from bot.knowledge.model import Base
from bot.store.tickets import ANSWERED, CLOSED, Ticket


@dataclass(frozen=True, slots=True)
class Standing:
    """How a ticket stands: whether an operator holds its person, and what became of replies."""

    held: bool = False
    fates: Sequence[str | None] = ()


def card(ticket: Ticket, standing: Standing, base: Base, zone: ZoneInfo) -> dict[str, Any]:
    """Return text and reply_markup of the card of *ticket*; its times are those of *zone*."""
    asked = ticket.asked
    text = wording.CARD.format(
        id=ticket.id,
        state=_state(ticket, standing),
        question=asked.question,
        turns="\n".join(asked.turns) or wording.NOTHING,
        candidates=_candidates(ticket, base) or wording.NOTHING,
        asked=ticket.asked_at.astimezone(zone),
        kb=asked.kb,
        deliveries=_deliveries(standing),
    )
    ended = ticket.state == CLOSED and not standing.held
    rows = [] if ended else [buttons.ticket(ticket.id, held=standing.held)]
    return {"text": next(pieces(text)), **buttons.keyboard(rows)}


def _state(ticket: Ticket, standing: Standing) -> str:
    if standing.held:
        return wording.HELD
    if ticket.state == ANSWERED and ticket.operator is None:
        return wording.BY_BASE
    return wording.STATES[ticket.state]


def _candidates(ticket: Ticket, base: Base) -> str:
    return "\n".join(
        wording.CANDIDATE.format(
            question=base.by_id[entry].question if entry in base.by_id else wording.GONE,
            entry=entry,
            confidence=confidence,
        )
        for entry, confidence in ticket.asked.candidates
    )


def _deliveries(standing: Standing) -> str:
    if not standing.fates:
        return ""
    fates = "、".join(wording.FATES[fate] for fate in standing.fates)
    return wording.DELIVERIES.format(fates=fates)
