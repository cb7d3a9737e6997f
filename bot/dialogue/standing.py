"""How far each part of a message stands by itself: what does not may be part of what is beside it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from bot.dialogue.coherence import sure_entry
from bot.dialogue.question import Question
from bot.language.asking import Asking
from bot.language.lexicon import Lexicon

LEAST: Final = 5  # characters of a question that says enough
# How much less likely what a part finds is what it asks for, with each sign that it does not stand by
# itself. Logistic regression on the 1,930 parts of development messages of several, with the logit of
# their confidence as the offset, gives 0.33 to those behind a part that is not sure, 0.40 to short ones
# and 0.33 to those that don't ask; of the first, those that name something need none (2026-11-27).
UNSTEADY: Final = 1 / 3


class Standing:
    """Tells by *asking* and the words of *lexicon* what of a message stands by itself."""

    def __init__(self, lexicon: Lexicon, asking: Asking) -> None:
        self._asking = asking
        self._names = lexicon.names

    def weighed(self, questions: Sequence[Question]) -> Iterator[Question]:
        """Yield the *questions* of one message, each as likely as it stands by itself.

        What finds nothing but what another one surely asks for may well be part of that one: its
        answer is the right one all the same.
        """
        if len(questions) == 1:
            yield from questions
            return
        asked = Counter(entry.id for entry in map(sure_entry, questions) if entry)
        before: Question | None = None
        for question in questions:
            stands = question.ranking.certain or _is_asked(question, asked)
            signs = 0 if stands else self._signs(question.text, before)
            before = question.at_odds(UNSTEADY**signs) if signs else question
            yield before

    def _signs(self, text: str, before: Question | None) -> int:
        """Count the signs that *text* does not stand by itself, with that *before* it, if any."""
        hangs = before is not None and not sure_entry(before) and not self._names(text)
        return hangs + (len(text) < LEAST) + (not self._asking.seeks(text))


def _is_asked(question: Question, asked: Mapping[str, int]) -> bool:
    """Tell whether another question than *question* surely asks for what it finds.

    *asked* counts the questions that surely ask for the entry with each id.
    """
    own = sure_entry(question) is not None
    return question.best is not None and asked.get(question.best.entry.id, 0) > own
