"""rank-bm25 (Okapi) over jieba tokens."""

from collections.abc import Sequence

import jieba
import numpy as np
from rank_bm25 import BM25Okapi

from benchmarks.peers.interface import MOST_HITS, Hit, Rank


def make(phrasings: Sequence[str]) -> Rank:
    """Index *phrasings*."""
    index = BM25Okapi([jieba.lcut(text) for text in phrasings])

    def rank(text: str) -> list[Hit]:
        scores = index.get_scores(jieba.lcut(text))
        best = np.argsort(-scores, kind="stable")[:MOST_HITS]
        return [Hit(int(number), float(scores[number])) for number in best if scores[number] > 0]

    return rank
