"""`python -m benchmarks.growth`: what a decision, a start and memory cost as a base grows.

Questions are recombined with a fixed seed from those of the shipped and the training bases: the
beginning of one, cut between two words, with the end of another. An entry has ten that end alike.
"""

import random
import sys
from pathlib import Path
from statistics import median
from typing import Final

import jieba

from benchmarks.comparing import MIB, run
from benchmarks.environment import ROOT
from benchmarks.machine import circumstances
from benchmarks.peers.running import BOT, RETRIEVE_ONLY, Job, Measured
from benchmarks.plots import Plot, draw
from benchmarks.tables import reached, table, write_part
from bot.knowledge.reading import read_base
from bot.settings import shipped

SEED: Final = 1688
SIZES: Final = (1_000, 10_000, 100_000)
ASKED: Final = 200
AN_ENTRY: Final = 10  # questions
PLOT: Final = Path(__file__).with_name("growth.png")


def main() -> None:
    """Measure the bot and bm25s on bases of SIZES questions, and write what came of it."""
    heads, tails = halves()
    rows = []
    medians: dict[str, list[float]] = {BOT: [], RETRIEVE_ONLY: []}
    for size in SIZES:
        entries, texts = _generated(heads, tails, size)
        mine = run(BOT, Job(entries=entries, texts=texts, folder=None))
        tokens = [" ".join(jieba.lcut(text)) for text in texts]
        other = run(RETRIEVE_ONLY, Job(entries=entries, texts=tokens, folder=None))
        print(size, file=sys.stderr, flush=True)
        for name, measured in ((BOT, mine), (RETRIEVE_ONLY, other)):
            medians[name].append(1e3 * median(measured["seconds"]))
            rows.append((f"{size:,}", name, *_figures(measured, size)))
    last, first = medians[BOT][-1], medians[BOT][0]
    plot = Plot(
        path=str(PLOT),
        title="Time against size",
        x="questions of the base",
        y="median time of a decision, ms",
        logarithmic=True,
        lines={name: (list(map(float, SIZES)), times) for name, times in medians.items()},
    )
    draw([plot])
    text = (
        "## Growth\n\n" + circumstances("make bench-growth", ("jieba",)) + f"{ASKED} questions "
        "asked of bases that `benchmarks/growth.py` generates, ten questions an entry. bm25s is "
        "timed without cutting the question into words.\n\n"
        + table(("questions", "", "median", "build", "memory", "memory a question"), rows)
        + table(
            ("measure", "bar", "measured", ""),
            [
                (
                    f"a decision at {SIZES[-1]:,}, against bm25s",
                    "≤ 1",
                    f"{last / medians[RETRIEVE_ONLY][-1]:.2f}",
                    reached(last <= medians[RETRIEVE_ONLY][-1]),
                ),
                (
                    f"growth of a decision from {SIZES[0]:,} to {SIZES[-1]:,}",
                    "≤ 4 (to 1,000,000)",
                    f"{last / first:.2f}",
                    reached(last <= 4 * first),
                ),
            ],
        )
        + f"![Time against size]({PLOT.name})\n"
    )
    write_part("growth", text)
    print(text)


def _figures(measured: Measured, size: int) -> tuple[str, ...]:
    resident = measured["resident"]
    return (
        f"{1e3 * median(measured['seconds']):.2f} ms",
        f"{measured['built']:.1f} s",
        f"{resident / MIB:.0f} MiB",
        f"{resident / size / 1024:.1f} KiB",
    )


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


def _generated(heads: list[str], tails: list[str], size: int) -> tuple[list[list[str]], list[str]]:
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
