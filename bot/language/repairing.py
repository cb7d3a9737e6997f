"""Words that were mistyped: by ear, by a slip, or in pinyin instead of characters.

What a base's vocabulary does not know may be a word that it does know, spelt by its sound (压金 for
押金, baozhengjin for 保证金), or with one character wrong, too many, too few or swapped with its
neighbour (押全, 保誓证金, 保金, 证认). Of all ways to read a text as words, the likeliest is taken:
a word is as likely as the base uses it, and a mistake has a price (the noisy channel of Kernighan,
Church & Gale 1990, "A Spelling Correction Program Based on a Noisy Channel Model"). A repaired text
is an offer: the matcher takes it only where the whole question fits better with it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from enum import IntEnum
from itertools import groupby, product
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
    APART = 4  # a word that the base uses, of one character
    FULL = 5  # part of a longer one


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


class _Offer(NamedTuple):
    """A *word* that a part of a text may be read as, where that part starts, and the price."""

    start: int
    word: str
    price: float


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

    def price(self, count: int) -> float:
        """Return what a word costs, in nats, that is used so often."""
        return log((self.total + 1) / (count + 0.5))


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
    one of the *subject*'s own words that sounds the same, as 认真 does to 认证, and so do words of one
    character side by side, as 压|金 to 押金; a character that the base does not use, to one that
    sounds the same, as 涡 does to 我.
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
        self._subject_sounds = {sounds(word) for word in subject if len(word) > 1}

    def repair(self, tokens: Sequence[str]) -> str:
        """Return the text of *tokens* with the unknown ones spelt as words that the base knows."""
        known = all(token in self._spellings.used for token in tokens)
        if known and not self._heard_apart(tokens):
            return "".join(tokens)
        typed = list(self._spread(tokens))
        text = "".join([one.character for one in typed])
        trust = [one.trust for one in typed]
        offers = self._offers(text, trust)
        return self._likeliest(text, trust, offers) if offers else text

    def _heard_apart(self, tokens: Sequence[str]) -> bool:
        """Tell whether words of one character side by side sound like a word of the subject."""
        for is_run, run in groupby(tokens, lambda token: len(token) == 1):
            heard = sounds("".join(run)) if is_run else ""
            for start, length in product(range(len(heard) - 1), range(2, LONGEST + 1)):
                if heard[start : start + length] in self._subject_sounds:
                    return True
        return False

    def _likeliest(
        self, text: str, trust: Sequence[Trust], offers: Mapping[int, Sequence[_Offer]]
    ) -> str:
        """Return *text* with those of the *offers* taken, by where they end, that make it likeliest."""
        best = [_Reading(0.0, 0, "")]
        for end in range(1, len(text) + 1):
            readings = [
                _Reading(best[start].price + price, start, word)
                for start, word, price in (
                    *self._as_it_stands(text, trust, end),
                    *offers.get(end, ()),
                )
            ]
            best.append(min(readings))
        words: list[str] = []
        end = len(text)
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
            return Trust.FULL if len(token) > 1 else Trust.APART
        if not self._is_word(token):
            return Trust.STRAY
        return Trust.WORD if len(token) > 1 else Trust.LONE

    def _as_it_stands(self, text: str, trust: Sequence[Trust], end: int) -> Iterator[_Offer]:
        """Yield the words of the base that end there in *text*, and its last character."""
        used = self._spellings.used
        for start in range(max(0, end - LONGEST), end - 1):
            if (count := used.get(text[start:end])) is not None:
                yield _Offer(start, text[start:end], self._spellings.price(count))
        last = text[end - 1]
        unmeant = trust[end - 1] is Trust.NONE
        yield _Offer(end - 1, last, inf if unmeant else self._spellings.price(used.get(last, 0)))

    def _offers(self, text: str, trust: Sequence[Trust]) -> dict[int, list[_Offer]]:
        """Return the words that parts of *text* may stand for, by where those parts end.

        *trust* is how far each of its characters is to be trusted.
        """
        heard = sounds(text)
        offers: dict[int, list[_Offer]] = defaultdict(list)
        doubted = -1  # the last character that may be wrong
        apart = 0  # where the words of one character start that stand side by side
        for end in range(1, len(text) + 1):
            if trust[end - 1] < Trust.APART:
                doubted = end - 1
            if trust[end - 1] is not Trust.APART:
                apart = end
            for start in range(max(apart, end - LONGEST), end - 1):
                word = self._spellings.by_sounds.get(heard[start:end])
                if word and word in self._subject and word != text[start:end]:
                    price = self._spellings.price(self._spellings.used[word]) + BY_EAR
                    offers[end].append(_Offer(start, word, price))
            for start in range(max(0, end - LONGEST), doubted + 1):
                for word, price in self._words(text[start:end], trust[start:end], heard[start:end]):
                    offers[end].append(_Offer(start, word, price))
        return offers

    def _words(self, text: str, trust: Sequence[Trust], heard: str) -> Iterator[tuple[str, float]]:
        """Yield the words that *text*, which sounds like *heard*, may be mistyped for, and their prices.

        *trust* is how far each of its characters is to be trusted.
        """
        used = self._spellings.used
        if len(text) > 1 and text in used:
            return
        in_words = Trust.WORD in trust
        word = self._spellings.by_sounds.get(heard)
        if (
            word
            and (word in self._subject or not in_words)
            and (len(text) > 1 or trust[0] < Trust.WORD)
        ):
            yield word, self._spellings.price(used[word]) + BY_EAR
        if not in_words and min(trust) in {Trust.STRAY, Trust.LONE}:
            for key in _undone(text, trust):
                if word := self._spellings.by_slip.get(key):
                    yield word, self._spellings.price(used[word]) + BY_SLIP


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
