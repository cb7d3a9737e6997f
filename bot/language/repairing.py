"""Words that were mistyped: by ear, by a slip, or in pinyin instead of characters.

What a base's vocabulary does not know may be a word that it does know, spelt by its sound (压金 for
押金, baozhengjin for 保证金), or with one character wrong, too many, too few or swapped with its
neighbour (押全, 保誓证金, 保金, 证认). Of all ways to read a text as words, the likeliest is taken:
a word is as likely as the base uses it, and a mistake has a price (the noisy channel of Kernighan,
Church & Gale 1990, "A Spelling Correction Program Based on a Noisy Channel Model"). A repaired text
is an offer: the matcher takes it only where the whole question fits better with it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from enum import IntEnum
from math import inf, log
from typing import Final, NamedTuple

from bot.language.phonetics import sounds, typed_sounds

LONGEST: Final = 6  # characters of a word that is looked for
LEAST_USED: Final = 2  # questions of the base that have a word which a slip may lead to
ANY: Final = "\0"  # stands for the character that was typed wrong

# Prices of a mistake, in nats. Chosen on mistyped development cases of the 1688 base.
BY_EAR: Final = 4.0
BY_SLIP: Final = 9.0


class Trust(IntEnum):
    """How sure it is that a character was meant as it stands."""

    NONE = 0  # it was spelt in pinyin
    STRAY = 1  # part of no word that anybody knows
    LONE = 2  # a word of the language by itself
    WORD = 3  # part of a longer word of the language
    FULL = 4  # part of a word that the base uses


class _Typed(NamedTuple):
    """A *character* of a text, or the sound of one, and the *trust* in it."""

    character: str
    trust: Trust


class _Reading(NamedTuple):
    """A way to read the beginning of a text: its *price* in nats, and its last word.

    *start* is where that word starts.
    """

    price: float
    start: int
    word: str


class Spellings(NamedTuple):
    """Where the words of a vocabulary are found by what may be typed for them.

    Attributes:
        used: How often each word is used.
        total: How often all are used together.
        by_sounds: The word that is used most of those that sound so.
        by_slip: The word that is used most of those that such a slip may have made of it.

    """

    used: Mapping[str, int]
    total: int
    by_sounds: Mapping[str, str]
    by_slip: Mapping[str, str]


def spell(vocabulary: Mapping[str, int]) -> Spellings:
    """Find the spellings of *vocabulary*, which says how often each word is used."""
    by_sounds: dict[str, str] = {}
    by_slip: dict[str, str] = {}
    # The word that is used most comes last and stays.
    for word in sorted(vocabulary, key=lambda word: (vocabulary[word], word)):
        if not word.isascii():
            by_sounds[sounds(word)] = word
            if vocabulary[word] >= LEAST_USED:
                by_slip.update(dict.fromkeys(_slips(word), word))
    return Spellings(vocabulary, sum(vocabulary.values()), by_sounds, by_slip)


class Repairer:
    """Spells texts with words of such *spellings*.

    What the language knows as a word (*is_word*) was probably meant. A longer one gives way only to
    one of the *subject*'s own words that sounds the same, as 认真 does to 认证; a character that the
    base does not use, to one that sounds the same, as 涡 does to 我.
    """

    def __init__(
        self,
        spellings: Spellings,
        subject: AbstractSet[str],
        is_word: Callable[[str], bool],
    ) -> None:
        self._spellings = spellings
        self._subject = subject
        self._is_word = is_word
        self._unknown = self._price(0)

    def _price(self, count: int) -> float:
        """Return what a word costs that is used so often."""
        return log((self._spellings.total + 1) / (count + 0.5))

    def repair(self, tokens: Sequence[str]) -> str:
        """Return the text of *tokens* with the unknown ones spelt as words that the base knows."""
        if all(token in self._spellings.used for token in tokens):
            return "".join(tokens)
        typed = list(self._spread(tokens))
        text = "".join([one.character for one in typed])
        trust = [one.trust for one in typed]
        heard = sounds(text)
        best = [_Reading(0.0, 0, "")]
        for end in range(1, len(typed) + 1):
            best.append(
                min(
                    _Reading(best[start].price + price, start, word)
                    for start in range(max(0, end - LONGEST), end)
                    for word, price in self._words(
                        text[start:end], trust[start:end], heard[start:end]
                    )
                )
            )
        words: list[str] = []
        end = len(typed)
        while end:
            words.append(best[end].word)
            end = best[end].start
        return "".join(reversed(words))

    def _spread(self, tokens: Sequence[str]) -> Iterator[_Typed]:
        """Yield the characters of *tokens*.

        Pinyin that was typed becomes its sounds, which stand for characters nobody typed.
        """
        for token in tokens:
            spelt = (
                typed_sounds(token)
                if token.isascii() and token not in self._spellings.used
                else None
            )
            if spelt:
                yield from (_Typed(sound, Trust.NONE) for sound in spelt)
            else:
                trust = self._trust(token)
                yield from (_Typed(character, trust) for character in token)

    def _trust(self, token: str) -> Trust:
        if token in self._spellings.used:
            return Trust.FULL
        if not self._is_word(token):
            return Trust.STRAY
        return Trust.WORD if len(token) > 1 else Trust.LONE

    def _words(self, text: str, trust: Sequence[Trust], heard: str) -> Iterator[tuple[str, float]]:
        """Yield the words that *text*, which sounds like *heard*, may stand for, and their prices.

        *trust* is how far each of its characters is to be trusted.
        """
        used = self._spellings.used
        count = used.get(text)
        worst = min(trust)
        if len(text) == 1:
            price = self._unknown if count is None else self._price(count)
            yield text, price if worst is not Trust.NONE else inf
        elif count is not None:
            yield text, self._price(count)
            return
        if worst is Trust.FULL:
            return
        in_words = Trust.WORD in trust
        word = self._spellings.by_sounds.get(heard)
        if (
            word
            and (word in self._subject or not in_words)
            and (len(text) > 1 or worst < Trust.WORD)
        ):
            yield word, self._price(used[word]) + BY_EAR
        if worst in {Trust.STRAY, Trust.LONE} and not in_words:
            for key in _undone(text, trust):
                if word := self._spellings.by_slip.get(key):
                    yield word, self._price(used[word]) + BY_SLIP


def _slips(word: str) -> Iterator[str]:
    """Yield the keys under which *word* is found: itself, and with a character wrong or missing."""
    if len(word) > 1:
        yield word
        for at in range(len(word)):
            yield word[:at] + ANY + word[at + 1 :]
    if len(word) > 2:  # noqa: PLR2004  # of two characters, one is no word
        for at in range(len(word)):
            yield word[:at] + word[at + 1 :]


def _undone(text: str, trust: Sequence[Trust]) -> Iterator[str]:
    """Yield the keys that *text* may lead to, by how far each of its characters is to be trusted."""
    yield text
    for at in range(len(text) - 1):
        yield text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    for at, of_character in enumerate(trust):
        # At an end it stands beside a whole word, and may be one itself: 要交多少税.
        if of_character in {Trust.STRAY, Trust.LONE} and 0 < at < len(text) - 1:
            yield text[:at] + text[at + 1 :]
        if of_character is Trust.STRAY:
            yield text[:at] + ANY + text[at + 1 :]
