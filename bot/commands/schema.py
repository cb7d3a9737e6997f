"""`kaidian kb schema`."""

from pathlib import Path
from typing import Final

import click

from bot.commands.chinese import Command
from bot.knowledge.schema import schemas
from bot.knowledge.writing import save

WRITTEN: Final = "已写入：\n{paths}"


@click.command(cls=Command)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), metavar="文件夹")
def schema(folder: Path) -> None:
    """把知识库格式的 JSON Schema 写进文件夹，编辑器靠它补全和检查 YAML。"""
    files = {folder / name: text.encode("utf-8") for name, text in schemas().items()}
    save(files)
    click.echo(WRITTEN.format(paths="\n".join(map(str, files))))
