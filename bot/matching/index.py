"""The phrasings of a base, arranged to find the entries that an utterance may ask for."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import nlargest
from itertools import chain
from math import fsum, sqrt

from bot.knowledge.model import Entry
from bot.language.analyzing import Analysis
from bot.matching.likelihood import Likelihood, Likely, terms
from bot.matching.rarity import Rarity

# How much a pair of sounds counts beside a word while looking phrasings up: words carry meaning,
# sounds survive wrong characters. What is found is scored in full, so the share decides little.
SOUND_SHARE = 0.25
# Of the likeliest entries, how many are compared by more than one phrasing, and by how many.
CLOSE_ENTRIES = 2
CLOSE_PHRASINGS = 2
NEGLIGIBLE = 1e-4  # probability of an entry behind these, below which it is not worth comparing


@dataclass(frozen=True, slots=True)
class Phrasing:
    """One question of an entry, taken apart, with what its words weigh, and its parts in all.

    What it shares with an utterance is measured against its *size*.
    """

    entry: Entry
    text: str
    analysis: Analysis
    words: dict[str, float]
    word_weight: float
    gram_weight: float
    sound_weight: float
    size: float


class Usage:
    """What all phrasings of one entry say together: how many of them have each word.

    Its *richness*, 0 to 1, is the share of its phrasings that are not its only one.
    """

    def __init__(self, analyses: Iterable[Analysis]) -> None:
        size = 0
        counts: Counter[str] = Counter()
        grams: set[str] = set()
        denied: set[str] = set()
        affirmed: set[str] = set()
        for analysis in analyses:
            size += 1
            counts.update(analysis.words)
            grams |= analysis.grams
            denied |= analysis.denied
            affirmed |= analysis.words - analysis.denied
        self.words = frozenset(counts)
        self.denied = frozenset(denied)
        self.affirmed = frozenset(affirmed)
        self.characters = frozenset(grams)
        self.richness = 1 - 1 / max(1, size)
        self._habits = {word: sqrt(count / size) for word, count in counts.items()}

    def habit(self, weights: Mapping[str, float]) -> float:
        """Return what words of such *weights* weigh, each as far as the entry's phrasings use it."""
        habits = self._habits
        return fsum([weight * habits[w] for w, weight in weights.items() if w in habits])


@dataclass(frozen=True, slots=True)
class Found:
    """An entry that an utterance may ask for.

    Attributes:
        phrasings: Its nearest phrasings, at least one.
        usage: What all its phrasings say together.
        likely: How likely it is.

    """

    phrasings: list[Phrasing]
    usage: Usage
    likely: Likely


