"""rapidfuzz: the phrasing of the highest ratio, as `process.extractOne` finds it."""

from collections.abc import Callable, Sequence

from rapidfuzz import fuzz, process

from benchmarks.peers.interface import MOST_HITS, Hit, Make, Rank


def _by(scorer: Callable[..., float]) -> Make:
    def make(phrasings: Sequence[str]) -> Rank:
        def rank(text: str) -> list[Hit]:
            # `extract` is `extractOne` for more than one; its order is the same.
            found = process.extract(text, phrasings, scorer=scorer, limit=MOST_HITS)
            return [Hit(number, score) for _, score, number in found]

        return rank

    return make


ratio = _by(fuzz.ratio)
wratio = _by(fuzz.WRatio)
token_set_ratio = _by(fuzz.token_set_ratio)
