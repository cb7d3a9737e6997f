"""`kaidian store …`: how much is kept, and keeping it no longer than it should be."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click
from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine

from bot.commands.beside import opened
from bot.commands.chinese import Group
from bot.commands.options import STORED_NUMBER, db_option
from bot.errors import SettingError
from bot.settings import Settings
from bot.store.forgetting import expire as expired
from bot.store.forgetting import forget as forgotten
from bot.store.records import opinions
from bot.store.upkeep import backup as copied
from bot.store.upkeep import sizes
from bot.store.upkeep import vacuum as cleaned

HEADINGS: Final = ("表", "内容", "行", "字节")
UNKNOWN: Final = "？"
CONTENTS: Final = {
    "inbox": "收到的消息（处理完即清空内容）",
    "outbox": "要发的回复（发出后即清空内容）",
    "conversations": "进行中的对话",
    "turns": "问过的问题（已遮蔽个人信息）",
    "votes": "👍 👎",
    "feedback": "/feedback 意见（已遮蔽个人信息）",
    "blocks": "停用了机器人的人",
    "tickets": "没答上来的问题和转给人工的工单（已遮蔽个人信息）",
    "relays": "人工和提问的人之间转了哪些消息（只有编号）",
    "takeovers": "人工接管中的对话",
    "mutes": "不要新答案通知的人",
    "notices": "给值班群发过的提醒",
    "refusals": "被拒绝的值班命令",
    "dismissals": "kb suggest 里说了不再提的问题",
}
COPIED: Final = "已备份到 {path}（{octets} 字节）。"
CLEANED: Final = "已整理。"
EXPIRED: Final = "删除了 {rows} 行：超过 {days} 天的记录，和已经用不着的消息。"
NO_RETENTION: Final = "没有设置 KAIDIAN_RETENTION_DAYS → 请设成要保留的天数，比如 90"
FORGOTTEN: Final = "删除了 {rows} 行：数据库里不再有 Telegram 用户 {person} 的任何内容。"
SURE: Final = "要删除 Telegram 用户 {person} 的全部记录吗？删除后不能恢复"
OPINION: Final = "{at:%Y-%m-%d %H:%M} {text}"
NO_OPINIONS: Final = "还没有人用 /feedback 提过意见。"


@click.group(cls=Group, invoke_without_command=True)
@db_option
@click.pass_context
def store(context: click.Context, db: str | None) -> None:
    """看数据库有多大，备份、整理、删除；机器人运行时也可以用。"""
    settings: Settings = context.obj
    engine = context.with_resource(opened(settings, db))
    context.obj = (settings, engine)
    if context.invoked_subcommand is None:
        _show_sizes(engine)


def _show_sizes(engine: Engine) -> None:
    table = Table(*HEADINGS)
    for column in table.columns[2:]:
        column.justify = "right"
    with engine.connect() as connection:
        for size in sizes(connection):
            octets = UNKNOWN if size.octets is None else f"{size.octets:,}"
            table.add_row(size.table, CONTENTS.get(size.table, ""), f"{size.rows:,}", octets)
    Console().print(table)


@store.command()
@click.argument("path", metavar="文件", type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def backup(lent: tuple[Settings, Engine], path: Path) -> None:
    """备份到一个新文件（SQLite；PostgreSQL 请用 pg_dump）。"""
    copied(lent[1], path)
    click.echo(COPIED.format(path=path, octets=path.stat().st_size))


@store.command()
@click.pass_obj
def vacuum(lent: tuple[Settings, Engine]) -> None:
    """收回删除后空出来的地方；整理期间机器人会等一等。"""
    cleaned(lent[1])
    click.echo(CLEANED)


@store.command()
@click.pass_obj
def expire(lent: tuple[Settings, Engine]) -> None:
    """现在就删除超过 KAIDIAN_RETENTION_DAYS 天的记录（机器人运行时自己也会删）。"""
    settings, engine = lent
    if settings.kept is None:
        raise SettingError(NO_RETENTION)
    with engine.begin() as connection:
        rows = expired(connection, datetime.now(UTC), settings.kept)
    click.echo(EXPIRED.format(rows=rows, days=settings.kept.days))


@store.command()
@click.option(
    "--telegram",
    "person",
    type=STORED_NUMBER,
    required=True,
    metavar="ID",
    help="Telegram 用户的数字 id。",
)
@click.option("--yes", is_flag=True, help="不再询问。")
@click.pass_obj
def forget(lent: tuple[Settings, Engine], person: int, *, yes: bool) -> None:
    """删除一个人的全部记录：私聊、群里、内联查询、投票和意见。"""
    if not yes:
        click.confirm(SURE.format(person=person), abort=True)
    with lent[1].begin() as connection:
        rows = forgotten(connection, person)
    cleaned(lent[1])
    click.echo(FORGOTTEN.format(rows=rows, person=person))


@store.command()
@click.option(
    "--last", type=click.IntRange(min=1), metavar="N", default=20, help="最近几条（默认 20）。"
)
@click.pass_obj
def feedback(lent: tuple[Settings, Engine], last: int) -> None:
    """看大家用 /feedback 提的意见，最新的在前；个人信息已经遮蔽。"""
    settings, engine = lent
    with engine.connect() as connection:
        found = opinions(connection, last)
    for opinion in found:
        click.echo(OPINION.format(at=opinion.at.astimezone(settings.duty.zone), text=opinion.text))
    if not found:
        click.echo(NO_OPINIONS)
