"""What Telegram says of the bot: its token, its webhook, its operators' chat, and the time."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final

import httpx

from bot.channels.telegram.client import REFUSED
from bot.channels.telegram.incoming import KINDS
from bot.channels.telegram.requests import proxy_to
from bot.channels.telegram.webhook import Hook
from bot.desk.findings import Finding, fault, warning
from bot.errors import ChannelError

TIMEOUT: Final = 10.0  # seconds
# HTTP dates have whole seconds, and the way to Telegram takes some; certificates and holidays
# are still right with a clock that is off by less.
MOST_OFF: Final = timedelta(seconds=30)
MANY: Final = 100  # updates that wait; as many as one request brings
REFUSING: Final = {401, 404}  # a token that is no longer good, and what can't be one
RECENT: Final = timedelta(hours=1)  # an older error of the webhook has been overcome

TOKEN: Final = "令牌"  # noqa: S105  # the word for it
HOOK: Final = "收消息"
WAITING: Final = "等待的消息"
CLOCK: Final = "时钟"
OPERATORS: Final = "客服群"
TRY_NETWORK: Final = "请检查网络、代理和 KAIDIAN_TELEGRAM_API，再运行一次"


@dataclass(frozen=True, slots=True)
class Answer:
    """What Telegram answered: a *result*, or the *error* it gave; *date* is its clock's.

    It *refused* the call where it knows no such token.
    """

    result: Any
    error: str
    date: datetime | None
    refused: bool = False


class Telegram:
    """The Bot API at *api*, asked with *token*.

    Raises:
        SettingError: when the proxy on the way can't be used.

    """

    def __init__(self, api: str, token: str) -> None:
        self._proxy = proxy_to(api)
        self._address = f"{api}/bot{token}"

    def ask(self, method: str, **params: object) -> Answer:
        """Call *method*; an error is an answer too."""
        try:
            response = httpx.post(
                f"{self._address}/{method}",
                json=params,
                timeout=TIMEOUT,
                verify=httpx.create_ssl_context(),
                proxy=self._proxy,
                trust_env=False,
            )
            body = response.json()
            date = response.headers.get("date")
            return Answer(
                body.get("result"),
                "" if body.get("ok") else str(body.get("description", response.status_code)),
                parsedate_to_datetime(date) if date else None,
                response.status_code in REFUSING,
            )
        except (
            httpx.HTTPError,
            httpx.InvalidURL,
            ValueError,
            AttributeError,
            UnicodeError,
        ) as error:
            # Its text could name the address, of which the token is a part.
            return Answer(None, type(error).__name__, None)


def token(telegram: Telegram) -> Iterator[Finding]:
    """Find whether the token opens anything, and how the bot is set up.

    Raises:
        ChannelError: when Telegram refuses it.

    """
    answer = telegram.ask("getMe")
    if answer.refused:
        raise ChannelError(REFUSED)
    if answer.error:
        yield fault(TOKEN, f"连不上 Telegram（{answer.error}）", TRY_NETWORK)
        return
    me = answer.result
    yield Finding(TOKEN, f"有效，机器人是 @{me.get('username', '')}")
    if me.get("can_read_all_group_messages"):
        yield warning(
            "隐私模式",
            "关着，机器人会收到群里所有的聊天",
            "请在 @BotFather 那里用 /setprivacy 打开，再把机器人重新拉进群",
        )
    if me.get("supports_inline_queries") is False:
        yield warning(
            "内联模式",
            "没有打开，在别的聊天里 @ 机器人查不了",
            "请在 @BotFather 那里用 /setinline 打开",
        )


def clock(telegram: Telegram, now: Callable[[], datetime]) -> Iterator[Finding]:
    """Find how far this machine's clock, which *now* reads, is from Telegram's."""
    date = telegram.ask("getMe").date
    if date is None:
        yield warning(CLOCK, "没有可以对照的时间", TRY_NETWORK)
        return
    off = now() - date.astimezone(UTC)
    found = f"与 Telegram 相差 {abs(off.total_seconds()):.0f} 秒"
    if abs(off) > MOST_OFF:
        yield fault(CLOCK, found, "请打开自动对时：timedatectl set-ntp true")
    else:
        yield Finding(CLOCK, found)


def updates(telegram: Telegram, hook: Hook | None, now: datetime) -> Iterator[Finding]:
    """Find whether updates come in the way that is set: by *hook*, or by polling without one."""
    answer = telegram.ask("getWebhookInfo")
    if answer.error:
        yield fault(HOOK, f"问不到 webhook 的情况（{answer.error}）", TRY_NETWORK)
        return
    info = answer.result
    yield _way(info.get("url", ""), hook)
    yield from _trouble(info, now)
    kinds = info.get("allowed_updates")
    if kinds and not set(KINDS) <= set(kinds):
        yield warning(
            HOOK,
            f"Telegram 只送 {'、'.join(kinds)}",
            "请重新启动 kaidian telegram，启动时会要全需要的种类",
        )
    waiting = info.get("pending_update_count", 0)
    if waiting > MANY:
        yield warning(
            WAITING, f"{waiting} 条还在 Telegram 那里", "请看机器人是否在运行、/healthz 是否正常"
        )
    else:
        yield Finding(WAITING, f"{waiting} 条还在 Telegram 那里")


def _way(url: str, hook: Hook | None) -> Finding:
    if hook is None:
        if not url:
            return Finding(HOOK, "长轮询，没有设置 webhook")
        return fault(
            HOOK,
            f"Telegram 那里设置了 webhook（{url}），而 KAIDIAN_WEBHOOK_URL 没有设，长轮询收不到消息",
            "要用长轮询，请运行 kaidian telegram --delete-webhook；要用 webhook，请设 KAIDIAN_WEBHOOK_URL",
        )
    if url == hook.url:
        return Finding(HOOK, f"webhook，{url}")
    return fault(
        HOOK,
        f"KAIDIAN_WEBHOOK_URL 是 {hook.url}，而 Telegram 那里是 {url or '空的'}",
        "请运行 kaidian telegram --webhook，启动时会告诉 Telegram 新的地址",
    )


def _trouble(info: dict[str, Any], now: datetime) -> Iterator[Finding]:
    """Find what Telegram met with when it brought updates."""
    if "last_error_date" not in info:
        return
    at = datetime.fromtimestamp(info["last_error_date"], UTC)
    found = (
        f"Telegram 在 {at:%Y-%m-%d %H:%M} UTC 送消息时出错：{info.get('last_error_message', '')}"
    )
    if now - at < RECENT:
        yield fault(
            HOOK, found, "请检查域名、证书、负载均衡和 KAIDIAN_WEBHOOK_SECRET，再看 /healthz"
        )
    else:
        yield warning(HOOK, found, "已经过去一小时以上；如果还收不到消息，请检查证书和负载均衡")


def operators(telegram: Telegram, chat: int) -> Iterator[Finding]:
    """Find whether the operators' chat can be reached."""
    answer = telegram.ask("getChat", chat_id=chat)
    if answer.error:
        yield fault(
            OPERATORS,
            f"找不到 KAIDIAN_OPERATORS_CHAT={chat}（{answer.error}）",
            "请把机器人拉进那个群，并核对群的 id（超级群以 -100 开头）",
        )
    else:
        yield Finding(OPERATORS, f"能找到：{answer.result.get('title', chat)}")
