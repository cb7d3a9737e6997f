"""Environment to settings; no other part reads the environment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from math import inf
from pathlib import Path
from typing import Final

from platformdirs import user_cache_path, user_data_path

from bot.errors import SettingError

APP = "kaidian"
SHIPPED = "1688"
TELEGRAM_API = "https://api.telegram.org"
# Messages a second (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this).
TELEGRAM_RATE = 30.0
NO_RATE: Final = (
    "KAIDIAN_TELEGRAM_RATE 是 {found!r}，应该是每秒最多发几条消息 → 请写一个数，比如 30；0 表示不限"
)


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be set from outside.

    Attributes:
        kb: Folder of the knowledge base (``KAIDIAN_KB``).
        cache: Folder for what can be made again: the prepared dictionary (``KAIDIAN_CACHE``).
        db: URL of the store (``KAIDIAN_DB``).
        telegram_token: The bot's token, a secret (``KAIDIAN_TELEGRAM_TOKEN``).
        telegram_api: Address of the Bot API (``KAIDIAN_TELEGRAM_API``).
        telegram_rate: Messages a second at most, 0 for as many as there are
            (``KAIDIAN_TELEGRAM_RATE``). Telegram has limits of its own, which a Bot API server of
            one's own does not lift (https://github.com/tdlib/telegram-bot-api/issues/516).

    """

    kb: Path
    cache: Path
    db: str = ""
    telegram_token: str = field(default="", repr=False)
    telegram_api: str = TELEGRAM_API
    telegram_rate: float = TELEGRAM_RATE

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "Settings":
        """Read settings from *environ*; what it lacks has a default that works.

        Raises:
            SettingError: when one can't be right.

        """
        return cls(
            kb=Path(environ["KAIDIAN_KB"]) if environ.get("KAIDIAN_KB") else shipped(),
            cache=Path(environ["KAIDIAN_CACHE"])
            if environ.get("KAIDIAN_CACHE")
            else user_cache_path(APP),
            db=environ.get("KAIDIAN_DB") or f"sqlite:///{user_data_path(APP) / 'kaidian.db'}",
            telegram_token=environ.get("KAIDIAN_TELEGRAM_TOKEN", ""),
            telegram_api=environ.get("KAIDIAN_TELEGRAM_API") or TELEGRAM_API,
            telegram_rate=_rate(environ.get("KAIDIAN_TELEGRAM_RATE") or str(TELEGRAM_RATE)),
        )


def _rate(text: str) -> float:
    try:
        rate = float(text)
    except ValueError as error:
        raise SettingError(NO_RATE.format(found=text)) from error
    if not 0 <= rate < inf:
        raise SettingError(NO_RATE.format(found=text))
    return rate


def shipped() -> Path:
    """Return the folder of the shipped base: inside the wheel, or in the checkout."""
    package = Path(str(files("bot")))
    installed = package / "shipped" / SHIPPED
    return installed if installed.is_dir() else package.parent / "knowledge" / SHIPPED
