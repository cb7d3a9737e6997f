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
# Words that join two things which one question asks about.
CONJUNCTIONS = frozenset({"和", "与", "及", "跟", "以及"})
LONGEST_THING = 3  # words, as 需要/的/资料
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
        self._saying = lexicon.negations | lexicon.question_types.keys()
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

    def shared(self, tokens: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Yield the ways to read *tokens* as a question about two things, asked one by one.

        押金和年费多少钱 is 押金多少钱 and 年费多少钱, 开店费用及流程 is 开店费用 and 开店流程.
        """
        for place, token in enumerate(tokens):
            if token not in CONJUNCTIONS or not 0 < place < len(tokens) - 1:
                continue
            before, after = tokens[:place], tokens[place + 1 :]
            for end in range(1, len(after) + 1):
                if self._is_thing(after[:end]):
                    yield "".join((*before, *after[end:])), "".join(after)
            for head in range(1, len(before)):
                if self._is_thing(before[head:]):
                    yield "".join(before), "".join((*before[:head], *after))

    def _is_thing(self, tokens: Sequence[str]) -> bool:
        """Tell whether *tokens* may name a thing that is asked about, and say nothing of it."""
        return len(tokens) <= LONGEST_THING and self._saying.isdisjoint(tokens)

    def cuts(self, tokens: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Yield the ways to cut the text of *tokens* into two questions."""
        for place in range(1, len(tokens)):
            first, second = "".join(tokens[:place]), "".join(tokens[place:])
            if self.asks(first) and self.asks(second):
                yield first, second
