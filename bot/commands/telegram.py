"""`kaidian telegram`."""

import asyncio
import gc
import logging
from functools import lru_cache, partial
from importlib.metadata import version
from pathlib import Path
from typing import Final

import click

from bot.app import shelve
from bot.channels.telegram.client import AnyBot, make_bot, now, unhook
from bot.channels.telegram.notices import Notices
from bot.channels.telegram.occasions import Hotline
from bot.channels.telegram.planning import Planner
from bot.channels.telegram.service import Knowledge, Service, Way
from bot.channels.telegram.web import listen
from bot.channels.telegram.webhook import Hook
from bot.commands.chinese import Command
from bot.commands.logs import write_logs
from bot.commands.options import db_option, kbs_option
from bot.desk.serving import News, Swapped
from bot.desk.shelf import following
from bot.errors import SettingError
from bot.settings import Settings
from bot.store.opening import open_store

NOT_SET: Final = (
    "没有设置 KAIDIAN_TELEGRAM_TOKEN → 请向 Telegram 里的 @BotFather 要一个令牌，"
    "再运行 KAIDIAN_TELEGRAM_TOKEN=… kaidian telegram"
)
CONNECTING: Final = "正在连接 Telegram…"
SERVING: Final = "@{name} 正在 Telegram 上服务，按 Ctrl-C 停止。"
PORT: Final = 8080  # of the webhook, unless another is set

log = logging.getLogger(__name__)


@click.command(cls=Command)
@kbs_option
@db_option
@click.option(
    "--webhook", is_flag=True, help="用 webhook 收消息：设好 KAIDIAN_WEBHOOK_URL 和 _SECRET。"
)
@click.option("--delete-webhook", is_flag=True, help="先撤下 webhook，再用长轮询收消息。")
@click.pass_obj
def telegram(
    settings: Settings,
    kbs: tuple[Path, ...],
    db: str | None,
    *,
    webhook: bool,
    delete_webhook: bool,
) -> None:
    """在 Telegram 上回答；令牌放在环境变量 KAIDIAN_TELEGRAM_TOKEN 里。"""
    if not settings.telegram_token:
        raise SettingError(NOT_SET)
    write_logs()
    way = _way(settings, webhook=webhook)
    shelf = shelve(kbs or settings.kbs, settings.cache)
    shelf.prepare()
    gc.enable()
    store = open_store(db or settings.db)
    bot = make_bot(settings.telegram_token, settings.telegram_api, settings.telegram_rate)
    hotline = (
        Hotline(settings.operators_chat, settings.operators, settings.duty, settings.takeover)
        if settings.operators_chat
        else None
    )
    planner = lru_cache(maxsize=1)(
        partial(Planner, version=version("kaidian"), human=hotline is not None)
    )
    knowledge = Knowledge(
        planner=lambda: planner(shelf.library),
        library=lambda: shelf.library,
        folder=shelf.folder,
    )
    service = Service(bot, store, knowledge, way, hotline, kept=settings.kept)
    click.echo(CONNECTING)
    notices = Notices(store, hotline.chat, now) if hotline else None
    with following(shelf, partial(_told, notices)):
        asyncio.run(_serve(bot, service, unhooked=delete_webhook and not webhook))
    store.dispose()


async def _serve(bot: AnyBot, service: Service, *, unhooked: bool) -> None:
    if unhooked:
        await unhook(bot)
    await service.run(lambda name: click.echo(SERVING.format(name=name)))


def _way(settings: Settings, *, webhook: bool) -> Way:
    """Return how updates come; the webhook's port also tells how the bot does, if it is set."""
    hook = Hook(settings.webhook_url, settings.webhook_secret) if webhook else None
    port = PORT if webhook and settings.webhook_port is None else settings.webhook_port
    listening = None if port is None else listen(settings.webhook_host, port)
    return Way(hook, listening)


def _told(notices: Notices | None, news: News) -> None:
    """Tell the operators what became of a change to the base: in the log, a refusal in their chat."""
    if isinstance(news, Swapped):
        log.info("%s", news)
        return
    log.error("%s", news)
    if notices is not None:
        notices.refused(news)
