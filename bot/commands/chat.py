"""`kaidian chat`."""

import gc
import sys
from importlib import import_module
from pathlib import Path

import click

from bot.app import load
from bot.channels.console import Chat
from bot.commands.options import kb_option
from bot.desk.serving import Serving, following
from bot.settings import Settings


@click.command()
@kb_option
@click.pass_obj
def chat(settings: Settings, kb: Path | None) -> None:
    """在终端里聊天；也可以用管道：printf '要押金吗\\n' | kaidian chat。"""
    serving = Serving(kb or settings.kb, lambda folder: load(folder, settings.cache))
    gc.enable()
    if sys.stdin.isatty() and sys.stdout.isatty():
        # The line editor and the rendering cost 25 MB, which a pipe has no use for.
        import_module("bot.channels.terminal").chat(serving, settings.cache / "history")
        return
    sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]  # a TextIOWrapper here
    with following(serving, lambda news: click.echo(str(news), err=True)):
        Chat(serving, click.echo, lambda reply: click.echo(reply.text)).converse(sys.stdin)
