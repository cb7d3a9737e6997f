"""`kaidian stats`."""

import gc
import json
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.app import analyzer_of
from bot.commands.beside import opened
from bot.commands.chinese import Command
from bot.commands.options import db_option, kb_option
from bot.commands.recorded import only
from bot.desk.grouping import groups
from bot.desk.statistics import Statistics, count
from bot.desk.stats_reporting import as_csv, as_page, tables, title
from bot.errors import MissingExtraError, SettingError
from bot.knowledge.reading import read_base
from bot.settings import Settings
from bot.store.recorded import Wanted, recorded
from bot.store.tickets import waits

CHINA: Final = ZoneInfo("Asia/Shanghai")  # a day is one of those who ask
REPORT_EXTRA: Final = "画图需要 matplotlib，请先安装：pip install 'kaidian[report]'"
WRITTEN: Final = "已写入 {path}，用浏览器打开即可，不需要联网。"
NOT_WRITTEN: Final = "网页写不进 {path}：{reason} → 请检查 --html 的目录、权限和磁盘空间"
NO_ENTRY: Final = "提醒：知识库里现在没有条目 {entry} → 请检查 --entry；以前有过的条目仍会统计"
DAYS_OR_DATES: Final = "--days 和 --since、--until 请只用一种。"
ONE_FORM: Final = "--json、--csv、--html 请只选一个。"

Date = click.DateTime(["%Y-%m-%d"])


@click.command(cls=Command)
@kb_option
@db_option
@click.option(
    "--days", type=click.IntRange(min=1, max=36_500), metavar="N", help="最近几天（含今天）。"
)
@click.option("--since", type=Date, metavar="YYYY-MM-DD", help="从这一天起（北京时间）。")
@click.option("--until", type=Date, metavar="YYYY-MM-DD", help="到这一天为止（含这一天）。")
@click.option("--entry", metavar="ID", help="只看由这个条目回答的。")
@click.option("--channel", metavar="NAME", help="只看这个渠道的，比如 telegram。")
@click.option(
    "--most",
    type=click.IntRange(min=1),
    metavar="N",
    default=20,
    help="各列出几个问题（默认 20）。",
)
@click.option("--json", "in_json", is_flag=True, help="输出 JSON。")
@click.option("--csv", "in_csv", is_flag=True, help="输出 CSV，Excel 和 WPS 可以直接打开。")
@click.option(
    "--html",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="写一份带图的网页，不联网也能看。",
)
@click.pass_obj
def stats(
    settings: Settings,
    *,
    kb: Path | None,
    db: str | None,
    days: int | None,
    since: datetime | None,
    until: datetime | None,
    entry: str | None,
    channel: str | None,
    most: int,
    html: Path | None,
    in_json: bool,
    in_csv: bool,
) -> None:
    """统计大家问了什么，答上了多少，哪些没答上；只显示遮蔽过个人信息的文字。"""
    if days and (since or until):
        raise click.UsageError(DAYS_OR_DATES)
    if sum((in_json, in_csv, html is not None)) > 1:
        raise click.UsageError(ONE_FORM)
    gc.enable()
    base = read_base(kb or settings.kb)
    if entry and entry not in base.by_id:
        click.echo(NO_ENTRY.format(entry=entry), err=True)
    wanted = Wanted(_first(days, since), _end(until), entry, channel, only(settings, base))
    with opened(settings, db) as engine, engine.connect() as connection:
        answered = () if entry else waits(connection, wanted.since, wanted.until)
        found = count(
            recorded(connection, wanted),
            # What one entry answered does not tell which others never did.
            () if entry else base.by_id,
            CHINA,
            most,
            answered,
            grouping=partial(groups, analyzer=analyzer_of(base.header, settings.cache)),
        )
    questions = {id_: one.question for id_, one in base.by_id.items()}
    if in_json:
        click.echo(json.dumps(found.as_dict(), ensure_ascii=False, indent=2))
    elif in_csv:
        click.echo(as_csv(found, questions), nl=False)
    elif html:
        page = as_page(found, questions, _charts(found))
        try:
            html.write_text(page, "utf-8")
        except OSError as error:
            raise SettingError(NOT_WRITTEN.format(path=html, reason=error.strerror)) from error
        click.echo(WRITTEN.format(path=html))
    else:
        _show(found, questions)


def _first(days: int | None, since: datetime | None) -> datetime | None:
    """Return when the first day begins."""
    if days:
        today = datetime.now(UTC).astimezone(CHINA).date()
        return datetime.combine(today - timedelta(days=days - 1), time(), CHINA)
    return since.replace(tzinfo=CHINA) if since else None


def _end(until: datetime | None) -> datetime | None:
    """Return when the last day has ended."""
    return until.replace(tzinfo=CHINA) + timedelta(days=1) if until else None


def _charts(found: Statistics) -> list[str]:
    try:
        charting = import_module("bot.desk.charting")
    except ModuleNotFoundError as error:
        raise MissingExtraError(REPORT_EXTRA) from error
    if not found.days:
        return []
    return [charting.questions_by_day(found.days), charting.answered_by_day(found.days)]


def _show(found: Statistics, questions: Mapping[str, str]) -> None:
    console = Console()
    console.print(title(found))
    for table in tables(found, questions):
        shown = Table(*table.heading)
        for column in shown.columns[1:]:
            column.justify = "right"
        for row in table.rows:
            shown.add_row(*map(Text, row))  # a text is no markup
        console.print(shown)
