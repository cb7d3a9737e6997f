"""`python -m benchmarks.grouping`: how well similar questions are grouped, and what it costs.

Pairs of questions that people labelled as the same or not (LCQMC) are taken apart into their
questions, which are grouped all together; a labelled pair is found if both are in one group. The
likeness is chosen on one half of the pairs, and reported on the other.
"""

import json
import sys
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from time import process_time
from typing import Final

import psutil

from benchmarks.comparing import MIB
from benchmarks.evaluation import FOLDER, evaluation_data
from benchmarks.machine import circumstances
from benchmarks.tables import percent, reached, table, write_part
from bot.app import Parts, assemble
from bot.desk.grouping import LIKENESS, groups
from bot.desk.suggesting import Suggester
from bot.knowledge.reading import read_base
from bot.language.analyzing import Analyzer
from bot.settings import Settings
from bot.store.history import Unsettled

FILE: Final = "pairs_lcqmc.jsonl"
LIKENESSES: Final = (0.72, LIKENESS, 0.80)
MANY: Final = 20_000
LONGEST: Final = 300.0  # seconds: "in minutes"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two questions, and whether people call them the same."""

    a: str
    b: str
    same: bool


def main() -> None:
    """Measure, and write what came of it."""
    folder = evaluation_data()
    if folder is None or not (folder / FILE).exists():
        print(f"skipped: no {FILE} in {FOLDER}", file=sys.stderr)
        return
    settings = Settings.from_environ({})
    parts = assemble(read_base(settings.kb), settings.cache)
    analyzer = parts.analyzer
    halves = _halves(folder / FILE)
    rows = [_row(analyzer, halves[0], likeness) for likeness in LIKENESSES]
    text = (
        "## Grouping\n\n"
        + circumstances("python -m benchmarks.grouping", ("jieba",))
        + f"Pairs of LCQMC, of which {percent(_share_of_same(halves[1]))} are the same question, "
        "grouped with the words of the shipped base. Its different pairs were chosen to look alike.\n\n"
        + "The half on which the likeness is chosen:\n\n"
        + table(("likeness", "precision", "recall", "groups"), rows)
        + "The other half, at the likeness that is used:\n\n"
        + table(
            ("likeness", "precision", "recall", "groups"), [_row(analyzer, halves[1], LIKENESS)]
        )
        + _costs(parts, [text for pair in halves[0] + halves[1] for text in (pair.a, pair.b)])
    )
    write_part("grouping", text)
    print(text)


def _row(analyzer: Analyzer, pairs: list[Pair], likeness: float) -> tuple[str, ...]:
    """Return what grouping the questions of *pairs* comes to."""
    texts = sorted({text for pair in pairs for text in (pair.a, pair.b)})
    found = groups(texts, analyzer, likeness)
    group_of = {texts[place]: number for number, group in enumerate(found) for place in group}
    together = [pair.same for pair in pairs if group_of[pair.a] == group_of[pair.b]]
    same = sum(pair.same for pair in pairs)
    return (
        f"{likeness:.2f}",
        percent(sum(together) / len(together)),
        percent(sum(together) / same),
        f"{len(found):,} of {len(texts):,}",
    )


def _costs(parts: Parts, texts: list[str]) -> str:
    """Return what it costs to make suggestions of MANY questions that were not answered."""
    suggester = Suggester(parts.assistant, parts.analyzer, parts.matcher, (), {})
    many = [Unsettled(text, 1, None, None) for text in list(dict.fromkeys(texts))[:MANY]]
    before = psutil.Process().memory_info().rss
    began = process_time()
    suggester.suggest(many, 1)
    seconds = process_time() - began
    grown = psutil.Process().memory_info().rss - before
    return "Suggestions (`kaidian kb suggest`) for all of them; processor time:\n\n" + table(
        ("questions", "time", "memory gained", "bar", ""),
        [
            (
                f"{len(many):,}",
                f"{seconds:.0f} s",
                f"{grown / MIB:.0f} MiB",
                f"≤ {LONGEST:.0f} s",
                reached(seconds <= LONGEST),
            )
        ],
    )


def _halves(path: Path) -> tuple[list[Pair], list[Pair]]:
    """Return the pairs of *path* in two halves, by the SHA-256 of the first question."""
    halves: tuple[list[Pair], list[Pair]] = ([], [])
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        place = sha256(row["a"].encode()).digest()[0] % 2
        halves[place].append(Pair(row["a"], row["b"], row["label"] == 1))
    return halves


def _share_of_same(pairs: list[Pair]) -> float:
    return sum(pair.same for pair in pairs) / len(pairs)


if __name__ == "__main__":
    main()
