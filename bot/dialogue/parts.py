"""What was decided about an utterance, as a part of a reply."""

from collections.abc import Iterable, Iterator
from typing import assert_never

from bot.dialogue.deciding import Answer, Clarify, Decision, Escalate
from bot.dialogue.question import Question
from bot.knowledge.model import Entry
from bot.messages import Candidate, Outcome, Part

MOST_CANDIDATES = 5


def certain(text: str, entry: Entry) -> Part:
    """Return the part for an answer that was picked, not guessed."""
    return Part(
        text, Outcome.ANSWER, entry.id, entry.topic, 1.0, (Candidate(entry.id, entry.topic, 1.0),)
    )


def said_once(
    decided: Iterable[tuple[Question, Decision]],
) -> Iterator[tuple[Question, Decision]]:
    """Leave out what asks for an answer that is given already, as both parts of 要押金吗？开店 do."""
    given: set[str] = set()
    for question, decision in decided:
        if isinstance(decision, Answer):
            if decision.entry.id in given:
                continue
            given.add(decision.entry.id)
        yield question, decision


def decided(question: Question, decision: Decision) -> Part:
    """Return the part for *question*, about which *decision* was made."""
    candidates = tuple(
        Candidate(match.entry.id, match.entry.topic, round(match.confidence, 6))
        for match in question.ranking.matches[:MOST_CANDIDATES]
    )
    confidence = candidates[0].confidence if candidates else 0.0
    match decision:
        case Answer(entry):
            return Part(
                question.text, Outcome.ANSWER, entry.id, entry.topic, confidence, candidates
            )
        case Clarify():
            return Part(question.text, Outcome.CLARIFY, None, None, confidence, candidates)
        case Escalate():
            return Part(question.text, Outcome.ESCALATE, None, None, confidence, candidates)
        case never:
            assert_never(never)
