"""How far each of several questions of a message stands by itself: it may be part of one beside it.

And a message is about what the base knows, or it isn't: a question of which it is not sure makes those
beside it less so. How much each sign counts was fitted to labelled messages by `kaidian kb train`.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from heapq import nsmallest
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
        beside = _Beside(questions)
        for before, question in zip((None, *questions), questions, strict=False):
            if question.best is None or question.ranking.certain:
                yield question
            else:
                seen = self._circumstances(question, before, beside, len(message))
                sure = question.as_sure(self._standing.confidence(seen))
                yield replace(sure, circumstances=seen)

    def _circumstances(
        self, question: Question, before: Question | None, beside: "_Beside", characters: int
    ) -> Circumstances:
        """Return those of *question*, with the one *before* it, in a message of so many *characters*."""
        best = question.ranking.matches[0]
        names = self._names(question.text)
        return Circumstances(
            found=logit(question.confidence),
            score=best.score,
            ratio=best.features.ratio,
            unheard=question.ranking.doubts.unheard,
            faintest=logit(beside.faintest(question)),
            unasking=float(not self._asking.seeks(question.text)),
            short=float(len(question.text) < LEAST),
            unnamed=float(before is not None and not names),
            hanging=float(before is not None and not names and not sure_entry(before)),
            names=float(names),
            repeated=float(beside.surely_asks(question, best.entry)),
            share=min(1.0, len(question.text) / characters),
        )


class _Beside:
    """What is asked beside each of several *questions*: looked through once, as there may be many."""

    def __init__(self, questions: Sequence[Question]) -> None:
        self._asked = Counter(entry.id for entry in map(sure_entry, questions) if entry)
        self._faintest, self._next = nsmallest(2, [q.confidence for q in questions])

    def faintest(self, question: Question) -> float:
        """Return the least confidence of those beside *question*."""
        return self._next if question.confidence == self._faintest else self._faintest

    def surely_asks(self, question: Question, entry: Entry) -> bool:
        """Tell whether one beside *question*, which finds *entry*, surely asks for that."""
        return self._asked[entry.id] > (sure_entry(question) is not None)
