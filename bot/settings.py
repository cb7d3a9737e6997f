"""Environment to settings; no other part reads the environment."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from importlib.resources import files
from math import inf
from os import pathsep
from pathlib import Path
from typing import Final, TypeVar

from platformdirs import user_cache_path, user_data_path

from bot.desk.duty import Duty, read_duty
from bot.errors import SettingError

APP = "kaidian"
SHIPPED = "1688"
TELEGRAM_API = "https://api.telegram.org"
# Messages a second (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this).
TELEGRAM_RATE = 30.0
WEBHOOK_HOST = "127.0.0.1"  # a load balancer stands before it, and speaks TLS
TIMEZONE = "Asia/Shanghai"
TAKEOVER_HOURS = "4"  # an operator who says nothing for half a working day has gone

NOT_OPERATORS: Final = (
    "KAIDIAN_OPERATORS 是 {found!r}，应该是值班人员的 Telegram 用户编号 → "
    "请写数字，用逗号隔开，比如 12345678,23456789；编号可以问 @userinfobot"
)
NOT_CHAT: Final = (
    "KAIDIAN_OPERATORS_CHAT 是 {found!r}，应该是值班群的编号 → "
    "请写群的编号，是负数，比如 -1001234567890"
)
LAST_PORT: Final = 65_535
NO_PORT: Final = (
    "KAIDIAN_WEBHOOK_PORT 是 {found!r}，应该是 1 到 65535 的端口号 → 请写一个数，比如 8080"
)
NO_RATE: Final = (
    "KAIDIAN_TELEGRAM_RATE 是 {found!r}，应该是每秒最多发几条消息 → 请写一个数，比如 30；0 表示不限"
)
WHICH_KB: Final = (
    "KAIDIAN_KB 里有几个知识库（{folders}），这个命令一次只管一个 → 请用 --kb 指出是哪一个"
)
MOST_DAYS = 36_500  # a hundred years; more is a slip
NOT_DAYS = "KAIDIAN_RETENTION_DAYS 是 {text}，应当是 1 到 {most} 的整数 → 请写成天数，比如 90；不设就一直保留"
NO_OPERATORS: Final = (
    "设置了 KAIDIAN_OPERATORS_CHAT，却没有 KAIDIAN_OPERATORS，群里没有人能回复 → "
    "请把值班人员的 Telegram 用户编号写进 KAIDIAN_OPERATORS，用逗号隔开"
)
NOT_HOURS: Final = (
    "KAIDIAN_TAKEOVER_HOURS 是 {found!r}，应该是小时数 → 请写一个大于 0、不超过 168 的数，比如 4"
)
LONGEST_TAKEOVER: Final = 168  # hours: a week

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be set from outside.

    Attributes:
        kbs: Folders of the knowledge bases (``KAIDIAN_KB``, parted as those of ``PATH`` are).
        cache: Folder for what can be made again: the prepared dictionary, compiled bases (``KAIDIAN_CACHE``).
        db: URL of the store (``KAIDIAN_DB``).
        kept: How long questions and votes are kept; None for ever (``KAIDIAN_RETENTION_DAYS``).
        telegram_token: The bot's token, a secret (``KAIDIAN_TELEGRAM_TOKEN``).
        telegram_api: Address of the Bot API (``KAIDIAN_TELEGRAM_API``).
        telegram_rate: Messages a second at most, 0 for as many as there are
            (``KAIDIAN_TELEGRAM_RATE``). Telegram has limits of its own, which a Bot API server of
            one's own does not lift (https://github.com/tdlib/telegram-bot-api/issues/516).
        webhook_url: Where Telegram brings updates (``KAIDIAN_WEBHOOK_URL``).
        webhook_host: Address to listen at (``KAIDIAN_WEBHOOK_HOST``).
        webhook_port: Port to listen at, also for health and metrics; 0 for any that is free, None
            where it is not set (``KAIDIAN_WEBHOOK_PORT``).
        webhook_secret: What Telegram shows with each update, a secret
            (``KAIDIAN_WEBHOOK_SECRET``).
        operators: Telegram's ids of the people who answer tickets (``KAIDIAN_OPERATORS``).
        operators_chat: Id of the group in which they do; 0 without one
            (``KAIDIAN_OPERATORS_CHAT``).
        duty: When they are there (``KAIDIAN_DUTY``, in ``KAIDIAN_TIMEZONE``).
        takeover: How long the bot is silent after an operator wrote
            (``KAIDIAN_TAKEOVER_HOURS``).
        faults: What can't be right; such a setting has its default.

    """

    kbs: tuple[Path, ...]
    cache: Path
    db: str = field(default="", repr=False)
    kept: timedelta | None = None
    telegram_token: str = field(default="", repr=False)
    telegram_api: str = TELEGRAM_API
    telegram_rate: float = TELEGRAM_RATE
    webhook_url: str = ""
    webhook_host: str = WEBHOOK_HOST
    webhook_port: int | None = None
    webhook_secret: str = field(default="", repr=False)
    operators: frozenset[int] = frozenset()
    operators_chat: int = 0
    duty: Duty = field(default_factory=lambda: read_duty("", TIMEZONE))
    takeover: timedelta = timedelta(hours=int(TAKEOVER_HOURS))
    faults: tuple[SettingError, ...] = ()

    @property
    def kb(self) -> Path:
        """The folder of the knowledge base, for what concerns one.

        Raises:
            SettingError: when several are set.

        """
        if len(self.kbs) > 1:
            raise SettingError(WHICH_KB.format(folders="、".join(map(str, self.kbs))))
        return self.kbs[0]

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "Settings":
        """Read settings from *environ*; what it lacks has a default that works.

        Raises:
            SettingError: when one can't be right.

        """
        settings = cls.examined(environ)
        if settings.faults:
            raise settings.faults[0]
        return settings

    @classmethod
    def examined(cls, environ: Mapping[str, str]) -> "Settings":
        """Read settings from *environ*; what can't be right is a fault, and has its default."""
        faults: list[SettingError] = []

        def read(what: Callable[[], Value], default: Value) -> Value:
            try:
                return what()
            except SettingError as error:
                faults.append(error)
                return default

        operators = read(lambda: _operators(environ.get("KAIDIAN_OPERATORS", "")), None)
        chat = read(lambda: _operators_chat(environ.get("KAIDIAN_OPERATORS_CHAT", "")), 0)
        if chat and operators == frozenset():
            faults.append(SettingError(NO_OPERATORS))
        rate = environ.get("KAIDIAN_TELEGRAM_RATE") or str(TELEGRAM_RATE)
        hours = environ.get("KAIDIAN_TAKEOVER_HOURS") or TAKEOVER_HOURS
        zone = environ.get("KAIDIAN_TIMEZONE") or TIMEZONE
        settings = cls(
            kbs=_folders(environ.get("KAIDIAN_KB", "")) or (shipped(),),
            cache=Path(environ["KAIDIAN_CACHE"])
            if environ.get("KAIDIAN_CACHE")
            else user_cache_path(APP),
            db=environ.get("KAIDIAN_DB") or f"sqlite:///{user_data_path(APP) / 'kaidian.db'}",
            kept=read(lambda: _days(environ.get("KAIDIAN_RETENTION_DAYS", "")), None),
            telegram_token=environ.get("KAIDIAN_TELEGRAM_TOKEN", ""),
            telegram_api=environ.get("KAIDIAN_TELEGRAM_API") or TELEGRAM_API,
            telegram_rate=read(lambda: _rate(rate), TELEGRAM_RATE),
            webhook_url=environ.get("KAIDIAN_WEBHOOK_URL", ""),
            webhook_host=environ.get("KAIDIAN_WEBHOOK_HOST") or WEBHOOK_HOST,
            webhook_port=read(lambda: _port(environ.get("KAIDIAN_WEBHOOK_PORT", "")), None),
            webhook_secret=environ.get("KAIDIAN_WEBHOOK_SECRET", ""),
            operators=operators or frozenset(),
            operators_chat=chat,
            duty=read(
                lambda: read_duty(environ.get("KAIDIAN_DUTY", ""), zone), read_duty("", TIMEZONE)
            ),
            takeover=read(lambda: _hours(hours), _hours(TAKEOVER_HOURS)),
        )
        return replace(settings, faults=tuple(faults))


