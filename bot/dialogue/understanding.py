"""From a message to the questions in it, each with its ranking."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from statistics import fmean

from bot.dialogue.coherence import coherent
from bot.dialogue.question import Question
from bot.dialogue.resolving import Resolver
from bot.knowledge.model import Entry
from bot.language.analyzing import Analyzer
from bot.language.asking import Asking
from bot.language.splitting import Piece, Splitter
from bot.matching.matcher import CLEAR, Doubts, Matcher

LONGEST = 4  # pieces between marks that one question may span
# A question is cut where no mark stands only if that lifts the confidence of the whole by this much.
LEAST_GAIN = 0.05
# Confidence that each of two questions must have where no mark stands between them: what asks for
# nothing known, nor about another platform, is rather the beginning or the end of one question.
LEAST_PART = 0.3
# Confidence that each of two questions must have where the whole finds only what one of them asks, or
# where keywords are several things. At 0.95 the development cases of several questions lose 0.4 points,
# and 1688怎么开店要押金吗以后不开了能退不 gets the refund only.
SURE = 0.85
# Confidence from which on keywords are one thing to search for. At 0.85 as well, the development cases
# of several questions lose 0.7 points (提升曝光打折活动设置), and none of a single one gains.
ONE_THING = 0.95
# Confidence that a piece counts for which only says what another one asks about: joined to that one
# it must make the whole clearer than this. One that asks nothing itself counts for no more.
TOLD = 0.8
# Words of a question that may be cut where no mark stands: each place costs a ranking or two, and
# each cut tries all places again, so that a long run of 吗 would cost the square of its length.
MOST_CUT = 40


@dataclass(frozen=True, slots=True)
class _Reading:
    """A way to read a part of a message.

    Attributes:
        questions: The questions in it.
        explained: How much of it they explain.
        told: What only tells in it, and is no part of a question.

    """

    questions: tuple[Question, ...]
    explained: float
    told: str = ""

    @property
    def last(self) -> Question | None:
        """Its last question, if it has any."""
        return self.questions[-1] if self.questions else None

    def asking(self, question: Question, *, asks: bool = True) -> "_Reading":
        """Return the same reading, with *question* behind it, which *asks* by itself or may only tell."""
        confidence = question.confidence
        if not asks and not question.ranking.analysis.keyword:
            # However sure it is, it may be what another question is about: 押金忒贵.
            confidence = min(confidence, TOLD)
        explained = self.explained + confidence * len(question.text)
        return _Reading((*self.questions, question), explained, self.told)

    def telling(self, text: str, confidence: float) -> "_Reading":
        """Return the same reading, with *text* behind it that only tells."""
        explained = self.explained + confidence * len(text)
        return _Reading(self.questions, explained, self.told + text)


class Reader:
    """Reads messages with the words of one base; *titles* are those of its topics."""

    def __init__(self, analyzer: Analyzer, matcher: Matcher, titles: dict[str, str]) -> None:
        self._analyzer = analyzer
        self._asking = Asking(analyzer.lexicon)
        self._splitter = Splitter(analyzer.lexicon, self._asking)
        self._matcher = matcher
        self._resolver = Resolver(analyzer, self._asking, self._splitter, matcher, titles)

    def in_characters(self, text: str) -> str:
        """Return normalized *text*, in characters where it is pinyin throughout.

        Only these show where it asks and what only tells.
        """
        return self._matcher.from_pinyin(text) or text

    def known(self, text: str) -> tuple[Question, ...]:
        """Return normalized *text* as the one question that an operator wrote, or nothing."""
        ranking = self._matcher.known(text)
        return (Question(text, ranking, ranking.analysis.tokens),) if ranking else ()

    def read(self, text: str, about: Entry | None) -> tuple[Question, ...]:
        """Return the questions of normalized *text*; *about* is the entry that was answered last.

        Of all ways to join the pieces between marks, the one wins whose questions are surest,
        weighted by their lengths; each question may then fall into two where no mark stands.
        Pieces that ask by themselves are never joined: one of them would go unanswered; one that
        rests on the piece before it always is. A piece that only says what another one asks about is
        never answered itself: it is joined, or left out where that one names by itself what it asks
        about. What an operator wrote as one question is one, whatever marks it has. What is asked beside
        each other makes what is related likelier.
        """
        pieces = self._splitter.pieces(text)
        if len(pieces) > 1 and (known := self.known(text)):
            return known
        pieces = [self._mended(piece) for piece in pieces]
        some_ask = any(piece.asks for piece in pieces)
        some_may_tell = some_ask or self._named(pieces)
        best = [_Reading((), 0.0)]
        for end, piece in enumerate(pieces, 1):
            rests = end > 1 and self._rests(piece.text, pieces[end - 2])
            readings: list[_Reading] = []
            for start in _starts(pieces[:end], fewest=1 + rests):
                before, joined = best[start], pieces[start:end]
                # What can't explain more than a longer question does need not be ranked.
                most = before.explained + len(_text(joined))
                hopeful = all(reading.explained < most for reading in readings)
                tells = some_may_tell and self._tells(joined, some_ask=some_ask)
                if hopeful and not tells:
                    asks = not some_ask or any(piece.asks for piece in joined)
                    question = self._joined(joined, before.last, about)
                    readings.append(before.asking(question, asks=asks))
            if not readings or (some_may_tell and self._tells([piece], some_ask=some_ask)):
                readings.append(best[-1].telling(piece.text, TOLD if self._named(pieces) else 0.0))
            best.append(max(readings, key=lambda reading: reading.explained))
        parts = [part for question in best[-1].questions for part in self._parted(question)]
        return coherent(tuple(self._doubted(parts, best[-1].told)))

    def _mended(self, piece: Piece) -> Piece:
        """Return *piece*, as it was meant where a word was mistyped that asks.

        It has to show that it asks, and where it falls apart, before it is ranked.
        """
        if piece.asks and not self._asking.is_broken(piece.text):
            return piece
        meant = self._matcher.meant(self._analyzer.analyze(piece.text))
        if not self._asking.asks_more(meant, piece.text):
            return piece
        return Piece(meant, asks=True, ended=piece.ended)

    def _named(self, pieces: Sequence[Piece]) -> bool:
        """Tell whether one of *pieces* that ask, or of all if none does, names what it is about."""
        asking = [piece for piece in pieces if piece.asks] or pieces
        return any(self._splitter.names(piece.text) for piece in asking)

    def _rests(self, text: str, before: Piece) -> bool:
        """Tell whether *text* asks nothing without the piece *before* it."""
        return self._splitter.rests(self._analyzer.analyze(text), before)

    def _tells(self, pieces: Sequence[Piece], *, some_ask: bool) -> bool:
        """Tell whether *pieces* rather say what another question is about.

        Where none asks, that is what names nothing of the subject (认证老被打回来，急死了).
        """
        if any(piece.asks for piece in pieces):
            return False
        analysis = self._analyzer.analyze(_text(pieces))
        if not some_ask:
            return not self._splitter.names(analysis.text) and not analysis.foreign
        return self._splitter.tells(analysis) and not analysis.foreign

    def _joined(
        self, pieces: Sequence[Piece], last: Question | None, about: Entry | None
    ) -> Question:
        """Return *pieces* as one question.

        Where what asks in it finds the same entry by itself, it is as sure as that: what is told
        besides (儿子刚教过我) makes all together less like a phrasing; but what sounds unknown in it
        (房东) still does.
        """
        whole = self._resolver.beside(_text(pieces), last, about)
        best = whole.best
        is_clear = best is not None and best.confidence >= CLEAR and not best.vetoes
        if len(pieces) == 1 or is_clear or whole.confidence < LEAST_PART:
            return whole
        for place, piece in enumerate(pieces):
            if piece.asks:
                told = self._resolver.beside(_text(pieces[:place]), last, about) if place else last
                asked = self._resolver.beside(piece.text, told, about)
                whole = whole.agreeing(self._seen_with(whole.ranking.doubts, asked))
        return whole

    def _doubted(self, questions: Sequence[Question], told: str) -> Iterator[Question]:
        """Yield *questions*, each no surer than with what is *told* besides as part of it.

        Left out, 租房交了押金 would not show that 能退吗 asks of another thing; nor does 高速ETC押金,
        read as a question of its own that the base doesn't know.
        """
        unknown = [
            question.text
            for question in questions
            if question.confidence < LEAST_PART
            and not self._asking.asks(question.text)
            and not question.ranking.analysis.foreign
        ]
        told = "".join((told, *unknown))
        for question in questions:
            if not told or question.text in unknown:
                yield question
            else:
                doubts = self._matcher.doubts(told + question.text)
                doubted = self._seen_with(doubts, question)
                yield min(question, doubted, key=attrgetter("confidence"))

    def _seen_with(self, doubts: Doubts, question: Question) -> Question:
        return replace(question, ranking=self._matcher.doubting(question.ranking, doubts))

    def _parted(self, question: Question) -> Iterator[Question]:
        """Yield *question*, or those that it holds."""
        tokens = question.tokens
        if len(tokens) > MOST_CUT or question.ranking.certain:
            yield question
            return
        least = (question.confidence + LEAST_GAIN) * len(question.text)
        best = max(
            (*self._cut(question, least), *self._shared(question), *self._listed(question)),
            key=lambda reading: reading.explained,
            default=None,
        )
        if best is None or best.explained < least:
            yield question
            return
        for part in best.questions:
            yield from self._parted(part)

    def _cut(self, whole: Question, least: float) -> Iterator[_Reading]:
        """Yield the ways to read *whole* as two questions, each about something.

        What can't explain at *least* that much is passed over.
        """
        for first, second in self._splitter.cuts(whole.tokens):
            reading = _Reading((), 0.0).asking(self._resolver.beside(first, None, None))
            hopeful = reading.explained + len(second) >= least
            if (
                _is_part(reading)
                and (hopeful or reading.questions[0].confidence >= SURE)
                and not self._rests(second, Piece(first, asks=True))
            ):
                reading = reading.asking(self._resolver.beside(second, reading.last, None))
                if _is_part(reading):
                    yield _Reading(
                        reading.questions, reading.explained + _left_out(whole, reading.questions)
                    )

    def _listed(self, whole: Question) -> Iterator[_Reading]:
        """Yield the ways to read *whole*, where it asks nothing, as keywords for several things.

        A thing of its own is what is named: 要求 in 退保要求 is not.
        """
        if whole.confidence >= ONE_THING:
            return
        for first, seconds in self._splitter.listed(whole.tokens):
            before = self._resolver.alone(first)
            if before.confidence < SURE:
                continue
            for second in filter(self._splitter.names, seconds):
                after = self._resolver.alone(second)
                is_one = after.confidence >= SURE or (
                    after.ranking.analysis.keyword and second == seconds[0]
                )
                for reading in [_Reading((after,), 0.0)] if is_one else self._listed(after):
                    things = (before, *reading.questions)
                    if len({thing.best.entry.id for thing in things if thing.best}) == len(things):
                        sure = fmean(thing.confidence for thing in things)
                        yield _Reading(things, sure * len(whole.text))

    def _shared(self, whole: Question) -> Iterator[_Reading]:
        """Yield the ways to read *whole* as one question about two things.

        Each must be surer alone than both together: 个人和企业有什么区别 is one question.
        """
        for first, second in self._splitter.shared(whole.tokens):
            questions = (self._resolver.alone(first), self._resolver.alone(second))
            left_out = _left_out(whole, questions)
            if left_out or min(q.confidence for q in questions) > whole.confidence:
                sure = fmean(q.confidence for q in questions)
                yield _Reading(questions, sure * len(whole.text) + left_out)


def _text(pieces: Sequence[Piece]) -> str:
    return "".join(piece.text for piece in pieces)


def _starts(pieces: Sequence[Piece], fewest: int) -> Iterator[int]:
    """Yield where a question may start that the last of *pieces* ends, the longest first.

    It has at least the *fewest*, which belong together; no further one may ask by itself.
    """
    for start in range(max(0, len(pieces) - LONGEST), len(pieces) - fewest + 1):
        if start == len(pieces) - fewest or sum(piece.asks for piece in pieces[start:]) <= 1:
            yield start


def _is_part(reading: _Reading) -> bool:
    """Tell whether the last question of *reading* may be one of several."""
    last = reading.questions[-1]
    asked = last.ranking.analysis
    return bool(asked.words) and (last.confidence >= LEAST_PART or bool(asked.foreign))


def _left_out(whole: Question, questions: Sequence[Question]) -> float:
    """Return how much of *whole* finds only what one of the two *questions* in it asks for.

    Both are sure; answering the whole would leave the other one unanswered.
    """
    entries = {question.best.entry.id for question in questions if question.best}
    one_sided = (
        min(question.confidence for question in questions) >= SURE
        and len(entries) == len(questions)
        and whole.best is not None
        and whole.best.entry.id in entries
    )
    return whole.confidence * len(whole.text) if one_sided else 0.0
