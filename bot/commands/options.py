"""Options that several commands share."""

import re
from os import pathsep
from pathlib import Path
from typing import Final

import click

from bot.errors import SettingError

IN_SIGHT: Final = "--db 里有密码，同一台机器上的人用 ps 就看得见 → 请改用环境变量 KAIDIAN_DB，或把密码放进 ~/.pgpass"
STORED_NUMBER: Final = click.IntRange(1, 2**63 - 1)  # greater ones fit into no column of the store
_password = re.compile(r"//[^/@]*:[^/@]+@|[?&]password=")

kb_option = click.option(
    "--kb",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="知识库文件夹（默认：随程序附带的知识库；也可用环境变量 KAIDIAN_KB）。",
)

kbs_option = click.option(
    "--kb",
    "kbs",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="知识库文件夹，可以写几次，一个机器人就回答几个知识库"
    f"（默认：随程序附带的知识库；也可用环境变量 KAIDIAN_KB，几个文件夹之间用 {pathsep} 隔开）。",
)


def _without_password(
    context: click.Context, option: click.Parameter, url: str | None
) -> str | None:
    """Refuse a password on the command line, which everybody on the machine can read."""
    del context, option
    if url and _password.search(url):
        raise SettingError(IN_SIGHT)
    return url


db_option = click.option(
    "--db",
    metavar="URL",
    callback=_without_password,
    help="数据库地址（也可用环境变量 KAIDIAN_DB；带密码时只能用环境变量）。",
)
