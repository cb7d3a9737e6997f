"""The phrasings of a base, arranged to find the entries that an utterance may ask for."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import fsum, sqrt
from sys import intern
from typing import Final, NamedTuple

import numpy as np

from bot.knowledge.model import Entry
from bot.language.analyzing import Analysis, Analyzer, grams_of, sounds_of
from bot.language.normalizing import normalize
from bot.matching.likelihood import NONE, Floats, Likelihood, Likely, Places
from bot.matching.occurrences import GRAM, SOUND, WORD, Occurrences, arrange, count, terms
from bot.matching.rarity import Rarity
from bot.matching.scope import Listed, listed

# How much a type of question counts beside words, which weigh up to 1, while the nearest phrasing of an
# entry is looked for: it decides among phrasings that share as much. What is found is scored in full.
# The only value tried beside none, with which 1.2 points fewer are right at 3 % wrong.
TYPE_WEIGHT: Final = 0.3
# Share of an entry's phrasings that use a word of which a question must not say the opposite. Where any
# word counted, 20 sure answers to development cases of the 1688 base were held back, and all were right.
ESSENTIAL: Final = 0.1
# Entries that are compared, however unlikely: confidence rests on a lead.
FEWEST_COMPARED: Final = 2
MOST_WEIGHED: Final = 4_096  # phrasings that are kept as they were weighed: about 12 MiB
MOST_OPEN: Final = 500  # entries that are kept at hand, as what is asked about will be asked again
NEGLIGIBLE: Final = 1e-4  # probability of a further entry, below which it is not worth comparing


class Phrasing(NamedTuple):
    """One question of an entry, taken apart, with what its words weigh, and its parts in all."""

    entry: Entry
    text: str
    analysis: Analysis
    grams: frozenset[str]
    sounds: frozenset[str]
    words: dict[str, float]
    word_weight: float
    gram_weight: float
    sound_weight: float


class Usage:
    """What all phrasings of one entry say together: how many of them have each word.

    Its *richness*, 0 to 1, is the share of its phrasings that are not its only one.
    """

    def __init__(self, analyses: Iterable[Analysis]) -> None:
        size = 0
        counts: Counter[str] = Counter()
        characters: set[str] = set()
        denied: Counter[str] = Counter()
        affirmed: Counter[str] = Counter()
        for analysis in analyses:
            size += 1
            counts.update(analysis.words)
            characters.update(analysis.text)
            denied.update(analysis.denied)
            affirmed.update(analysis.words - analysis.denied)
        least = ESSENTIAL * size
        self.words = frozenset(counts)
        self.always_denied = {
            word for word, times in denied.items() if times >= least and word not in affirmed
        }
        self.never_denied = {
            word for word, times in affirmed.items() if times >= least and word not in denied
        }
        self.characters = frozenset(characters)
        self.richness = 1 - 1 / max(1, size)
        self._habits = {word: sqrt(times / size) for word, times in counts.items()}

    def habit(self, weights: Mapping[str, float]) -> float:
        """Return what words of such *weights* weigh, each as far as the entry's phrasings use it."""
        habits = self._habits
        return fsum([w * habits[word] for word, w in weights.items() if word in habits])


@dataclass(frozen=True, slots=True)
class Found:
    """An entry that an utterance may ask for.

    Attributes:
        phrasing: Its nearest phrasing.
        usage: What all its phrasings say together.
        likely: How likely it is.

    """

    phrasing: Phrasing
    usage: Usage
    likely: Likely


