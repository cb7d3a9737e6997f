"""What the tests share: one assistant on the shipped base, and a clean environment."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.app import Parts, assemble
from bot.knowledge.reading import read_base
from bot.settings import shipped
from tests.bases import base
from tests.postgres import Postgres


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder for the prepared dictionary."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def parts(cache: Path) -> Parts:
    """Return the parts that answer from the shipped base."""
    return assemble(read_base(shipped()), cache)


@pytest.fixture(autouse=True)
def clean_environ(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away what the person who runs the tests has set."""
    for name in [name for name in os.environ if name.startswith("KAIDIAN_")]:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Return a running PostgreSQL server."""
    with Postgres() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def db(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of an empty database; a test that takes it runs on each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'store.db'}"
    server: Postgres = request.getfixturevalue("postgres")
    return server.new_database()


@pytest.fixture
def folders(tmp_path: Path) -> list[Path]:
    """Return two bases that answer the same question about 蓝鲸网 and 红杉网."""
    return [
        base(tmp_path / "blue", "blue", "蓝鲸网", "蓝鲸网年费一百元"),
        base(tmp_path / "red", "red", "红杉网", "红杉网年费九百元"),
    ]
