"""A look at the store that changes nothing and needs no lock, also while a bot uses it."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from bot.errors import StoreError
from bot.store.amiss import NOT_OPENED, UNREACHABLE, amiss, said
from bot.store.opening import MIGRATIONS, NO_DRIVER, NO_FOLDER, WRONG_URL

PATIENCE: Final = 5  # seconds for a server to answer


@dataclass(frozen=True, slots=True)
class Examined:
    """What a store is like.

    Attributes:
        place: Where it is, without a password.
        exists: Whether anything was ever kept in it.
        schema: Its schema's revision, *newest* that of this program; None for an empty one.
        newest: See *schema*.
        known: Whether this program knows *schema*.
        writable: Whether it can be written to.
        free: Bytes free on its disk; None where that can't be seen from here.

    """

    place: str
    exists: bool
    schema: str | None
    newest: str | None
    known: bool
    writable: bool
    free: int | None


def examine(url: str) -> Examined:
    """Return what the store at *url* is like.

    Raises:
        StoreError: when it can't be opened.

    """
    try:
        address = make_url(url)
        place = address.render_as_string(hide_password=True)
        if address.get_backend_name() == "sqlite":
            return _sqlite(address, place)
        engine = create_engine(
            address, hide_parameters=True, connect_args={"connect_timeout": PATIENCE}
        )
        with engine.connect() as connection:
            read_only = connection.execute(text("SHOW transaction_read_only")).scalar_one()
            return _examined(connection, place, writable=read_only == "off", free=None)
    except (ArgumentError, NoSuchModuleError, ValueError) as error:
        raise StoreError(WRONG_URL) from error
    except ImportError as error:
        raise StoreError(NO_DRIVER) from error
    except DBAPIError as error:
        told = amiss(error, address)
        raise told or StoreError(UNREACHABLE.format(reason=said(error))) from error
    except OSError as error:
        raise StoreError(NOT_OPENED.format(path=address.database)) from error


def _sqlite(address: URL, place: str) -> Examined:
    file = Path(address.database or "")
    folder = next(folder for folder in file.absolute().parents if folder.exists())
    if not folder.is_dir():
        raise StoreError(NO_FOLDER.format(folder=file.parent))
    free = shutil.disk_usage(folder).free
    if not file.exists():
        newest = _scripts().get_current_head()
        return Examined(place, False, None, newest, True, _can_write(folder), free)
    engine = create_engine(address, hide_parameters=True, connect_args={"timeout": PATIENCE})
    with engine.connect() as connection:
        # What SQLite needs to write is the right to its file and to the folder it stands in.
        return _examined(
            connection, place, writable=_can_write(file) and _can_write(folder), free=free
        )


def _examined(connection: Connection, place: str, *, writable: bool, free: int | None) -> Examined:
    scripts = _scripts()
    schema = MigrationContext.configure(connection).get_current_revision()
    known = schema is None or schema in {script.revision for script in scripts.walk_revisions()}
    return Examined(
        place=place,
        exists=schema is not None,
        schema=schema,
        newest=scripts.get_current_head(),
        known=known,
        writable=writable,
        free=free,
    )


def _scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return ScriptDirectory.from_config(config)


def _can_write(path: Path) -> bool:
    return os.access(path, os.W_OK)
