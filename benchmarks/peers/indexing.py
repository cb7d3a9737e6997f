"""One candidate index in a process of its own: `python -m benchmarks.peers.indexing NAME FOLDER`.

FOLDER has what is indexed as NumPy arrays: for each term the entries that have it, and what it adds
to each (`starts`, `having`, `gains`); what is taken off each entry for a term of the question
(`sizes`); and the questions, by the numbers of their terms (`asked`, `asked_ends`). Each candidate
writes an index to the folder, opens it, and finds the five entries with the largest sums; search
engines score as they do.
"""

import json
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import process_time
from typing import Any, Final, TypedDict

import numpy as np
import psutil
from numpy.typing import NDArray

MOST: Final = 5  # entries

Ask = Callable[[list[int]], object]
Arrays = dict[str, NDArray[Any]]


class Indexed(TypedDict):
    """What was measured: seconds of processor time, and bytes."""

    built: float
    opened: float
    seconds: list[float]
    disk: int
    memory: int


def _numpy(arrays: Arrays, folder: Path) -> Callable[[], Ask]:
    for name in ("starts", "having", "gains", "sizes"):
        np.save(folder / f"{name}.npy", arrays[name])

    def opened() -> Ask:
        starts, having, gains, sizes = (
            np.load(folder / f"{name}.npy", mmap_mode="r")
            for name in ("starts", "having", "gains", "sizes")
        )

        def ask(terms: list[int]) -> object:
            spans = [slice(starts[term], starts[term + 1]) for term in terms]
            sums = np.bincount(
                np.concatenate([having[span] for span in spans]),
                np.concatenate([gains[span] for span in spans]),
                len(sizes),
            )
            sums -= len(terms) * sizes
            return np.argpartition(sums, -MOST)[-MOST:]

        return ask

    return opened


def _scipy(arrays: Arrays, folder: Path) -> Callable[[], Ask]:
    from scipy.sparse import csr_array

    for name in ("starts", "having", "gains", "sizes"):
        np.save(folder / f"{name}.npy", arrays[name])

    def opened() -> Ask:
        starts, having, gains, sizes = (
            np.load(folder / f"{name}.npy", mmap_mode="r")
            for name in ("starts", "having", "gains", "sizes")
        )
        matrix = csr_array((gains, having, starts), shape=(len(starts) - 1, len(sizes)))

        def ask(terms: list[int]) -> object:
            sums = matrix[terms].sum(axis=0) - len(terms) * sizes
            return np.argpartition(sums, -MOST)[-MOST:]

        return ask

    return opened


def _documents(arrays: Arrays) -> list[list[str]]:
    """Return each entry as its terms."""
    terms = np.repeat(np.arange(len(arrays["starts"]) - 1), np.diff(arrays["starts"]))
    order = np.argsort(arrays["having"], kind="stable")
    ends = np.cumsum(np.bincount(arrays["having"], minlength=len(arrays["sizes"])))
    return [[f"t{term}" for term in of_one] for of_one in np.split(terms[order], ends[:-1])]


def _bm25s(arrays: Arrays, folder: Path) -> Callable[[], Ask]:
    import bm25s

    index = bm25s.BM25()
    index.index(_documents(arrays), show_progress=False)
    index.save(folder)

    def opened() -> Ask:
        found = bm25s.BM25.load(folder, mmap=True)
        return lambda terms: found.retrieve(
            [[f"t{term}" for term in terms]], k=MOST, show_progress=False
        )

    return opened


def _tantivy(arrays: Arrays, folder: Path) -> Callable[[], Ask]:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("terms", stored=False, tokenizer_name="whitespace")
    builder.add_unsigned_field("entry", stored=True)
    index = tantivy.Index(builder.build(), path=str(folder))
    writer = index.writer(num_threads=1)
    for entry, terms in enumerate(_documents(arrays)):
        writer.add_document(tantivy.Document(terms=[" ".join(terms)], entry=entry))
    writer.commit()
    writer.wait_merging_threads()

    def opened() -> Ask:
        found = tantivy.Index.open(str(folder))
        searcher = found.searcher()

        def ask(terms: list[int]) -> object:
            query = found.parse_query(" ".join(f"t{term}" for term in terms), ["terms"])
            return [searcher.doc(hit) for _, hit in searcher.search(query, MOST).hits]

        return ask

    return opened


def _sqlite(arrays: Arrays, folder: Path) -> Callable[[], Ask]:
    path = folder / "index.db"
    terms = np.repeat(np.arange(len(arrays["starts"]) - 1), np.diff(arrays["starts"]))
    with sqlite3.connect(path) as connection:
        connection.execute(
            "CREATE TABLE gains (term INT, entry INT, gain REAL, PRIMARY KEY (term, entry)) "
            "WITHOUT ROWID"
        )
        rows = zip(terms.tolist(), arrays["having"].tolist(), arrays["gains"].tolist(), strict=True)
        connection.executemany("INSERT INTO gains VALUES (?, ?, ?)", rows)
    connection.close()

    def opened() -> Ask:
        found = sqlite3.connect(path)
        found.execute("PRAGMA mmap_size = 8589934592")

        def ask(terms: list[int]) -> object:
            marks = ",".join("?" * len(terms))
            return found.execute(
                f"SELECT entry, sum(gain) AS likely FROM gains WHERE term IN ({marks}) "  # noqa: S608  # marks only
                f"GROUP BY entry ORDER BY likely DESC LIMIT {MOST}",
                terms,
            ).fetchall()

        return ask

    return opened


CANDIDATES: Final = {
    "NumPy, mapped": _numpy,
    "SciPy sparse, mapped": _scipy,
    "bm25s, mapped": _bm25s,
    "tantivy": _tantivy,
    "SQLite": _sqlite,
}


def main(name: str, folder: Path) -> Indexed:
    """Measure the candidate *name* on what is in *folder*."""
    arrays = {path.stem: np.load(path) for path in folder.glob("*.npy")}
    asked = np.split(arrays["asked"], arrays["asked_ends"][:-1])
    place = folder / name.partition(",")[0].replace(" ", "-")
    place.mkdir()
    start = process_time()
    opened = CANDIDATES[name](arrays, place)
    built = process_time() - start
    del arrays
    before = psutil.Process().memory_info().rss
    start = process_time()
    ask = opened()
    took = process_time() - start
    seconds = []
    for terms in asked:
        start = process_time()
        ask(terms.tolist())
        seconds.append(process_time() - start)
    return Indexed(
        built=built,
        opened=took,
        seconds=[median(seconds), max(seconds)],
        disk=sum(path.stat().st_size for path in place.rglob("*") if path.is_file()),
        memory=psutil.Process().memory_info().rss - before,
    )


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1], Path(sys.argv[2]))))
