"""Whether an utterance sounds like the questions that a base must not answer.

Its own questions say what a base knows; the operators' list of questions out of scope says what
people ask it in much the same words and it does not know. Naive Bayes tells the two apart by
characters and pairs of them. It is counted, not fitted: a question that is added to the list takes
effect at once.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from math import fsum, log
from typing import Final, NamedTuple

from bot.language.analyzing import grams_in
from bot.matching.occurrences import GRAM, Occurrences

# Added to each count (Lidstone), so that what one question alone has says little. Chosen on the
# development cases of the 1688 base among 0.1, 0.3, 0.5, 1; it matters little.
ALPHA: Final = 0.3


class Foreignness(NamedTuple):
    """How much commoner an utterance's characters are out of scope than in it.

    In nats, around 0; both are 0 where nothing is listed as out of scope.

    Attributes:
        beyond: That of its characters and pairs on average.
        furthest: That of the one that is commonest out of scope.

    """

    beyond: float
    furthest: float


NEITHER: Final = Foreignness(0.0, 0.0)


class Listed(NamedTuple):
    """The questions that operators listed as out of scope, counted.

    Attributes:
        size: How many there are.
        grams: How many of them have each character and pair of characters.
        texts: How many of them are each bare text.

    """

    size: int
    grams: Mapping[str, int]
    texts: Mapping[str, int]


def listed(questions: Iterable[str]) -> Listed:
    """Count bare *questions*."""
    texts = Counter(questions)
    grams = Counter(gram for text in texts.elements() for gram in grams_in(text))
    return Listed(texts.total(), grams, texts)


class Scope:
    """What the phrasings counted in *occurrences* say, against the questions *listed*.

    *bare* turns a question into the text that is compared.
    """

    def __init__(
        self, occurrences: Occurrences, listed: Listed, bare: Callable[[str], str]
    ) -> None:
        self._occurrences = occurrences
        self._listed = listed
        self._bare = bare
        # Each side counts as if it had no more questions than the other.
        fewer = min(listed.size, occurrences.questions)
        self._share_beyond = fewer / max(1, listed.size)
        self._share_within = fewer / max(1, occurrences.questions)
        self._weights: dict[str, float] = {}  # of the grams that were asked for

    @property
    def is_drawn(self) -> bool:
        """Whether anything is listed as out of scope."""
        return self._listed.size > 0

    def lists(self, text: str, without: str | None = None) -> bool:
        """Tell whether an operator listed the bare *text*, *without* one question, as out of scope."""
        less = without is not None and self._bare(without) == text
        return self._listed.texts.get(text, 0) > less

    def foreignness(self, grams: AbstractSet[str], without: str | None = None) -> Foreignness:
        """Return that of an utterance of such *grams*; the question *without* counts for nothing."""
        if not self.is_drawn or not grams:
            return NEITHER
        text = "" if without is None else self._bare(without)
        left_out, listed = grams_in(text), text in self._listed.texts
        weights = [
            self._weight(gram) if gram not in left_out else self._less(gram, listed=listed)
            for gram in grams
        ]
        return Foreignness(fsum(weights) / len(weights), max(weights))

    def _weight(self, gram: str) -> float:
        weight = self._weights.get(gram)
        if weight is None:
            weight = self._weighed(
                self._listed.grams.get(gram, 0), self._occurrences.total(GRAM + gram)
            )
            # What nobody wrote says nothing; kept, it would pile up with all that is ever asked.
            if weight:
                self._weights[gram] = weight
        return weight

    def _less(self, gram: str, *, listed: bool) -> float:
        """Return the weight of *gram* as if it stood in one question less, of those *listed* or not."""
        within = self._occurrences.total(GRAM + gram)
        return self._weighed(self._listed.grams.get(gram, 0) - listed, within - (not listed))

    def _weighed(self, beyond: int, within: int) -> float:
        return log((beyond * self._share_beyond + ALPHA) / (within * self._share_within + ALPHA))
