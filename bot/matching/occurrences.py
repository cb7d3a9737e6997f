"""Which entries of a base have which terms, and how often: all that is counted of a base."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.language.analyzing import Analysis, grams_of, sounds_of

# What a term is stands before it, as a word, a character and a sound may be written alike.
WORD: Final = "w"
GRAM: Final = "g"
TYPE: Final = "t"
DENIED: Final = "d"
SOUND: Final = "s"
AS_IT_STANDS: Final = "v"
SCORED: Final = frozenset((WORD, GRAM, TYPE, DENIED))  # what tells entries apart

COMMON: Final = 1 / 16  # of the entries have a term that counts as common
FEWEST: Final = 4_000  # entries, below which nothing is gained by looking common terms up
MOST_TIMES: Final = 255  # that an entry may have a common term

Numbers = NDArray[np.int32]
Integers = NDArray[np.int64]


def terms(analysis: Analysis) -> list[str]:
    """Return what counts as a term of an utterance: its words, characters, types and denied words."""
    return _terms(analysis, analysis.grams)


def _terms(analysis: Analysis, grams: frozenset[str]) -> list[str]:
    marked = [
        *map(WORD.__add__, analysis.words),
        *map(GRAM.__add__, grams),
        *map(TYPE.__add__, analysis.types),
        *map(DENIED.__add__, analysis.denied),
    ]
    # Sets have another order in each process; what is summed up must not.
    marked.sort()
    return marked


class Counted(NamedTuple):
    """The terms of entries, one entry after the other.

    Attributes:
        numbers: The terms of the first entry, by their numbers, then those of the second, and so on.
        times: How often the entry has each.
        ends: Where each entry ends in those.

    """

    numbers: Numbers
    times: Numbers
    ends: Integers


def count(entries: Iterable[Sequence[Analysis]], numbered: dict[str, int]) -> Counted:
    """Count the terms of *entries*; *numbered* is given a number for each that it lacks."""
    numbers: list[int] = []
    times: list[int] = []
    ends: list[int] = []
    for analyses in entries:
        found: Counter[str] = Counter()
        for analysis in analyses:
            # Kept, the parts of all phrasings would take more memory than anything else of a base.
            found.update(_terms(analysis, grams_of(analysis)))
            found.update([SOUND + sound for sound in sounds_of(analysis)])
            found.update([AS_IT_STANDS + token for token in analysis.tokens])
        numbers.extend([numbered.setdefault(term, len(numbered)) for term in found])
        times.extend(found.values())
        ends.append(len(numbers))
    return Counted(np.array(numbers, np.int32), np.array(times, np.int32), np.array(ends, np.int64))


class Occurrences(NamedTuple):
    """The entries of each term. What is said of terms is in the order of their numbers.

    Attributes:
        numbered: The number of each term.
        documents: How many entries have each term.
        totals: How often all entries together have it.
        peaks: How often the entry that has a term of SCORED most has it.
        starts: Where the entries of each term start; one more at the end.
        having: The entries of each term of SCORED, in order.
        times: How often each of them has it.
        common_places: The place of each common term among them; −1 of any other.
        common: For each common term, how often each entry has it.
        sizes: How many terms of SCORED each entry has, counted as often as it has them.
        distinct: How many terms of SCORED there are.
        questions: How many phrasings the entries have in all.

    """

    numbered: Mapping[str, int]
    documents: Integers
    totals: Integers
    peaks: Integers
    starts: Integers
    having: Numbers
    times: Numbers
    common_places: Numbers
    common: NDArray[np.uint8]
    sizes: Integers
    distinct: int
    questions: int

    @property
    def richness(self) -> float:
        """The share of the phrasings, 0 to 1, that are not their entry's only one."""
        return 1 - len(self.sizes) / max(1, self.questions)

    def number(self, term: str) -> int | None:
        """Return the number of *term*, or None when no entry has it."""
        number = self.numbered.get(term)
        return number if number is not None and self.documents.data[number] else None

    def total(self, term: str) -> int:
        """Return how often all entries together have *term*."""
        number = self.numbered.get(term)
        return 0 if number is None else int(self.totals.data[number])

    def of_kind(self, kind: str) -> Iterator[tuple[str, int]]:
        """Yield what entries have of a *kind* of term, each with how often all of them do.

        All terms are looked through.
        """
        totals = self.totals.data
        for term, number in self.numbered.items():
            if term[0] == kind and totals[number]:
                yield term[1:], totals[number]

    def having_term(self, term: str) -> int:
        """Return how many entries have *term*."""
        number = self.numbered.get(term)
        return 0 if number is None else int(self.documents.data[number])


def arrange(numbered: Mapping[str, int], counted: Counted, questions: int) -> Occurrences:
    """Return what was *counted* of entries with so many *questions*, by term instead of by entry."""
    numbers, times, ends = counted
    known = len(numbered)
    entries = np.repeat(np.arange(len(ends), dtype=np.int32), np.diff(ends, prepend=0))
    scored = np.zeros(known, bool)
    scored[[number for term, number in numbered.items() if term[0] in SCORED]] = True
    documents = np.bincount(numbers, minlength=known)
    kept = scored[numbers]
    order = _sorting(numbers[kept])
    times_by_term = times[kept][order]
    used = np.where(scored, documents, 0)
    starts = np.concatenate(([0], np.cumsum(used)))
    peaks = np.zeros(known, np.int64)
    peaks[used > 0] = np.maximum.reduceat(times_by_term, starts[:-1][used > 0])
    having = entries[kept][order]
    is_common = scored & (documents > COMMON * len(ends)) & (peaks <= MOST_TIMES)
    common = np.flatnonzero(is_common & (len(ends) >= FEWEST))
    common_places = np.full(known, -1, np.int32)
    common_places[common] = np.arange(len(common))
    table = np.zeros((len(common), len(ends)), np.uint8)
    for place, number in enumerate(common.tolist()):
        span = slice(starts[number], starts[number + 1])
        table[place, having[span]] = times_by_term[span]
    return Occurrences(
        numbered=numbered,
        documents=documents,
        totals=np.bincount(numbers, times, known).astype(np.int64),
        peaks=peaks,
        starts=starts,
        having=having,
        times=times_by_term,
        common_places=common_places,
        common=table.ravel(),
        sizes=np.bincount(entries[kept], times[kept], len(ends)).astype(np.int64),
        distinct=int(np.count_nonzero(documents[scored])),
        questions=questions,
    )


def _sorting(numbers: Numbers) -> NDArray[np.intp]:
    """Return the places of *numbers* in their order, of equal ones as they stand.

    NumPy's stable sort is a radix sort for 16 bits only: each half at a time takes half as long.
    """
    low, high = (numbers & 0xFFFF).astype(np.uint16), (numbers >> 16).astype(np.uint16)
    order = low.argsort(kind="stable")
    return order[high[order].argsort(kind="stable")]


class Vocabulary(Mapping[str, int]):
    """How often the phrasings have each word, as it stands; those *known* besides need not be in any."""

    def __init__(self, occurrences: Occurrences, known: AbstractSet[str]) -> None:
        self._occurrences = occurrences
        self._known = known

    def __getitem__(self, word: str) -> int:
        """Return how often the phrasings have *word*."""
        total = self._occurrences.total(AS_IT_STANDS + word)
        if not total and word not in self._known:
            raise KeyError(word)
        return total

    def __iter__(self) -> Iterator[str]:
        """Yield the words; all terms are looked through."""
        used = {word for word, _ in self._occurrences.of_kind(AS_IT_STANDS)}
        yield from used
        yield from self._known - used

    def __len__(self) -> int:
        return sum(1 for _ in self)
