"""`kaidian kb suggest`."""

import gc
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Final

import click
from rich.console import Console
from rich.markdown import Markdown
from sqlalchemy import Engine

from bot.app import assemble, current_day
from bot.commands.beside import opened
from bot.commands.chinese import Command
from bot.commands.options import kb_option
from bot.commands.recorded import only, period, period_options
from bot.commands.reviewing import Reviewer
from bot.desk.accepting import Additions, files
from bot.desk.checking import Checked, check
from bot.desk.differences import as_markdown
from bot.desk.proposing import tried
from bot.desk.replaying import Difference, Example, replay
from bot.desk.suggesting import AddDraft, Leave, Suggester, Suggestion
from bot.desk.suggestions import as_fields, described
from bot.errors import KnowledgeError
from bot.knowledge.model import Base
from bot.knowledge.reading import read_base, read_cases, read_places
from bot.knowledge.writing import save
from bot.settings import Settings
from bot.store.history import asked, dismiss, unsettled
from bot.store.tickets import replies

BROKEN: Final = 1
SAMPLE: Final = 500  # different questions, the most frequent ones, on which a suggestion is tried
NOTHING: Final = "没有要处理的问题：没答上、反问或被点“没用”的，都处理过了，或者不到 {least} 次。"
LOOK_ONLY: Final = "这里不是终端，只列出建议，什么都没有改。"
NONE_ACCEPTED: Final = "没有采纳任何建议，知识库没有改。"
REFUSED: Final = "改了以后的知识库有错误，什么都没有保存。"
PROMISE_BROKEN: Final = "改了以后承诺就做不到了（见上面带 ⚠ 的），什么都没有保存。"
SAVE: Final = "检查通过，没有变差。保存吗？（y 保存，其他键放弃）"
SAVE_ALL_THE_SAME: Final = (
    "检查通过，承诺没有变差，但有带 ⚠ 的变化（见上面），请确认是您要的。"
    "还保存吗？（y 保存，其他键放弃）"
)
NOT_SAVED: Final = "没有保存。"
SAVED: Final = (
    "已写入：\n{paths}\n加得多了以后，请运行 kaidian kb calibrate --kb {folder} 重新校准。"
)


@click.command(cls=Command)
@kb_option
@period_options
@click.option(
    "--least",
    type=click.IntRange(min=1),
    metavar="N",
    default=2,
    show_default=True,
    help="至少问过几次才列出。",
)
@click.option("--json", "in_json", is_flag=True, help="只输出 JSON，什么都不改。")
@click.pass_obj
def suggest(  # noqa: PLR0917  # Click passes them by name
    settings: Settings,
    kb: Path | None,
    db: str | None,
    last: int | None,
    days: int | None,
    least: int,
    *,
    in_json: bool,
) -> None:
    """从没答上、反问和被点“没用”的问题里提出修改建议，由您逐条决定。

    按键：a 采纳，e 修改，s 跳过，n 不再提，q 结束。采纳的先检查、测试，您确认后才写入知识库。
    """
    gc.enable()
    folder = kb or settings.kb
    base, cases = read_base(folder), read_cases(folder)
    parts = assemble(base, settings.cache)
    with opened(settings, db) as engine:
        when = period(last, days, only(settings, base))
        with engine.connect() as connection:
            replied = replies(connection, when.since)
            suggester = Suggester(parts.assistant, parts.analyzer, parts.matcher, cases, replied)
            suggestions = suggester.suggest(unsettled(connection, when), least)
            recorded = asked(connection, when)
            sample = [Example(q.times, q.text) for q in islice(recorded, SAMPLE)]
        if in_json:
            click.echo(json.dumps(list(map(as_fields, suggestions)), ensure_ascii=False, indent=2))
        elif not suggestions:
            click.echo(NOTHING.format(least=least))
        elif not (sys.stdin.isatty() and sys.stdout.isatty()):
            for suggestion in suggestions:
                click.echo("\n".join(described(suggestion, base)) + "\n")
            click.echo(LOOK_ONLY)
        else:
            reviewer = Reviewer(
                base,
                parts.assistant,
                lambda changed: assemble(changed, settings.cache).assistant,
                sample,
                lambda texts: _dismiss(engine, texts),
            )
            accepted = reviewer.review(suggestions)
            if not accepted:
                click.echo(NONE_ACCEPTED)
            elif _saved(settings, folder, base, reviewer.additions, _with_own(accepted, sample)):
                # What was left, or waits in a draft, is settled, though not all was written.
                done = [s for s in accepted if isinstance(s.action, Leave | AddDraft)]
                _dismiss(engine, [question.text for s in done for question in s.questions])


def _with_own(accepted: Sequence[Suggestion], sample: Sequence[Example]) -> list[Example]:
    """Return *sample* and those questions of the *accepted* suggestions that it lacks."""
    sampled = {question.text for question in sample}
    own = {
        question.text: question
        for suggestion in accepted
        for question in suggestion.questions
        if question.times and question.text not in sampled
    }
    return [*sample, *own.values()]


def _saved(
    settings: Settings, folder: Path, base: Base, added: Additions, sample: Sequence[Example]
) -> bool:
    """Check and test the base as it would be; write it if a person says so."""
    changed = files(folder, base, added)
    difference, after = _tested(settings, folder, base, changed, sample)
    Console().print(Markdown(as_markdown(difference, base, after)))
    if any(promise.is_broken for promise in difference.promises.values()):
        click.echo(PROMISE_BROKEN, err=True)
        sys.exit(BROKEN)
    click.echo(SAVE_ALL_THE_SAME if difference.is_worse else SAVE)
    if click.getchar() not in {"y", "Y"}:
        click.echo(NOT_SAVED)
        return False
    save(changed)
    click.echo(SAVED.format(paths="\n".join(map(str, changed)), folder=folder))
    return True


def _tested(
    settings: Settings,
    folder: Path,
    base: Base,
    changed: dict[Path, bytes],
    sample: Sequence[Example],
) -> tuple[Difference, Base]:
    """Return what a copy with the *changed* files does to cases and *sample*, and that base.

    Raises:
        KnowledgeError: when it has mistakes.

    """
    with tried(folder, changed) as copy:
        after, cases, places = read_base(copy), read_cases(copy), read_places(copy)
        parts = assemble(after, settings.cache)
        found = check(Checked(after, cases, places, current_day()), parts.analyzer, parts.matcher)
        mistakes = [mistake for mistake in found if not mistake.warning]
        if mistakes:
            click.echo(REFUSED, err=True)
            raise KnowledgeError(mistakes)
    return replay(assemble(base, settings.cache).assistant, parts.assistant, cases, sample), after


def _dismiss(engine: Engine, texts: Sequence[str]) -> None:
    with engine.begin() as connection:
        dismiss(connection, texts, datetime.now(UTC))
