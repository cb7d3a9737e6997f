"""`kaidian tickets`: what the bot could not answer, also while it runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Final

import click
from sqlalchemy import Connection

from bot.app import shelve
from bot.channels.telegram import by_hand, operator_wording
from bot.channels.telegram.occasions import Hotline, Occasion
from bot.channels.telegram.tickets import Tickets
from bot.commands.beside import opened
from bot.commands.chinese import Group
from bot.commands.options import STORED_NUMBER, db_option
from bot.errors import StoreError
from bot.settings import Settings
from bot.store import records, relays
from bot.store import tickets as kept
from bot.store.tickets import ANSWERED, CLOSED, OPEN, Ticket

LINE: Final = "#{id}\t{state}\t{asked:%Y-%m-%d %H:%M}\t{question}"
NONE: Final = "没有工单。"
UNKNOWN: Final = "没有工单 #{id} → 请用 kaidian tickets list --all 查编号"
BLOCKED: Final = (
    "工单 #{id} 的提问人屏蔽了机器人，发不出去 → 可以用 kaidian tickets close {id} 关闭它"
)
QUEUED: Final = "已排进发送队列，正在运行的机器人会把它发出去。"
EMPTY: Final = "回答是空的 → 请写上要发的话，比如：kaidian tickets answer 3 可以的"
SHOWN: Final = (
    "工单 #{id}　{state}\n提问时间：{asked:%Y-%m-%d %H:%M}　知识库 {kb}\n\n{question}\n\n"
    "之前的对话：\n{turns}\n\n可能的条目：\n{candidates}\n\n回复：{fates}"
)
CANDIDATE: Final = "- {entry}（置信度 {confidence:.2f}）"

number_argument = click.argument("number", type=STORED_NUMBER, metavar="编号")


@click.group(cls=Group)
def tickets() -> None:
    """查看、回复、关闭机器人没答上来的问题；机器人运行时也能用。"""


@tickets.command("list")
@db_option
@click.option("--all", "everything", is_flag=True, help="连已回复、已关闭的也列出。")
@click.option(
    "--limit", default=50, show_default=True, type=click.IntRange(1), metavar="N", help="最多几张。"
)
@click.pass_obj
def list_(settings: Settings, db: str | None, limit: int, *, everything: bool) -> None:
    """列出等人回复的工单，新的在前。"""
    states = (OPEN, ANSWERED, CLOSED) if everything else (OPEN,)
    with _opened(settings, db) as connection:
        found = kept.listed(connection, states, limit)
    for ticket in found:
        click.echo(
            LINE.format(
                id=ticket.id,
                state=operator_wording.STATES[ticket.state],
                asked=ticket.asked_at.astimezone(settings.duty.zone),
                question=ticket.asked.question.replace("\n", "；"),
            )
        )
    if not found:
        click.echo(NONE)


@tickets.command()
@number_argument
@db_option
@click.pass_obj
def show(settings: Settings, number: int, db: str | None) -> None:
    """显示一张工单：问题、之前的对话、可能的条目、回复送到了没有。"""
    with _opened(settings, db) as connection:
        ticket = _get(connection, number)
        fates = relays.fates(connection, number)
    candidates = (
        CANDIDATE.format(entry=entry, confidence=confidence)
        for entry, confidence in ticket.asked.candidates
    )
    nothing = operator_wording.NOTHING
    click.echo(
        SHOWN.format(
            id=ticket.id,
            state=operator_wording.STATES[ticket.state],
            asked=ticket.asked_at.astimezone(settings.duty.zone),
            kb=ticket.asked.kb,
            question=ticket.asked.question,
            turns="\n".join(ticket.asked.turns) or nothing,
            candidates="\n".join(candidates) or nothing,
            fates="、".join(operator_wording.FATES[fate] for fate in fates) or nothing,
        )
    )


@tickets.command()
@number_argument
@click.argument("text", metavar="回复")
@db_option
@click.pass_obj
def answer(settings: Settings, number: int, text: str, db: str | None) -> None:
    """回复一张工单；正在运行的机器人会把回复发给提问的人。"""
    if not text.strip():
        raise click.UsageError(EMPTY)
    library = shelve(settings.kbs, settings.cache).library
    with _opened(settings, db, writing=True) as connection:
        ticket = _get(connection, number)
        if records.blocked(connection, ticket.lane):
            raise StoreError(BLOCKED.format(id=number))
        on = Occasion(connection, None, "", datetime.now(UTC), library)
        by_hand.answer(on, ticket, text)
        _carriage(settings).show(on, number)
    click.echo(QUEUED)


@tickets.command()
@number_argument
@db_option
@click.pass_obj
def close(settings: Settings, number: int, db: str | None) -> None:
    """关闭一张工单；由人工接管的对话交还机器人。"""
    library = shelve(settings.kbs, settings.cache).library
    with _opened(settings, db, writing=True) as connection:
        ticket = _get(connection, number)
        on = Occasion(connection, None, "", datetime.now(UTC), library)
        kept.close(connection, number)
        _carriage(settings).give_back(on, ticket.lane)
        _carriage(settings).show(on, number)
    click.echo(operator_wording.CLOSED.format(id=number))


@contextmanager
def _opened(settings: Settings, db: str | None, *, writing: bool = False) -> Iterator[Connection]:
    """Lend a transaction on the store, which the bot may be using."""
    with opened(settings, db, writing=writing) as store, store.begin() as connection:
        yield connection


def _get(connection: Connection, number: int) -> Ticket:
    ticket = kept.get(connection, number)
    if ticket is None:
        raise StoreError(UNKNOWN.format(id=number))
    return ticket


def _carriage(settings: Settings) -> Tickets:
    return Tickets(
        Hotline(settings.operators_chat, settings.operators, settings.duty, settings.takeover)
    )
