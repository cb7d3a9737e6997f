"""`kaidian kb …`: looking after a knowledge base."""

import sys
from importlib import import_module
from pathlib import Path
from typing import Final

import click

from bot.app import assemble, current_day
from bot.commands.lazy import LazyGroup
from bot.commands.options import kb_option
from bot.desk.calibrating import asked, ranked
from bot.desk.calibrating import calibrate as calibrated
from bot.desk.checking import Checked
from bot.desk.checking import check as checked
from bot.desk.evaluating import Half, confusions, count, development, half_of, promise_kept, run
from bot.desk.reporting import report
from bot.desk.trials import trials
from bot.errors import MissingExtraError
from bot.knowledge.reading import THRESHOLDS, read_base, read_cases, read_places
from bot.settings import Settings

# The commands that need more than the core are loaded when they are called.
COMMANDS: Final = {
    "build": "bot.commands.building:build",
    "diff": "bot.commands.diff:diff",
    "due": "bot.commands.freshness:due",
    "export": "bot.commands.sheets:export",
    "import": "bot.commands.sheets:import_",
    "new": "bot.commands.creating:new",
    "review": "bot.commands.freshness:review",
    "schema": "bot.commands.schema:schema",
    "suggest": "bot.commands.suggest:suggest",
}
BROKEN: Final = 1
BAD_INPUT: Final = 2
GOOD: Final = "知识库 {kb} 没有错误：{entries} 个条目，{questions} 种问法，{cases} 个用例，{out_of_scope} 个不回答的问题，{warnings} 条提醒。"
FAULTY: Final = "共 {mistakes} 处错误，{warnings} 条提醒。"
NO_PROMISE: Final = "用例还不够，证明不了答错率 ≤ {rate:.1%}：请多写一些用例和问法，或者先改正 kaidian kb test 指出的答错。"
CALIBRATED: Final = (
    "直接回答 ≥ {answer}，反问 ≥ {clarify}。依据：{answered} 条开发用例和留出问法被直接回答，其中答错 {wrong} 条，"
    "答错率的 95% 置信上限 {bound:.2%}（承诺 {rate:.1%}）；能答的里有 {coverage:.1%} 直接答对。\n已写入 {path}"
)
NO_CASES: Final = "{kb} 没有用例（cases.yaml），没有什么可以测的。"
TRAIN_EXTRA: Final = "训练需要 scikit-learn，请先安装：pip install 'kaidian[train]'"


@click.group(cls=LazyGroup, modules=COMMANDS)
def kb() -> None:
    """修改、检查、测试、校准知识库。"""


@kb.command()
@kb_option
@click.pass_obj
def version(settings: Settings, kb: Path | None) -> None:
    """显示知识库的版本（内容指纹）。"""
    click.echo(read_base(kb or settings.kb).version)


@kb.command()
@kb_option
@click.pass_obj
def check(settings: Settings, kb: Path | None) -> None:
    """检查知识库：一次列出全部错误，每条都有文件、行号和改法。"""
    folder = kb or settings.kb
    base, cases = read_base(folder), read_cases(folder)
    parts = assemble(base, settings.cache)
    found = checked(
        Checked(base, cases, read_places(folder), current_day()),
        parts.analyzer,
        parts.matcher,
    )
    for mistake in sorted(found, key=lambda mistake: not mistake.warning):
        click.echo(str(mistake))
    warnings = sum(mistake.warning for mistake in found)
    if len(found) > warnings:
        click.echo(FAULTY.format(mistakes=len(found) - warnings, warnings=warnings))
        sys.exit(BAD_INPUT)
    questions = sum(len(entry.questions) for entry in base.entries)
    click.echo(
        GOOD.format(
            kb=base.version,
            entries=len(base.entries),
            questions=questions,
            cases=len(cases),
            out_of_scope=len(base.out_of_scope),
            warnings=warnings,
        )
    )


@kb.command()
@kb_option
@click.option("--json", "in_json", is_flag=True, help="输出 JSON。")
@click.pass_obj
def test(settings: Settings, kb: Path | None, *, in_json: bool) -> None:
    """用全部用例测试知识库，分开发部分和未动部分报告；违背承诺时退出码为 1。"""
    folder = kb or settings.kb
    base, cases = read_base(folder), read_cases(folder)
    if not cases:
        click.echo(NO_CASES.format(kb=folder))
        return
    results = list(run(assemble(base, settings.cache).assistant, cases))
    halves = {half: [r for r in results if half_of(r.case) is half] for half in Half}
    counted = {half: count(part) for half, part in halves.items()}
    wrong = {half: confusions(part) for half, part in halves.items()}
    kept = {
        half: promise_kept(tally, base.header.max_wrong_rate) for half, tally in counted.items()
    }
    click.echo(report(counted, wrong, kept, base.header.max_wrong_rate, in_json=in_json))
    if not all(kept.values()):
        sys.exit(BROKEN)


@kb.command()
@kb_option
@click.pass_obj
def calibrate(settings: Settings, kb: Path | None) -> None:
    """从用例的开发部分和留出的问法算出阈值，写入 thresholds.yaml。"""
    folder = kb or settings.kb
    base = read_base(folder)
    parts = assemble(base, settings.cache)
    utterances = [
        *asked(parts.assistant, development(read_cases(folder))),
        *(ranked(trial.rank(parts.analyzer, parts.matcher), trial) for trial in trials(base, ())),
    ]
    rate = base.header.max_wrong_rate
    found = calibrated(utterances, rate)
    if found is None:
        click.echo(NO_PROMISE.format(rate=rate), err=True)
        sys.exit(BROKEN)
    path = folder / THRESHOLDS
    lines = "".join(f"{key}: {value}\n" for key, value in found.model_dump().items())
    path.write_text(
        f"# kaidian kb calibrate 写的，请不要手改；改了知识库后重新运行它。\n{lines}", "utf-8"
    )
    click.echo(CALIBRATED.format(path=path, rate=rate, **found.model_dump()))


@kb.command()
@click.argument(
    "folders",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, path_type=Path),
    metavar="文件夹...",
)
@click.option(
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="写到哪个文件。",
)
@click.pass_obj
def train(settings: Settings, folders: tuple[Path, ...], output: Path) -> None:
    """从几个知识库学出打分参数（给开发者用；需要 scikit-learn）。"""
    try:
        training = import_module("bot.desk.training")
        placing = import_module("bot.desk.placing")
    except ModuleNotFoundError as error:
        raise MissingExtraError(TRAIN_EXTRA) from error
    with_list = [(read_base(folder), development(read_cases(folder))) for folder in folders]
    without = [(base.model_copy(update={"out_of_scope": ()}), cases) for base, cases in with_list]
    unscoped, scoped = (
        [
            training.School(parts.analyzer, parts.matcher, list(training.with_mistyped(asked)))
            for base, cases in taught
            for asked in [list(trials(base, cases))]
            for parts in [assemble(base, settings.cache, training.START)]
        ]
        for taught in (without, with_list)
    )
    model = training.fit(unscoped, scoped, training.START)
    standings = (
        placing.standing(
            (assemble(base, settings.cache, model).assistant, cases) for base, cases in taught
        )
        for taught in (without, with_list)
    )
    model = model.standing_as(*standings)
    output.write_text(model.model_dump_json(indent=2) + "\n", "utf-8")
    click.echo(model.model_dump_json(indent=2))
