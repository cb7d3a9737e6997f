"""The client of the Bot API, and the patience that it takes."""

import asyncio
import logging
import warnings
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from telegram.error import (
    BadRequest,
    Conflict,
    EndPointNotFound,
    InvalidToken,
    RetryAfter,
    TelegramError,
)
from telegram.ext import AIORateLimiter, ExtBot
from telegram.warnings import PTBUserWarning

from bot.channels.telegram.pausing import set_within
from bot.channels.telegram.requests import Requests, proxy_to
from bot.errors import ChannelError

TIMEOUT: Final = 20  # seconds for an answer; less makes needless doubt
LONGEST_PAUSE: Final = 30.0  # seconds between tries while Telegram can't be reached
MOST_AT_ONCE: Final = 64  # calls under way, the slow ones counted
# Telegram may believe for a moment that a process which was killed still polls.
MOST_CONFLICTS: Final = 2
UNAUTHORIZED: Final = "Unauthorized"  # what the Bot API says of a token that is not valid any more

REFUSED: Final = (
    "Telegram 不认这个令牌 → 请检查 KAIDIAN_TELEGRAM_TOKEN，可以在 @BotFather 那里重新取"
)
UNREACHED: Final = (
    "连不上 Telegram，或者它没有正常回应（{reason}），会一直重试 → "
    "请检查网络、代理（HTTPS_PROXY）和 KAIDIAN_TELEGRAM_API，也可以运行 kaidian doctor 细查"
)
TOLD_TO_WAIT: Final = "Telegram 要求等 {seconds:.0f} 秒再请求，到时会自动再试，不用处理"
ANOTHER: Final = (
    "另一个程序正在用同一个令牌收消息 → 请先停掉那一个，用长轮询时一个机器人只能有一处接收"
)
WEBHOOK_SET: Final = (
    "这个机器人设置了 webhook，不能用长轮询收消息 → "
    "请运行 kaidian telegram --webhook；要改用长轮询，请运行 kaidian telegram --delete-webhook"
)
STAYS: Final = "撤不下 webhook：{reason} → 请检查网络，过一会儿再试"
WRONG: Final = "Telegram 拒绝了 {method}：{reason} → 请检查 KAIDIAN_WEBHOOK_URL 等设置"

log = logging.getLogger(__name__)

AnyBot = ExtBot[int]


def make_bot(token: str, api: str, rate: float) -> AnyBot:
    """Return a client of the Bot API at the address *api*.

    It sends at most *rate* messages a second, or as many as there are when that is 0.

    Raises:
        SettingError: when the proxy on the way can't be used.

    """
    proxy = proxy_to(api)
    # The library asks to use its own methods, which parse what they get; raw answers are wanted.
    warnings.filterwarnings("ignore", "Please use 'Bot", PTBUserWarning)
    return ExtBot(
        token,
        base_url=f"{api}/bot",
        base_file_url=f"{api}/file/bot",
        request=Requests(proxy, MOST_AT_ONCE * 2, TIMEOUT),
        get_updates_request=Requests(proxy, 2, TIMEOUT),
        rate_limiter=AIORateLimiter(overall_max_rate=rate),
    )


async def unhook(bot: AnyBot) -> None:
    """Take the webhook away, so that updates can be polled; those that wait are kept.

    Raises:
        ChannelError: when Telegram refuses, or can't be reached.

    """
    try:
        async with bot:
            await bot.do_api_request("deleteWebhook", {"drop_pending_updates": False})
    except InvalidToken as error:
        raise ChannelError(REFUSED) from error
    except TelegramError as error:
        raise ChannelError(STAYS.format(reason=type(error).__name__)) from error


def now() -> datetime:
    """Return the time; the one clock of the channel."""
    return datetime.now(UTC)


class Patient:
    """Makes calls until Telegram can be reached, or until *stop* is set."""

    def __init__(self, stop: asyncio.Event) -> None:
        self._stop = stop
        self._conflicts = 0

    async def persist(self, call: Callable[[], Awaitable[Any]], method: str) -> Any:  # noqa: ANN401  # what the call returns
        """Make *call* until it is answered; None when the bot was told to stop.

        Raises:
            ChannelError: when Telegram refuses the token or what is asked, or gives the updates to
                somebody else.

        """
        pause = 1.0
        while not self._stop.is_set():
            try:
                result = await call()
            except BadRequest as error:
                raise ChannelError(WRONG.format(method=method, reason=error)) from error
            except Conflict as error:
                self._conflict(error)
            except RetryAfter as error:
                pause = wait_of(error).total_seconds()
                log.warning(TOLD_TO_WAIT.format(seconds=pause), extra={"call": method})
            except TelegramError as error:
                if isinstance(error, InvalidToken) or is_unauthorized(error):
                    raise ChannelError(REFUSED) from error
                # What it says could name the address, of which the token is a part.
                reason = type(error.__cause__ or error).__name__
                log.warning(UNREACHED.format(reason=reason), extra={"call": method})
            else:
                self._conflicts = 0
                return result
            await self.paused(pause)
            pause = min(LONGEST_PAUSE, pause * 2)
        return None

    def _conflict(self, error: Conflict) -> None:
        self._conflicts += 1
        if "webhook" in str(error).lower():
            raise ChannelError(WEBHOOK_SET) from error
        if self._conflicts >= MOST_CONFLICTS:
            raise ChannelError(ANOTHER) from error

    async def paused(self, seconds: float) -> None:
        """Wait that long, or until the bot is told to stop."""
        await set_within(self._stop, seconds)


def is_unauthorized(error: TelegramError) -> bool:
    """Tell whether the token was refused in a call that the library takes for one that isn't there."""
    return isinstance(error, EndPointNotFound) and UNAUTHORIZED in str(error.__cause__)


def wait_of(error: RetryAfter) -> timedelta:
    """Return how long Telegram asks to wait; the library gives it in one of two types."""
    after = error.retry_after
    return after if isinstance(after, timedelta) else timedelta(seconds=after)
