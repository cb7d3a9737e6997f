"""The store of a bot that may be running, lent to a command beside it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import StoreError
from bot.settings import Settings
from bot.store.opening import open_store

NO_STORE: Final = "没有数据库 {place} → 请检查 --db 或 KAIDIAN_DB；机器人第一次运行时会建好它"


@contextmanager
def opened(settings: Settings, url: str | None, *, writing: bool = False) -> Iterator[Engine]:
    """Lend the store at *url*, or the one that is set; *writing* as in `open_store`.

    Raises:
        StoreError: when it can't be opened, or is not there.

    """
    address = url or settings.db
    if not is_there(address):
        raise StoreError(NO_STORE.format(place=make_url(address).database))
    engine = open_store(address, beside=True, writing=writing)
    try:
        yield engine
    finally:
        engine.dispose()


def is_there(address: str) -> bool:
    """Tell whether *address* is a server's, or the file that it names is there."""
    try:
        url = make_url(address)
    except ArgumentError:
        return True  # opening it says what is wrong
    if url.get_backend_name() != "sqlite":
        return True
    if not url.database:
        return False
    try:
        Path(url.database).stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True  # as above
    return True