def _folders(text: str) -> tuple[Path, ...]:
    return tuple(Path(folder) for folder in text.split(pathsep) if folder)


def _rate(text: str) -> float:
    try:
        rate = float(text)
    except ValueError as error:
        raise SettingError(NO_RATE.format(found=text)) from error
    if not 0 <= rate < inf:
        raise SettingError(NO_RATE.format(found=text))
    return rate


def _port(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and int(text) <= LAST_PORT):
        raise SettingError(NO_PORT.format(found=text))
    return int(text)


def _operators(text: str) -> frozenset[int]:
    ids = [part.strip() for part in text.replace("，", ",").split(",") if part.strip()]
    if not all(part.isascii() and part.isdecimal() for part in ids):
        raise SettingError(NOT_OPERATORS.format(found=text))
    return frozenset(map(int, ids))


def _operators_chat(text: str) -> int:
    if not text.strip():
        return 0
    try:
        chat = int(text)
    except ValueError as error:
        raise SettingError(NOT_CHAT.format(found=text)) from error
    if chat >= 0:
        raise SettingError(NOT_CHAT.format(found=text))
    return chat


def _days(text: str) -> timedelta | None:
    if not text:
        return None
    if not text.isdecimal() or not 0 < int(text) <= MOST_DAYS:
        raise SettingError(NOT_DAYS.format(text=text, most=MOST_DAYS))
    return timedelta(days=int(text))


def _hours(text: str) -> timedelta:
    try:
        hours = float(text)
    except ValueError as error:
        raise SettingError(NOT_HOURS.format(found=text)) from error
    if not 0 < hours <= LONGEST_TAKEOVER:
        raise SettingError(NOT_HOURS.format(found=text))
    return timedelta(hours=hours)


def shipped() -> Path:
    """Return the folder of the shipped base: inside the wheel, or in the checkout."""
    package = Path(str(files("bot")))
    installed = package / "shipped" / SHIPPED
    return installed if installed.is_dir() else package.parent / "knowledge" / SHIPPED
