"""A question of a message, with what it may ask for."""

from dataclasses import dataclass

from bot.knowledge.model import Entry
from bot.matching.matcher import Match, Ranking


@dataclass(frozen=True, slots=True)
class Question:
    """One utterance of a message.

    Attributes:
        text: The utterance.
        ranking: What it may ask for, seen with what was said before.
        tokens: Its own words, in order.
        beside: Entries that are asked for beside it, surely; related ones are likelier for that.

    """

    text: str
    ranking: Ranking
    tokens: tuple[str, ...]
    beside: tuple[Entry, ...] = ()

    @property
    def best(self) -> Match | None:
        """The best match, if anything matches at all."""
        return self.ranking.best

    @property
    def confidence(self) -> float:
        """That of the best match."""
        return self.ranking.confidence
