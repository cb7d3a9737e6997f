"""What `kaidian kb import` does with a help article."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

import click

from bot.app import Parts, assemble, current_day
from bot.desk.articles import (
    cases_of,
    entries_of,
    named,
    questions_in,
    unknown_to,
    with_phrasings,
)
from bot.desk.checking import Checked, check
from bot.desk.proposing import ADDED, tried
from bot.dialogue.conversation import NEW
from bot.errors import KnowledgeError, Mistake, SettingError
from bot.knowledge.adding import with_cases
from bot.knowledge.articles.page import Page
from bot.knowledge.articles.reading import read_article
from bot.knowledge.model import ID, Base, Case, Entry, Source
from bot.knowledge.reading import read_base, read_cases, read_places
from bot.knowledge.writing import rewritten, save
from bot.matching.model import read_model
from bot.settings import Settings

TOPIC: Final = "general"
READ: Final = "《{title}》，{date}："
ALSO_ASKED: Final = "    ＋ 相似问：{text}"
STEP: Final = "    ＋ 步骤 {number}：{title}"
NEAR: Final = "    ⚠ 知识库里可能已有：{id}（{question}）"
CASE: Final = "新增用例（不该回答）：{ask}"
ANSWERED: Final = "    ⚠ 现在会用条目 {id} 回答它：如果答得对，写入后请改正或删去这个用例"
NOTHING: Final = "这篇文章里的都已经在知识库里了，没有要加的。"
TOTAL: Final = "共 {drafts} 个草稿、{cases} 个用例。"
WOULD: Final = "还没有写入。确认无误后加上 --yes 再运行一次。"
DONE: Final = (
    "已写入：\n{paths}\n草稿不会用来回答。请逐条改写、核对，然后删去 draft: true 这一行，"
    "再运行 kaidian kb check。"
)
NO_DATE: Final = "文章里没有找到日期"
GIVE_DATE: Final = "请加上它，比如：--date 2026-11-24"
BAD_TOPIC: Final = (
    "--topic {topic} 不能用作话题的编号 → 请用字母、数字、- 、_ 或 . ，以字母或数字开头"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the operator said of an article: its address, its day, the topic of its drafts."""

    url: str | None
    day: date | None
    topic: str | None


def import_article(
    settings: Settings, folder: Path, file: Path, asked: Asked, *, write: bool
) -> None:
    """Draft entries and cases from the article *file* for the base in *folder*, and show them.

    Raises:
        KnowledgeError: when there is no article in it, or the base has mistakes; nothing is
            written then.
        SettingError: when the topic can't be one.

    """
    if asked.topic and not re.fullmatch(ID, asked.topic):
        raise SettingError(BAD_TOPIC.format(topic=asked.topic))
    base, cases = read_base(folder), read_cases(folder)
    page = read_article(file, file.read_bytes())
    source = _source(file, page, asked)
    parts = assemble(base, settings.cache)
    drafts = _drafts(page, source, asked.topic or TOPIC, base, parts)
    fresh = cases_of(page, base, cases)
    if not drafts and not fresh:
        click.echo(NOTHING)
        return
    click.echo(READ.format(title=page.title, date=source.date))
    _show(drafts, fresh, parts)
    files = {
        **rewritten(folder, {draft.id: draft for draft in drafts}),
        **with_cases(folder, fresh),
    }
    _check(folder, files, settings.cache)
    if not write:
        click.echo(WOULD)
        return
    save(files)
    click.echo(DONE.format(paths="\n".join(map(str, files))))


def _source(file: Path, page: Page, asked: Asked) -> Source:
    day = page.date or asked.day
    if day is None:
        raise KnowledgeError([Mistake(str(file), 0, NO_DATE, GIVE_DATE)])
    return Source(title=page.title, url=asked.url or page.url, date=day)


def _drafts(page: Page, source: Source, topic: str, base: Base, parts: Parts) -> list[Entry]:
    questions = questions_in(page.title, parts.assistant)
    drafted = named(entries_of(page, source, topic, questions), base.with_drafts)
    return unknown_to(base, with_phrasings(drafted, questions, parts.analyzer, read_model()))


def _show(drafts: Sequence[Entry], cases: Sequence[Case], parts: Parts) -> None:
    for line in (*_drafts_shown(drafts, parts), *_cases_shown(cases, parts)):
        click.echo(line)
    click.echo(TOTAL.format(drafts=len(drafts), cases=len(cases)))


def _drafts_shown(drafts: Sequence[Entry], parts: Parts) -> Iterator[str]:
    for draft in drafts:
        yield ADDED.format(id=draft.id, question=draft.question)
        yield from (ALSO_ASKED.format(text=text) for text in draft.phrasings)
        for number, step in enumerate(draft.steps, 1):
            yield STEP.format(number=number, title=step.title)
        found = _answering(draft.question, parts)
        if found:
            yield NEAR.format(id=found.id, question=found.question)


def _cases_shown(cases: Sequence[Case], parts: Parts) -> Iterator[str]:
    for case in cases:
        yield CASE.format(ask=case.ask)
        found = _answering(case.ask, parts)
        if found:
            yield ANSWERED.format(id=found.id)


def _answering(text: str, parts: Parts) -> Entry | None:
    """Return the entry of the base that answers *text*, if one does."""
    _, reply = parts.assistant.respond(NEW, text)
    ids = [part.entry for part in reply.parts if part.entry]
    return parts.assistant.base.by_id[ids[0]] if ids else None


def _check(folder: Path, files: dict[Path, bytes], cache: Path) -> None:
    """Check the base as it would be.

    Raises:
        KnowledgeError: when it would be broken.

    """
    with tried(folder, files) as copy:
        base, cases, places = read_base(copy), read_cases(copy), read_places(copy)
        parts = assemble(base, cache)
        found = check(Checked(base, cases, places, current_day()), parts.analyzer, parts.matcher)
        wrong = [
            replace(mistake, file=str(folder / Path(mistake.file).relative_to(copy)))
            for mistake in found
            if not mistake.warning
        ]
    if wrong:
        raise KnowledgeError(wrong)
