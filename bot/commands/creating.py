"""`kaidian kb new`."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import click

from bot.app import current_day
from bot.commands.chinese import Command
from bot.errors import KnowledgeError, Mistake
from bot.knowledge.creating import Answers, new_base
from bot.knowledge.model import ID
from bot.knowledge.writing import save

Function = Callable[..., Any]

SEPARATORS: Final = re.compile(r"[,，、;；]")
DEFAULT_ID: Final = "my-kb"
EMPTY: Final = "不能是空白。"
BAD_ID: Final = "编号只能用字母、数字、点、横线和下划线，以字母或数字开头，最多 64 个字符。"
TAKEN: Final = "这个文件夹已经有内容了，什么都没有写"
OTHER_PLACE: Final = "请换一个文件夹；要改已有的知识库，请用 kaidian kb export 和 kb import"
CREATED: Final = (
    "已写入：\n{paths}\n接下来：\n"
    "  检查：kaidian kb check --kb {folder}\n"
    "  试聊：kaidian chat --kb {folder}\n"
    "  用表格补充条目：kaidian kb export --kb {folder} 条目.xlsx"
)


def _words(text: str) -> str:
    """Return *text* without the blanks around it, of which it must not consist."""
    if not text.strip():
        raise click.BadParameter(EMPTY)
    return text.strip()


def _identifier(text: str) -> str:
    """Return *text* if `bot.knowledge.model.Id` allows it."""
    if not re.fullmatch(ID, text):
        raise click.BadParameter(BAD_ID)
    return text


def _asked(
    name: str, about: str, kind: Callable[[str], str], default: str | None = None
) -> Callable[[Function], Function]:
    """Return an option that is asked for where it is not given, in the words of its help."""
    return click.option(name, type=kind, default=default, prompt=about, help=about, metavar="TEXT")


@click.command(cls=Command)
@click.argument("folder", type=click.Path(path_type=Path), metavar="文件夹")
@_asked("--id", "编号（英文）", _identifier, DEFAULT_ID)
@_asked("--title", "名称，比如：小区图书馆问答", _words)
@_asked("--names", "大家怎么称呼它（用逗号隔开，可不填）", str, "")
@_asked("--others", "容易混淆、不归它管的平台（用逗号隔开，可不填）", str, "")
@_asked("--support", "答不上来时请人怎么联系您，比如：打服务台电话", _words)
@_asked("--question", "第一个问题", _words)
@_asked("--answer", "它的答案", _words)
@_asked("--source", "这个答案的依据，比如：本店规定", _words)
def new(
    *,
    folder: Path,
    id: str,  # noqa: A002  # as the option is called
    title: str,
    names: str,
    others: str,
    support: str,
    question: str,
    answer: str,
    source: str,
) -> None:
    """问几个问题，在文件夹里建一个新知识库；每个问题也可以用选项给出。"""
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
        raise KnowledgeError([Mistake(str(folder), 0, TAKEN, OTHER_PLACE)])
    answers = Answers(
        id=id,
        title=title,
        names=_listed(names),
        others=_listed(others),
        support=support,
        question=question,
        answer=answer,
        source=source,
        today=current_day(),
    )
    files = {folder / name: data for name, data in new_base(answers).items()}
    save(files)
    click.echo(CREATED.format(paths="\n".join(map(str, files)), folder=folder))


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in SEPARATORS.split(text) if part.strip())
