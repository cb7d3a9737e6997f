"""The values that pass between the parts: flat, frozen, and free of any part's insides."""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What was decided; the weakest outcome of its parts is a message's own.

    The order of definition is from weakest to strongest.
    """

    ESCALATE = "escalate"
    CLARIFY = "clarify"
    ANSWER = "answer"
    SMALLTALK = "smalltalk"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that may answer an utterance.

    Attributes:
        entry: The entry's id.
        topic: The topic that it belongs to.
        confidence: Calibrated probability, 0 to 1, that it is the right entry.

    """

    entry: str
    topic: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Part:
    """What was decided about one utterance of a message.

    Attributes:
        utterance: The question or remark as it was read: what was mistyped or in pinyin is mended.
        outcome: What was decided.
        entry: Id of the entry that answers it; None unless the outcome is an answer.
        topic: The topic of that entry; None likewise.
        confidence: That of the answering entry, else of the best candidate, else 0.
        candidates: At most 5, best first.

    """

    utterance: str
    outcome: Outcome
    entry: str | None = None
    topic: str | None = None
    confidence: float = 0.0
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """Something a person can pick next: its *entry* and the *text* to show for it."""

    entry: str
    text: str


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply, free of any channel.

    Attributes:
        message: What the person sent.
        outcome: The weakest of its parts.
        parts: One for each utterance, in order.
        text: What to say, in the script of the question.
        choices: The numbered choices of a clarification, or what else may be asked; mostly none.
        related: Questions worth asking next; never part of the text.
        kb: The knowledge base and its content hash, as ``1688@3f2a9c1b``; where several decided
            together, all of them, joined by ``+``.
        base: Where several bases are served, the id of the one that says this; empty when none
            does alone.
        bases: Ids of the bases of which one must be picked before the message can be answered.

    """

    message: str
    outcome: Outcome
    parts: tuple[Part, ...]
    text: str
    choices: tuple[Choice, ...]
    related: tuple[Choice, ...]
    kb: str
    base: str = ""
    bases: tuple[str, ...] = ()
