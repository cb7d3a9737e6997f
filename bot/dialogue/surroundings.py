"""What stands around a question that an operator wrote, where no mark parts it from that."""

from bot.dialogue.resolving import Resolver
from bot.language.analyzing import Analyzer
from bot.language.asking import Asking
from bot.language.marks import Piece
from bot.language.splitting import Splitter
from bot.matching.matcher import Matcher

SAYS_ENOUGH = 4  # characters of what an operator wrote, to be a question beside something else
LONGEST = 16  # words of such a question
PARTICLES = "了过着的得地"  # belong to what stands before them


class Surroundings:
    """Finds them by what *splitter* says of them, and the questions by *matcher*."""

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
        """Return *piece*, or what it falls into if a question that an operator wrote ends or begins it.

        Beside it is such a question, too (怎么注册押金多少), or what only tells (刚注册怎么退押金,
        怎么退押金啊我急用钱); what says no more than who asks, when or where (手机上怎么上架) is left out.
        """
        if not piece.asks or self._matcher.wrote(piece.text):
            return (piece,)
        tokens = self._analyzer.analyze(piece.text).tokens
        for place in range(max(1, len(tokens) - LONGEST), len(tokens)):
            question = self._question(tokens[place:])
            if question and (apart := self._behind("".join(tokens[:place]), question, piece)):
                return apart
        for place in range(min(LONGEST, len(tokens) - 1), 0, -1):
            after = "".join(tokens[place:])
            if after[0] in PARTICLES:
                continue
            question = self._question(tokens[:place])
            if question and self._only_tells(after, piece):
                return Piece(question, asks=True), Piece(after, asks=False)
        return (piece,)

    def _question(self, tokens: tuple[str, ...]) -> str:
        """Return the text of *tokens* if an operator may have written that question, else nothing."""
        text = "".join(tokens)
        is_one = (
            len(text) >= SAYS_ENOUGH
            and self._matcher.may_have_written(tokens)
            and self._asking.seeks(text)
        )
        return text if is_one else ""

    def _behind(self, text: str, question: str, whole: Piece) -> tuple[Piece, ...]:
        """Return what the *whole* falls into, if *text* may stand before the *question* that ends it."""
        last = whole._replace(text=question)
        first = Piece(self._splitter.unjoined(text), asks=True)
        if self._asking.seeks(first.text):
            apart = self.parted(first)
            asks = len(first.text) >= SAYS_ENOUGH and self._matcher.wrote(first.text)
            return (*apart, last) if asks or len(apart) > 1 else ()
        said = self._analyzer.analyze(text)
        if self._splitter.sets(said) and not said.foreign:
            return (last._replace(text=self._splitter.platforms(said) + question),)
        return (Piece(text, asks=False), last) if self._only_tells(text, whole) else ()

    def _only_tells(self, text: str, whole: Piece) -> bool:
        """Tell whether *text*, beside a question in the *whole*, only says what that is about.

        What names the subject may change what is asked: 没有执照怎么开店.
        """
        said = self._analyzer.analyze(text)
        return (
            self._splitter.recounts(said)
            and not (said.foreign or self._asking.seeks(text))
            and not (self._names(text) and self._resolver.alone(whole.text).is_known)
        )