class Known(NamedTuple):
    """An entry, and each of its questions taken apart."""

    entry: Entry
    questions: tuple[tuple[str, Analysis], ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """A base taken apart: all that its index consists of.

    Attributes:
        entries: Its entries; one may be taken apart, or be read, when it is asked for.
        occurrences: Which entries have which terms.
        saying: The numbers of the entries that may have a phrasing with such a core, in order.
        listed: Its questions out of scope.

    """

    entries: Sequence[Known]
    occurrences: Occurrences
    saying: Callable[[str], Sequence[int]]
    listed: Listed


def contents(entries: Iterable[Entry], out_of_scope: Iterable[str], analyzer: Analyzer) -> Contents:
    """Take a base of *entries* and questions *out_of_scope* apart with *analyzer*."""
    known = [
        Known(e, tuple((text, analyzer.analyze(normalize(text))) for text in e.questions))
        for e in entries
    ]
    numbered: dict[str, int] = {}
    saying: dict[str, dict[int, None]] = defaultdict(dict)
    for number, one in enumerate(known):
        for _, analysis in one.questions:
            saying[analysis.core][number] = None
    counted = count(([a for _, a in one.questions] for one in known), numbered)
    questions = sum(len(one.questions) for one in known)
    return Contents(
        entries=known,
        occurrences=arrange(numbered, counted, questions),
        saying=lambda core: tuple(saying.get(core, ())),
        listed=listed(analyzer.bare(normalize(text)) for text in out_of_scope),
    )


class _Opened:
    """An entry of *index*, at that *number*, whose phrasings are weighed when they are looked at."""

    def __init__(self, number: int, known: Known, index: "Index") -> None:
        self.known = known
        self._number = number
        self._index = index

    @cached_property
    def usage(self) -> Usage:
        """What all its phrasings say together."""
        return Usage(analysis for _, analysis in self.known.questions)

    @cached_property
    def by_word(self) -> dict[str, Places]:
        """For each word the places of the phrasings that have it."""
        return _postings(analysis.words for _, analysis in self.known.questions)

    @cached_property
    def by_type(self) -> dict[str, Places]:
        """For each type of question the places of the phrasings that are of it."""
        return _postings(analysis.types for _, analysis in self.known.questions)

    @cached_property
    def sizes(self) -> Floats:
        """What the shared part of each phrasing is measured against."""
        return np.array(
            [
                1 + self._index.words.total(analysis.words) + TYPE_WEIGHT * len(analysis.types)
                for _, analysis in self.known.questions
            ]
        )

    def nearest(
        self, words: Sequence[tuple[str, float]], types: AbstractSet[str], without: str | None
    ) -> Phrasing | None:
        """Return the phrasing that shares most with an utterance of *words*, with what they weigh.

        Among those that share as much it is one that asks in the same way, in one of *types*. The
        phrasing *without* counts for nothing; one that shares no word is not near.
        """
        shared = np.zeros(len(self.known.questions))
        for word, weight in words:
            if (places := self.by_word.get(word)) is not None:
                shared[places] += weight
        for type_ in types:
            if (places := self.by_type.get(type_)) is not None:
                shared[places] += TYPE_WEIGHT * (shared[places] > 0)
        shares = shared / self.sizes
        if without is not None:
            written = [text == without for text, _ in self.known.questions]
            shares[written] = 0
        best = int(shares.argmax())
        return self.phrasing(best) if shares[best] else None

    def phrasing(self, place: int) -> Phrasing:
        """Return the phrasing at that place."""
        return self._index.phrasing(self._number, place)


class Index:
    """Finds the entries that share most with an utterance, and their nearest phrasings.

    *information* says how rare a word is in the language.
    """

    def __init__(self, contents: Contents, information: Callable[[str], float]) -> None:
        self._entries = contents.entries
        self._saying = contents.saying
        occurrences = contents.occurrences
        total = len(self._entries)
        self.words = Rarity(lambda w: occurrences.having_term(WORD + w), total, information)
        self.grams = Rarity(lambda g: occurrences.having_term(GRAM + g), total)
        self.sounds = Rarity(lambda s: occurrences.having_term(SOUND + s), total)
        self.richness = occurrences.richness
        self._likelihood = Likelihood(occurrences)
        self._opened = lru_cache(MOST_OPEN)(self._open)
        self.phrasing = lru_cache(MOST_WEIGHED)(self._weighed)

    def find(
        self,
        analysis: Analysis,
        words: Mapping[str, float],
        *,
        entries: int,
        without: str | None = None,
    ) -> Iterator[Found]:
        """Yield the likeliest *entries* for *analysis*, each with its nearest phrasing.

        *words* are what its words weigh. The phrasing *without* counts for nothing.
        """
        # Sorted, as sets have another order in each process, and with it what is equal would.
        weights = sorted(words.items())
        likeliest = self._likelihood.best(terms(analysis), entries, self._left_out(without))
        for place, (number, likely) in enumerate(likeliest):
            if place >= FEWEST_COMPARED and likely.posterior < NEGLIGIBLE:
                return
            opened = self._opened(number)
            nearest = opened.nearest(weights, analysis.types, without)
            if nearest is not None:
                yield Found(nearest, _usage(opened, without), likely)

    def may_say(self, core: str) -> bool:
        """Tell whether a phrasing may have that *core*, as `Analysis` has it."""
        return len(self._saying(core)) > 0

    def same(self, analysis: Analysis, without: str | None = None) -> Found | None:
        """Return the phrasing that says just what *analysis* says, if one entry alone has such.

        It is found however unlikely its entry is by all that the others say.
        """
        found = [
            (opened, place)
            for number in (self._saying(analysis.core) if analysis.core else ())
            for opened in [self._opened(number)]
            for place, (text, known) in enumerate(opened.known.questions)
            if known.core == analysis.core and text != without
        ]
        if len({opened.known.entry.id for opened, _ in found}) != 1:
            return None
        opened, place = found[0]
        return Found(opened.phrasing(place), _usage(opened, without), NONE)

    def _open(self, number: int) -> _Opened:
        return _Opened(number, self._entries[number], self)

    def _weighed(self, number: int, place: int) -> Phrasing:
        """Return the phrasing at that *place* of the entry of that *number*."""
        known = self._opened(number).known
        text, analysis = known.questions[place]
        # Thousands of phrasings are kept that share most of what they say.
        grams = frozenset(map(intern, grams_of(analysis)))
        sounds = frozenset(map(intern, sounds_of(analysis)))
        words = self.words.each(analysis.words)
        return Phrasing(
            entry=known.entry,
            text=text,
            analysis=analysis,
            grams=grams,
            sounds=sounds,
            words=words,
            word_weight=fsum(words.values()),
            gram_weight=self.grams.total(grams),
            sound_weight=self.sounds.total(sounds),
        )

    @cached_property
    def _places(self) -> dict[str, tuple[int, int]]:
        """Where each question stands first: the number of its entry, and its place there."""
        places: dict[str, tuple[int, int]] = {}
        for number, known in enumerate(self._entries):
            for place, (text, _) in enumerate(known.questions):
                places.setdefault(text, (number, place))
        return places

    def _left_out(self, without: str | None) -> tuple[int, list[str]] | None:
        """Return the entry of the phrasing *without*, and the phrasing's terms."""
        if without is None or without not in self._places:
            return None
        number, place = self._places[without]
        return number, terms(self._entries[number].questions[place][1])


def _postings(phrasings: Iterable[Iterable[str]]) -> dict[str, Places]:
    """Return for each term of *phrasings* the places of those that have it."""
    postings: dict[str, list[int]] = defaultdict(list)
    for place, said in enumerate(phrasings):
        for term in said:
            postings[term].append(place)
    return {term: np.array(places, np.intp) for term, places in postings.items()}


def _usage(opened: _Opened, without: str | None) -> Usage:
    """Return what the phrasings of an entry but *without* say together."""
    questions = opened.known.questions
    if without is None or all(text != without for text, _ in questions):
        return opened.usage
    return Usage(analysis for text, analysis in questions if text != without)
