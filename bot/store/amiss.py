"""What is amiss with the store, told apart by the codes of errors, for those who must mend it."""

import sqlite3
from typing import Final

from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from bot.errors import OutageError, StoreError

UNREACHABLE: Final = "打不开数据库：{reason} → 请检查 KAIDIAN_DB、网络和权限"
BUSY: Final = (
    "数据库 {path} 正忙，等了几秒还轮不到 → 请过一会儿再试，或先停掉正在用它的程序（比如机器人）"
)
READ_ONLY: Final = (
    "数据库 {path} 不能写 → 请让运行 kaidian 的用户能写它和它所在的文件夹，旁边有 -wal、-shm、.lock "
    "文件的也要能写（用 chown 或 chmod u+w）；磁盘是只读挂载的，请改成可写"
)
FULL: Final = "磁盘满了，写不进数据库 {path} → 请腾出空间，再试一次；已经存下的都还在"
FAILING: Final = (
    "读写数据库 {path} 时磁盘出错（{code}） → 请看磁盘是不是满了（df -h）或者坏了，处理好再试一次"
)
NOT_OPENED: Final = (
    "打不开数据库 {path} → 请检查 --db 或 KAIDIAN_DB：要写到文件，不是文件夹；"
    "运行 kaidian 的用户要能读写它和它所在的文件夹，磁盘不能是只读挂载的"
)
DAMAGED: Final = (
    "数据库 {path} 坏了 → 请停掉机器人，把它和旁边的 -wal、-shm 文件移到别处留着，"
    "再换上 kaidian store backup 做的备份"
)
NO_DATABASE: Final = (
    "{path} 不是数据库 → 请检查 --db 或 KAIDIAN_DB；它本来是数据库的话，"
    "请停掉机器人，把它移到别处留着，再换上 kaidian store backup 做的备份"
)

PRIMARY: Final = 0xFF  # bits of a code (https://www.sqlite.org/rescode.html)
OUTAGES: Final = {
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_IOERR: FAILING,
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_CANTOPEN: NOT_OPENED,
}
LOSSES: Final = {sqlite3.SQLITE_CORRUPT: DAMAGED, sqlite3.SQLITE_NOTADB: NO_DATABASE}


def amiss(error: Exception, url: URL) -> StoreError | None:
    """Return what *error* tells to be amiss with the store at *url*; None when it is our own fault."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        return _of_sqlite(cause, url.database)
    if isinstance(error, OperationalError | InterfaceError):
        # What a server says could name what was written; that it can't be reached, its driver says.
        answered = getattr(cause, "sqlstate", None)
        reason = type(cause).__name__ if answered else said(error)
        return OutageError(UNREACHABLE.format(reason=reason))
    return None


def as_store_error(error: Exception) -> StoreError:
    """Return *error* in words, also where it is one of the pool of connections."""
    if isinstance(error, StoreError):
        return error
    return OutageError(UNREACHABLE.format(reason=type(error).__name__))


def said(error: DBAPIError) -> str:
    """Return the first line of what *error* says."""
    return (str(error.orig).splitlines() or [type(error.orig).__name__])[0]


def primary(error: sqlite3.Error) -> int:
    """Return the code of *error*, without what tells more; 0 where SQLite itself gave none."""
    return getattr(error, "sqlite_errorcode", 0) & PRIMARY


def _of_sqlite(error: sqlite3.Error, path: str | None) -> StoreError | None:
    code = primary(error)
    if code in LOSSES:
        return StoreError(LOSSES[code].format(path=path))
    if code in OUTAGES:
        return OutageError(OUTAGES[code].format(path=path, code=error.sqlite_errorname))
    return None
