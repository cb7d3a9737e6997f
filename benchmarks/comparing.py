"""`python -m benchmarks.comparing`: the bot beside its peers, into RESULTS.md."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import Final

from benchmarks.environment import PEERS_PYTHON, ROOT
from benchmarks.evaluation import evaluation_data
from benchmarks.machine import circumstances
from benchmarks.peers.running import BOT, COMPILED, PEERS, Job, Measured
from benchmarks.plots import Plot, draw
from benchmarks.scoring import (
    Scored,
    at,
    auroc,
    curve,
    for_unanswerable,
    for_wrong,
    recall,
)
from benchmarks.sets import Asked, LabelledSet, of_base, of_files
from benchmarks.tables import percent, reached, table, write_part
from bot.settings import shipped

STARTS: Final = 3
SLOW: Final = "ChatterBot"
MOST_OF_SLOW: Final = 120  # questions that ChatterBot, at a second each, is asked of a set
FEW_WRONG: Final = (0.01, 0.05)
FEW_UNANSWERABLE: Final = 0.05
TIMES_AHEAD: Final = 2.0
MIB: Final = 2**20
PERCENTILES: Final = 100


def main() -> None:
    """Measure each base and set, and write what came of it."""
    folder = evaluation_data()
    sets = [of_base(shipped()), *(of_files(folder) if folder else ())]
    text = "## Beside its peers\n\n" + circumstances("make bench-peers", ("rapidfuzz",))
    text += _explained()
    verdicts: list[Sequence[str]] = []
    plots: list[Plot] = []
    for each in sets:
        text += _section(each, verdicts, plots)
    text += "### Where the bot stands\n\n" + table(
        ("set", "measure", "kaidian", "best peer", "", "bar", ""), verdicts
    )
    draw(plots)
    write_part("peers", text)
    print(text)


def _explained() -> str:
    return (
        "Each gets the same entries and questions; an entry counts as good as the best of its "
        "questions. Thresholds are chosen on the development part of each set, and scored on the "
        "rest, as is everything else. AUROC: right answers against questions that no entry "
        "answers. Right: share of the answerable questions answered rightly; in brackets what "
        "was promised by the threshold, as it came out. Memory is that of the process, with its "
        "libraries; a cold start is from the start of Python to the first answer, with the base "
        f"indexed anew. {SLOW}, at about a second a question, is asked every n-th, at most "
        f"{MOST_OF_SLOW} of a set, and no disturbed ones.\n\n"
    )


def _section(labelled: LabelledSet, verdicts: list[Sequence[str]], plots: list[Plot]) -> str:
    clean = "." not in labelled.name
    quality: list[Sequence[str]] = []
    cost: list[Sequence[str]] = []
    figures: dict[str, tuple[float, float, float]] = {}
    lines: dict[str, tuple[list[float], list[float]]] = {}
    for name in (BOT, *PEERS):
        if name == SLOW and not clean:
            continue
        asked = labelled.asked
        if name == SLOW:
            asked = asked[:: 1 + len(asked) // MOST_OF_SLOW]
        measured = run(name, _job(labelled, [question.text for question in asked]))
        print(labelled.name, name, file=sys.stderr, flush=True)
        scored = [_scored(*pair) for pair in zip(asked, measured["hits"], strict=True)]
        row, figures[name] = _quality(scored)
        quality.append((f"{name}", str(len(asked)), *row))
        points = curve([q for q in scored if not q.development])
        lines[name] = [p.wrong for p in points[1:]], [p.right for p in points[1:]]
        if clean:
            cost.append((name, *_cost(measured, name, labelled)))
    verdicts += _verdicts(labelled.name, figures)
    entries, asked = labelled.entries, labelled.asked
    text = (
        f"### `{labelled.name}`\n\n"
        f"{len(entries)} entries with {sum(map(len, entries))} questions; asked "
        f"{sum(bool(q.right) for q in asked)} that an entry answers and "
        f"{sum(not q.right for q in asked)} that none does, "
        f"{sum(q.development for q in asked)} of all for development.\n\n"
    ) + table(
        (
            "method",
            "asked",
            "recall@1",
            "recall@3",
            "AUROC",
            "right, ≤ 5 % of the unanswerable answered",
            "right, ≤ 1 % of answers wrong",
            "right, ≤ 5 % of answers wrong",
        ),
        quality,
    )
    if clean:
        path = Path(__file__).with_name(f"coverage-{labelled.name}.png")
        plots.append(
            Plot(
                path=str(path),
                title=f"{labelled.name}: right answers against wrong ones, by threshold",
                x="share of the answers that are wrong",
                y="share of the answerable questions answered rightly",
                logarithmic=False,
                lines=lines,
            )
        )
        text += table(("method", "median", "p99", "build", "memory", "cold start"), cost)
        text += f"![Coverage on {labelled.name}]({path.name})\n\n"
    return text


def _job(labelled: LabelledSet, texts: list[str]) -> Job:
    return Job(
        entries=labelled.entries,
        texts=texts,
        folder=str(labelled.folder) if labelled.folder else None,
    )


def run(name: str, job: Job) -> Measured:
    """Measure the peer *name* in a process of its own environment."""
    python = sys.executable if name in {BOT, COMPILED} else PEERS_PYTHON
    done = subprocess.run(
        [python, "-m", "benchmarks.peers.running", name],
        input=json.dumps(job).encode(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )
    measured: Measured = json.loads(done.stdout)
    return measured


def _scored(question: Asked, hits: list[tuple[int, float]]) -> Scored:
    places = [place for place, (number, _) in enumerate(hits, 1) if number in question.right]
    return Scored(
        score=hits[0][1] if hits else 0.0,
        place=places[0] if places else 0,
        answerable=bool(question.right),
        development=question.development,
    )


def _quality(scored: list[Scored]) -> tuple[tuple[str, ...], tuple[float, float, float]]:
    """Return a row, and the figures of it that have a bar."""
    development = [q for q in scored if q.development]
    held = [q for q in scored if not q.development]
    among = at(held, for_unanswerable(development, FEW_UNANSWERABLE))
    wrong = [at(held, for_wrong(development, most)) for most in FEW_WRONG]
    first, area = recall(held, 1), auroc(held)
    row = (
        f"{first:.3f}",
        f"{recall(held, 3):.3f}",
        f"{area:.3f}",
        f"{percent(among.right)} ({percent(among.unanswerable)})",
        *(f"{percent(point.right)} ({percent(point.wrong)})" for point in wrong),
    )
    return row, (first, area, among.right)


def _cost(measured: Measured, name: str, labelled: LabelledSet) -> tuple[str, ...]:
    seconds = measured["seconds"]
    starts = []
    for _ in range(STARTS):
        start = perf_counter()
        run(name, _job(labelled, [labelled.asked[0].text]))
        starts.append(perf_counter() - start)
    return (
        f"{1e3 * median(seconds):.2f} ms",
        f"{1e3 * quantiles(seconds, n=PERCENTILES)[-1]:.2f} ms",
        f"{measured['built']:.2f} s",
        f"{measured['resident'] / MIB:.0f} MiB",
        f"{median(starts):.2f} s",
    )


def _verdicts(name: str, figures: dict[str, tuple[float, float, float]]) -> list[tuple[str, ...]]:
    """Say for each figure with a bar which peer is best, and whether the bot is ahead."""
    rows: list[tuple[str, ...]] = []
    for at_, (measure, times) in enumerate(
        (("recall@1", 1.0), ("AUROC", 1.0), ("right, ≤ 5 % of the unanswerable", TIMES_AHEAD))
    ):
        mine = figures[BOT][at_]
        peer, best = max(
            ((peer, f[at_]) for peer, f in figures.items() if peer not in {BOT, SLOW}),
            key=lambda pair: pair[1],
        )
        kept = mine > best if times == 1.0 else mine >= times * best
        bar = "> best peer" if times == 1.0 else f"≥ {times:g} × best peer"
        rows.append((f"`{name}`", measure, f"{mine:.3f}", f"{best:.3f}", peer, bar, reached(kept)))
    return rows


if __name__ == "__main__":
    main()
