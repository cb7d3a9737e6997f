"""Mistyped copies of utterances: what training needs to see of the people who type in a hurry.

The same text gives the same copy each time. Benchmarks have disturbances of their own, so that
nothing is measured on what it was trained with.
"""

import random
from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from bot.language.phonetics import sound_of

# Of the mistakes, how many are homophones, as input methods offer them; of the rest, as many characters
# are wrong, as many too many or too few, and as many are swapped. Measured nowhere: an even mix.
BY_EAR: Final = 0.4


class Mistyping:
    """Types texts with one mistake, using the characters that *texts* have."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._characters = sorted({c for text in texts for c in text if sound_of(c) != c})
        self._alike: dict[str, list[str]] = defaultdict(list)
        for character in self._characters:
            self._alike[sound_of(character)].append(character)

    def mistyped(self, text: str) -> str:
        """Return *text* with one mistake in a Han character; where none can be made, the text itself."""
        chance = random.Random(text)  # noqa: S311  # reproducible, not secret
        places = [at for at, character in enumerate(text) if sound_of(character) != character]
        if not places:
            return text
        at = chance.choice(places)
        before, typed, after = text[:at], text[at], text[at + 1 :]
        if chance.random() < BY_EAR:
            copies = [before + other + after for other in self._alike[sound_of(typed)]]
        else:
            other = chance.choice(self._characters)
            copies = [
                before + other + after,
                before + typed + other + after,
                before + after,
                before[:-1] + typed + before[-1:] + after,
            ]
        return chance.choice([copy for copy in copies if copy != text] or [text])
