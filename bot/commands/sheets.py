"""`kaidian kb export` and `kaidian kb import`."""

import sys
from datetime import datetime
from pathlib import Path
from typing import Final

import click

from bot.app import assemble, current_day
from bot.commands.articles import Asked, import_article
from bot.commands.chinese import Command
from bot.commands.options import kb_option
from bot.desk.checking import Checked, check
from bot.desk.proposing import SheetPlaces, describe, propose, tried
from bot.errors import Mistake, SettingError
from bot.knowledge.articles.reading import READERS
from bot.knowledge.reading import read_base, read_cases, read_places
from bot.knowledge.sheets.rows import Rows, read_sheet, write_sheet
from bot.knowledge.writing import rewritten, save
from bot.settings import Settings

BAD_INPUT: Final = 2
DATE: Final = click.DateTime(["%Y-%m-%d"])
OTHER_KIND: Final = "--delete 只用于表格；--url、--date 和 --topic 只用于文章。"
EXPORTED: Final = (
    "已把 {count} 个条目写入 {path}。改好以后运行：kaidian kb import --kb {folder} {path}"
)
TAKEN: Final = "{path} 已经有了，没有覆盖它 → 请换一个文件名，或者先把它移走"
NOWHERE: Final = "找不到文件夹 {folder} → 请检查路径，或者先建好它"
WOULD: Final = "还没有写入。确认无误后加上 --yes 再运行一次。"
DONE: Final = "已写入：\n{paths}"
UNREAD: Final = "只读了这一张工作表，没有读{sheets}"
MOVE: Final = "那里如果有要导入的条目，请移到这一张里"
REFUSED: Final = "表格里有 {count} 处错误，什么都没有改。"


@click.command(cls=Command)
@kb_option
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), metavar="文件")
@click.pass_obj
def export(settings: Settings, kb: Path | None, file: Path) -> None:
    """把知识库导出成表格（.xlsx 或 .csv），一行一个条目。"""
    folder = kb or settings.kb
    if file.exists():
        raise SettingError(TAKEN.format(path=file))
    if not file.resolve().parent.is_dir():
        raise SettingError(NOWHERE.format(folder=file.parent))
    entries = read_base(folder).with_drafts.values()
    save({file: write_sheet(file, entries)})
    click.echo(EXPORTED.format(count=len(entries), folder=folder, path=file))


@click.command("import", cls=Command)
@kb_option
@click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="文件"
)
@click.option("--yes", is_flag=True, help="真的写入；没有它只显示会改什么。")
@click.option("--delete", is_flag=True, help="只用于表格：里面没有的条目也从知识库删去。")
@click.option("--url", metavar="URL", help="只用于文章：它的网址（网页自己写明了的不用给）。")
@click.option(
    "--date",
    "day",
    type=DATE,
    metavar="YYYY-MM-DD",
    help="只用于文章：它的日期，文章里没写时用，如 2026-11-24。",
)
@click.option("--topic", metavar="ID", help="只用于文章：草稿放进哪个话题（默认：general）。")
@click.pass_obj
def import_(  # noqa: PLR0917  # Click passes them by name
    settings: Settings,
    kb: Path | None,
    file: Path,
    url: str | None,
    day: datetime | None,
    topic: str | None,
    *,
    yes: bool,
    delete: bool,
) -> None:
    """把改好的表格（.xlsx、.csv）读回知识库，或把文章（.txt、.md、.html）起草成条目。

    先显示会改什么，加 --yes 才写入。文章只写成草稿：改写核对、删去 draft: true 以后才会用来回答。
    """
    folder = kb or settings.kb
    article = file.suffix.lower() in READERS
    if delete if article else url or day or topic:
        raise click.UsageError(OTHER_KIND)
    if article:
        import_article(settings, folder, file, Asked(url, day and day.date(), topic), write=yes)
        return
    base = read_base(folder)
    rows = read_sheet(file, file.read_bytes(), base.with_drafts)
    if rows.unread:
        problem = UNREAD.format(sheets="、".join(f"“{name}”" for name in rows.unread))
        click.echo(str(Mistake(rows.file, 0, problem, MOVE, warning=True)))
    proposal = propose(base, rows.entries, delete=delete)
    for line in describe(proposal):
        click.echo(line)
    if not proposal:
        return
    files = rewritten(folder, proposal.after)
    _check(folder, files, rows, settings.cache, frozenset(proposal.after))
    if not yes:
        click.echo(WOULD)
        return
    save(files)
    click.echo(DONE.format(paths="\n".join(map(str, files))))


def _check(
    folder: Path, files: dict[Path, bytes], rows: Rows, cache: Path, changed: frozenset[str]
) -> None:
    """Check the base as it would be; end the command where it would be broken."""
    with tried(folder, files) as copy:
        base, cases = read_base(copy), read_cases(copy)
        places = SheetPlaces(rows, read_places(copy), folder)
    parts = assemble(base, cache)
    found = check(Checked(base, cases, places, current_day()), parts.analyzer, parts.matcher)
    numbers = {rows.rows[id_] for id_ in changed if id_ in rows.rows}
    for mistake in found:
        if not mistake.warning or (mistake.file == rows.file and mistake.line in numbers):
            click.echo(str(mistake), err=not mistake.warning)
    wrong = sum(not mistake.warning for mistake in found)
    if wrong:
        click.echo(REFUSED.format(count=wrong), err=True)
        sys.exit(BAD_INPUT)
