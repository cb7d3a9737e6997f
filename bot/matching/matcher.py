"""From an utterance to a ranking of entries that keeps its evidence."""

from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import chain
from math import exp, fsum, inf, log1p
from operator import attrgetter
from typing import NamedTuple

from bot.knowledge.model import Entry
from bot.language.analyzing import Analysis, Analyzer
from bot.language.bigrams import Bigrams
from bot.language.correcting import Corrected, Corrector
from bot.language.hearing import Hearer
from bot.language.normalizing import normalize
from bot.matching.comparing import Comparer, Features, Weighed
from bot.matching.index import Contents, Found, Index, Phrasing, contents
from bot.matching.model import (
    LONG,
    MOST_LEAD,
    Evidence,
    Model,
    Standing,
    Surety,
    logit,
    probability,
)
from bot.matching.occurrences import GRAM, Vocabulary
from bot.matching.scope import Scope

ENTRIES = 5  # that are compared in full
# Confidence in what an operator wrote word for word, before what is told besides casts doubt on it. Of
# 7 questions about the deposit behind 36 things told of other spheres of life it answers 9 %, of the same
# behind 30 things that shop owners tell 90 %; at 0.98 these are 21 and 97 % (2026-11-27).
WRITTEN = 0.95
CLEAR = 0.95  # confidence from which on nothing else is thought to be meant


class Veto(StrEnum):
    """Why a match may not be a direct answer, however confident: the feature that says so, or LISTED.

    LISTED: an operator listed the utterance as out of scope.
    """

    OPPOSED = "opposed"
    DENIAL = "denial_differs"
    NUMBER = "number_differs"
    PLATFORM = "foreign"
    LISTED = "listed"


VETOING = (Veto.OPPOSED, Veto.DENIAL, Veto.NUMBER, Veto.PLATFORM)  # features


class Doubts(NamedTuple):
    """What speaks against any answer to an utterance: the last three parts of `Evidence`."""

    unheard: float
    beyond: float
    furthest: float


