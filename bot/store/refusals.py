"""Operators' commands from people who are none: refused, and counted."""

from datetime import datetime

from sqlalchemy import Connection, func, select

from bot.store.tables import refusals


def refuse(connection: Connection, person: int, now: datetime) -> None:
    """Count an operators' command that was refused to *person*."""
    connection.execute(refusals.insert().values(person=person, at=now))


def refused(connection: Connection, since: datetime) -> int:
    """Return how many operators' commands were refused since then."""
    return connection.execute(
        select(func.count()).select_from(refusals).where(refusals.c.at >= since)
    ).scalar_one()
