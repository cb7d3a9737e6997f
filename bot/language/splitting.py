"""Where a message may fall into several questions.

Marks are no proof: people write 我是个体户，能开店吗 (one question) and 怎么开店要押金吗 (two, and
no mark). So this says only where a message *may* be cut; matching finds out which cuts make sense.
"""

import re
from collections.abc import Sequence

from bot.language.lexicon import Lexicon, one_of

# Particles that end a question.
PARTICLES = frozenset("吗么呢嘛")
# Words that end a question when nothing follows them: 要押金不, 交了没.
LAST_WORDS = frozenset({"不", "没", "没有", "否"})


class Splitter:
    """Finds places to cut normalized messages."""

    def __init__(self, lexicon: Lexicon) -> None:
        connectives = one_of(lexicon.general.connectives)
        self._marks = re.compile(
            rf"[?!;,\s]+(?:(?:{connectives})[,:\s]*)*|(?:{connectives})[,:\s]*"
        )
        self._question_types = lexicon.question_types

    def pieces(self, text: str) -> list[str]:
        """Return what stands between the marks, gaps and connectives of *text*."""
        pieces = (piece.strip(" ,.:;") for piece in self._marks.split(text))
        return [piece for piece in pieces if piece] or [text]

    def cuts(self, tokens: Sequence[str]) -> list[int]:
        """Return the places between *tokens* that have something asked on either side."""
        asking = [i for i, token in enumerate(tokens) if self._asks(token, i == len(tokens) - 1)]
        if len(asking) < 2:  # noqa: PLR2004  # two questions need two
            return []
        return [i for i in range(1, len(tokens)) if asking[0] < i <= asking[-1]]

    def _asks(self, token: str, last: bool) -> bool:  # noqa: FBT001  # reads well where it is called
        return token in self._question_types or token in PARTICLES or (last and token in LAST_WORDS)
