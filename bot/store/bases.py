"""Which of several bases decided a turn: its version says so, as ``1688@3f2a9c1b``."""

from sqlalchemy import ColumnElement, and_

from bot.store.tables import turns


def decided_by(base: str) -> ColumnElement[bool]:
    """Return the condition that the base with that id decided a turn, and no other with it."""
    alone = ~turns.c.kb.contains("+")
    return and_(turns.c.kb.startswith(f"{base}@", autoescape=True), alone)
