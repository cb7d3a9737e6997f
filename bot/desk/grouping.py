"""Similar questions in groups, without a list of what they may be about."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from typing import Final

from bot.language.analyzing import Analysis, Analyzer
from bot.language.normalizing import normalize
from bot.matching.rarity import rarity

# The least at which four in five of the grouped pairs of the development half of LCQMC (Liu et al.
# 2018) are the same question: see "Grouping" in benchmarks/RESULTS.md.
LIKENESS: Final = 0.76
NEAREST: Final = 12  # leaders that are compared in full
# Groups that share a word before it is too common to look groups up by: a rarer one does that.
MOST_POSTED: Final = 1_000


@dataclass(frozen=True, slots=True)
class _Leader:
    """The first question of a group, taken apart."""

    analysis: Analysis
    words: float
    grams: float


def groups(
    questions: Sequence[str], analyzer: Analyzer, likeness: float = LIKENESS
) -> list[list[int]]:
    """Return *questions*, by their places, in groups; each group begins with its leader.

    Each question, in order, joins the group whose leader is likest, if it is at least *likeness*
    (0 to 1) like it; else it leads a group of its own. Only leaders are kept taken apart.
    """
    grouping = _Grouping(questions, analyzer)
    found: list[list[int]] = []
    for place, text in enumerate(questions):
        number = grouping.nearest(text, likeness)
        if number == len(found):
            found.append([])
        found[number].append(place)
    return found


class _Grouping:
    """The leaders so far, and by which words and pairs of characters to find them."""

    def __init__(self, questions: Sequence[str], analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._words = rarity((self._apart(q).words for q in questions), analyzer.information)
        self._grams = rarity(self._apart(q).grams for q in questions)
        self._leaders: list[_Leader] = []
        self._postings: dict[str, list[int]] = defaultdict(list)

    def nearest(self, text: str, likeness: float) -> int:
        """Return the number of the group that *text* belongs to; it leads it if that is new."""
        analysis = self._apart(text)
        asked = _Leader(
            analysis, self._words.total(analysis.words), self._grams.total(analysis.grams)
        )
        likest, best = likeness, len(self._leaders)
        for number in self._sharing(analysis):
            alike = self._likeness(asked, self._leaders[number])
            if alike > likest or (alike == likest and number < best):
                likest, best = alike, number
        if best == len(self._leaders):
            self._leaders.append(asked)
            for term in _terms(analysis):
                if len(self._postings[term]) < MOST_POSTED:
                    self._postings[term].append(best)
        return best

    def _apart(self, text: str) -> Analysis:
        return self._analyzer.analyze(self._analyzer.strip(normalize(text)))

    def _sharing(self, analysis: Analysis) -> Iterable[int]:
        """Return the leaders that share most with *analysis*."""
        shared: dict[int, float] = defaultdict(float)
        for term in sorted(_terms(analysis)):
            weights = self._words if term in analysis.words else self._grams
            weight = weights.of(term)
            for number in self._postings.get(term, ()):
                shared[number] += weight
        return nsmallest(NEAREST, shared, key=lambda number: (-shared[number], number))

    def _likeness(self, asked: _Leader, leader: _Leader) -> float:
        """Return how alike two questions are, 0 to 1: half by their words, half by their characters.

        Each half is the weighted coefficient of Dice (1945). What forbids a direct answer forbids
        to be in one group: an opposed word, a differing denial, number or platform.
        """
        a, b = asked.analysis, leader.analysis
        if (
            a.denied != b.denied
            or a.numbers != b.numbers
            or a.foreign != b.foreign
            or not a.opposed.isdisjoint(b.words - a.words)
        ):
            return 0.0
        words = _dice(self._words.total(a.words & b.words), asked.words + leader.words)
        grams = _dice(self._grams.total(a.grams & b.grams), asked.grams + leader.grams)
        return (words + grams) / 2


def _terms(analysis: Analysis) -> frozenset[str]:
    return analysis.words | {gram for gram in analysis.grams if len(gram) > 1}


def _dice(shared: float, total: float) -> float:
    return 2 * shared / total if total else 0.0
