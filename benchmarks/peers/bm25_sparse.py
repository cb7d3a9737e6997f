"""bm25s over jieba tokens."""

from collections.abc import Callable, Sequence

import bm25s
import jieba

from benchmarks.peers.interface import MOST_HITS, Hit, Rank


def make(phrasings: Sequence[str]) -> Rank:
    """Index *phrasings*."""
    return _made(phrasings, jieba.lcut)


def retrieve_only(phrasings: Sequence[str]) -> Rank:
    """Index *phrasings*, for texts that are tokens between spaces already."""
    return _made(phrasings, str.split)


def _made(phrasings: Sequence[str], tokens_of: Callable[[str], list[str]]) -> Rank:
    index = bm25s.BM25()
    index.index([jieba.lcut(text) for text in phrasings], show_progress=False)
    most = min(MOST_HITS, len(phrasings))

    def rank(text: str) -> list[Hit]:
        numbers, scores = index.retrieve([tokens_of(text)], k=most, show_progress=False)
        return [Hit(int(n), float(s)) for n, s in zip(numbers[0], scores[0], strict=True) if s > 0]

    return rank
