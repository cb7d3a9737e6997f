"""From a message to the questions in it, each with its ranking."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from operator import attrgetter

from bot.dialogue.coherence import coherent
from bot.dialogue.dividing import Divider
from bot.dialogue.question import Question
from bot.dialogue.reading import Reading
from bot.dialogue.resolving import Resolver
from bot.dialogue.standing import Weigher
from bot.dialogue.surroundings import Surroundings
from bot.knowledge.model import Entry
from bot.language.analyzing import Analyzer
from bot.language.asking import Asking
from bot.language.marks import Marks, Piece
from bot.language.splitting import Splitter
from bot.matching.matcher import CLEAR, Doubts, Matcher

LONGEST = 4  # pieces between marks that one question may span
# Confidence that a piece counts for which only says what another one asks about: joined to that one
# it must make the whole clearer than this.
TOLD = 0.8


class Reader:
    """Reads messages with the words of one base; *titles* are those of its topics."""

    def __init__(self, analyzer: Analyzer, matcher: Matcher, titles: dict[str, str]) -> None:
        self._analyzer = analyzer
        lexicon = analyzer.lexicon
        self._names = lexicon.names
        self._asking = Asking(lexicon)
        self._marks = Marks(lexicon, self._asking)
        self._splitter = Splitter(lexicon, self._asking)
        self._matcher = matcher
        self._resolver = Resolver(analyzer, self._asking, self._splitter, matcher, titles)
        self._surroundings = Surroundings(
            analyzer, self._asking, self._splitter, matcher, self._resolver
        )
        self._divider = Divider(lexicon, self._splitter, self._resolver)
        self._weigher = Weigher(lexicon, self._asking, matcher.standing)

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
        pieces = self._marks.pieces(text)
        if len(pieces) > 1 and (known := self.known(text)):
            return known
        pieces = [
            part for piece in pieces for part in self._surroundings.parted(self._mended(piece))
        ]
        some_ask = any(piece.asks for piece in pieces)
        if some_ask or self._matcher.wrote(pieces[-1].text):
            # What people trade in is of no account, however strange to the base.
            pieces = [piece for piece in pieces if piece.asks or not self._introduces(piece)]
        some_may_tell = some_ask or self._named(pieces)
        best = [Reading()]
        for end, piece in enumerate(pieces, 1):
            rests = end > 1 and self._resolver.rests(piece.text, pieces[end - 2])
            readings: list[Reading] = []
            for start in _starts(pieces[:end], fewest=1 + rests):
                before, joined = best[start], pieces[start:end]
                # What can't explain more than a longer question does need not be ranked.
                most = before.explained + len(_text(joined))
                hopeful = all(reading.explained < most for reading in readings)
                tells = some_may_tell and self._tells(joined, some_ask=some_ask)
                if hopeful and not tells:
                    question = self._joined(joined, before.last, about)
                    asks = not some_ask or any(piece.asks for piece in joined)
                    if not (asks or self._stands(question)):
                        # However sure it is, it may be what another question is about: 押金忒贵.
                        question = question.aside()
                    readings.append(before.asking(question))
            if not readings or (some_may_tell and self._tells([piece], some_ask=some_ask)):
                readings.append(best[-1].telling(piece.text, TOLD if self._named(pieces) else 0.0))
            best.append(max(readings, key=lambda reading: reading.explained))
        parts = [part for question in best[-1].questions for part in self._divider.parted(question)]
        doubted = list(self._doubted(self._placed(parts), best[-1].told))
        return tuple(self._weigher.weighed(coherent(doubted), text))

    def _stands(self, question: Question) -> bool:
        """Tell whether *question* is one of its own though it doesn't ask: it says keywords, as a title does.

        诚信通年费 does, and so does 扫码缴保证金诈骗, but not 押金忒贵.
        """
        return question.ranking.analysis.keyword or (
            self._splitter.are_keywords(question.tokens) and self._resolver.is_whole(question)
        )

    def _mended(self, piece: Piece) -> Piece:
        """Return *piece*, as it was meant where a word was mistyped that asks.

        It has to show that it asks, and where it falls apart, before it is ranked.
        """
        if piece.asks and not self._asking.is_broken(piece.text):
            return piece
        meant = self._matcher.meant(self._analyzer.analyze(piece.text)).text
        if not self._asking.asks_more(meant, piece.text):
            return piece
        return Piece(meant, asks=True, ended=piece.ended)

    def _introduces(self, piece: Piece) -> bool:
        return self._splitter.introduces(self._analyzer.analyze(piece.text))

    def _named(self, pieces: Sequence[Piece]) -> bool:
        """Tell whether one of *pieces* that ask, or of all if none does, names what it is about."""
        asking = [piece for piece in pieces if piece.asks] or pieces
        return any(self._names(piece.text) for piece in asking)

    def _tells(self, pieces: Sequence[Piece], *, some_ask: bool) -> bool:
        """Tell whether *pieces* rather say what another question is about.

        Where none asks, that is what names nothing of the subject (认证老被打回来，急死了).
        """
        if any(piece.asks for piece in pieces):
            return False
        text = _text(pieces)
        analysis = self._analyzer.analyze(text)
        tells = self._splitter.tells(analysis) if some_ask else not self._names(text)
        return tells and not analysis.foreign

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
        if len(pieces) == 1 or is_clear or not whole.is_known:
            return whole
        for place, piece in enumerate(pieces):
            if piece.asks:
                told = self._resolver.beside(_text(pieces[:place]), last, about) if place else last
                asked = self._resolver.beside(piece.text, told, about)
                whole = whole.agreeing(self._seen_with(whole.ranking.doubts, asked))
        return whole

    def _placed(self, questions: Sequence[Question]) -> Sequence[Question]:
        """Return *questions*, asked of the platform that is told behind them: 怎么注册，我的是抖音小店."""
        for place in reversed(range(1, len(questions))):
            told = questions[place]
            if told.ranking.analysis.foreign and not self._asking.seeks(told.text):
                before = [self._resolver.elsewhere(q, told) for q in questions[:place]]
                return (*before, *questions[place:])
        return questions

    def _doubted(self, questions: Sequence[Question], told: str) -> Iterator[Question]:
        """Yield *questions*, each no surer than with what is *told* besides as part of it.

        Left out, 租房交了押金 would not show that 能退吗 asks of another thing; nor does 高速ETC押金,
        read as a question of its own that the base doesn't know.
        """
        unknown = [
            question.text
            for question in questions
            if question.is_unknown and not self._asking.seeks(question.text)
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


def _text(pieces: Sequence[Piece]) -> str:
    return "".join(piece.text for piece in pieces)


def _starts(pieces: Sequence[Piece], fewest: int) -> Iterator[int]:
    """Yield where a question may start that the last of *pieces* ends, the longest first.

    It has at least the *fewest*, which belong together; no further one may ask by itself.
    """
    for start in range(max(0, len(pieces) - LONGEST), len(pieces) - fewest + 1):
        if start == len(pieces) - fewest or sum(piece.asks for piece in pieces[start:]) <= 1:
            yield start
