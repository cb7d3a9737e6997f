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
from bot.channels.telegram.planning import Planner
from bot.channels.telegram.polling import Polling, make_bot
from bot.commands.options import kb_option
from bot.desk.serving import News, Refused, Serving, following
from bot.errors import SettingError
from bot.settings import Settings
from bot.store.opening import open_store

NOT_SET: Final = (
    "没有设置 KAIDIAN_TELEGRAM_TOKEN → 请向 Telegram 里的 @BotFather 要一个令牌，"
    "再运行 KAIDIAN_TELEGRAM_TOKEN=… kaidian telegram"
)
SERVING: Final = "正在 Telegram 上服务，按 Ctrl-C 停止。"

log = logging.getLogger(__name__)


@click.command()
@kb_option
@click.option("--db", metavar="URL", help="数据库地址（也可用环境变量 KAIDIAN_DB）。")
@click.pass_obj
def telegram(settings: Settings, kb: Path | None, db: str | None) -> None:
    """在 Telegram 上回答；令牌放在环境变量 KAIDIAN_TELEGRAM_TOKEN 里。"""
    if not settings.telegram_token:
        raise SettingError(NOT_SET)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # These log whole URLs, and the token is a part of them.
    for name in ("httpx", "httpcore", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
    serving = Serving(kb or settings.kb, lambda folder: load(folder, settings.cache))
    gc.enable()
    store = open_store(db or settings.db)
    bot = make_bot(settings.telegram_token, settings.telegram_api, settings.telegram_rate)
    click.echo(SERVING)

    planner = lru_cache(maxsize=1)(partial(Planner, version=version("kaidian")))

    async def serve() -> None:
        await Polling(bot, store, lambda: planner(serving.assistant)).run()

    with following(serving, _log):
        asyncio.run(serve())


def _log(news: News) -> None:
    """Tell the operators, in the log, what became of a change to the base."""
    log.log(logging.ERROR if isinstance(news, Refused) else logging.INFO, "%s", news)
