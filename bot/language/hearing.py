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
from math import log
from typing import Final, NamedTuple

from bot.language.phonetics import sounds, typed_sounds

LONGEST: Final = 6  # characters of a word that is looked for
MOST: Final = 20  # words that sound alike; of those that are used less, hardly one was meant
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
    """What a text, or a part of one, sounds like, what was *typed*, and what of that was *meant*.

    Nothing was typed where it is in pinyin.
    """

    sounds: str
    typed: str = ""
    meant: str = ""

    def part(self, start: int, end: int) -> "_Heard":
        """Return what stands from *start* to *end*."""
        return _Heard(self.sounds[start:end], self.typed[start:end], self.meant[start:end])


class Hearer:
    """Hears texts as words, which a base has *used* so often.

    *said* tells how often it says a character, or a pair of neighbours. A longer word that the base
    does not use but the language knows (*is_word*) was meant, unless it sounds like one of *subject*.
    """

    def __init__(
        self,
        used: Mapping[str, int],
        said: Callable[[str], int],
        subject: AbstractSet[str],
        is_word: Callable[[str], bool],
    ) -> None:
        self._used = used
        self._said = lru_cache(KEPT)(said)
        self._subject = subject
        self._is_word = is_word

    def homophones(self, tokens: Sequence[str]) -> str:
        """Return the likeliest words that sound as *tokens*; what no word sounds like stays."""
        text = "".join(tokens)
        meant = "".join(token if self._is_meant(token) else ANY * len(token) for token in tokens)
        return self._likeliest(_Heard(sounds(text), text, meant)) or text

    def _is_meant(self, token: str) -> bool:
        return len(token) > 1 and token not in self._used and self._is_word(token)

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
        # To each place the best path to it by the character that it ends with.
        paths: list[dict[str, _Path]] = [{"": _Path(0.0, "")}]
        for end in range(1, len(heard.sounds) + 1):
            best: dict[str, _Path] = {}
            for start in range(max(0, end - LONGEST), end):
                for word, misheard in self._words(heard.part(start, end)):
                    for path in self._continued(paths[start], word, MISHEARD * misheard):
                        if word[-1] not in best or path < best[word[-1]]:
                            best[word[-1]] = path
            paths.append(best)
        return min(paths[-1].values()).words if paths[-1] else None

    def _words(self, heard: _Heard) -> Iterator[tuple[str, int]]:
        """Yield the words that sound as *heard*, and how many characters of each were not typed."""
        for word in self._sounding.get(heard.sounds, ()):
            as_meant = all(map(_fits, heard.meant, word))
            if as_meant or word in self._subject:
                yield word, sum(map(str.__ne__, word, heard.typed))
        if len(heard.sounds) == 1 and (heard.typed or heard.sounds.isdigit()):
            yield heard.typed or heard.sounds, 0

    def _continued(self, paths: Mapping[str, _Path], word: str, price: float) -> Iterator[_Path]:
        """Yield each of *paths* with *word* behind it, which costs *price* besides."""
        first = self._share(word[0])
        price += log((self._words_used + 1) / (self._used.get(word, 0) + 0.5))
        for last, path in paths.items():
            met = self._said(last + word[0]) if last else 0
            after = (met + PRIOR * first) / ((self._said(last) if last else 0) + PRIOR)
            yield _Path(path.price + price - log(after / first), path.words + word)

    def _share(self, character: str) -> float:
        """Return how much of what the base says *character* is; a little where it never says it."""
        return (self._said(character) + 0.5) / self._characters_said

    @cached_property
    def _words_used(self) -> int:
        return sum(self._used.values())

    @cached_property
    def _characters_said(self) -> int:
        return 1 + sum(map(self._said, set().union(*self._used)))

    @cached_property
    def _sounding(self) -> Mapping[str, Sequence[str]]:
        """The words by how they sound, of each sound the MOST that are used most."""
        words: defaultdict[str, list[str]] = defaultdict(list)
        for word in sorted(self._used, key=self._rarity):
            if not word.isascii() and len(alike := words[sounds(word)]) < MOST:
                alike.append(word)
        return words

    def _rarity(self, word: str) -> int:
        return -self._used[word]


def _fits(meant: str, character: str) -> bool:
    return meant in {ANY, character}
