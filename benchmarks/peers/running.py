"""One peer in a process of its own: `python -m benchmarks.peers.running NAME`.

Reads a job as JSON from standard input and writes what was measured as JSON to standard output.
"""

import json
import sys
from collections.abc import Sequence
from importlib import import_module
from time import perf_counter, process_time
from typing import Final, TypedDict

import psutil

from benchmarks.peers.interface import Hit, Make, Rank

BOT: Final = "kaidian"
COMPILED: Final = "kaidian, compiled"  # by `kaidian kb build` before
# The name that results show, and the function that makes the peer, by its module in this package.
PEERS: Final = {
    "rapidfuzz ratio": ("fuzzy", "ratio"),
    "rapidfuzz WRatio": ("fuzzy", "wratio"),
    "rapidfuzz token_set_ratio": ("fuzzy", "token_set_ratio"),
    "bm25s, jieba": ("bm25_sparse", "make"),
    "rank-bm25, jieba": ("bm25_dense", "make"),
    "TF-IDF, characters": ("tfidf", "characters"),
    "TF-IDF, jieba": ("tfidf", "words"),
    "SQLite FTS5 trigram": ("fts5", "make"),
    "ChatterBot": ("chatter", "make"),
}
# Measured for its speed only: texts come as tokens between spaces.
RETRIEVE_ONLY: Final = "bm25s, retrieve alone"
# Measured in processor time, as building their bases takes so long that others get in the way.
GROWING: Final = frozenset((COMPILED, RETRIEVE_ONLY))
MOST_ENTRIES: Final = 3


class Job(TypedDict):
    """What to measure: *entries* by their questions, and the *texts* to rank them for."""

    entries: list[list[str]]
    texts: list[str]
    folder: str | None


class Measured(TypedDict):
    """What came of a job.

    *hits* are the best entries with their scores, and *seconds* the time, for each text;
    """

    hits: list[list[tuple[int, float]]]
    seconds: list[float]
    built: float
    resident: int
    after: int


def measure(name: str, job: Job) -> Measured:
    """Run the peer *name* over the texts of *job*."""
    start = perf_counter()
    rank = _made(name, job)
    clock = process_time if name in GROWING else perf_counter
    built = perf_counter() - start
    resident = 0
    hits: list[list[tuple[int, float]]] = []
    seconds: list[float] = []
    for text in job["texts"]:
        start = clock()
        found = rank(text)
        seconds.append(clock() - start)
        hits.append([(hit.number, hit.score) for hit in found[:MOST_ENTRIES]])
        resident = resident or psutil.Process().memory_info().rss
    after = psutil.Process().memory_info().rss
    return Measured(hits=hits, seconds=seconds, built=built, resident=resident, after=after)


def _made(name: str, job: Job) -> Rank:
    if name == COMPILED:
        opened: Rank = import_module("benchmarks.peers.kaidian").compiled(job["folder"])
        return opened
    if name == BOT:
        rank: Rank = import_module("benchmarks.peers.kaidian").make(job["entries"], job["folder"])
        return rank
    module, function = PEERS.get(name, ("bm25_sparse", "retrieve_only"))
    make: Make = getattr(import_module(f"benchmarks.peers.{module}"), function)
    return _by_entry(make, job["entries"])


def _by_entry(make: Make, entries: Sequence[Sequence[str]]) -> Rank:
    """Return a ranking of entries, each as good as the best of its questions."""
    owners = [place for place, questions in enumerate(entries) for _ in questions]
    rank = make([question for questions in entries for question in questions])

    def ranked(text: str) -> list[Hit]:
        best: dict[int, float] = {}
        for number, score in rank(text):
            best.setdefault(owners[number], score)
        return [Hit(place, score) for place, score in best.items()]

    return ranked


if __name__ == "__main__":
    json.dump(measure(sys.argv[1], json.load(sys.stdin)), sys.stdout)
