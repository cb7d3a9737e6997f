"""Where a message may fall into several questions.

Marks are no proof: people write 我是个体户，能开店吗 (one question) and 怎么开店要押金吗 (two, and
no mark). So this says only where a message *may* be cut; matching finds out which cuts make sense.
"""

import re
from collections.abc import Iterator, Sequence

from bot.language.lexicon import Lexicon, one_of

# Particles that end a question, and words that do when nothing follows them: 要押金不, 交了没.
_ENDING = r"(?:[吗么呢嘛]|不|没|没有|否)[啊呀的了]?$"
_WHETHER = r"(\w)[不没]\1"  # 退不退
# These ask only where something else shows that they do: 能退 tells, 能退吗 and 能不能退 ask.
MODALS = frozenset({"能", "可以", "能够"})


class Splitter:
    """Finds places to cut normalized messages."""

    def __init__(self, lexicon: Lexicon) -> None:
        connectives = one_of(lexicon.general.connectives)
        # A gap beside Latin letters parts words, not questions.
        gap = r"(?:[?!;,]|(?<![a-z])\s(?![a-z]))\s*"
        self._marks = re.compile(
            rf"(?:{gap})+(?:(?:{connectives})[,:\s]*)*|(?:{connectives})[,:\s]*"
        )
        self._asking = re.compile(
            f"{one_of(lexicon.question_types.keys() - MODALS)}|{_WHETHER}|{_ENDING}"
        )

    def pieces(self, text: str) -> list[str]:
        """Return what stands between the marks, gaps and connectives of *text*."""
        pieces = (piece.strip(" ,.:;") for piece in self._marks.split(text))
        return [piece for piece in pieces if piece] or [text]

    def asks(self, text: str) -> bool:
        """Tell whether *text* is a question by its own words."""
        return self._asking.search(text) is not None

    def cuts(self, tokens: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Yield the ways to cut the text of *tokens* into two questions."""
        for place in range(1, len(tokens)):
            first, second = "".join(tokens[:place]), "".join(tokens[place:])
            if self.asks(first) and self.asks(second):
                yield first, second
