"""`kaidian doctor`: what is amiss with this installation, and how to mend it."""

import os
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final

import click

from bot.app import assemble, current_day
from bot.channels.telegram import diagnosing
from bot.channels.telegram.diagnosing import Telegram
from bot.channels.telegram.webhook import Hook
from bot.commands.chinese import Command
from bot.commands.options import db_option, kbs_option
from bot.desk.checking import Checked, check
from bot.desk.findings import Finding, Grade, fault, warning
from bot.errors import KaidianError, SettingError
from bot.knowledge.reading import read_base, read_cases, read_places
from bot.language.segmenting import is_safe
from bot.settings import Settings
from bot.store.examining import Examined, examine

MUST_MEND: Final = 1
LEAST_FREE: Final = 200_000_000  # bytes: a message and its replies take some thousand
SETTINGS: Final = "设置"
DATABASE: Final = "数据库"
BASE: Final = "知识库"
HEALTHY: Final = "没有发现要处理的问题。"
SICK: Final = "有 {faults} 个问题要处理。"
CACHE: Final = "缓存"
NO_TOKEN: Final = fault(
    "令牌", "没有设置 KAIDIAN_TELEGRAM_TOKEN", "请向 Telegram 里的 @BotFather 要一个令牌"
)

Findings = Iterator[Finding]


@click.command(cls=Command)
@kbs_option
@db_option
@click.pass_obj
def doctor(settings: Settings, kbs: tuple[Path, ...], db: str | None) -> None:
    """检查令牌、收消息的方式、数据库、知识库和时钟，每个问题都说怎么处理。"""
    examinations: list[tuple[str, Callable[[], Findings]]] = [
        (SETTINGS, lambda: map(_from_error, settings.faults)),
        (CACHE, lambda: _cache(settings.cache)),
        (DATABASE, lambda: _database(db or settings.db)),
        *((BASE, partial(_base, kb, settings.cache)) for kb in kbs or settings.kbs),
        *_telegram(settings),
    ]
    faults = 0
    for part, examination in examinations:
        for finding in _found(part, examination):
            faults += finding.grade is Grade.FAULT
            click.echo(str(finding))
    click.echo(SICK.format(faults=faults) if faults else HEALTHY)
    sys.exit(MUST_MEND if faults else 0)


def _found(part: str, examination: Callable[[], Findings]) -> Findings:
    """Yield what an examination finds; one that breaks off has found something too."""
    try:
        yield from examination()
    except KaidianError as error:
        yield _from_error(error, part)
    except Exception as error:  # noqa: BLE001  # whatever is broken, the rest is still examined
        yield fault(part, f"检查时出错（{type(error).__name__}）", "请把这一行报告给开发者")


def _from_error(error: KaidianError, part: str = SETTINGS) -> Finding:
    found, _, mend = str(error).splitlines()[0].partition(" → ")
    return fault(part, found, mend)


def _telegram(settings: Settings) -> Iterator[tuple[str, Callable[[], Findings]]]:
    if not settings.telegram_token:
        yield "令牌", lambda: iter([NO_TOKEN])
        return
    try:
        telegram = Telegram(settings.telegram_api, settings.telegram_token)
    except SettingError as error:
        yield SETTINGS, partial(iter, [_from_error(error)])
        return
    now = partial(datetime.now, UTC)
    yield diagnosing.TOKEN, lambda: diagnosing.token(telegram)
    yield diagnosing.CLOCK, lambda: diagnosing.clock(telegram, now)
    yield diagnosing.HOOK, lambda: diagnosing.updates(telegram, _hook(settings), now())
    if settings.operators_chat:
        yield diagnosing.OPERATORS, lambda: diagnosing.operators(telegram, settings.operators_chat)


def _hook(settings: Settings) -> Hook | None:
    if not settings.webhook_url:
        return None
    return Hook(settings.webhook_url, settings.webhook_secret)


def _cache(folder: Path) -> Findings:
    mend = "不影响回答，只是每次启动都慢；请改权限，或用 KAIDIAN_CACHE 指定一个自己的文件夹"
    if not is_safe(folder):
        yield warning(CACHE, f"{folder} 谁都能写，没有用它", mend)
        return
    nearest = next(path for path in (folder, *folder.parents) if path.exists())
    if not (nearest.is_dir() and os.access(nearest, os.W_OK)):
        yield warning(CACHE, f"{folder} 不能写", mend)


def _database(url: str) -> Findings:
    examined = examine(url)
    if not examined.writable:
        yield fault(DATABASE, f"{examined.place} 不能写", "请检查文件、文件夹和数据库用户的权限")
    if examined.free is not None and examined.free < LEAST_FREE:
        yield fault(
            DATABASE,
            f"磁盘只剩 {examined.free / 1e6:.0f} MB",
            "请腾出空间：写不进去时收到的消息会留在 Telegram，最多一天",
        )
    yield _schema(examined)


def _schema(examined: Examined) -> Finding:
    place = examined.place
    if not examined.exists:
        return Finding(DATABASE, f"{place} 还是空的，启动时会建好")
    if not examined.known:
        return fault(
            DATABASE,
            f"{place}，版本 {examined.schema} 比这个程序的 {examined.newest} 新",
            "请升级 kaidian，或换一个数据库",
        )
    if examined.schema != examined.newest:
        return warning(
            DATABASE,
            f"{place}，版本 {examined.schema}，程序的是 {examined.newest}",
            "下次启动 kaidian telegram 时会自动升级；请先备份",
        )
    return Finding(DATABASE, f"{place}，版本 {examined.schema}")


def _base(folder: Path, cache: Path) -> Findings:
    base, cases = read_base(folder), read_cases(folder)
    parts = assemble(base, cache)
    checked = Checked(base, cases, read_places(folder), current_day())
    mistakes = check(checked, parts.analyzer, parts.matcher)
    warnings = sum(mistake.warning for mistake in mistakes)
    errors = len(mistakes) - warnings
    if errors:
        yield fault(BASE, f"{base.version} 有 {errors} 处错误", "请运行 kaidian kb check 逐条改正")
    elif warnings:
        yield warning(
            BASE, f"{base.version} 有 {warnings} 条提醒", "请运行 kaidian kb check 看一看"
        )
    else:
        yield Finding(BASE, f"{base.version}，{len(base.entries)} 个条目")
