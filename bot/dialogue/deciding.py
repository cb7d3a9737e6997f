"""From a ranking to one of three decisions; small talk is recognised before matching."""

from dataclasses import dataclass

from bot.knowledge.model import Entry
from bot.matching.matcher import Match, Ranking, Veto

MOST_CHOICES = 4
FEWEST_CHOICES = 2
UNTHINKABLE = frozenset({Veto.PLATFORM, Veto.LISTED})
LEAST_SHARE = 0.05  # of the best choice's confidence, that another must have to be shown


@dataclass(frozen=True, slots=True)
class Limits:
    """Least confidences of the best match for a direct *answer* and to *clarify*."""

    answer: float
    clarify: float


@dataclass(frozen=True, slots=True)
class Answer:
    """Say what *entry* says."""

    entry: Entry


@dataclass(frozen=True, slots=True)
class Clarify:
    """Ask which of the *choices* was meant."""

    choices: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Escalate:
    """Say plainly that the bot doesn't know, and who does."""


Decision = Answer | Clarify | Escalate


def decide(ranking: Ranking, limits: Limits) -> Decision:
    """Decide by confidence; a vetoed match is at most a choice, one of UNTHINKABLE never one.

    A mere keyword of the base's subject is asked back about, however little it tells; a single one is
    not answered, unless it is a phrasing.
    """
    matches = [match for match in ranking.matches if UNTHINKABLE.isdisjoint(match.vetoes)]
    if not matches or matches[0] is not ranking.matches[0]:
        return Escalate()
    best, asked = matches[0], ranking.analysis
    # Who types 押金 and nothing else wants to know something about it, and doesn't say what.
    says_what = not asked.keyword or len(asked.words) > 1 or ranking.certain
    if best.confidence >= limits.answer and not best.vetoes and says_what:
        return Answer(best.entry)
    if best.confidence < limits.clarify and not asked.keyword:
        return Escalate()
    return Clarify(tuple(match.entry for match in _choices(matches)))


def _choices(matches: list[Match]) -> list[Match]:
    """Return the choices to show: at least two where there are two, as one is hardly a question."""
    likely = [match for match in matches if match.confidence >= LEAST_SHARE * matches[0].confidence]
    return matches[: max(FEWEST_CHOICES, min(MOST_CHOICES, len(likely)))]
