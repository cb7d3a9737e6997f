"""How much it says that a term was used."""

from collections import Counter
from collections.abc import Callable, Iterable
from math import fsum, log


class Rarity:
    """Weights of terms, 0 (anything has it) to 1 (nothing has it).

    Inverse document frequency over entries (Spärck Jones 1972), scaled to
    log((N + 1) / (n + ½)) / log((N + 1) / ½) for a term that n of N entries have (*having* tells
    n, *total* is N);
    halfway between that and *information*, how rare the term is in the language at large, where
    that is known: a small base can't tell a common word that it happens to lack from a rare one.
    """

    def __init__(
        self,
        having: Callable[[str], int],
        total: int,
        information: Callable[[str], float] | None = None,
    ) -> None:
        self._having = having
        self._total = total
        self._most = log((total + 1) / 0.5)
        self._information = information
        self._weights: dict[str, float] = {}  # of the terms that were asked for and entries have

    def of(self, term: str) -> float:
        """Return the weight of *term*."""
        weight = self._weights.get(term)
        if weight is not None:
            return weight
        count = self._having(term)
        if not count:
            return self._joined(term, 1.0)
        weight = self._joined(term, log((self._total + 1) / (count + 0.5)) / self._most)
        self._weights[term] = weight
        return weight

    def each(self, terms: Iterable[str]) -> dict[str, float]:
        """Return the weight of each of *terms*."""
        # Most were asked for before; looked up here, they cost no call.
        weights = self._weights
        return {term: weights.get(term) or self.of(term) for term in terms}

    def total(self, terms: Iterable[str]) -> float:
        """Return what *terms* weigh together."""
        # Sets have another order in each process; fsum gives the same sum in any.
        weights = self._weights
        return fsum([weights.get(term) or self.of(term) for term in terms])

    def known(self, term: str) -> bool:
        """Tell whether any entry has *term*."""
        return term in self._weights or self._having(term) > 0

    def _joined(self, term: str, rarity: float) -> float:
        if self._information is None:
            return max(0.0, rarity)
        return max(0.0, (rarity + self._information(term)) / 2)


def rarity(
    documents: Iterable[Iterable[str]], information: Callable[[str], float] | None = None
) -> Rarity:
    """Return the rarity of terms among *documents*."""
    counts: Counter[str] = Counter()
    total = 0
    for document in documents:
        counts.update(document)
        total += 1
    return Rarity(lambda term: counts[term], total, information)
