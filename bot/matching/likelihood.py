"""How likely each entry is to be asked about in such terms: multinomial naive Bayes.

What all phrasings of an entry say together, against what those of the others say (McCallum & Nigam
1998, "A Comparison of Event Models for Naive Bayes Text Classification"). It is counted, not
fitted: a changed base needs no training.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from math import exp, fsum, log
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.language.analyzing import Analysis

# Added to each count (Lidstone), so that a new term doesn't rule an entry out. Chosen on held-out
# phrasings and development cases of the 1688 base among 0.02, 0.05, 0.1, 0.3.
ALPHA: Final = 0.05
MOST_LEAD: Final = 10.0  # a lead beyond this (in nats) says no more; the lead is scaled to ±1 by it
MOST_TYPICAL: Final = 3.0  # nats a term, which such figures rarely reach; scales them to about ±1


class Likely(NamedTuple):
    """How likely an entry is.

    Attributes:
        posterior: Its probability among the entries that share a term with the utterance, 0 to 1,
            if one of them is meant, and all are asked about equally often.
        lead: How far its logarithm is ahead of that of the best other entry, −1 to 1.
        typical: How much likelier its phrasings make the utterance than those of the whole base
            do, for a term of it on average.
        lead_a_term: As *lead*, for a term of the utterance on average.

    """

    posterior: float
    lead: float
    typical: float
    lead_a_term: float


NONE: Final = Likely(0.0, 0.0, 0.0, 0.0)


def terms(analysis: Analysis) -> list[str]:
    """Return what counts as a term of an utterance: its words, characters, types and denied words."""
    marked = [
        *("w" + word for word in analysis.words),
        *("g" + gram for gram in analysis.grams),
        *("t" + type_ for type_ in analysis.types),
        *("d" + word for word in analysis.denied),
    ]
    # Sets have another order in each process; what is summed up must not.
    marked.sort()
    return marked


class Likelihood:
    """The entries of a base, each as the terms of its phrasings."""

    def __init__(self, entries: Sequence[Iterable[Sequence[str]]]) -> None:
        counts: dict[str, dict[int, int]] = defaultdict(dict)
        sizes: list[int] = []
        for number, phrasings in enumerate(entries):
            of_entry = Counter(term for phrasing in phrasings for term in phrasing)
            sizes.append(of_entry.total())
            for term, count in of_entry.items():
                counts[term][number] = count
        self._smooth = ALPHA * len(counts)
        self._total = sum(sizes)
        self._sizes = sizes
        self._log_sizes = np.log((np.array(sizes) + self._smooth) / ALPHA)
        self._counts = {term: sum(of_term.values()) for term, of_term in counts.items()}
        self._common = {term: self._base_rate(term, 0) for term in counts}
        # For each term the entries that have it, and what it adds to the logarithm of each.
        self._gains = {
            term: (
                np.fromiter(of_term.keys(), np.int32, len(of_term)),
                np.log(np.fromiter(of_term.values(), float, len(of_term)) / ALPHA + 1),
            )
            for term, of_term in counts.items()
        }

    def best(
        self, asked: Sequence[str], count: int, without: tuple[int, Sequence[str]] | None = None
    ) -> list[tuple[int, Likely]]:
        """Return the numbers of the *count* likeliest entries for the terms *asked*, best first.

        *without* is a phrasing that counts for nothing: the number of its entry, and its terms.
        """
        known = [term for term in asked if term in self._gains]
        if not known:
            return []
        having, gains = zip(*(self._gains[term] for term in known), strict=True)
        logs = np.bincount(np.concatenate(having), np.concatenate(gains), len(self._sizes))
        common = [self._common[term] for term in known]
        if without is not None:
            number, left_out = without
            logs[number] = self._without(known, number, frozenset(left_out))
            common = [self._base_rate(term, term in left_out) for term in known]
        sharing = np.flatnonzero(logs)
        likelihoods = logs[sharing] - len(known) * self._log_sizes[sharing]
        places = _largest(likelihoods, max(count, 2))
        values: list[float] = likelihoods[places].tolist()
        first = values[0]
        second = values[1] if len(values) > 1 else first - MOST_LEAD
        total = float(np.exp(likelihoods - first).sum())
        base_rate = fsum(common)
        return [
            (
                number,
                Likely(
                    posterior=exp(each - first) / total,
                    lead=_within_one(lead / MOST_LEAD),
                    typical=(each - base_rate) / (len(asked) * MOST_TYPICAL),
                    lead_a_term=_within_one(lead / len(asked)),
                ),
            )
            for place, (number, each) in enumerate(
                zip(sharing[places[:count]].tolist(), values, strict=False)
            )
            for lead in [each - (first if place else second)]
        ]

    def _without(self, known: Sequence[str], number: int, left_out: frozenset[str]) -> float:
        """Return what *known* adds to the logarithm of an entry without the terms *left_out*."""
        size = log((self._sizes[number] - len(left_out) + self._smooth) / ALPHA)
        shift = len(known) * (float(self._log_sizes[number]) - size)
        return shift + fsum(
            log((self._count(term, number) - (term in left_out)) / ALPHA + 1) for term in known
        )

    def _count(self, term: str, number: int) -> int:
        having, gains = self._gains[term]
        gain = gains[having == number]
        return round(ALPHA * (exp(gain[0]) - 1)) if len(gain) else 0

    def _base_rate(self, term: str, less: int) -> float:
        """Return the logarithm of how often the base has *term*, of which *less* don't count."""
        return log((self._counts[term] - less + ALPHA) / (self._total + self._smooth))


def _largest(values: NDArray[np.float64], count: int) -> NDArray[np.intp]:
    """Return the places of the *count* largest *values*, the largest first, equals in order."""
    places = np.arange(len(values))
    if len(values) > count:
        least = np.partition(values, -count)[-count]
        places = np.flatnonzero(values >= least)
    return places[np.argsort(-values[places], kind="stable")][:count]


def _within_one(value: float) -> float:
    return max(-1.0, min(1.0, value))
