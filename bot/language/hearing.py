"""What was meant by pinyin that was typed instead of characters.

Of the words that sound so, those are taken that a base most often says one after the other: the
likeliest path through a bigram model, as input methods for Chinese find it (Chen & Lee 2000, "A New
Statistical Approach to Chinese Pinyin Input"). What two words say together is told by the characters
at which they meet.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from heapq import nsmallest
from math import log
from types import MappingProxyType
from typing import Final, NamedTuple

from bot.language.bigrams import Bigrams
from bot.language.phonetics import readings, sounds, typed_sounds

LONGEST: Final = 6  # characters of a word
MOST: Final = 20  # words that sound alike; of those that are used less, hardly one was meant
FEW: Final = 3  # ways to hear what comes before a word that are followed
ANY: Final = "\0"  # stands for a character that was not typed

_letter = re.compile("[a-z]")
_mark = re.compile(r"(\s*[^\w\s]+\s*)")


class _Path(NamedTuple):
    """Words for the beginning of what was heard, and their price in nats."""

    price: float
    words: str


class _Heard(NamedTuple):
    """The *sounds* of a text, and the characters that were *typed*: ANY where it is in pinyin.

    *letters* may stand as they were typed: by where they end, where they start, and they themselves.
    """

    sounds: str
    typed: str
    letters: Mapping[int, tuple[int, str]] = MappingProxyType({})


class Hearer:
    """Hears pinyin as words, each *used* so often, by what a base says *beside* each other."""

    def __init__(self, beside: Bigrams, used: Mapping[str, int]) -> None:
        self._beside = beside
        self._used = used

    def message(self, text: str) -> str | None:
        """Return normalized *text* in characters, if it is pinyin but for its numbers and marks.

        None where it is anything else, or where no words sound so.
        """
        parts = [self._spelt(part) for part in _mark.split(text)]
        return None if None in parts else "".join(filter(None, parts))

    def within(self, tokens: Sequence[str]) -> str:
        """Return the text of *tokens*, in characters those of them that are pinyin and no words."""
        text = "".join(tokens)
        if not _letter.search(text):
            return text
        spoken, typed = "", ""
        letters: dict[int, tuple[int, str]] = {}
        for token in tokens:
            spelt = _sounds_spelt(token)
            if spelt and token not in self._used:
                letters[len(spoken) + len(spelt)] = len(spoken), token
                spoken += spelt
                typed += ANY * len(spelt)
            elif not token.isspace():
                spoken += sounds(token)
                typed += token
        return self._likeliest(_Heard(spoken, typed, letters)) or text if letters else text

    def _spelt(self, text: str) -> str | None:
        """Return the words that *text* between two marks spells, or the mark that it is."""
        if _mark.fullmatch(text):
            return text
        heard = [token if token.isdigit() else _sounds_spelt(token) for token in text.split()]
        if None in heard:
            return None
        spoken = "".join(filter(None, heard))
        return self._likeliest(_Heard(spoken, re.sub(r"\D", ANY, spoken)))

    def _likeliest(self, heard: _Heard) -> str | None:
        """Return the likeliest words that sound as *heard*; None where there are none."""
        paths: list[list[_Path]] = [[_Path(0.0, "")]]  # to each place, the FEW best
        for end in range(1, len(heard.sounds) + 1):
            best: dict[str, _Path] = {}  # by the character that it ends with
            for start, price, word in self._words(heard, end):
                path = min(self._continued(paths[start], word, price), default=None)
                if path and (word[-1] not in best or path < best[word[-1]]):
                    best[word[-1]] = path
            paths.append(nsmallest(FEW, best.values()))
        return paths[-1][0].words if paths[-1] else None

    def _words(self, heard: _Heard, end: int) -> Iterator[tuple[int, float, str]]:
        """Yield the words that end there in what was *heard*: where each starts, its price, and it."""
        for start in range(max(0, end - LONGEST), end):
            typed = heard.typed[start:end]
            for price, word in self._sounding.get(heard.sounds[start:end], ()):
                if all(map(_fits, typed, word)):
                    yield start, price, word
        if (typed := heard.typed[end - 1]) != ANY:
            yield end - 1, self._price(typed), typed
        if end in heard.letters:
            start, letters = heard.letters[end]
            yield start, (end - start) * self._price(letters), letters

    def _continued(self, paths: Sequence[_Path], word: str, price: float) -> Iterator[_Path]:
        """Yield each of *paths* with *word* of such a *price* behind it."""
        for path in paths:
            bond = self._beside.bond(path.words[-1], word[0]) if path.words else 0.0
            yield _Path(path.price + price - bond, path.words + word)

    def _price(self, word: str) -> float:
        return log((self._total + 1) / (self._used.get(word, 0) + 0.5))

    @cached_property
    def _total(self) -> int:
        return sum(self._used.values())

    @cached_property
    def _sounding(self) -> Mapping[str, Sequence[tuple[float, str]]]:
        """The words with their prices by how they sound, of each sound the MOST that are cheapest."""
        words: defaultdict[str, list[tuple[float, str]]] = defaultdict(list)
        for price, word in sorted((self._price(word), word) for word in self._used):
            for spoken in () if word.isascii() else readings(word):
                if len(alike := words[spoken]) < MOST:
                    alike.append((price, word))
        return words


def _sounds_spelt(token: str) -> str | None:
    return typed_sounds(token) if token.isascii() else None


def _fits(typed: str, character: str) -> bool:
    return typed in {ANY, character}
