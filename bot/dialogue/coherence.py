"""What is asked in one message belongs together: a sure question tells what one beside it means."""

from collections.abc import Sequence
from dataclasses import replace
from operator import attrgetter
from typing import Final

from bot.dialogue.question import Question, at_odds
from bot.knowledge.model import Entry
from bot.matching.matcher import Match

SURE: Final = 0.85  # confidence with which a question speaks for those beside it
# How much likelier the right entry of a question is than a wrong one to be related to what is asked
# beside it, or of the same topic. Counted in the development cases, where marks part the questions
# and another one is sure: of 388 right matches 239 are related and 86 of the topic, of 46 wrong ones
# 11 and 6. With those that no mark parts, too, 340 and 159 of 746, and 21 and 8 of 57; and yet odds of
# 1.5 and 1.8 do worse: compound cases right 82.7 instead of 83.6 %, wrong 2.2 % with either (2026-11-26).
# By the same counts the odds of what is unrelated are 0.26 and 0.67. Where 2.25 % of the answers are
# wrong, 2,666 instead of 2,635 development cases are right with 0.6, of those of several questions 786
# instead of 791; with 0.3 2,688 and 772 (2026-11-27).
RELATED: Final = 2.6
SAME_TOPIC: Final = 1.7
UNRELATED: Final = 0.6


def coherent(questions: Sequence[Question]) -> tuple[Question, ...]:
    """Return the *questions* of one message, each seen with those of them that are sure."""
    return tuple(
        _beside(question, [*questions[:place], *questions[place + 1 :]])
        for place, question in enumerate(questions)
    )


def _beside(question: Question, others: Sequence[Question]) -> Question:
    """Return *question* with its matches as likely as what is asked in *others* makes them.

    The surest is the best again.
    """
    asked = [entry for other in others if (entry := sure_entry(other))]
    if not asked or question.ranking.certain:
        return question
    matches = sorted(
        (likelier(match, asked) for match in question.ranking.matches),
        key=attrgetter("confidence"),
        reverse=True,
    )
    return replace(question.matching(matches), beside=tuple(asked))


def sure_entry(question: Question) -> Entry | None:
    """Return the entry that *question* surely asks for."""
    return question.best.entry if question.best and question.confidence >= SURE else None


def likelier(match: Match, asked: Sequence[Entry]) -> Match:
    """Return *match* as likely as the entries *asked* beside it make it, by their kinship."""
    return at_odds(match, max((_kinship(match.entry, entry) for entry in asked), default=1.0))


def are_kin(entry: Entry, other: Entry) -> bool:
    """Tell whether one of two entries is what people may ask next after the other."""
    return entry.id in other.related or other.id in entry.related


def _kinship(entry: Entry, other: Entry) -> float:
    """Return the odds for *entry* that *other* is asked beside it; itself, it is asked already."""
    if entry.id == other.id:
        return 1.0
    if are_kin(entry, other):
        return RELATED
    return SAME_TOPIC if entry.topic == other.topic else UNRELATED
