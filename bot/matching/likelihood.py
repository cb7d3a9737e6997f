"""How likely each entry is to be asked about in such terms: multinomial naive Bayes.

What all phrasings of an entry say together, against what those of the others say (McCallum & Nigam
1998, "A Comparison of Event Models for Naive Bayes Text Classification"). It is counted, not
fitted: a changed base needs no training.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from heapq import nlargest
from math import exp, fsum, log
from operator import itemgetter
from typing import Final, NamedTuple

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
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        self._sizes: list[int] = []
        for number, phrasings in enumerate(entries):
            counts = Counter(term for phrasing in phrasings for term in phrasing)
            self._sizes.append(counts.total())
            for term, count in counts.items():
                self._counts[term][number] = count
        self._smooth = ALPHA * len(self._counts)
        self._total = sum(self._sizes)
        self._log_sizes = [log((size + self._smooth) / ALPHA) for size in self._sizes]
        self._gains = {
            term: [(number, log(count / ALPHA + 1)) for number, count in counts.items()]
            for term, counts in self._counts.items()
        }
        self._common = {term: self._base_rate(term, 0) for term in self._counts}

    def best(
        self, asked: Sequence[str], count: int, without: tuple[int, Sequence[str]] | None = None
    ) -> list[tuple[int, Likely]]:
        """Return the numbers of the *count* likeliest entries for the terms *asked*, best first.

        *without* is a phrasing that counts for nothing: the number of its entry, and its terms.
        """
        known = [term for term in asked if term in self._gains]
        logs: dict[int, float] = defaultdict(float)
        for term in known:
            for number, gain in self._gains[term]:
                logs[number] += gain
        for number in logs:
            logs[number] -= len(known) * self._log_sizes[number]
        common = fsum([self._common[term] for term in known])
        if without is not None:
            number, left_out = without
            logs[number] = self._without(known, number, frozenset(left_out))
            common = fsum([self._base_rate(term, term in left_out) for term in known])
        ranked = nlargest(max(count, 2), logs.items(), key=itemgetter(1))
        if not ranked:
            return []
        first = ranked[0][1]
        second = ranked[1][1] if len(ranked) > 1 else first - MOST_LEAD
        total = fsum([exp(each - first) for each in logs.values()])
        return [
            (
                number,
                Likely(
                    posterior=exp(each - first) / total,
                    lead=_within_one(lead / MOST_LEAD),
                    typical=(each - common) / (len(asked) * MOST_TYPICAL),
                    lead_a_term=_within_one(lead / len(asked)),
                ),
            )
            for place, (number, each) in enumerate(ranked[:count])
            for lead in [each - (first if place else second)]
        ]

    def _without(self, known: Sequence[str], number: int, left_out: frozenset[str]) -> float:
        size = log((self._sizes[number] - len(left_out) + self._smooth) / ALPHA)
        return fsum(
            log((self._counts[term].get(number, 0) - (term in left_out)) / ALPHA + 1) - size
            for term in known
        )

    def _base_rate(self, term: str, less: int) -> float:
        """Return the logarithm of how often the base has *term*, of which *less* don't count."""
        count = sum(self._counts[term].values()) - less
        return log((count + ALPHA) / (self._total + self._smooth))


def _within_one(value: float) -> float:
    return max(-1.0, min(1.0, value))
