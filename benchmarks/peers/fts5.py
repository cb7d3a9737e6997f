"""SQLite's full-text search with its trigram tokenizer, ranked by its BM25."""

import sqlite3
from collections.abc import Sequence

from benchmarks.peers.interface import MOST_HITS, Hit, Rank

LENGTH = 3  # characters of a trigram


def make(phrasings: Sequence[str]) -> Rank:
    """Index *phrasings* in memory."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE phrasing USING fts5(text, tokenize='trigram')")
    database.executemany("INSERT INTO phrasing (rowid, text) VALUES (?, ?)", enumerate(phrasings))

    def rank(text: str) -> list[Hit]:
        grams = {text[at : at + LENGTH] for at in range(len(text) - LENGTH + 1)}
        if not grams:
            return []
        # Any trigram may match: as a whole, a question almost never stands in another.
        query = " OR ".join('"' + gram.replace('"', '""') + '"' for gram in sorted(grams))
        found = database.execute(
            "SELECT rowid, -bm25(phrasing) FROM phrasing WHERE phrasing MATCH ?"
            " ORDER BY bm25(phrasing) LIMIT ?",
            (query, MOST_HITS),
        )
        return [Hit(number, score) for number, score in found]

    return rank
