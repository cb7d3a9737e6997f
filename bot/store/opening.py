"""Opening the store: one writer at a time on SQLite, any number of processes on PostgreSQL."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from errno import ENOSPC
from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Engine, create_engine, event, func, select, text
from sqlalchemy.engine import URL, ExceptionContext, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    InterfaceError,
    NoSuchModuleError,
    OperationalError,
    PendingRollbackError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from bot.errors import OutageError, StoreError
from bot.store.amiss import FULL, READ_ONLY, UNREACHABLE, amiss, said

WRONG_URL: Final = (
    "KAIDIAN_DB 不是可用的数据库地址 → 请写成 sqlite:////路径/文件.db 或 "
    "postgresql+psycopg://用户@主机/库名"
)
NO_DRIVER: Final = "这台机器上没有装 PostgreSQL 的驱动 → 请运行 pip install 'kaidian[postgres]'"
NEWER: Final = "数据库的版本比这个程序新 → 请升级 kaidian，或换一个数据库"
MIGRATIONS: Final = Path(__file__).parent / "migrations"
# Keys of PostgreSQL's advisory locks: migrations hold the one, processes that serve share the other.
MIGRATING: Final = 0x6B616964
SERVING: Final = 0x6B616965
# What is raised while the store can't be used, whatever is asked of it.
UNUSABLE: Final = (
    StoreError,
    OperationalError,
    InterfaceError,
    PendingRollbackError,
    PoolTimeoutError,
)
IN_USE: Final = "数据库 {path} 正被另一个 kaidian 使用 → 请先停掉那一个"
NO_FOLDER: Final = (
    "建不了放数据库的文件夹 {folder} → 请检查 --db 或 KAIDIAN_DB 的路径，"
    "或先建好这个文件夹，让运行 kaidian 的用户能写"
)


def open_store(url: str, *, beside: bool = False, writing: bool = False) -> Engine:
    """Return the store at *url*, migrated to the newest schema.

    *beside* opens it for an operator's command, next to a bot that may be running on it; one that
    is *writing* what it has read waits for its turn first.

    SQLite runs in WAL mode with synchronous=FULL: what was committed survives a loss of power
    (https://www.sqlite.org/pragma.html#pragma_synchronous).

    What it raises later, too, is a StoreError where a person can mend it.

    Raises:
        StoreError: when it can't be opened, is newer than this program, or is in use by another
            process (SQLite only, and *beside* only while the schema is old; PostgreSQL is made to
            be shared).

    """
    try:
        address = make_url(url)
        engine = create_engine(address, hide_parameters=True, **_pool(address, beside=beside))
    except (ArgumentError, NoSuchModuleError) as error:
        raise StoreError(WRONG_URL) from error
    except ImportError as error:
        raise StoreError(NO_DRIVER) from error
    event.listen(engine, "handle_error", _tell)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare)
        event.listen(engine, "begin", _begin_reading if beside and not writing else _begin)
    try:
        if engine.dialect.name == "sqlite" and address.database:
            _open_file(engine, Path(address.database), beside=beside)
        else:
            migrate(engine)
    except StoreError:
        engine.dispose()
        raise
    except DatabaseError as error:
        engine.dispose()
        raise StoreError(UNREACHABLE.format(reason=said(error))) from error
    except CommandError as error:
        engine.dispose()
        raise StoreError(NEWER) from error
    return engine


def _open_file(engine: Engine, path: Path, *, beside: bool) -> None:
    """Bring the database *path* to the newest schema; unless *beside* a bot, see that it takes what is written."""
    if not (beside and _is_newest(engine)):
        _reserve(engine, path)
    migrate(engine)
    if not beside:
        with engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = version_num"))


def _tell(context: ExceptionContext) -> None:
    """Raise what can be mended instead of the driver's own error.

    Raises:
        StoreError: when it can be mended.

    """
    # A connection that was lost while nobody used it, the pool makes anew.
    if context.sqlalchemy_exception is None or context.engine is None or context.is_pre_ping:
        return
    told = amiss(context.sqlalchemy_exception, context.engine.url)
    if told is not None:
        raise told


def _pool(address: URL, *, beside: bool) -> dict[str, Any]:
    """Return how connections are kept: a server's are tried before they are used again.

    SQLite has one writer at a time. The threads of a bot take turns at one connection, as waiting
    for it costs nothing; SQLite itself would sleep and look again.
    """
    if address.get_backend_name() != "sqlite":
        return {"pool_pre_ping": True}
    return {} if beside else {"pool_size": 1, "max_overflow": 0}


@contextmanager
def joining(engine: Engine) -> Iterator[bool]:
    """Begin to serve from the store: until this process ends, others see that it does.

    Yield whether it is the only one; while that is so, nobody else begins.
    """
    if engine.dialect.name == "sqlite":
        yield True
        return
    presence = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    alone: bool = presence.execute(select(func.pg_try_advisory_lock(SERVING))).scalar_one()
    presence.execute(select(func.pg_advisory_lock_shared(SERVING)))
    yield alone
    if alone:
        presence.execute(select(func.pg_advisory_unlock(SERVING)))
    # The lock goes with its connection, which lives as long as the store is open.
    event.listen(engine, "engine_disposed", lambda _: presence.close())


def _reserve(engine: Engine, path: Path) -> None:
    """Keep a lock beside *path* until *engine* is disposed of or this process ends."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise StoreError(NO_FOLDER.format(folder=path.parent)) from error
    try:
        lock = path.with_name(path.name + ".lock").open("w")
    except OSError as error:
        told = FULL if error.errno == ENOSPC else READ_ONLY
        raise OutageError(told.format(path=path)) from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        lock.close()
        raise StoreError(IN_USE.format(path=path)) from error
    event.listen(engine, "engine_disposed", lambda _: lock.close())


def _prepare(connection: Any, record: Any) -> None:  # noqa: ANN401  # as SQLAlchemy's events have it
    """Let SQLAlchemy begin transactions itself, so that savepoints work (its SQLite page says how)."""
    del record
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "busy_timeout=5000",
        "secure_delete=ON",  # what is deleted is overwritten, not only unlinked
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Any) -> None:  # noqa: ANN401  # as SQLAlchemy's events have it
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_reading(connection: Any) -> None:  # noqa: ANN401  # as SQLAlchemy's events have it
    """Begin without the lock of a writer, which a running bot would wait for."""
    connection.exec_driver_sql("BEGIN")


def _is_newest(engine: Engine) -> bool:
    """Tell whether the database needs no migration."""
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    return current == ScriptDirectory.from_config(_migrations()).get_current_head()


def _migrations() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def migrate(engine: Engine, to: str = "head") -> None:
    """Bring the store to the released schema *to*, if it isn't there yet."""
    config = _migrations()
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            # Replicas may start together; SQLite has one writer anyway.
            connection.execute(select(func.pg_advisory_xact_lock(MIGRATING)))
        config.attributes["connection"] = connection
        command.upgrade(config, to)
