"""Options that several commands share."""

from pathlib import Path

import click

kb_option = click.option(
    "--kb",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="知识库文件夹（默认：随程序附带的 1688 开店知识库；也可用环境变量 KAIDIAN_KB）。",
)
