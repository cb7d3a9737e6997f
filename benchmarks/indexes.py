"""`python -m benchmarks.indexes [QUESTIONS]`: ways to find the candidates of a large base."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from time import process_time
from typing import Final

import numpy as np

from benchmarks.comparing import MIB
from benchmarks.environment import PEERS_PYTHON, ROOT
from benchmarks.growth import generated, halves
from benchmarks.machine import circumstances
from benchmarks.peers.indexing import CANDIDATES, Indexed
from benchmarks.tables import table, write_part
from bot.app import analyzer_of
from bot.knowledge.model import Header
from bot.language.normalizing import normalize
from bot.matching.likelihood import Likelihood
from bot.matching.occurrences import Occurrences, arrange, count, terms
from bot.settings import Settings

QUESTIONS: Final = 100_000
OURS: Final = "NumPy, mapped, common terms looked up"
WHY: Final = """
All candidates but the search engines do the same sum: naive Bayes over the terms of an entry. Its
shares of a posterior, which the scorer uses, come from all entries near the best,
not from a list of the first few. SciPy and SQLite can do the sum. Plain NumPy arrays do it fastest
among those, open in no time, share their pages among processes, and are a dependency already; so the
index is NumPy arrays, and what is added to them (`Likelihood`) keeps their sum and skips what can't
change it: `{ours}`. The other candidates were tried as their documentation says, with one thread.
"""


def main() -> None:
    """Measure the candidates on a generated base."""
    questions = int(sys.argv[1]) if len(sys.argv) > 1 else QUESTIONS
    entries, texts = generated(*halves(), questions)
    analyzer = analyzer_of(Header(id="bare", title="bare"), Settings.from_environ(os.environ).cache)
    numbered: dict[str, int] = {}
    counted = count(([analyzer.analyze(normalize(q)) for q in e] for e in entries), numbered)
    occurrences = arrange(numbered, counted, questions)
    asked = [terms(analyzer.analyze(analyzer.strip(normalize(text)))) for text in texts]
    with tempfile.TemporaryDirectory() as folder:
        _save(Path(folder), occurrences, asked)
        rows = [_row(OURS, _ours(occurrences, asked))]
        for name in CANDIDATES:
            rows.append(_row(name, _measured(name, folder)))
            print(rows[-1], file=sys.stderr, flush=True)
    text = (
        "## Ways to find candidates\n\n"
        + circumstances(f"python -m benchmarks.indexes {questions}", ("numpy",))
        + f"{len(asked)} questions asked of {len(entries):,} entries with {questions:,} questions, "
        "by the numbers of their terms. Processor time, as others used the machine meanwhile; "
        "memory that the process gained by opening the index and answering.\n\n"
        + table(("index", "median", "slowest", "build", "open", "disk", "memory"), rows)
        + WHY.format(ours=OURS).strip()
    )
    write_part(f"indexes {questions}", text)
    print(text)


def _save(folder: Path, occurrences: Occurrences, asked: Sequence[Sequence[str]]) -> None:
    known = [[n for term in one if (n := occurrences.number(term)) is not None] for one in asked]
    likelihood = Likelihood(occurrences)
    priors = likelihood.alike + likelihood.a_time * occurrences.totals
    for name, array in {
        "starts": occurrences.starts,
        "having": occurrences.having,
        "gains": np.log1p(occurrences.times / np.repeat(priors, np.diff(occurrences.starts))),
        "sizes": np.log(occurrences.sizes + likelihood.priors),
        "asked": np.concatenate([np.array(one, np.int64) for one in known]),
        "asked_ends": np.cumsum([len(one) for one in known]),
    }.items():
        np.save(folder / f"{name}.npy", array)


def _ours(occurrences: Occurrences, asked: Sequence[Sequence[str]]) -> Indexed:
    likelihood = Likelihood(occurrences)
    seconds = []
    for one in asked:
        start = process_time()
        list(likelihood.best(one, 5))
        seconds.append(process_time() - start)
    return Indexed(built=0, opened=0, seconds=[median(seconds), max(seconds)], disk=0, memory=0)


def _measured(name: str, folder: str) -> Indexed:
    command = [PEERS_PYTHON, "-m", "benchmarks.peers.indexing", name, folder]
    done = subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    measured: Indexed = json.loads(done.stdout)
    return measured


def _row(name: str, measured: Indexed) -> tuple[str, ...]:
    middle, slowest = measured["seconds"]
    times = (name, f"{1e3 * middle:.2f} ms", f"{1e3 * slowest:.2f} ms")
    if not measured["disk"]:
        return *times, "", "", "", ""
    return (
        *times,
        f"{measured['built']:.1f} s",
        f"{1e3 * measured['opened']:.1f} ms",
        f"{measured['disk'] / MIB:.0f} MiB",
        f"{measured['memory'] / MIB:.0f} MiB",
    )


if __name__ == "__main__":
    main()
