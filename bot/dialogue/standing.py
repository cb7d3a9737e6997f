"""How far each of several questions of a message stands by itself: it may be part of one beside it.

And a message is about what the base knows, or it isn't: a question of which it is not sure makes those
beside it less so. How much each sign counts was fitted to labelled messages by `kaidian kb train`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from bot.dialogue.coherence import sure_entry
from bot.dialogue.question import Question
from bot.knowledge.model import Entry
from bot.language.asking import Asking
from bot.language.lexicon import Lexicon
from bot.matching.model import Circumstances, Standing, logit

LEAST: Final = 5  # characters of a question that says enough


class Weigher:
    """Weighs the questions of a message by *standing*, with *asking* and the words of *lexicon*."""

    def __init__(self, lexicon: Lexicon, asking: Asking, standing: Standing) -> None:
        self._asking = asking
        self._names = lexicon.names
        self._standing = standing

    def weighed(self, questions: Sequence[Question], message: str) -> Iterator[Question]:
        """Yield the *questions* of *message*, each as sure as it is in it.

        One that stands alone is as sure as it was found, and what an operator wrote is certain.
        """
        if len(questions) == 1:
            yield from questions
            return
        for place, question in enumerate(questions):
            if question.best is None or question.ranking.certain:
                yield question
            else:
                seen = self._circumstances(questions, place, len(message))
                sure = question.as_sure(self._standing.confidence(seen))
                yield replace(sure, circumstances=seen)

    def _circumstances(
        self, questions: Sequence[Question], place: int, characters: int
    ) -> Circumstances:
        """Return those of the one of *questions* at that *place*, in a message of so many *characters*."""
        question, others = questions[place], [*questions[:place], *questions[place + 1 :]]
        best = question.ranking.matches[0]
        names = self._names(question.text)
        unnamed = place > 0 and not names
        return Circumstances(
            found=logit(question.confidence),
            score=best.score,
            ratio=best.features.ratio,
            unheard=question.ranking.doubts.unheard,
            faintest=min(logit(other.confidence) for other in others),
            unasking=float(not self._asking.seeks(question.text)),
            short=float(len(question.text) < LEAST),
            unnamed=float(unnamed),
            hanging=float(unnamed and not sure_entry(questions[place - 1])),
            names=float(names),
            repeated=float(any(_surely_asks(other, best.entry) for other in others)),
            share=min(1.0, len(question.text) / characters),
        )


def _surely_asks(question: Question, entry: Entry) -> bool:
    sure = sure_entry(question)
    return sure is not None and sure.id == entry.id
