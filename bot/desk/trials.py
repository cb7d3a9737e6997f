"""Labelled utterances of one question each: what calibration and training learn from."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.desk.evaluating import ESCALATE, SMALLTALK, answering
from bot.knowledge.model import Base, Case
from bot.language.analyzing import Analyzer
from bot.language.normalizing import normalize
from bot.matching.matcher import Matcher, Ranking


@dataclass(frozen=True, slots=True)
class Trial:
    """An utterance with the ids of the entries that may answer it.

    Attributes:
        text: The utterance.
        right: Ids of the entries that answer it; empty when none does.
        without: What is to be left out of the base, when the utterance is written there.

    """

    text: str
    right: frozenset[str]
    without: str | None = None

    def rank(self, analyzer: Analyzer, matcher: Matcher) -> Ranking:
        """Rank the entries for the utterance."""
        return matcher.rank(analyzer.strip(normalize(self.text)), without=self.without)


def trials(base: Base, cases: Iterable[Case]) -> Iterator[Trial]:
    """Yield the *cases* of one question, and each question written in *base*, held out in turn.

    An entry's only question is not held out: its words would still be the base's, so that it would
    teach that an unanswerable question holds no word that the base never heard.
    """
    for case in cases:
        if case.expect == ESCALATE or (case.expect != SMALLTALK and len(case.expect) == 1):
            yield Trial(case.ask, answering(case))
    for entry in base.entries:
        if len(entry.questions) > 1:
            for text in entry.questions:
                yield Trial(text, frozenset({entry.id}), without=text)
