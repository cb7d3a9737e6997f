"""`kaidian kb diff`."""

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import click
from rich.console import Console
from rich.markdown import Markdown

from bot.app import assemble
from bot.commands.beside import is_there
from bot.commands.beside import opened as lent
from bot.commands.chinese import Command
from bot.commands.options import kb_option
from bot.commands.recorded import only, period, period_options
from bot.desk.differences import as_json, as_markdown
from bot.desk.replaying import Example, replay
from bot.desk.revisions import opened
from bot.knowledge.reading import read_base, read_cases
from bot.settings import Settings
from bot.store.history import asked

WORSE: Final = 1
ONE_FORM: Final = "--markdown 和 --json 只能选一个。"


@click.command(cls=Command)
@kb_option
@click.argument("old", metavar="旧版")
@click.argument("new", metavar="新版")
@period_options
@click.option("--markdown", "in_markdown", is_flag=True, help="输出 Markdown，可以贴进合并请求。")
@click.option("--json", "in_json", is_flag=True, help="输出 JSON。")
@click.pass_obj
def diff(  # noqa: PLR0917  # Click passes them by name
    settings: Settings,
    kb: Path | None,
    old: str,
    new: str,
    db: str | None,
    last: int | None,
    days: int | None,
    *,
    in_markdown: bool,
    in_json: bool,
) -> None:
    """比较知识库的两个版本：对用例和真实提问的处理有什么不同。

    旧版和新版是文件夹，或 git 的版本：HEAD~1（那时的同一个文件夹）、HEAD:文件夹。

    \b
    退出码：
    0  没有变差
    1  有变差：承诺原来没有违背、现在违背了；或有用例的结果变差（答对 > 反问里有 > 没答上 > 答错）；
       或有真实提问原来回答、现在不答，或由反问变为答不上
    2  输入有误
    """
    if in_markdown and in_json:
        raise click.UsageError(ONE_FORM)
    beside = next((Path(name) for name in (new, old) if Path(name).is_dir()), kb or settings.kb)
    with ExitStack() as stack:
        folders = [stack.enter_context(opened(name, beside)) for name in (old, new)]
        bases = [read_base(folder) for folder in folders]
        cases = read_cases(folders[1])
    before, after = (assemble(base, settings.cache).assistant for base in bases)
    with ExitStack() as stack:
        is_lent = db or is_there(settings.db)
        engine = stack.enter_context(lent(settings, db)) if is_lent else None
        connection = stack.enter_context(engine.connect()) if engine else None
        recorded = (
            asked(connection, period(last, days, only(settings, bases[1]))) if connection else ()
        )
        questions = (Example(question.times, question.text) for question in recorded)
        difference = replay(before, after, cases, questions)
    if in_json:
        click.echo(as_json(difference, *bases))
    elif in_markdown:
        click.echo(as_markdown(difference, *bases))
    else:
        Console().print(Markdown(as_markdown(difference, *bases)))
    if difference.is_worse:
        sys.exit(WORSE)
