"""Words that were typed by ear: homophones, and pinyin instead of characters.

What a base's vocabulary does not know may be a word that it does know, spelt by its sound:
压金 for 押金, 手续飞 for 手续费, baozhengjin for 保证金. A repaired text is an offer: the
matcher takes it only where the whole question fits better with it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from enum import Enum, auto
from typing import NamedTuple

from bot.language.phonetics import sounds, typed_sounds

LONGEST = 6  # sounds of a word that is looked for


class Trust(Enum):
    """How sure it is that a character was meant as it stands."""

    NONE = auto()  # it was spelt in pinyin
    CHARACTER = auto()  # part of no word that anybody knows
    WORD = auto()  # part of a word of the language
    FULL = auto()  # part of a word that the base uses


class _Typed(NamedTuple):
    """A *character* of a text, or the sound of one, and the *trust* in it."""

    character: str
    trust: Trust


class Repairer:
    """Spells texts with the words of *vocabulary*, which says how often each is used.

    What the language knows as a word (*is_word*) was probably meant: it gives way only to one of
    the *subject*'s own words, as 认真 does to 认证.
    """

    def __init__(
        self,
        vocabulary: Mapping[str, int],
        subject: AbstractSet[str],
        is_word: Callable[[str], bool],
    ) -> None:
        self._vocabulary = vocabulary
        self._subject = subject
        self._is_word = is_word
        self._by_sounds: dict[str, str] = {}
        for word in sorted(vocabulary, key=lambda word: (vocabulary[word], word)):
            if not word.isascii():
                self._by_sounds[sounds(word)] = word

    def repair(self, tokens: Sequence[str]) -> str:
        """Return the text of *tokens* with the unknown ones spelt by words that sound the same."""
        if all(token in self._vocabulary for token in tokens):
            return "".join(tokens)
        typed = list(self._spread(tokens))
        heard = sounds("".join(one.character for one in typed))
        repaired: list[str] = []
        place = 0
        while place < len(typed):
            word = self._word_at(place, heard, typed)
            repaired.append(word or typed[place].character)
            place += len(word) if word else 1
        return "".join(repaired)

    def _spread(self, tokens: Sequence[str]) -> Iterator[_Typed]:
        """Yield the characters of *tokens*.

        Pinyin that was typed becomes its sounds, which stand for characters nobody typed.
        """
        for token in tokens:
            familiar = token in self._vocabulary
            spelt = None if familiar or not token.isascii() else typed_sounds(token)
            if spelt:
                yield from (_Typed(sound, Trust.NONE) for sound in spelt)
                continue
            word = len(token) > 1 and self._is_word(token)
            trust = Trust.FULL if familiar else Trust.WORD if word else Trust.CHARACTER
            yield from (_Typed(character, trust) for character in token)

    def _word_at(self, place: int, heard: str, typed: Sequence[_Typed]) -> str | None:
        for length in range(min(LONGEST, len(heard) - place), 0, -1):
            end = place + length
            word = self._by_sounds.get(heard[place:end])
            trust = [one.trust for one in typed[place:end]]
            if not word or all(each is Trust.FULL for each in trust):
                continue
            if length == 1 and trust[0] is not Trust.NONE:
                continue
            if Trust.WORD in trust and word not in self._subject:
                continue
            return word
        return None
