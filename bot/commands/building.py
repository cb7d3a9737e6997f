"""`kaidian kb build`."""

from pathlib import Path
from typing import Final

import click

from bot.app import compile_base
from bot.commands.chinese import Command
from bot.commands.options import kb_option
from bot.desk.compiled.keeping import compiled_path
from bot.errors import SettingError
from bot.settings import Settings

MIB: Final = 2**20
BUILT: Final = (
    "{kb} 已编译：{entries} 个条目，{size:.1f} MB，在 {path}。"
    "以后启动时直接用它；改了知识库，会自动把改过的文件重新编译进去。"
)
UNWRITABLE: Final = "写不了 {path}（{reason}） → 请检查 KAIDIAN_CACHE 指的文件夹的权限和剩余空间"


@click.command(cls=Command)
@kb_option
@click.pass_obj
def build(settings: Settings, kb: Path | None) -> None:
    """现在就把知识库编译好，存在缓存文件夹里；不运行它，第一次启动时也会自动编译。"""
    folder = kb or settings.kb
    path = compiled_path(folder, settings.cache)
    try:
        base = compile_base(folder, settings.cache)
    except OSError as error:
        raise SettingError(UNWRITABLE.format(path=path, reason=error.strerror)) from error
    size = path.stat().st_size / MIB
    click.echo(BUILT.format(kb=base.version, entries=len(base.entries), size=size, path=path))
