"""What Telegram shows of the bot before anybody writes: its menus and its descriptions."""

import logging
from collections.abc import Iterator, Mapping
from typing import Any, Final

from telegram.error import TelegramError

from bot.channels.telegram import wording
from bot.channels.telegram.client import AnyBot

# What a program before this one, or @BotFather, may have left, and what would be shown instead.
STALE: Final = (
    {"scope": {"type": "default"}},
    {"scope": {"type": "all_chat_administrators"}},
    {"scope": {"type": "all_private_chats"}, "language_code": "zh"},
    {"scope": {"type": "all_group_chats"}, "language_code": "zh"},
)
NOT_SHOWN: Final = (
    "机器人的命令菜单或简介没有设上（{method}：{reason}），不影响回答 → "
    "下次启动时会再设；一直这样，请运行 kaidian doctor"
)

log = logging.getLogger(__name__)

Calls = Iterator[tuple[str, dict[str, Any]]]


async def introduce(
    bot: AnyBot, title: str, menus: Mapping[int, Mapping[str, str]], more: Mapping[str, str]
) -> None:
    """Tell Telegram what to show of the bot that answers about *title*; it works without.

    *menus* are those of particular chats, by their ids; *more* are commands for everybody else.
    """
    for method, params in _calls(title, menus, more):
        try:
            await bot.do_api_request(method, params)
        except TelegramError as error:
            log.warning(NOT_SHOWN.format(method=method, reason=type(error).__name__))


def _calls(title: str, menus: Mapping[int, Mapping[str, str]], more: Mapping[str, str]) -> Calls:
    for stale in STALE:
        yield "deleteMyCommands", dict(stale)
    yield _menu({"type": "all_private_chats"}, {**wording.COMMANDS, **more})
    yield _menu(
        {"type": "all_group_chats"},
        {name: wording.COMMANDS[name] for name in wording.GROUP_COMMANDS} | dict(more),
    )
    for chat, commands in menus.items():
        yield _menu({"type": "chat", "chat_id": chat}, commands)
    yield "setMyDescription", {"description": wording.DESCRIPTION.format(title=title)}
    yield "setMyShortDescription", {"short_description": wording.SHORT.format(title=title)}


def _menu(scope: dict[str, Any], commands: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
    listed = [{"command": name, "description": text} for name, text in commands.items()]
    return "setMyCommands", {"commands": listed, "scope": scope}
