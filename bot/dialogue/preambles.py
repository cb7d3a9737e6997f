"""What stands before a question that an operator wrote, where no mark parts the two."""

from bot.dialogue.resolving import Resolver
from bot.language.analyzing import Analyzer
from bot.language.asking import Asking
from bot.language.marks import Piece
from bot.language.splitting import Splitter
from bot.matching.matcher import Matcher

SAYS_ENOUGH = 4  # characters of what an operator wrote, to be a question behind something else


class Preambles:
    """Finds them by what *splitter* says of them, and where the questions begin by *matcher*."""

    def __init__(
        self,
        analyzer: Analyzer,
        asking: Asking,
        splitter: Splitter,
        matcher: Matcher,
        resolver: Resolver,
    ) -> None:
        self._analyzer = analyzer
        self._names = analyzer.lexicon.names
        self._asking = asking
        self._splitter = splitter
        self._matcher = matcher
        self._resolver = resolver

    def parted(self, piece: Piece) -> tuple[Piece, ...]:
        """Return *piece*, or what it falls into if it ends with a question that an operator wrote.

        What stands before it is such a question, too (怎么注册押金多少), or only tells (刚注册怎么退押金);
        what says no more than who asks, when or where (手机上怎么上架) is left out.
        """
        if not piece.asks or self._matcher.wrote(piece.text):
            return (piece,)
        for before, rest in self._matcher.endings(self._analyzer.analyze(piece.text)):
            if len(rest) >= SAYS_ENOUGH and self._asking.seeks(rest):
                last = piece._replace(text=rest)
                if parted := self._before(last, before, piece):
                    return parted
        return (piece,)

    def _before(self, last: Piece, text: str, whole: Piece) -> tuple[Piece, ...]:
        """Return what the *whole* falls into, if *text*, before its *last* question, may stand there."""
        said = self._analyzer.analyze(text)
        first = Piece(self._splitter.unjoined(text), asks=True)
        if self._asking.seeks(first.text):
            parted = self.parted(first)
            asks = len(first.text) >= SAYS_ENOUGH and self._matcher.wrote(first.text)
            return (*parted, last) if asks or len(parted) > 1 else ()
        if said.foreign:
            return ()
        if self._splitter.sets(said):
            return (last._replace(text=self._splitter.platforms(said) + last.text),)
        # What names the subject may change what is asked: 没有执照怎么开店.
        changes = self._names(text) and self._resolver.alone(whole.text).is_known
        tells = self._splitter.recounts(said) and not changes
        return (Piece(text, asks=False), last) if tells else ()