class Match(NamedTuple):
    """An entry with its best phrasing, and what was seen of the two.

    Attributes:
        entry: The entry.
        phrasing: The phrasing that fits best.
        features: How alike the utterance and that phrasing are.
        score: How well they fit, as a logit.
        confidence: Calibrated probability, 0 to 1, that the entry is the right one.
        vetoes: What forbids a direct answer.

    """

    entry: Entry
    phrasing: str
    features: Features
    score: float
    confidence: float
    vetoes: tuple[Veto, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """What an utterance may ask for, best first, and the utterance as it was understood.

    *doubts* speak against any answer to it; where it is *listed*, an operator forbade one.
    """

    analysis: Analysis
    matches: tuple[Match, ...]
    doubts: Doubts
    listed: bool

    @property
    def best(self) -> Match | None:
        """The best match, if anything matches at all."""
        return self.matches[0] if self.matches else None

    @property
    def confidence(self) -> float:
        """That of the best match."""
        return self.matches[0].confidence if self.matches else 0.0

    @property
    def certain(self) -> bool:
        """Whether an operator wrote that very question, to be answered or not to be."""
        return self.listed or self.confidence == 1.0


class Matcher:
    """Ranks the entries of a base for an utterance."""

    def __init__(self, contents: Contents, analyzer: Analyzer, model: Model) -> None:
        occurrences, listed = contents.occurrences, contents.listed
        self._analyzer = analyzer
        self._model = model
        self._index = Index(contents, analyzer.information)
        self._comparer = Comparer(self._index)
        self._scope = Scope(occurrences, listed, lambda text: analyzer.bare(normalize(text)))
        beside = Bigrams(
            lambda gram: occurrences.total(GRAM + gram) > 0 or gram in listed.grams,
            lambda: chain(occurrences.of_kind(GRAM), listed.grams.items()),
        )
        used = Vocabulary(occurrences, analyzer.vocabulary)
        self._hearer = Hearer(beside, used)
        self._corrector = Corrector(
            beside,
            used,
            frozenset("".join(analyzer.lexicon.negations)),
            analyzer.is_word,
        )

    @classmethod
    def of(
        cls, entries: Iterable[Entry], out_of_scope: Iterable[str], analyzer: Analyzer, model: Model
    ) -> "Matcher":
        """Return a matcher of *entries* that knows which questions are *out_of_scope*."""
        return cls(contents(entries, out_of_scope, analyzer), analyzer, model)

    def using(self, model: Model) -> "Matcher":
        """Return a matcher of the same entries with another *model*."""
        other = copy(self)
        other._model = model  # noqa: SLF001  # a copy of our own
        return other

    @property
    def standing(self) -> Standing:
        """What becomes of confidence in a message."""
        return self._surety.standing

    def rank(self, text: str, *, without: str | None = None) -> Ranking:
        """Rank the entries for normalized *text*: as it stands, or as it was meant if that fits better.

        *without* leaves one phrasing, or one question that is out of scope, out, to ask what would
        be if nobody had written it.
        """
        asked = self._analyzer.analyze(text)
        ranking = self._rank(asked, without)
        # What says nothing, as a sigh does, was not meant to say anything.
        says_nothing = not (asked.words or asked.types)
        if ranking.listed or asked.foreign or says_nothing or ranking.confidence >= CLEAR:
            return ranking
        corrected = self.meant(asked)
        if corrected.text == asked.text:
            return ranking
        mended = corrected.doubted / len(asked.text)
        meant = self._rank(self._analyzer.analyze(corrected.text), without, mended)
        if meant.analysis.foreign:
            # 萄宝 is 淘宝, though without it the rest would fit better.
            return meant
        return max(ranking, meant, key=attrgetter("confidence"))

    def doubts(self, text: str) -> Doubts:
        """Return what speaks against any answer to normalized *text*."""
        asked = self._analyzer.analyze(text)
        return self._doubts(asked, self._comparer.weighed(asked, 0.0), None)

    def doubting(self, ranking: Ranking, doubts: Doubts) -> Ranking:
        """Return *ranking* as sure as it is if its utterance raises these *doubts*.

        What an operator wrote has nothing to doubt in it: only what is doubted besides counts.
        """
        if not ranking.matches or ranking.listed:
            return ranking
        matches = self._judged(ranking.analysis, ranking.matches, doubts)
        if ranking.certain:
            found = self._judged(ranking.analysis, ranking.matches, ranking.doubts)[0].confidence
            if found < WRITTEN:
                best = matches[0]
                sure = probability(logit(best.confidence) + logit(WRITTEN) - logit(found))
                matches = (best._replace(confidence=sure), *matches[1:])
        return replace(ranking, matches=matches, doubts=doubts)

    def meant(self, asked: Analysis) -> Corrected:
        """Return what was meant by an utterance, so far as it was mistyped or is in pinyin."""
        in_characters = self._hearer.within(asked.tokens)
        if in_characters == asked.text:
            return self._corrector.correct(asked.tokens)
        return self._corrector.correct(self._analyzer.analyze(in_characters).tokens)

    def from_pinyin(self, text: str) -> str | None:
        """Return normalized *text* in characters, if it is pinyin throughout, else None."""
        return self._hearer.message(text)

    def known(self, text: str) -> Ranking | None:
        """Rank the entries for normalized *text* if an operator wrote that very question."""
        return self._rank(self._analyzer.analyze(text), None) if self.wrote(text) else None

    def wrote(self, text: str) -> bool:
        """Tell whether an operator wrote normalized *text*, to be answered or not to be."""
        asked = self._analyzer.analyze(text)
        return self._scope.lists(asked.text) or self._index.same(asked) is not None

    def may_have_written(self, tokens: Iterable[str]) -> bool:
        """Tell whether an operator may have written a question of such *tokens*: cheaper than `wrote`."""
        return self._index.may_say(self._analyzer.core(tokens))

    @property
    def _surety(self) -> Surety:
        return self._model.surety(scoped=self._scope.is_drawn)

    def _rank(self, asked: Analysis, without: str | None, mended: float = 0.0) -> Ranking:
        weighed = self._comparer.weighed(asked, mended)
        same = self._index.same(asked, without)
        listed = self._scope.lists(asked.text, without)
        best = [
            self._match(one.phrasing, self._comparer.compare(asked, weighed, one), listed=listed)
            for one in self._found(asked, weighed, same, without)
        ]
        best.sort(key=lambda match: (_is_of(match, same), match.score), reverse=True)
        doubts = self._doubts(asked, weighed, without)
        matches = self._judged(asked, best, doubts)
        if same is not None and not listed:
            # An operator wrote that very question: there is nothing to doubt.
            written = same.phrasing.text
            certain = matches[0]._replace(phrasing=written, confidence=1.0, vetoes=())
            matches = (certain, *matches[1:])
        return Ranking(asked, matches, doubts, listed)

    def _doubts(self, asked: Analysis, weighed: Weighed, without: str | None) -> Doubts:
        return Doubts(weighed.unheard, *self._scope.foreignness(asked.grams, without))

    def _found(
        self, asked: Analysis, weighed: Weighed, same: Found | None, without: str | None
    ) -> list[Found]:
        """Return what is to be compared: the likeliest entries, and that which says the *same*."""
        found = list(self._index.find(asked, weighed.words, entries=ENTRIES, without=without))
        if same and not any(_is_of(one.phrasing, same) for one in found):
            found.append(same)
        return found

    def _match(self, phrasing: Phrasing, features: Features, *, listed: bool) -> Match:
        """Return the match of *phrasing*, before it is judged how sure it is."""
        vetoes = (*_vetoes(features), *([Veto.LISTED] if listed else []))
        score = self._model.score(features)
        return Match(phrasing.entry, phrasing.text, features, score, 0.0, vetoes)

    def _judged(
        self, asked: Analysis, matches: Sequence[Match], doubts: Doubts
    ) -> tuple[Match, ...]:
        """Return *matches*, which stand in order, as sure as they are."""
        if not matches:
            return ()
        best, *others = matches
        rival = others[0].features if others else None
        scores = [match.score for match in matches]
        seen = evidence(scores, asked, doubts)
        sure = confidences(scores, self._surety.confidence(seen, best.features, rival))
        return tuple(
            match._replace(confidence=confidence)
            for match, confidence in zip(matches, sure, strict=True)
        )


def _is_of(one: Phrasing | Match, found: Found | None) -> bool:
    return found is not None and one.entry.id == found.phrasing.entry.id


def _vetoes(features: Features) -> Iterator[Veto]:
    return (veto for veto in VETOING if getattr(features, veto))


def evidence(scores: Sequence[float], asked: Analysis, doubts: Doubts) -> Evidence:
    """Return the evidence for the first of *scores*, which stand in descending order."""
    best, *others = scores
    second, third = (*others, -inf, -inf)[:2]
    return Evidence(
        best,
        min(MOST_LEAD, best - second),
        min(MOST_LEAD, best - third),
        log1p(min(asked.length, LONG)),
        *doubts,
    )


def confidences(scores: Sequence[float], first: float) -> Iterator[float]:
    """Yield *first*, and what it leaves over: shared among the others by the odds of their scores.

    "None of them" has a share too, that of a score of 0; nothing is surer than the first.
    """
    odds = [exp(score) for score in scores[1:]]
    rest = (1 - first) / (1 + fsum(odds))
    yield from (first, *(min(first, rest * share) for share in odds))[: len(scores)]
