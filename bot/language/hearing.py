"""What was meant by what only sounds right: pinyin instead of characters, and homophones.

Of the words that sound as what was typed, those are taken that a base most often says one after the
other: the likeliest path through a bigram model, as input methods for Chinese find it (Chen & Lee
2000, "A New Statistical Approach to Chinese Pinyin Input"). What two words say together is told by
the characters at which they meet, smoothed with a Dirichlet prior (MacKay & Peto 1995, "A
Hierarchical Dirichlet Language Model").
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property, lru_cache
from heapq import nsmallest
from math import log
from typing import Final, NamedTuple

from bot.language.phonetics import sounds, typed_sounds
from bot.language.repairing import LONGEST, Spellings

MOST: Final = 20  # words that sound alike; of those that are used less, hardly one was meant
FEW: Final = 3  # ways to hear what comes before a word that are followed
# Weight of the prior, in occurrences. Among 1, 5, 20 and 100 most of the development cases of the 1688
# base come out of their pinyin as they were: 601, 613, 632, 634 of 987.
PRIOR: Final = 100
# Price in nats of each character that is not what was typed. At 4 and 6, 80.2 and 79.8 % of the
# development cases with one homophone are answered rightly.
MISHEARD: Final = 4.0
# Counts of characters and pairs that are kept at hand; of a base, a few thousand are common.
KEPT: Final = 10_000
ANY: Final = "\0"  # stands for a character that need not have been meant

_mark = re.compile(r"(\s*[^\w\s]+\s*)")


class _Path(NamedTuple):
    """Words for the beginning of what was heard, and their price in nats."""

    price: float
    words: str


class _Heard(NamedTuple):
    """What a text sounds like, what was *typed*, and what of that was *meant*.

    Nothing was typed where it is in pinyin.
    """

    sounds: str
    typed: str = ""
    meant: str = ""


class Hearer:
    """Hears texts as words, of which a base has such *spellings*.

    *said* tells how often it says a character, or a pair of neighbours. A longer word that the base
    does not use but the language knows (*is_word*) was meant, unless it sounds like one of *subject*.
    """

    def __init__(
        self,
        spellings: Spellings,
        said: Callable[[str], int],
        subject: AbstractSet[str],
        is_word: Callable[[str], bool],
    ) -> None:
        self._spellings = spellings
        self._said = lru_cache(KEPT)(said)
        self._subject = subject
        self._is_word = is_word

    def homophones(self, tokens: Sequence[str]) -> str:
        """Return the likeliest words that sound as *tokens*; what no word sounds like stays."""
        text = "".join(tokens)
        meant = "".join(token if self._is_meant(token) else ANY * len(token) for token in tokens)
        return self._likeliest(_Heard(sounds(text), text, meant)) or text

    def _is_meant(self, token: str) -> bool:
        return len(token) > 1 and token not in self._spellings.used and self._is_word(token)

    def pinyin(self, text: str) -> str | None:
        """Return normalized *text* in characters, if it is pinyin but for its numbers and marks.

        None where it is anything else, or where no words sound so.
        """
        parts = [self._spelt(part) for part in _mark.split(text)]
        return None if None in parts else "".join(filter(None, parts))

    def _spelt(self, text: str) -> str | None:
        """Return the words that *text* between two marks spells, or the mark that it is."""
        if _mark.fullmatch(text):
            return text
        heard: list[str] = []
        for token in text.split():
            spelt = token if token.isdigit() else typed_sounds(token)
            if spelt is None:
                return None
            heard += spelt
        return self._likeliest(_Heard("".join(heard)))

    def _likeliest(self, heard: _Heard) -> str | None:
        """Return the likeliest words that sound as *heard*; None where there are none."""
        paths: list[list[_Path]] = [[_Path(0.0, "")]]  # to each place, the FEW best
        for end in range(1, len(heard.sounds) + 1):
            best: dict[str, _Path] = {}  # by the character that it ends with
            for start in range(max(0, end - LONGEST), end):
                for price, word in self._words(heard, start, end):
                    path = min(self._continued(paths[start], word, price), default=None)
                    if path and (word[-1] not in best or path < best[word[-1]]):
                        best[word[-1]] = path
            paths.append(nsmallest(FEW, best.values()))
        return paths[-1][0].words if paths[-1] else None

    def _words(self, heard: _Heard, start: int, end: int) -> Iterator[tuple[float, str]]:
        """Yield the words that sound as *heard* from *start* to *end*, with their prices."""
        spoken = heard.sounds[start:end]
        typed, meant = heard.typed[start:end], heard.meant[start:end]
        for price, word in self._sounding.get(spoken, ()):
            if all(map(_fits, meant, word)) or word in self._subject:
                yield price + MISHEARD * sum(map(str.__ne__, word, typed)), word
        if len(spoken) == 1 and (typed or spoken.isdigit()):
            yield self._price(typed or spoken), typed or spoken

    def _continued(self, paths: Sequence[_Path], word: str, price: float) -> Iterator[_Path]:
        """Yield each of *paths* with *word* of such a *price* behind it."""
        for path in paths:
            bond = self._bond(path.words[-1], word[0]) if path.words else 0.0
            yield _Path(path.price + price - bond, path.words + word)

    def _bond(self, before: str, after: str) -> float:
        """Return how much likelier, in nats, the character *after* is behind *before* than anywhere."""
        share = (self._said(after) + 0.5) / self._characters_said
        shared = (self._said(before + after) + PRIOR * share) / (self._said(before) + PRIOR)
        return log(shared / share)

    def _price(self, word: str) -> float:
        return self._spellings.price(self._spellings.used.get(word, 0))

    @cached_property
    def _characters_said(self) -> int:
        return 1 + sum(map(self._said, set().union(*self._spellings.used)))

    @cached_property
    def _sounding(self) -> Mapping[str, Sequence[tuple[float, str]]]:
        """The words with their prices by how they sound, of each sound the MOST that are cheapest."""
        words: defaultdict[str, list[tuple[float, str]]] = defaultdict(list)
        for price, word in sorted((self._price(word), word) for word in self._spellings.used):
            if not word.isascii() and len(alike := words[sounds(word)]) < MOST:
                alike.append((price, word))
        return words


def _fits(meant: str, character: str) -> bool:
    return meant in {ANY, character}
