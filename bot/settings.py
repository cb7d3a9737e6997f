"""Environment to settings; no other part reads the environment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from platformdirs import user_cache_path, user_data_path

APP = "kaidian"
SHIPPED = "1688"
TELEGRAM_API = "https://api.telegram.org"


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be set from outside.

    Attributes:
        kb: Folder of the knowledge base (``KAIDIAN_KB``).
        cache: Folder for what can be made again: the prepared dictionary (``KAIDIAN_CACHE``).
        db: URL of the store (``KAIDIAN_DB``).
        telegram_token: The bot's token, a secret (``KAIDIAN_TELEGRAM_TOKEN``).
        telegram_api: Address of the Bot API (``KAIDIAN_TELEGRAM_API``).

    """

    kb: Path
    cache: Path
    db: str = ""
    telegram_token: str = field(default="", repr=False)
    telegram_api: str = TELEGRAM_API

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "Settings":
        """Read settings from *environ*; what it lacks has a default that works."""
        return cls(
            kb=Path(environ["KAIDIAN_KB"]) if environ.get("KAIDIAN_KB") else shipped(),
            cache=Path(environ["KAIDIAN_CACHE"])
            if environ.get("KAIDIAN_CACHE")
            else user_cache_path(APP),
            db=environ.get("KAIDIAN_DB") or f"sqlite:///{user_data_path(APP) / 'kaidian.db'}",
            telegram_token=environ.get("KAIDIAN_TELEGRAM_TOKEN", ""),
            telegram_api=environ.get("KAIDIAN_TELEGRAM_API") or TELEGRAM_API,
        )


def shipped() -> Path:
    """Return the folder of the shipped base: inside the wheel, or in the checkout."""
    package = Path(str(files("bot")))
    installed = package / "shipped" / SHIPPED
    return installed if installed.is_dir() else package.parent / "knowledge" / SHIPPED
