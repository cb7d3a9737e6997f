"""`kaidian kb due` and `kaidian kb review`."""

from datetime import date, timedelta
from pathlib import Path
from typing import Final

import click

from bot.app import current_day
from bot.commands.chinese import Command
from bot.commands.options import kb_option
from bot.desk.freshness import due_by
from bot.errors import KnowledgeError, Mistake
from bot.knowledge.model import Base, Entry
from bot.knowledge.reading import read_base
from bot.knowledge.writing import rewritten, save
from bot.settings import Settings

SOON: Final = 14  # days: two of the operators' weekly rounds
NEVER: Final = "从未复核\t{id}\t{question}"
OVERDUE: Final = "已过期（{due}）\t{id}\t{question}"
COMING: Final = "{due}\t{id}\t{question}"
NOTHING_DUE: Final = "{days} 天内没有要复核的条目。"
HOW: Final = "核对答案以后运行：kaidian kb review --kb {folder} 条目编号"
UNKNOWN: Final = "请用 kaidian kb export --kb {folder} 条目.xlsx 查看全部条目的编号"
SHOWN: Final = "【{id}】{question}\n\n{answer}\n"
SOURCE: Final = "来源：{title}（{date}）{url}"
STILL_RIGHT: Final = "这个答案现在还对吗？"
REVIEWED: Final = "{id}：已记下 {today} 复核过，下次在 {due} 前复核。"
LEFT: Final = "{id}：没有改。"


@click.command(cls=Command)
@kb_option
@click.option(
    "--within",
    default=SOON,
    show_default=True,
    type=click.IntRange(0, 3650),
    metavar="N",
    help="几天之内。",
)
@click.pass_obj
def due(settings: Settings, kb: Path | None, within: int) -> None:
    """列出已经过期、快要过期和从未复核的条目。"""
    today = current_day()
    folder = kb or settings.kb
    found = due_by(read_base(folder).entries, today + timedelta(days=within))
    for entry in found:
        click.echo(_line(entry, today))
    click.echo(HOW.format(folder=folder) if found else NOTHING_DUE.format(days=within))


@click.command(cls=Command)
@kb_option
@click.argument("entries", nargs=-1, required=True, metavar="条目编号...")
@click.option("--yes", is_flag=True, help="不再逐条询问。")
@click.pass_obj
def review(settings: Settings, kb: Path | None, entries: tuple[str, ...], *, yes: bool) -> None:
    """记下条目今天复核过：先显示答案，确认后改写 reviewed 的日期，注释保留。"""
    folder = kb or settings.kb
    chosen = _chosen(read_base(folder), folder, entries)
    today = current_day()
    changed: dict[str, Entry] = {}
    for entry in chosen:
        _show(entry)
        if yes or click.confirm(STILL_RIGHT):
            changed[entry.id] = entry.model_copy(update={"reviewed": today})
        else:
            click.echo(LEFT.format(id=entry.id))
    save(rewritten(folder, changed))
    for entry in changed.values():
        click.echo(REVIEWED.format(id=entry.id, today=today, due=entry.due))


def _line(entry: Entry, today: date) -> str:
    if entry.due is None:
        return NEVER.format(id=entry.id, question=entry.question)
    line = OVERDUE if entry.due < today else COMING
    return line.format(due=entry.due, id=entry.id, question=entry.question)


def _chosen(base: Base, folder: Path, ids: tuple[str, ...]) -> list[Entry]:
    """Return the entries with *ids*, each once; all unknown ids are told at once."""
    unknown = [id_ for id_ in ids if id_ not in base.with_drafts]
    if unknown:
        mend = UNKNOWN.format(folder=folder)
        raise KnowledgeError(
            [Mistake(str(folder), 0, f"没有编号是 {id_} 的条目", mend) for id_ in unknown]
        )
    return [base.with_drafts[id_] for id_ in dict.fromkeys(ids)]


def _show(entry: Entry) -> None:
    click.echo(SHOWN.format(id=entry.id, question=entry.question, answer=entry.answer))
    for source in entry.sources:
        click.echo(SOURCE.format(title=source.title, date=source.date, url=source.url or ""))
