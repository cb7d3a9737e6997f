"""A way to read a message, or a part of one, and how much of it that explains."""

from dataclasses import dataclass

from bot.dialogue.question import Question


@dataclass(frozen=True, slots=True)
class Reading:
    """A way to read a part of a message.

    Attributes:
        questions: The questions in it.
        explained: How much of it they explain.
        told: What only tells in it, and is no part of a question.

    """

    questions: tuple[Question, ...] = ()
    explained: float = 0.0
    told: str = ""

    @property
    def last(self) -> Question | None:
        """Its last question, if it has any."""
        return self.questions[-1] if self.questions else None

    def asking(self, question: Question) -> "Reading":
        """Return the same reading, with *question* behind it."""
        explained = self.explained + question.confidence * len(question.text)
        return Reading((*self.questions, question), explained, self.told)

    def telling(self, text: str, confidence: float) -> "Reading":
        """Return the same reading, with *text* behind it that only tells."""
        explained = self.explained + confidence * len(text)
        return Reading(self.questions, explained, self.told + text)
