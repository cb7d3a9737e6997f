"""`kaidian ask`."""

import gc
import sys
from pathlib import Path
from typing import Final

import click

from bot.app import shelve
from bot.channels.explaining import explain
from bot.channels.json_lines import answer_stream, as_json
from bot.commands.chinese import Command
from bot.commands.options import kbs_option
from bot.dialogue.conversation import NEW
from bot.errors import SettingError
from bot.settings import Settings

ONE_OF_BOTH: Final = "请给出一个问题，或者用 --batch 给出一个文件（二者选一）。"
NO_UTF8: Final = (
    "问题不是 UTF-8 编码的文字，多半是 GBK → 请把终端的编码设成 UTF-8，再问一次；"
    "问题在 GBK 编码的文件里，请先转换：iconv -f gbk -t utf-8 原文件 > 新文件"
)
BATCH_IS_JSON: Final = "--batch 每行输出一个 JSON，不能和 --explain 一起用。"


@click.command(cls=Command)
@kbs_option
@click.argument("question", required=False, metavar="[问题]")
@click.option(
    "--batch",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True),
    metavar="FILE",
    help="每行一个问题；- 表示标准输入。",
)
@click.option("--json", "in_json", is_flag=True, help="输出 JSON。")
@click.option("--explain", "explained", is_flag=True, help="说明为什么这样回答。")
@click.pass_obj
def ask(
    settings: Settings,
    kbs: tuple[Path, ...],
    question: str | None,
    batch: str | None,
    *,
    in_json: bool,
    explained: bool,
) -> None:
    """回答一个问题，或逐行回答一个文件。"""
    if (question is None) == (batch is None):
        raise click.UsageError(ONE_OF_BOTH)
    if batch and explained:
        raise click.UsageError(BATCH_IS_JSON)
    _refuse_other_encodings(question or "")
    library = shelve(kbs or settings.kbs, settings.cache).library
    if batch:
        gc.enable()
        with click.open_file(batch, "rb") as questions:
            answer_stream(library, questions, sys.stdout.buffer, sys.stderr.buffer)
        return
    _, reply = library.respond(NEW, question or "")
    if in_json:
        sys.stdout.buffer.write(as_json(reply))
    else:
        click.echo(reply.text)
    if explained:
        click.echo("\n" + explain(library, NEW, question or ""))


def _refuse_other_encodings(question: str) -> None:
    try:
        question.encode("utf-8")
    except UnicodeEncodeError as error:
        # Bytes of an argument that are no UTF-8 are surrogates in it (PEP 383).
        raise SettingError(NO_UTF8) from error
