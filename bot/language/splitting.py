"""A message's questions: where one certainly ends, and where one may end."""

import re

from bot.language.lexicon import General, one_of

# Particles that end a question when more follows without a mark between (要押金吗能退么).
ENDINGS = "吗么呢嘛"
# What turns a particle into part of a word.
NOT_ENDINGS = "什怎那这多要"


class Splitter:
    """Splits normalized messages."""

    def __init__(self, general: General) -> None:
        connective = one_of(general.connectives)
        self._sure = re.compile(rf"[?!;。\n]+|[,. ]*(?:{connective})[,.: ]*")
        self._maybe = re.compile(
            rf"[,. ]+|(?<![{NOT_ENDINGS}])(?<=[{ENDINGS}])(?=.)"
        )
        asking = [form for forms in general.question_types.values() for form in forms]
        self._asks = re.compile(f"{one_of(asking)}|[{ENDINGS}不没]")

    def split(self, text: str) -> list[str]:
        """Return the utterances of *text*, split only where that is certain."""
        pieces = (piece.strip(" ,.:") for piece in self._sure.split(text))
        return [piece for piece in pieces if piece] or [text]

    def cuts(self, utterance: str) -> list[tuple[str, ...]]:
        """Return other ways to read *utterance*: as the two or more questions that it may hold.

        Whether one of them holds is for matching to say, as 开店流程要押金吗 shows no border.
        """
        raise NotImplementedError
