"""How likely each entry is to be asked about in such terms: multinomial naive Bayes.

What all phrasings of an entry say together, against what those of the others say (McCallum & Nigam
1998, "A Comparison of Event Models for Naive Bayes Text Classification"). It is counted, not
fitted: a changed base needs no training.

To what an entry says a prior is added, so that a new term doesn't rule it out. Where entries have many
phrasings it holds each term as likely as any (Lidstone): how often an entry has a term is known. Where
they have one, it holds each as likely as the whole base does (Dirichlet: Zhai & Lafferty 2004, "A Study
of Smoothing Methods for Language Models"), so that rare terms tell more. Between the two it is mixed.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from math import exp, fsum, inf, log
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.matching.occurrences import COMMON, Numbers, Occurrences

Places = NDArray[np.intp]
Floats = NDArray[np.float64]

# What the prior weighs beside an average entry. On the 1688 base it adds 0.05 to each count, chosen on
# held-out phrasings and development cases among 0.02, 0.05, 0.1 and 0.3.
PRIOR: Final = 0.42
KEPT: Final = 100  # entries of a term, up to which what it adds to each is kept at hand
MOST_NATS: Final = 10.0  # a lead beyond this (in nats) says no more; the lead is scaled to ±1 by it
FEW: Final = 100_000  # occurrences that are all added up: so many take a millisecond
FEW_VALUES: Final = 500  # are sorted faster than the largest of them are looked for
UNSEEN: Final = 1e-3  # of the posterior, by which entries that are passed over may change it
MOST_TYPICAL: Final = 3.0  # nats a term, which such figures rarely reach; scales them to about ±1


class Likely(NamedTuple):
    """How likely an entry is.

    Attributes:
        posterior: Its probability among the entries that share a term with the utterance, 0 to 1,
            if one of them is meant, and all are asked about equally often.
        lead: How far its logarithm is ahead of that of the best other entry, in MOST_NATS, −1 to 1.
        typical: How much likelier its phrasings make the utterance than those of the whole base
            do, for a term of it on average, in MOST_TYPICAL nats: mostly −1 to 1.
        lead_a_term: How far it is ahead for a term of the utterance on average, in nats, −1 to 1.

    """

    posterior: float
    lead: float
    typical: float
    lead_a_term: float


NONE: Final = Likely(0.0, 0.0, 0.0, 0.0)


class _Row(NamedTuple):
    """A term.

    Attributes:
        number: Its number.
        entries: The entries that have it.
        times: How many times each has it.
        prior: How many times more it counts for any entry.
        peak: How many times the entry has it that has it most.
        added: What it adds to the logarithm of each of its entries, where they are few.
        rate: What it would add to an entry that says what the whole base does.

    """

    number: int
    entries: Numbers
    times: Numbers
    prior: float
    peak: int
    added: Floats | None
    rate: float

    @property
    def gains(self) -> Floats:
        """What it adds to the logarithm of an entry that has it 0, 1, 2, … times."""
        return np.log1p(np.arange(self.peak + 1) / self.prior)


class Likelihood:
    """The entries of a base, by the terms of their phrasings.

    Attributes:
        priors: How many times all terms together count for any entry, whatever it says.
        alike: What each term has of that.
        a_time: What a term has of it besides, for each time that the base has it.

    """

    def __init__(self, occurrences: Occurrences) -> None:
        self._occurrences = occurrences
        # One number of an array is read faster through its buffer.
        self._starts, self._totals = occurrences.starts.data, occurrences.totals.data
        self._total = int(occurrences.sizes.sum())
        self._entries = len(occurrences.sizes)
        self.priors = PRIOR * self._total / max(1, self._entries)
        self.alike = self.priors * occurrences.richness / max(1, occurrences.distinct)
        self.a_time = self.priors * (1 - occurrences.richness) / max(1, self._total)
        self._log_sizes = np.log(occurrences.sizes + self.priors)
        self._least_log_size = float(self._log_sizes.min(initial=inf))
        self._rows: dict[str, _Row] = {}  # of the terms that were asked for and entries have

    def best(
        self, asked: Sequence[str], count: int, without: tuple[int, Sequence[str]] | None = None
    ) -> Iterator[tuple[int, Likely]]:
        """Yield the numbers of the *count* likeliest entries for the terms *asked*, best first.

        *without* is a phrasing that counts for nothing: the number of its entry, and its terms.
        """
        known = self._rows
        rows = [row for term in asked if (row := known.get(term) or self._row(term)) is not None]
        if not rows:
            return
        rates = [row.rate for row in rows]
        most = len(rows) * self._entries
        if without is None and most > FEW and sum([len(row.entries) for row in rows]) > FEW:
            sharing, likelihoods = self._likeliest(rows)
        else:
            logs = self._added(rows)
            if without is not None:
                left_out = {n for t in without[1] if (n := self._occurrences.number(t)) is not None}
                rates = [self._rate(r.number, r.prior, r.number in left_out) for r in rows]
                logs[without[0]] = self._without(rows, without[0], left_out, len(without[1]))
            sharing = _above_zero(logs)
            likelihoods = logs[sharing] - len(rows) * self._log_sizes[sharing]
        places = _largest(likelihoods, max(count, 2))
        values: list[float] = likelihoods[places].tolist()
        first = values[0]
        second = values[1] if len(values) > 1 else first - MOST_NATS
        total = float(np.exp(likelihoods - first).sum())
        base_rate = fsum(rates)
        numbers: list[int] = sharing[places[:count]].tolist()
        for place, (number, each) in enumerate(zip(numbers, values, strict=False)):
            lead = each - (first if place else second)
            yield (
                number,
                Likely(
                    posterior=exp(each - first) / total,
                    lead=_within_one(lead / MOST_NATS),
                    typical=(each - base_rate) / (len(asked) * MOST_TYPICAL),
                    lead_a_term=_within_one(lead / len(asked)),
                ),
            )

    def _row(self, term: str) -> _Row | None:
        """Return the row of *term*, or None when no entry has it."""
        number = self._occurrences.number(term)
        if number is None:
            return None
        span = slice(self._starts[number], self._starts[number + 1])
        entries, times = self._occurrences.having[span], self._occurrences.times[span]
        prior = self.alike + self.a_time * self._totals[number]
        added = np.log1p(times / prior) if len(entries) <= KEPT else None
        peak, rate = int(self._occurrences.peaks[number]), self._rate(number, prior)
        row = self._rows[term] = _Row(number, entries, times, prior, peak, added, rate)
        return row

    def _added(self, rows: Sequence[_Row]) -> Floats:
        """Return what the terms of *rows* add to the logarithm of each entry."""
        entries = np.concatenate([row.entries for row in rows])
        added = np.concatenate(
            [row.gains.take(row.times) if row.added is None else row.added for row in rows]
        )
        return np.bincount(entries, added, self._entries).astype(float, copy=False)

    def _likeliest(self, known: Sequence[_Row]) -> tuple[Places, Floats]:
        """Return the entries that come near the best for the terms *known*, and their likelihoods.

        Those that fall behind it so far that all of them together would change its posterior by
        less than UNSEEN are left out. This is MaxScore (Turtle & Flood 1995, "Query Evaluation:
        Strategies and Optimizations"): an entry that has nothing but the commonest terms can't come
        near. How near is learnt from two good entries, the best by the other terms.
        """
        rows = sorted(known, key=lambda row: len(row.entries))
        rare = max(1, sum(len(row.entries) <= COMMON * self._entries for row in rows))
        most = [log(row.peak / row.prior + 1) for row in rows[rare:]]
        logs = self._added(rows[:rare])
        near = _above_zero(logs)
        good = near[_largest(logs[near] - len(rows) * self._log_sizes[near], 2)]
        reached = logs[good] - len(rows) * self._log_sizes[good]
        for row in rows[rare:]:
            reached += self._gain(row, good)
        # The second best counts too, however far it is behind.
        needed = min(float(reached.max()) - log(self._entries / UNSEEN), float(reached.min()))
        left = fsum(most)
        others = deque(zip(rows[rare:], most, strict=True))
        while others and left - len(rows) * self._least_log_size >= needed:
            row, its_most = others.popleft()
            logs += self._gain(row, slice(None))
            left -= its_most
        near = _above_zero(logs)
        likelihoods = logs[near] - len(rows) * self._log_sizes[near]
        for row, its_most in others:
            hopeful = likelihoods >= needed - left
            # Copying takes longer than looking a few entries up in vain.
            if 2 * np.count_nonzero(hopeful) < len(near):
                near, likelihoods = near[hopeful], likelihoods[hopeful]
            likelihoods += self._gain(row, near)
            left -= its_most
        return near, likelihoods

    def _gain(self, row: _Row, entries: Places | slice) -> Floats:
        """Return what the term of *row* adds to each of *entries*."""
        counted = self._occurrences
        place = counted.common_places[row.number]
        if place >= 0:
            start = int(place) * self._entries
            return row.gains.take(counted.common[start : start + self._entries][entries])
        times = np.zeros(self._entries, np.int32)
        times[row.entries] = row.times
        return row.gains.take(times[entries])

    def _without(
        self, rows: Sequence[_Row], entry: int, left_out: AbstractSet[int], size: int
    ) -> float:
        """Return what *rows* add to the logarithm of an *entry* without one of its phrasings.

        That one has the terms numbered *left_out*, and *size* of them in all.
        """
        rest = log(int(self._occurrences.sizes[entry]) - size + self.priors)
        shift = len(rows) * (float(self._log_sizes[entry]) - rest)
        return shift + fsum(
            log((self._times(row, entry) - (row.number in left_out)) / row.prior + 1)
            for row in rows
        )

    def _times(self, row: _Row, entry: int) -> int:
        """Return how often an *entry* has the term of *row*."""
        place = int(np.searchsorted(row.entries, entry))
        found = place < len(row.entries) and int(row.entries[place]) == entry
        return int(row.times[place]) if found else 0

    def _rate(self, number: int, prior: float, less: int = 0) -> float:
        """Return what a term would add to what the whole base says, of which *less* doesn't count."""
        return log((self._totals[number] - less) / prior + 1) - log(self._total + self.priors)


def _above_zero(values: Floats) -> Places:
    """Return the places of the *values* above zero; NumPy looks through truths five times as fast."""
    return np.flatnonzero(values > 0)


def _largest(values: NDArray[np.float64], count: int) -> NDArray[np.intp]:
    """Return the places of the *count* largest *values*, the largest first, equals in order."""
    if len(values) <= FEW_VALUES:
        return (-values).argsort(kind="stable")[:count]
    least = np.partition(values, -count)[-count]
    places = np.flatnonzero(values >= least)
    return places[np.argsort(-values[places], kind="stable")][:count]


def _within_one(value: float) -> float:
    return max(-1.0, min(1.0, value))
