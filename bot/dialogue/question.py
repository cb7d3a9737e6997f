"""A question of a message, with what it may ask for."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import exp

from bot.knowledge.model import Entry
from bot.matching.matcher import Match, Ranking, Veto
from bot.matching.model import Circumstances, logit

# Confidence below which a question asks what the base doesn't know: what is said of the same thing gets
# no answer either, and it is no question of its own where no mark parts it from another one.
LEAST_KNOWN = 0.3
# Confidence that a question counts for which is rather part of another one: it is asked back about.
ASIDE = 0.5
OF_DETAILS = frozenset({Veto.DENIAL, Veto.NUMBER})  # vetoes for what may be told, and not asked


@dataclass(frozen=True, slots=True)
class Question:
    """One utterance of a message.

    Attributes:
        text: The utterance.
        ranking: What it may ask for, seen with what was said before.
        tokens: Its own words, in order.
        beside: Entries that are asked for beside it, surely; related ones are likelier for that.
        circumstances: Those that were weighed of it in its message, if any were.

    """

    text: str
    ranking: Ranking
    tokens: tuple[str, ...]
    beside: tuple[Entry, ...] = ()
    circumstances: Circumstances | None = None

    @property
    def best(self) -> Match | None:
        """The best match, if anything matches at all."""
        return self.ranking.best

    @property
    def confidence(self) -> float:
        """That of the best match."""
        return self.ranking.confidence

    @property
    def is_known(self) -> bool:
        """Whether the base may have an answer."""
        return self.confidence >= LEAST_KNOWN

    @property
    def is_unknown(self) -> bool:
        """Whether it is about what the base doesn't know, of its own platform."""
        return not (self.is_known or self.ranking.analysis.foreign)

    def agreeing(self, other: "Question") -> "Question":
        """Return the same question, as sure as the *other* one in it, if that finds the same entry.

        What says no or counts outside the other one forbids no answer: 我不会用网银，能去柜台交吗.
        """
        if not (self.best and other.best and self.best.entry.id == other.best.entry.id):
            return self
        best, *others = self.ranking.matches
        confidence = max(best.confidence, other.confidence)
        share = (1 - confidence) / (1 - best.confidence) if best.confidence < 1 else 1.0
        vetoes = tuple(v for v in best.vetoes if v not in OF_DETAILS or v in other.best.vetoes)
        matches = (
            best._replace(confidence=confidence, vetoes=vetoes),
            *(match._replace(confidence=match.confidence * share) for match in others),
        )
        return self.matching(matches)

    def aside(self) -> "Question":
        """Return the same question as one that is rather part of another one."""
        return self.matching(
            match._replace(confidence=min(match.confidence, ASIDE))
            for match in self.ranking.matches
        )

    def as_sure(self, confidence: float) -> "Question":
        """Return the same question with such *confidence* in its best match, and the others to match."""
        best, *others = self.ranking.matches
        odds = exp(logit(confidence) - logit(best.confidence))
        return self.matching(
            (best._replace(confidence=confidence), *(at_odds(match, odds) for match in others))
        )

    def matching(self, matches: Iterable[Match]) -> "Question":
        """Return the same question with other *matches*."""
        return replace(self, ranking=replace(self.ranking, matches=tuple(matches)))


def at_odds(match: Match, odds: float) -> Match:
    """Return *match* likelier by these *odds* (Bayes)."""
    likely = match.confidence * odds
    return match._replace(confidence=likely / (likely + 1 - match.confidence))
