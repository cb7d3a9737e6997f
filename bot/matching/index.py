"""The phrasings of a base, arranged to find the entries that an utterance may ask for."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
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


@dataclass(frozen=True, slots=True)
class Phrasing:
    """One question of an entry, taken apart, with what its words weigh, and its parts in all."""

    entry: Entry
    text: str
    analysis: Analysis
    words: dict[str, float]
    word_weight: float
    gram_weight: float
    sound_weight: float


class Usage:
    """What all phrasings of one entry say together: how many of them have each word."""

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
        self.entries = [entry for entry, _ in taken_apart]
        self.phrasings: list[Phrasing] = []
        # Term -> number of an entry -> numbers of its phrasings that have the term.
        self._postings: dict[str, dict[int, list[int]]] = defaultdict(dict)
        self._by_core: dict[str, list[Phrasing]] = defaultdict(list)
        self._said = [questions for _, questions in taken_apart]
        self._usages = [Usage(of_one) for of_one in analyses]
        self._likelihood = Likelihood(
            [[terms(analysis) for analysis in of_one] for of_one in analyses]
        )
        for number, (entry, questions) in enumerate(taken_apart):
            for text, analysis in questions:
                self._add(number, self._phrasing(entry, text, analysis))

    def find(
        self, analysis: Analysis, *, entries: int, phrasings: int, without: str | None = None
    ) -> Iterator[Found]:
        """Yield the likeliest *entries* for *analysis*, each with its nearest *phrasings*.

        The phrasing *without* counts for nothing.
        """
        postings = [
            (posting, weight)
            for term, weight in self._weighted(analysis)
            if (posting := self._postings.get(term)) is not None
        ]
        for number, likely in self._likelihood.best(
            terms(analysis), entries, self._left_out(without)
        ):
            nearest = self._nearest(number, postings, phrasings, without)
            if nearest:
                yield Found(nearest, self._usage(number, without), likely)

    def same(self, analysis: Analysis, without: str | None = None) -> Phrasing | None:
        """Return the phrasing that says just what *analysis* says, if one entry alone has such."""
        same = self._by_core.get(analysis.core, ()) if analysis.core else ()
        found = [p for p in same if p.text != without]
        return found[0] if len({phrasing.entry.id for phrasing in found}) == 1 else None

    def _left_out(self, without: str | None) -> tuple[int, list[str]] | None:
        """Return the entry of the phrasing *without*, and the phrasing's terms."""
        for number, questions in enumerate(self._said) if without is not None else ():
            for text, analysis in questions:
                if text == without:
                    return number, terms(analysis)
        return None

    def _nearest(
        self,
        entry: int,
        postings: list[tuple[dict[int, list[int]], float]],
        count: int,
        without: str | None,
    ) -> list[Phrasing]:
        shared: dict[int, float] = defaultdict(float)
        for posting, weight in postings:
            for number in posting.get(entry, ()):
                shared[number] += weight
        phrasings = self.phrasings
        ranked = nlargest(
            count,
            [
                (
                    weight
                    / (1 + phrasings[n].word_weight + SOUND_SHARE * phrasings[n].sound_weight),
                    n,
                )
                for n, weight in shared.items()
                if phrasings[n].text != without
            ],
        )
        return [phrasings[n] for _, n in ranked]

    def _usage(self, number: int, without: str | None) -> Usage:
        """Return what the phrasings of an entry but *without* say together."""
        if without is None or without not in self.entries[number].questions:
            return self._usages[number]
        return Usage(analysis for text, analysis in self._said[number] if text != without)

    @cached_property
    def vocabulary(self) -> dict[str, int]:
        """How many phrasings have each word, as it stands."""
        return dict(Counter(token for p in self.phrasings for token in p.analysis.tokens))

    def _weighted(self, analysis: Analysis) -> Iterator[tuple[str, float]]:
        # Sorted, as sets have another order in each process, and with it what is equal would.
        words, sounds = self.words, self.sounds
        for word in sorted(analysis.words):
            yield word, words.of(word)
        for sound in sorted(analysis.sounds):
            yield sound, SOUND_SHARE * sounds.of(sound)

    def _phrasing(self, entry: Entry, text: str, analysis: Analysis) -> Phrasing:
        words = self.words.each(analysis.words)
        return Phrasing(
            entry=entry,
            text=text,
            analysis=analysis,
            words=words,
            word_weight=fsum(words.values()),
            gram_weight=self.grams.total(analysis.grams),
            sound_weight=self.sounds.total(analysis.sounds),
        )

    def _add(self, entry: int, phrasing: Phrasing) -> None:
        number = len(self.phrasings)
        self.phrasings.append(phrasing)
        self._by_core[phrasing.analysis.core].append(phrasing)
        for term in chain(phrasing.analysis.words, phrasing.analysis.sounds):
            self._postings[term].setdefault(entry, []).append(number)
