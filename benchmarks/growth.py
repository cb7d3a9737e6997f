"""`python -m benchmarks.growth`: what a decision, a start, memory and a change cost as a base grows.

Questions are recombined with a fixed seed from those of the shipped and the training bases: the
beginning of one, cut between two words, with the end of another. An entry has ten that end alike.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Final, NamedTuple

import jieba

from benchmarks.comparing import MIB, run
from benchmarks.environment import ROOT
from benchmarks.growing import Changed, compile_in, starts, write
from benchmarks.machine import circumstances
from benchmarks.peers.running import COMPILED, RETRIEVE_ONLY, Job, Measured
from benchmarks.plots import Plot, draw
from benchmarks.tables import reached, table, write_part
from bot.knowledge.reading import read_base
from bot.settings import shipped

SEED: Final = 1688
SIZES: Final = (1_000, 10_000, 100_000, 1_000_000)
CHANGED: Final = 100_000  # questions of the base that is changed, and that bm25s is beside
ASKED: Final = 200
AN_ENTRY: Final = 10  # questions
PLOT: Final = Path(__file__).with_name("growth.png")
INTRODUCTION: Final = (
    f"{ASKED} questions asked, each once, of bases that `benchmarks/growth.py` generates, ten "
    "questions an entry, compiled by `kaidian kb build`: the processor time of finding and scoring "
    "the entries (`Matcher.rank`) and the resident memory of the process when all were asked. "
    "bm25s is timed without cutting the question into words. A start is a whole `kaidian ask`; the "
    "starts on the smallest and on the largest base take turns. Others used the machine meanwhile: "
    "times by the clock say less than their ratios.\n\n"
)


class Grown(NamedTuple):
    """What was measured of a base of *size* questions, and of bm25s over the same; times in ms."""

    size: int
    built: float
    decision: float
    bm25s: float
    bm25s_built: float
    resident: int


def main() -> None:
    """Measure the bot and bm25s on bases of SIZES questions, and write what came of it."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["KAIDIAN_CACHE"] = str(Path(folder, "cache"))
        grown = [_measured(Path(folder), size) for size in SIZES]
        small, large, ratio = starts(Path(folder, str(SIZES[0])), Path(folder, str(SIZES[-1])))
        changed = _changed(Path(folder, str(CHANGED)))
    bars = _bars(grown, (f"{small:.2f} s", f"{large:.2f} s", ratio), changed)
    _draw(grown)
    text = (
        "## Growth\n\n"
        + circumstances("make bench-growth", ("jieba", "numpy"))
        + INTRODUCTION
        + table(
            ("questions", "decision", "bm25s `retrieve`", "`kb build`", "bm25s build", "memory"),
            [
                (
                    f"{one.size:,}",
                    f"{one.decision:.2f} ms",
                    f"{one.bm25s:.2f} ms",
                    f"{one.built:.0f} s",
                    f"{one.bm25s_built:.0f} s",
                    f"{one.resident / MIB:.0f} MiB",
                )
                for one in grown
            ],
        )
        + table(("measure", "", "", "bar", "measured", ""), bars)
        + f"![Time against size]({PLOT.name})\n"
    )
    write_part("growth", text)
    print(text)


def _measured(folder: Path, size: int) -> Grown:
    entries, texts = generated(*halves(), size)
    place = folder / str(size)
    write(place, entries)
    built = compile_in(place)
    mine = run(COMPILED, Job(entries=[], texts=texts, folder=str(place)))
    tokens = [" ".join(jieba.lcut(text)) for text in texts]
    other = run(RETRIEVE_ONLY, Job(entries=entries, texts=tokens, folder=None))
    one = Grown(size, built, _median(mine), _median(other), other["built"], mine["after"])
    print(one, file=sys.stderr, flush=True)
    return one


def _median(measured: Measured) -> float:
    return 1e3 * median(measured["seconds"])


def _changed(folder: Path) -> Changed:
    """Change the base in *folder* in a process of its own, which has loaded nothing else."""
    command = [sys.executable, "-m", "benchmarks.growing", str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    return Changed(*json.loads(done.stdout))


def _bars(
    grown: list[Grown], started: tuple[str, str, float], changed: Changed
) -> list[tuple[str, ...]]:
    first, last = grown[0], grown[-1]
    beside = next(one for one in grown if one.size == CHANGED)
    each = last.resident / last.size / 1024
    live = changed.live / changed.built
    return [
        _bar(f"a decision at {CHANGED:,}, against bm25s", f"{beside.bm25s:.2f} ms",
             f"{beside.decision:.2f} ms", beside.decision / beside.bm25s, 1),
        _bar(f"a decision at {last.size:,}, against one at {first.size:,}",
             f"{first.decision:.2f} ms", f"{last.decision:.2f} ms",
             last.decision / first.decision, 4),
        _bar(f"a start at {last.size:,}, against one at {first.size:,}", *started, 1.5),
        _bar(f"KiB of memory a question at {last.size:,}", "", "", each, 1),
        _bar(f"an entry of {CHANGED:,} changed, against the full build, processor time",
             f"{changed.built:.2f} s", f"{changed.live:.2f} s", live, 0.05),
        _bar("the same by the clock", f"{changed.built_clock:.2f} s",
             f"{changed.live_clock:.2f} s", changed.live_clock / changed.built_clock, 0.05),
    ]  # fmt: skip


def _bar(measure: str, other: str, mine: str, ratio: float, most: float) -> tuple[str, ...]:
    return measure, other, mine, f"≤ {most:g}", f"{ratio:.3g}", reached(ratio <= most)


def _draw(grown: list[Grown]) -> None:
    sizes = [float(one.size) for one in grown]
    plot = Plot(
        path=str(PLOT),
        title="Time against size",
        x="questions of the base",
        y="median time of a decision, ms",
        logarithmic=True,
        lines={
            COMPILED: (sizes, [one.decision for one in grown]),
            RETRIEVE_ONLY: (sizes, [one.bm25s for one in grown]),
        },
    )
    draw([plot])


def halves() -> tuple[list[str], list[str]]:
    """Return the beginnings and the ends of the questions that are recombined."""
    heads: set[str] = set()
    tails: set[str] = set()
    for folder in (shipped(), *sorted((ROOT / "benchmarks" / "training").iterdir())):
        for entry in read_base(folder).entries:
            for question in entry.questions:
                words = jieba.lcut(question)
                heads.add("".join(words[: len(words) // 2]))
                tails.add("".join(words[len(words) // 2 :]))
    return sorted(heads - {""}), sorted(tails)


def generated(heads: list[str], tails: list[str], size: int) -> tuple[list[list[str]], list[str]]:
    """Return entries with *size* questions in all, and questions that stand in none of them."""
    chance = random.Random(f"{SEED} {size}")
    entries: list[list[str]] = []
    seen: set[str] = set()
    while len(entries) * AN_ENTRY < size:
        tail = chance.choice(tails)
        questions = [head + tail for head in chance.sample(heads, AN_ENTRY)]
        if seen.isdisjoint(questions):
            seen.update(questions)
            entries.append(questions)
    texts: list[str] = []
    while len(texts) < ASKED:
        text = chance.choice(heads) + chance.choice(tails)
        if text not in seen:
            texts.append(text)
    return entries, texts


if __name__ == "__main__":
    main()
