"""Which recorded questions a command means: options, and the store opened beside a running bot."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import click
from sqlalchemy import Engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot.commands.options import db_option
from bot.errors import StoreError
from bot.knowledge.model import Base
from bot.settings import Settings
from bot.store.history import Period
from bot.store.opening import open_store

NO_RECORDS: Final = "数据库 {url} 里还没有提问记录 → 请先让机器人运行一阵，或用 --db 指出它的数据库"


def period_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that choose recorded questions to *command*."""
    for option in (
        click.option("--days", type=click.IntRange(min=1), help="只看最近几天的提问。"),
        click.option("--last", type=click.IntRange(min=1), help="只看最近几次提问。"),
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


@contextmanager
def store(settings: Settings, url: str | None) -> Iterator[Engine | None]:
    """Lend the store; None where nobody named one, and there is none yet.

    Raises:
        StoreError: when it can't be opened, or the one that *url* names is not there.

    """
    address = url or settings.db
    if not _is_there(address):
        if url:
            raise StoreError(NO_RECORDS.format(url=url))
        yield None
        return
    engine = open_store(address, beside=True)
    try:
        yield engine
    finally:
        engine.dispose()


def _is_there(address: str) -> bool:
    """Tell whether *address* is a server's, or the file that it names is there."""
    try:
        url = make_url(address)
    except ArgumentError:
        return True  # opening it says what is wrong
    return url.get_backend_name() != "sqlite" or Path(url.database or "").is_file()
