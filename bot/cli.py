"""The command `kaidian`: which commands there are, and errors turned into text and exit codes."""

import gc
import os
import sys
from errno import ENOSPC
from typing import Final

import click

from bot.commands.chinese import speak_chinese
from bot.commands.lazy import LazyGroup
from bot.errors import KaidianError
from bot.settings import Settings

BAD_INPUT: Final = 2

NO_SPACE: Final = "磁盘满了，写不下去 → 请腾出空间，再试一次"
VERSION: Final = "%(prog)s 版本 %(version)s"

COMMANDS: Final = {
    "ask": "bot.commands.ask:ask",
    "chat": "bot.commands.chat:chat",
    "doctor": "bot.commands.doctor:doctor",
    "kb": "bot.commands.kb:kb",
    "stats": "bot.commands.stats:stats",
    "store": "bot.commands.store:store",
    "telegram": "bot.commands.telegram:telegram",
    "tickets": "bot.commands.tickets:tickets",
}


@click.group(
    cls=LazyGroup, modules=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(
    package_name="kaidian", prog_name="kaidian", message=VERSION, help="显示版本。"
)
@click.pass_context
def cli(context: click.Context) -> None:
    """开店问答机器人：从知识库里回答、反问，答不上来就请您找官方客服。"""
    # What is amiss with the settings, the doctor tells among all else.
    examines = context.invoked_subcommand == "doctor"
    read = Settings.examined if examines else Settings.from_environ
    context.obj = read(os.environ)


def main() -> None:
    """Run the command line; what a person can mend is told in a line, not a traceback."""
    # Nothing that is built at start is garbage; looking for some costs a fifth of the start.
    gc.disable()
    speak_chinese()
    try:
        cli(standalone_mode=True)
    except KaidianError as error:
        click.echo(str(error), err=True)
        sys.exit(BAD_INPUT)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except OSError as error:
        if error.errno != ENOSPC:
            raise
        click.echo(NO_SPACE, err=True)
        sys.exit(BAD_INPUT)
