"""Click in Chinese: `locale` beside this file holds its words."""

import os
from gettext import bindtextdomain, gettext
from pathlib import Path

import click


def speak_chinese() -> None:
    """Have Click say its own words in Chinese, whatever the language of the system is."""
    os.environ["LANGUAGE"] = "zh_CN"
    bindtextdomain("messages", Path(__file__).with_name("locale"))


class Command(click.Command):
    """A command whose usage is in Chinese, too: those words Click does not look up itself."""

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return what stands behind the command's name."""
        return [gettext(piece) for piece in super().collect_usage_pieces(ctx)]


class Group(Command, click.Group):
    """A group of such commands."""

    command_class = Command
