"""How likely each entry is to be asked about in such terms: multinomial naive Bayes.

What all phrasings of an entry say together, against what those of the others say (McCallum & Nigam
1998, "A Comparison of Event Models for Naive Bayes Text Classification"). It is counted, not
fitted: a changed base needs no training.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from math import exp, fsum, inf, log
from operator import attrgetter
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.matching.occurrences import Occurrences

# Added to each count (Lidstone), so that a new term doesn't rule an entry out. Chosen on held-out
# phrasings and development cases of the 1688 base among 0.02, 0.05, 0.1, 0.3.
ALPHA: Final = 0.05
MOST_LEAD: Final = 10.0  # a lead beyond this (in nats) says no more; the lead is scaled to ±1 by it
FEW: Final = 100_000  # occurrences that are all added up: so many take a millisecond
RAREST: Final = 0.1  # of more occurrences, the share that is added up before others are passed over
UNSEEN: Final = 1e-6  # of the posterior, by which entries that are passed over may change it
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


class _Row(NamedTuple):
    """Where the entries of a term stand, and the *most* that it adds to one of them."""

    start: int
    stop: int
    most: float

    @property
    def length(self) -> int:
        """How many entries have the term."""
        return self.stop - self.start


class Likelihood:
    """The entries of a base, by the terms of their phrasings."""

    def __init__(self, occurrences: Occurrences) -> None:
        self._occurrences = occurrences
        # One number of an array is read faster through its buffer.
        self._starts, self._totals = occurrences.starts.data, occurrences.totals.data
        self._smooth = ALPHA * occurrences.distinct
        self._total = int(occurrences.sizes.sum())
        self._entries = len(occurrences.sizes)
        self._log_sizes = np.log((occurrences.sizes + self._smooth) / ALPHA)
        self._least_log_size = float(self._log_sizes.min(initial=inf))
        most = int(occurrences.peaks.max(initial=0))
        # What a term adds to the logarithm of an entry that has it 0, 1, 2, … times.
        self._gains = np.log(np.arange(most + 1) / ALPHA + 1)

    def best(
        self, asked: Sequence[str], count: int, without: tuple[int, Sequence[str]] | None = None
    ) -> list[tuple[int, Likely]]:
        """Return the numbers of the *count* likeliest entries for the terms *asked*, best first.

        *without* is a phrasing that counts for nothing: the number of its entry, and its terms.
        """
        numbers = {term: self._occurrences.number(term) for term in asked}
        known = {term: number for term, number in numbers.items() if number is not None}
        if not known:
            return []
        left_out = frozenset(without[1]) if without else frozenset[str]()
        logs = self._logs(list(known.values()), exactly=without is not None)
        if without is not None:
            logs[without[0]] = self._without(known, without[0], left_out)
        common = [self._base_rate(n, term in left_out) for term, n in known.items()]
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

    def _logs(self, known: Sequence[int], *, exactly: bool) -> NDArray[np.float64]:
        """Return what the terms *known* add to the logarithm of each entry, not less its size.

        Where they stand in very many entries, those that fall behind the best by so much that all
        of them together would change its posterior by less than UNSEEN have 0.
        """
        spans = [(self._starts[number], self._starts[number + 1]) for number in known]
        if exactly or sum([stop - start for start, stop in spans]) <= FEW:
            return self._added(spans)
        peaks = self._gains[self._occurrences.peaks[known]].tolist()
        rows = [_Row(*span, most) for span, most in zip(spans, peaks, strict=True)]
        return self._pruned(sorted(rows, key=attrgetter("length")))

    def _added(self, spans: Iterable[tuple[int, int]]) -> NDArray[np.float64]:
        pieces = [slice(start, stop) for start, stop in spans]
        entries = np.concatenate([self._occurrences.having[piece] for piece in pieces])
        times = np.concatenate([self._occurrences.times[piece] for piece in pieces])
        return np.bincount(entries, self._gains[times], self._entries).astype(float, copy=False)

    def _pruned(self, rows: Sequence[_Row]) -> NDArray[np.float64]:
        """Add up *rows*, the shortest first, as far as they may lead to the best entries.

        This is MaxScore (Turtle & Flood 1995, "Query Evaluation: Strategies and Optimizations"):
        an entry that has nothing but the commonest terms can't come near the best. How near is
        learnt from two good entries, the best by the rarest terms.
        """
        *totals, all_of_them = accumulate(row.length for row in rows)
        few = max(1, sum(total <= RAREST * all_of_them for total in totals))
        logs = self._added([(row.start, row.stop) for row in rows[:few]])
        sizes = len(rows) * self._log_sizes
        good = _largest(np.where(logs > 0, logs - sizes, -inf), 2)
        reached = logs[good] - sizes[good]
        for row in rows[few:]:
            reached += self._gain(row, good)
        # The second best counts too, however far it is behind.
        needed = min(float(reached.max()) - log(len(sizes) / UNSEEN), float(reached.min()))
        # What an entry may reach that has only the terms of rows[n:], for each n.
        least = len(rows) * self._least_log_size
        ahead = [*accumulate((row.most for row in reversed(rows)), initial=-least)][::-1]
        first = max(few, next(n for n, most in enumerate(ahead) if most < needed or n == len(rows)))
        if first > few:
            logs += self._added([(row.start, row.stop) for row in rows[few:first]])
        near = np.flatnonzero(logs)
        reached_by = logs[near] - sizes[near]
        left = fsum(row.most for row in rows[first:])
        for row in rows[first:]:
            kept = reached_by + left >= needed
            near, reached_by = near[kept], reached_by[kept] + self._gain(row, near[kept])
            left -= row.most
        logs = np.zeros(self._entries)
        logs[near] = reached_by + sizes[near]
        return logs

    def _gain(self, row: _Row, entries: NDArray[np.intp]) -> NDArray[np.float64]:
        """Return what the term of *row* adds to each of *entries*."""
        having = self._occurrences.having[row.start : row.stop]
        # Numbers of another size would make it convert the whole row.
        places = np.minimum(np.searchsorted(having, entries.astype(np.int32)), row.length - 1)
        times = self._occurrences.times[row.start : row.stop][places]
        return self._gains[np.where(having[places] == entries, times, 0)]

    def _without(self, known: Mapping[str, int], entry: int, left_out: frozenset[str]) -> float:
        """Return what *known* adds to the logarithm of an *entry* without the terms *left_out*."""
        size = log((int(self._occurrences.sizes[entry]) - len(left_out) + self._smooth) / ALPHA)
        shift = len(known) * (float(self._log_sizes[entry]) - size)
        return shift + fsum(
            log((self._times(number, entry) - (term in left_out)) / ALPHA + 1)
            for term, number in known.items()
        )

    def _times(self, number: int, entry: int) -> int:
        """Return how often an *entry* has the term of that *number*."""
        start, stop = self._starts[number], self._starts[number + 1]
        place = start + int(np.searchsorted(self._occurrences.having[start:stop], entry))
        found = place < stop and int(self._occurrences.having[place]) == entry
        return int(self._occurrences.times[place]) if found else 0

    def _base_rate(self, number: int, less: int) -> float:
        """Return the logarithm of how often the base has a term, of which *less* don't count."""
        return log((self._totals[number] - less + ALPHA) / (self._total + self._smooth))


def _largest(values: NDArray[np.float64], count: int) -> NDArray[np.intp]:
    """Return the places of the *count* largest *values*, the largest first, equals in order."""
    places = np.arange(len(values))
    if len(values) > count:
        least = np.partition(values, -count)[-count]
        places = np.flatnonzero(values >= least)
    return places[np.argsort(-values[places], kind="stable")][:count]


def _within_one(value: float) -> float:
    return max(-1.0, min(1.0, value))
