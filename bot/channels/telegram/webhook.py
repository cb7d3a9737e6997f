"""Updates by webhook: Telegram brings them, and is told so when they are kept.

What is not answered with 200 Telegram brings again (Bot API, setWebhook), so a store that can't be
used loses nothing.
"""

import asyncio
import hmac
import json
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final
from urllib.parse import urlsplit

from sqlalchemy.exc import DataError, SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram.error import TelegramError

from bot.channels.telegram import metrics
from bot.channels.telegram.client import AnyBot, Patient
from bot.channels.telegram.handling import Handler
from bot.channels.telegram.health import Health
from bot.channels.telegram.incoming import KINDS, Update
from bot.errors import SettingError, StoreError
from bot.store.amiss import as_store_error

SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  # its name, no secret
# Far beyond any update, as texts have 4,096 characters; who knows the secret is still not trusted.
LONGEST: Final = 1_000_000
LARGEST_ID: Final = 2**63 - 1  # what the store can hold
CHECK_EVERY: Final = 30.0  # seconds between looks at what Telegram says of the webhook

NO_URL: Final = (
    "KAIDIAN_WEBHOOK_URL 应该是 https:// 开头的完整网址（本机测试可以用 http://127.0.0.1） → "
    "请设成 Telegram 能访问到的地址，比如 https://bot.example.com/telegram"
)
UNFIT: Final = (
    "KAIDIAN_WEBHOOK_SECRET 应该是 1 到 256 个字母、数字、_ 或 - → "
    "请设一个别人猜不到的，比如 openssl rand -hex 32 的输出"
)
NOT_SEEN: Final = (
    "问不到 webhook 的情况（{reason}），过一会儿再问 → 收不到消息时，请运行 kaidian doctor 细查"
)
ELSEWHERE: Final = (
    "Telegram 把消息送到了别的地址，这里收不到 → 请看是不是还有别的程序用这个令牌设了 webhook，"
    "停掉它，再重新启动 kaidian telegram --webhook"
)
NOT_KEPT: Final = "有消息没存下，Telegram 会再送来。{told}"
LOOPBACK: Final = {"127.0.0.1", "::1", "localhost"}

log = logging.getLogger(__name__)

_secret = re.compile(r"[A-Za-z0-9_-]{1,256}")  # Bot API, setWebhook


@dataclass(frozen=True, slots=True)
class Hook:
    """The *url* that Telegram brings updates to, and the *secret* that it shows.

    Raises:
        SettingError: when one is missing or Telegram could not use it.

    """

    url: str
    secret: str = field(repr=False)

    def __post_init__(self) -> None:
        if not _usable(self.url):
            raise SettingError(NO_URL)
        if not _secret.fullmatch(self.secret):
            raise SettingError(UNFIT)

    @property
    def path(self) -> str:
        """The path of the address."""
        return urlsplit(self.url).path or "/"


class Webhook:
    """Takes updates at *hook* until *stop* is set; tells *health* when Telegram was heard."""

    def __init__(self, bot: AnyBot, hook: Hook, health: Health, stop: asyncio.Event) -> None:
        self._bot = bot
        self._hook = hook
        self._health = health
        self._stop = stop
        self._patient = Patient(stop)

    async def receive(self, handler: Handler, arrived: Callable[[], None]) -> None:
        """Tell Telegram where to bring updates, and look now and then whether it can.

        Raises:
            ChannelError: when Telegram refuses the token or the address.

        """
        del handler, arrived  # updates come through `route`
        await self._patient.persist(self._set, "setWebhook")
        while not self._stop.is_set():
            await self._look()
            await self._patient.paused(CHECK_EVERY)

    async def _set(self) -> None:
        await self._bot.do_api_request(
            "setWebhook",
            {
                "url": self._hook.url,
                "secret_token": self._hook.secret,
                "allowed_updates": list(KINDS),
            },
        )

    async def _look(self) -> None:
        """Ask Telegram about the webhook; another address there means that nothing comes here."""
        try:
            info: dict[str, Any] = await self._bot.do_api_request("getWebhookInfo")
        except TelegramError as error:
            log.warning(NOT_SEEN.format(reason=type(error).__name__))
            return
        if info.get("url") == self._hook.url:
            self._health.heard()
        else:
            log.error(ELSEWHERE)

    def route(self, handler: Handler, arrived: Callable[[], None]) -> Route:
        """Return where *handler* keeps what Telegram brings; *arrived* is told of it."""
        return Route(self._hook.path, partial(self._take, handler, arrived), methods=["POST"])

    async def _take(
        self, handler: Handler, arrived: Callable[[], None], request: Request
    ) -> Response:
        shown = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(shown.encode(), self._hook.secret.encode()):
            return _refused("secret", 403)
        update = _read(await _body(request))
        if update is None:
            # Whatever it is, bringing it again would not make it better.
            return _refused("junk", 200)
        try:
            to_handle = await asyncio.to_thread(handler.receive, [update])
        except DataError:
            return _refused("junk", 200)
        except (StoreError, SQLAlchemyError) as error:
            log.warning(NOT_KEPT.format(told=as_store_error(error)))
            return _refused("store", 500)
        self._health.heard()
        if to_handle:
            arrived()
        return Response()


def _usable(url: str) -> bool:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    local = parts.scheme == "http" and parts.hostname in LOOPBACK
    return bool(parts.hostname) and (parts.scheme == "https" or local)


def _refused(reason: str, status: int) -> Response:
    metrics.refused(reason)
    return Response(status_code=status)


async def _body(request: Request) -> bytes:
    """Return what was sent; nothing when it is too long."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LONGEST:
            return b""
    return bytes(body)


def _read(body: bytes) -> Update | None:
    """Return the update in *body*; None when there is none."""
    try:
        update = json.loads(body)
    except (ValueError, RecursionError):
        return None
    id_ = update.get("update_id") if isinstance(update, dict) else None
    if not isinstance(id_, int) or isinstance(id_, bool) or not 0 <= id_ <= LARGEST_ID:
        return None
    return update  # type: ignore[no-any-return]  # JSON of an object
