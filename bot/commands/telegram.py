"""`kaidian telegram`."""

import asyncio
import gc
import logging
from functools import lru_cache, partial
from importlib.metadata import version
from pathlib import Path
from typing import Final

import click

from bot.app import load
from bot.channels.telegram.client import AnyBot, make_bot, unhook
from bot.channels.telegram.planning import Planner
from bot.channels.telegram.service import Knowledge, Service, Way
from bot.channels.telegram.web import Address, listen
from bot.channels.telegram.webhook import Hook
from bot.commands.logs import write_logs
from bot.commands.options import db_option, kb_option
from bot.desk.serving import News, Refused, Serving, following
from bot.errors import SettingError
from bot.settings import Settings
from bot.store.opening import open_store

NOT_SET: Final = (
    "没有设置 KAIDIAN_TELEGRAM_TOKEN → 请向 Telegram 里的 @BotFather 要一个令牌，"
    "再运行 KAIDIAN_TELEGRAM_TOKEN=… kaidian telegram"
)
SERVING: Final = "正在 Telegram 上服务，按 Ctrl-C 停止。"
PORT: Final = "8080"  # of the webhook, unless another is set

log = logging.getLogger(__name__)


@click.command()
@kb_option
@db_option
@click.option(
    "--webhook", is_flag=True, help="用 webhook 收消息：设好 KAIDIAN_WEBHOOK_URL 和 _SECRET。"
)
@click.option("--delete-webhook", is_flag=True, help="先撤下 webhook，再用长轮询收消息。")
@click.pass_obj
def telegram(
    settings: Settings,
    kb: Path | None,
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
    serving = Serving(kb or settings.kb, lambda folder: load(folder, settings.cache))
    gc.enable()
    store = open_store(db or settings.db)
    bot = make_bot(settings.telegram_token, settings.telegram_api, settings.telegram_rate)
    planner = lru_cache(maxsize=1)(partial(Planner, version=version("kaidian")))
    knowledge = Knowledge(
        planner=lambda: planner(serving.assistant),
        title=lambda: serving.assistant.base.header.title,
        version=lambda: serving.assistant.base.version,
    )
    service = Service(bot, store, knowledge, way, settings.kept)
    click.echo(SERVING)
    with following(serving, _log):
        asyncio.run(_serve(bot, service, unhooked=delete_webhook and not webhook))
    store.dispose()


async def _serve(bot: AnyBot, service: Service, *, unhooked: bool) -> None:
    if unhooked:
        await unhook(bot)
    await service.run()


def _way(settings: Settings, *, webhook: bool) -> Way:
    """Return how updates come; the webhook's port also tells how the bot does, if it is set."""
    hook = Hook(settings.webhook_url, settings.webhook_secret) if webhook else None
    port = settings.webhook_port or (PORT if webhook else "")
    listening = listen(Address.read(settings.webhook_host, port)) if port else None
    return Way(hook, listening)


def _log(news: News) -> None:
    """Tell the operators, in the log, what became of a change to the base."""
    log.log(logging.ERROR if isinstance(news, Refused) else logging.INFO, "%s", news)
