"""`kaidian chat`."""

import gc
import sys
from importlib import import_module
from pathlib import Path

import click

from bot.app import shelve
from bot.channels.console import Chat
from bot.channels.lines import read_lines
from bot.commands.chinese import Command
from bot.commands.options import kbs_option
from bot.desk.shelf import following
from bot.settings import Settings


@click.command(cls=Command)
@kbs_option
@click.pass_obj
def chat(settings: Settings, kbs: tuple[Path, ...]) -> None:
    """在终端里聊天；也可以用管道：printf '你会什么\\n' | kaidian chat。"""
    shelf = shelve(kbs or settings.kbs, settings.cache)
    gc.enable()
    if sys.stdin.isatty() and sys.stdout.isatty():
        # The line editor and the rendering cost 25 MB, which a pipe has no use for.
        import_module("bot.channels.terminal").chat(shelf, settings.cache / "history")
        return

    def tell(news: object) -> None:
        click.echo(str(news), err=True)

    with following(shelf, tell):
        lines = read_lines(sys.stdin.buffer, tell)
        Chat(shelf, click.echo, lambda reply: click.echo(reply.text)).converse(lines)