class Index:
    """Finds the entries that share most with an utterance, and their nearest phrasings.

    *analyze* takes a question apart; *information* says how rare a word is in the language.
    """

    def __init__(
        self,
        entries: Iterable[Entry],
        analyze: Callable[[str], Analysis],
        information: Callable[[str], float],
    ) -> None:
        taken_apart = [
            (entry, [(text, analyze(text)) for text in entry.questions]) for entry in entries
        ]
        analyses = [[analysis for _, analysis in questions] for _, questions in taken_apart]
        self.words = Rarity(({w for a in q for w in a.words} for q in analyses), information)
        self.grams = Rarity({g for a in q for g in a.grams} for q in analyses)
        self.sounds = Rarity({s for a in q for s in a.sounds} for q in analyses)
        self._likelihood = Likelihood(
            [[terms(analysis) for analysis in of_one] for of_one in analyses]
        )
        self._usages = [Usage(of_one) for of_one in analyses]
        self._phrasings = [
            [self._phrasing(entry, text, analysis) for text, analysis in questions]
            for entry, questions in taken_apart
        ]
        self._postings = [_postings(phrasings) for phrasings in self._phrasings]
        self._by_core: dict[str, list[Phrasing]] = defaultdict(list)
        for phrasing in self.phrasings:
            self._by_core[phrasing.analysis.core].append(phrasing)

    @property
    def phrasings(self) -> Iterator[Phrasing]:
        """The phrasings of all entries, in order."""
        return chain.from_iterable(self._phrasings)

    @cached_property
    def richness(self) -> float:
        """The share of the phrasings, 0 to 1, that are not their entry's only one."""
        return 1 - len(self._phrasings) / max(1, sum(map(len, self._phrasings)))

    def find(
        self, analysis: Analysis, *, entries: int, without: str | None = None
    ) -> Iterator[Found]:
        """Yield the likeliest *entries* for *analysis*, each with its nearest phrasings.

        The phrasing *without* counts for nothing.
        """
        weights = list(self._weighted(analysis))
        likeliest = self._likelihood.best(terms(analysis), entries, self._left_out(without))
        for place, (number, likely) in enumerate(likeliest):
            if place >= CLOSE_ENTRIES and likely.posterior < NEGLIGIBLE:
                return
            count = CLOSE_PHRASINGS if place < CLOSE_ENTRIES else 1
            nearest = self._nearest(number, weights, count, without)
            if nearest:
                yield Found(nearest, self._usage(number, without), likely)

    def same(self, analysis: Analysis, without: str | None = None) -> Phrasing | None:
        """Return the phrasing that says just what *analysis* says, if one entry alone has such."""
        same = self._by_core.get(analysis.core, ()) if analysis.core else ()
        found = [p for p in same if p.text != without]
        return found[0] if len({phrasing.entry.id for phrasing in found}) == 1 else None

    def _left_out(self, without: str | None) -> tuple[int, list[str]] | None:
        """Return the entry of the phrasing *without*, and the phrasing's terms."""
        for number, phrasings in enumerate(self._phrasings) if without is not None else ():
            for phrasing in phrasings:
                if phrasing.text == without:
                    return number, terms(phrasing.analysis)
        return None

    def _nearest(
        self, entry: int, weights: Sequence[tuple[str, float]], count: int, without: str | None
    ) -> list[Phrasing]:
        """Return the *count* phrasings of an entry that share most with terms of such *weights*."""
        postings = self._postings[entry]
        shared: dict[int, float] = defaultdict(float)
        for term, weight in weights:
            for place in postings.get(term, ()):
                shared[place] += weight
        phrasings = self._phrasings[entry]
        ranked = nlargest(
            count,
            [
                (weight / phrasings[place].size, -place)
                for place, weight in shared.items()
                if without is None or phrasings[place].text != without
            ],
        )
        return [phrasings[-place] for _, place in ranked]

    def _weighted(self, analysis: Analysis) -> Iterator[tuple[str, float]]:
        # Sorted, as sets have another order in each process, and with it what is equal would.
        for word in sorted(analysis.words):
            yield word, self.words.of(word)
        for sound in sorted(analysis.sounds):
            yield sound, SOUND_SHARE * self.sounds.of(sound)

    def _usage(self, entry: int, without: str | None) -> Usage:
        """Return what the phrasings of an entry but *without* say together."""
        phrasings = self._phrasings[entry]
        if without is None or all(phrasing.text != without for phrasing in phrasings):
            return self._usages[entry]
        return Usage(phrasing.analysis for phrasing in phrasings if phrasing.text != without)

    @cached_property
    def vocabulary(self) -> dict[str, int]:
        """How many phrasings have each word, as it stands."""
        return dict(Counter(token for p in self.phrasings for token in p.analysis.tokens))

    def _phrasing(self, entry: Entry, text: str, analysis: Analysis) -> Phrasing:
        words = self.words.each(analysis.words)
        word_weight, sound_weight = fsum(words.values()), self.sounds.total(analysis.sounds)
        return Phrasing(
            entry=entry,
            text=text,
            analysis=analysis,
            words=words,
            word_weight=word_weight,
            gram_weight=self.grams.total(analysis.grams),
            sound_weight=sound_weight,
            size=1 + word_weight + SOUND_SHARE * sound_weight,
        )


def _postings(phrasings: Sequence[Phrasing]) -> dict[str, list[int]]:
    """Return for each word and sound the places of the *phrasings* that have it."""
    postings: dict[str, list[int]] = defaultdict(list)
    for place, phrasing in enumerate(phrasings):
        for term in chain(phrasing.analysis.words, phrasing.analysis.sounds):
            postings[term].append(place)
    return dict(postings)
