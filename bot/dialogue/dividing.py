"""Where one question is several that no mark parts: two after each other, one about two things, keywords."""

from collections.abc import Iterator, Sequence
from statistics import fmean

from bot.dialogue.question import Question
from bot.dialogue.reading import Reading
from bot.dialogue.resolving import Resolver
from bot.language.lexicon import Lexicon
from bot.language.marks import Piece
from bot.language.splitting import Splitter

# A question is cut only if that lifts the confidence of the whole by this much.
LEAST_GAIN = 0.05
# Confidence that each of two questions must have where the whole finds only what one of them asks, or
# where keywords are several things. At 0.95 the development cases of several questions lose 0.4 points,
# and 1688怎么开店要押金吗以后不开了能退不 gets the refund only.
SURE_APART = 0.85
# Confidence from which on keywords are one thing to search for. At 0.85 as well, the development cases
# of several questions lose 0.7 points (提升曝光打折活动设置), and none of a single one gains.
ONE_THING = 0.95
# Words of a question that may be cut: each place costs a ranking or two, and each cut tries all places
# again, so that a long run of 吗 would cost the square of its length.
MOST_CUT = 40


class Divider:
    """Divides questions where *splitter* finds that they may fall apart, if each part asks for something."""

    def __init__(self, lexicon: Lexicon, splitter: Splitter, resolver: Resolver) -> None:
        self._names = lexicon.names
        self._splitter = splitter
        self._resolver = resolver

    def parted(self, question: Question, last: Question | None = None) -> Iterator[Question]:
        """Yield *question*, or those that it holds, seen with the *last* one that was cut off before it.

        Each part is looked at again, as it may hold several itself.
        """
        tokens = question.tokens
        if len(tokens) > MOST_CUT or question.ranking.certain:
            yield question
            return
        least = (question.confidence + LEAST_GAIN) * len(question.text)
        best = max(
            (*self._cut(question, last, least), *self._shared(question), *self._listed(question)),
            key=lambda reading: reading.explained,
            default=None,
        )
        if best is None or best.explained < least:
            yield question
            return
        for part in best.questions:
            yield from self.parted(part, last)
            last = part

    def _cut(self, whole: Question, last: Question | None, least: float) -> Iterator[Reading]:
        """Yield the ways to read *whole* as two questions behind the *last* one, each about something.

        What can't explain at *least* that much is passed over.
        """
        for first, second in self._splitter.cuts(whole.tokens):
            before = (
                self._resolver.beside(first, last, None)
                if last
                else self._resolver.within(first, whole)
            )
            reading = Reading().asking(before)
            hopeful = reading.explained + len(second) >= least or before.confidence >= SURE_APART
            if not hopeful or not _is_part(before):
                continue
            if self._resolver.rests(second, Piece(first, asks=True)):
                continue
            after = self._resolver.beside(second, before, None)
            if _is_part(after) or (whole.is_unknown and self._resolver.is_whole(before)):
                reading = reading.asking(after)
                explained = reading.explained + _left_out(whole, reading.questions)
                yield Reading(reading.questions, explained)

    def _listed(self, whole: Question) -> Iterator[Reading]:
        """Yield the ways to read *whole*, where it asks nothing, as keywords for several things.

        A thing of its own is what is named: 要求 in 退保要求 is not.
        """
        if whole.confidence >= ONE_THING:
            return
        for first, seconds in self._splitter.listed(whole.tokens):
            before = self._resolver.within(first, whole)
            if before.confidence < SURE_APART:
                continue
            for second in filter(self._names, seconds):
                after = self._resolver.within(second, whole)
                is_one = after.confidence >= SURE_APART or (
                    after.ranking.analysis.keyword and second == seconds[0]
                )
                for reading in [Reading((after,))] if is_one else self._listed(after):
                    things = (before, *reading.questions)
                    if len({thing.best.entry.id for thing in things if thing.best}) == len(things):
                        sure = fmean(thing.confidence for thing in things)
                        yield Reading(things, sure * len(whole.text))

    def _shared(self, whole: Question) -> Iterator[Reading]:
        """Yield the ways to read *whole* as one question about two things.

        Each must be surer alone than both together: 个人和企业有什么区别 is one question.
        """
        for first, second in self._splitter.shared(whole.tokens):
            questions = (self._resolver.within(first, whole), self._resolver.within(second, whole))
            left_out = _left_out(whole, questions)
            if left_out or min(q.confidence for q in questions) > whole.confidence:
                sure = fmean(q.confidence for q in questions)
                yield Reading(questions, sure * len(whole.text) + left_out)


def _is_part(question: Question) -> bool:
    """Tell whether *question* may be one of several."""
    return bool(question.ranking.analysis.words) and not question.is_unknown


def _left_out(whole: Question, questions: Sequence[Question]) -> float:
    """Return how much of *whole* finds only what one of the two *questions* in it asks for.

    Both are sure; answering the whole would leave the other one unanswered.
    """
    entries = {question.best.entry.id for question in questions if question.best}
    one_sided = (
        min(question.confidence for question in questions) >= SURE_APART
        and len(entries) == len(questions)
        and whole.best is not None
        and whole.best.entry.id in entries
    )
    return whole.confidence * len(whole.text) if one_sided else 0.0
