"""The store's upkeep, also while a bot runs on it: its size, a copy of it, and its lost space."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, func, select, text
from sqlalchemy.exc import OperationalError

from bot.errors import OutageError, StoreError
from bot.store.amiss import BUSY, amiss, primary
from bot.store.tables import metadata

THERE_ALREADY: Final = "{path} 已经存在 → 请换一个文件名，备份从不覆盖文件"
NOT_WRITTEN: Final = "备份写不进 {path}：{reason} → 请检查目录、权限和磁盘空间"
BY_PG_DUMP: Final = (
    "PostgreSQL 由它自己的工具备份 → 请运行 pg_dump --format=custom --file={path} '{url}'，"
    "恢复用 pg_restore"
)


@dataclass(frozen=True, slots=True)
class Size:
    """How many *rows* a *table* has, and *octets* with its indexes; None where that isn't told."""

    table: str
    rows: int
    octets: int | None


def sizes(connection: Connection) -> list[Size]:
    """Return the size of each table."""
    return [
        Size(
            table.name,
            connection.execute(select(func.count()).select_from(table)).scalar_one(),
            _octets(connection, table.name),
        )
        for table in metadata.sorted_tables
    ]


def backup(engine: Engine, path: Path) -> None:
    """Write a copy of the store, as it is at one instant, to the new file *path*.

    SQLite's online backup (https://www.sqlite.org/backup.html) neither waits for a bot that runs
    nor holds it up.

    Raises:
        StoreError: when the file is there or can't be written, and on PostgreSQL.

    """
    if engine.dialect.name != "sqlite":
        url = engine.url.set(drivername="postgresql", password=None)
        raise StoreError(BY_PG_DUMP.format(path=path, url=url))
    try:
        # Made here and by nobody else, readable by its owner only, as the store is.
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError as error:
        raise StoreError(THERE_ALREADY.format(path=path)) from error
    except OSError as error:
        raise StoreError(NOT_WRITTEN.format(path=path, reason=error.strerror)) from error
    try:
        with _driver(engine) as source, closing(sqlite3.connect(path)) as target:
            _copy(source, target, path)
    except (StoreError, sqlite3.Error):
        path.unlink()
        raise


def _copy(source: sqlite3.Connection, target: sqlite3.Connection, path: Path) -> None:
    try:
        source.backup(target)
    except sqlite3.Error as error:
        if primary(error) not in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}:
            raise  # it is the store that can't be read
        raise StoreError(NOT_WRITTEN.format(path=path, reason=error.sqlite_errorname)) from error


def vacuum(engine: Engine) -> None:
    """Give back the space of what was deleted, and leave no trace of it in the files.

    A bot that runs on SQLite waits meanwhile.

    Raises:
        StoreError: when others work on the store all the time, or it can't be written.

    """
    if engine.dialect.name != "sqlite":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM"))
        return
    with _driver(engine) as driver:
        driver.execute("VACUUM")
        # What was written since the last checkpoint stands in a file of its own.
        (waited, *_) = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if waited:
        raise OutageError(BUSY.format(path=engine.url.database))


@contextmanager
def _driver(engine: Engine) -> Iterator[sqlite3.Connection]:
    """Lend the driver's own connection, for what must happen outside of a transaction."""
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)  # noqa: S101  # tells mypy the dialect's driver
        try:
            yield driver
        except sqlite3.Error as error:
            told = amiss(error, engine.url)
            if told is None:
                raise
            raise told from error


def _octets(connection: Connection, name: str) -> int | None:
    if connection.dialect.name == "postgresql":
        size: int = connection.execute(select(func.pg_total_relation_size(name))).scalar_one()
        return size
    statement = text(
        "SELECT sum(pgsize) FROM dbstat WHERE name IN"
        " (SELECT name FROM sqlite_master WHERE tbl_name = :name)"
    )
    try:
        octets: int = connection.execute(statement, {"name": name}).scalar_one()
    except OperationalError:
        return None  # this SQLite was built without it
    return octets
