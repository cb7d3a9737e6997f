"""Which recorded questions a command means: its options."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import click

from bot.commands.options import db_option
from bot.knowledge.model import Base
from bot.settings import Settings
from bot.store.history import Period


def period_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that choose recorded questions to *command*."""
    for option in (
        click.option(
            "--days", type=click.IntRange(min=1), metavar="N", help="只看最近几天的提问。"
        ),
        click.option("--last", type=click.IntRange(min=1), metavar="N", help="只看最近几次提问。"),
        db_option,
    ):
        command = option(command)
    return command


def period(last: int | None, days: int | None, base: str | None = None) -> Period:
    """Return the period that the options mean; see `only` for *base*."""
    return Period(datetime.now(UTC) - timedelta(days=days) if days else None, last, base)


def only(settings: Settings, base: Base) -> str | None:
    """Return the id of *base* where others are served too, whose questions are none of its own."""
    return base.header.id if len(settings.kbs) > 1 else None
