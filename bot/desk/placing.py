"""Fitting how sure the answer to each of several questions of a message is, to labelled messages.

Utterances of one question, of which most are phrasings, teach how well an entry fits. What is read
into a message teaches the rest: whether it is a question of its own, or only a part of what is beside
it. Each message teaches twice: as it was written, and mistyped.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from bot.desk.evaluating import SMALLTALK, answering
from bot.desk.mistyping import Mistyping
from bot.desk.regression import regression
from bot.dialogue.conversation import NEW, Assistant
from bot.knowledge.model import Case
from bot.matching.model import Circumstances, Standing


def standing(taught: Iterable[tuple[Assistant, Sequence[Case]]]) -> Standing:
    """Return what fits the cases that are *taught* with each assistant, which must not know it yet."""
    read = chain.from_iterable(_read(assistant, cases) for assistant, cases in taught)
    rows, labels = zip(*read, strict=True)
    *weights, offset = regression(rows, labels)
    return Standing(weights=tuple(weights), offset=offset)


def _read(assistant: Assistant, cases: Sequence[Case]) -> Iterator[tuple[Circumstances, bool]]:
    """Yield the circumstances of what is read into messages of several, and whether it is right."""
    for case in _with_mistyped(cases):
        right = answering(case)
        for question in assistant.evidence(NEW, case.ask):
            best, seen = question.best, question.circumstances
            # What a veto keeps from being answered teaches nothing of answers.
            if best is not None and seen is not None and not best.vetoes:
                yield seen, best.entry.id in right


def _with_mistyped(cases: Sequence[Case]) -> Iterator[Case]:
    """Yield *cases* but for small talk, and a mistyped copy of each."""
    asked = [case for case in cases if case.expect != SMALLTALK]
    mistyping = Mistyping(case.ask for case in asked)
    yield from asked
    for case in asked:
        yield case.model_copy(update={"ask": mistyping.mistyped(case.ask)})
