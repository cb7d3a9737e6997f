"""`kaidian kb new`."""

import re
from pathlib import Path
from typing import Final

import click

from bot.app import current_day
from bot.errors import KnowledgeError, Mistake
from bot.knowledge.creating import Answers, new_base
from bot.knowledge.model import ID
from bot.knowledge.writing import save

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


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--id", "id_", type=_identifier, default=DEFAULT_ID, prompt="编号（英文）")
@click.option("--title", type=_words, prompt="名称，比如：小区图书馆问答")
@click.option("--names", default="", prompt="大家怎么称呼它（用逗号隔开，可不填）")
@click.option("--others", default="", prompt="容易混淆、不归它管的平台（用逗号隔开，可不填）")
@click.option("--support", type=_words, prompt="答不上来时请人怎么联系您，比如：打服务台电话")
@click.option("--question", type=_words, prompt="第一个问题")
@click.option("--answer", type=_words, prompt="它的答案")
@click.option("--source", type=_words, prompt="这个答案的依据，比如：本店规定")
def new(
    *,
    folder: Path,
    id_: str,
    title: str,
    names: str,
    others: str,
    support: str,
    question: str,
    answer: str,
    source: str,
) -> None:
    """问几个问题，在 FOLDER 里建一个新知识库；每个问题也可以用选项给出。"""
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
        raise KnowledgeError([Mistake(str(folder), 0, TAKEN, OTHER_PLACE)])
    answers = Answers(
        id=id_,
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
