"""rank-bm25 (Okapi) over jieba tokens."""

from collections.abc import Sequence

import jieba
from rank_bm25 import BM25Okapi

from benchmarks.peers.dense import best_hits
from benchmarks.peers.interface import Hit, Rank


def make(phrasings: Sequence[str]) -> Rank:
    """Index *phrasings*."""
    index = BM25Okapi([jieba.lcut(text) for text in phrasings])

    def rank(text: str) -> list[Hit]:
        return best_hits(index.get_scores(jieba.lcut(text)))

    return rank
