"""bm25s over jieba tokens."""

from collections.abc import Sequence

import bm25s
import jieba

from benchmarks.peers.interface import MOST_HITS, Hit, Rank


def make(phrasings: Sequence[str]) -> Rank:
    """Index *phrasings*."""
    index = _indexed(phrasings)
    most = min(MOST_HITS, len(phrasings))

    def rank(text: str) -> list[Hit]:
        numbers, scores = index.retrieve([jieba.lcut(text)], k=most, show_progress=False)
        return [Hit(int(n), float(s)) for n, s in zip(numbers[0], scores[0], strict=True) if s > 0]

    return rank


def retrieve_only(phrasings: Sequence[str]) -> Rank:
    """Index *phrasings*, for texts that are tokens between spaces already."""
    index = _indexed(phrasings)

    def rank(text: str) -> list[Hit]:
        numbers, scores = index.retrieve([text.split(" ")], k=MOST_HITS, show_progress=False)
        return [Hit(int(n), float(s)) for n, s in zip(numbers[0], scores[0], strict=True)]

    return rank


def _indexed(phrasings: Sequence[str]) -> bm25s.BM25:
    index = bm25s.BM25()
    index.index([jieba.lcut(text) for text in phrasings], show_progress=False)
    return index
