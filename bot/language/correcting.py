"""Characters that were typed wrong, told by what stands beside them.

Where a base never says two characters beside each other, one of them may be a slip: typed for another
that sounds the same, or for another at all; one too many or one too few; or two are swapped. Of the
texts that one such slip would explain, the likeliest is taken, if it is likelier than what was typed
by more than the slip costs; and again (the noisy channel of Kernighan, Church & Gale 1990, "A Spelling
Correction Program Based on a Noisy Channel Model"). A corrected text is an offer: the matcher takes it
only where the whole question fits better with it.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from itertools import accumulate
from math import exp
from operator import and_
from typing import Final, NamedTuple

from bot.language.bigrams import Bigrams
from bot.language.phonetics import sound_of

MOST_SLIPS: Final = 2
RECENT: Final = 64  # texts kept as corrected: what is read as a piece is ranked next
# Neighbours that are never said, of a text that may be about what the base says.
MOST_ODD: Final = 8

# Prices of a slip, in nats. Chosen on mistyped development cases of the 1688 base, which tell little
# between one nat more or less. Dearer characters too many (12) lose two points of those cases, though
# they are as likely as others instead: what nobody says is better left out.
# LIGHT where what was typed tells what was meant, by its sound, in another order, or but for one
# character; HEAVY where it does not: another character instead, or one too many.
LIGHT: Final = 4.0
HEAVY: Final = 9.0
# How likely a slip is one: its gain, in nats, at which that is even, and over which its odds grow by a
# factor of e. Logistic regression on 3,190 slips found in mistyped development cases of the 1688 base
# and in the same as they were written (2026-11-27).
EVEN: Final = 2.8
STEP: Final = 1.9


class _Slip(NamedTuple):
    """What was *meant* by what stands from *start* to *end*, and how much likelier that is, in nats."""

    gain: float
    start: int
    end: int
    meant: str


class Corrected(NamedTuple):
    """A *text* without its likely slips, of which so many as were *doubted* may be none."""

    text: str
    doubted: float


class Corrector:
    """Corrects texts by what a base says *beside* each other.

    A word of several characters that the base does not use (*used*) but the language knows (*is_word*)
    is no slip of the hand; but it may be one of the ear, as input methods offer words: 认真 is 认证. A
    slip of the hand neither makes nor unmakes one of the characters that *turn* what is said into its
    opposite.
    """

    def __init__(
        self,
        beside: Bigrams,
        used: Container[str],
        turn: AbstractSet[str],
        is_word: Callable[[str], bool],
    ) -> None:
        self._beside = beside
        self._used = used
        self._turn = turn
        self._is_word = is_word
        self._recent = lru_cache(RECENT)(self._corrected)

    def correct(self, tokens: tuple[str, ...]) -> Corrected:
        """Return the text of *tokens* without the slips that are likely in it."""
        return self._recent(tokens)

    def _corrected(self, tokens: tuple[str, ...]) -> Corrected:
        text, doubted = "".join(tokens), 0.0
        whole = self._between_words(tokens)
        stands: list[bool] = []
        for _ in range(MOST_SLIPS):
            odd = [at for at in self._beside.unsaid(text) if at not in whole]
            if not 0 < len(odd) <= MOST_ODD:
                break
            stands = stands or self._meant(tokens)
            slip = max(self._slips(text, odd, stands), default=None)
            if slip is None or slip.gain <= 0:
                break
            text = text[: slip.start] + slip.meant + text[slip.end :]
            doubted += 1 / (1 + exp((slip.gain - EVEN) / STEP))
            stands[slip.start : slip.end] = [True] * len(slip.meant)
            whole = set()
        return Corrected(text, doubted)

    def _between_words(self, tokens: Sequence[str]) -> set[int]:
        """Return the places where a word of the base follows another: a slip leaves no two whole."""
        ends = accumulate(map(len, tokens))
        used = [len(token) > 1 and token in self._used for token in tokens]
        return {at for at, both in zip(ends, map(and_, used, used[1:]), strict=False) if both}

    def _meant(self, tokens: Sequence[str]) -> list[bool]:
        """Tell of each character of *tokens* whether it is no slip of the hand."""
        return [meant for token in tokens for meant in [self._is_meant(token)] * len(token)]

    def _is_meant(self, token: str) -> bool:
        return len(token) > 1 and token not in self._used and self._is_word(token)

    def _slips(self, text: str, odd: Sequence[int], stands: Sequence[bool]) -> Iterator[_Slip]:
        """Yield the likeliest slips that would explain what is *odd* in *text*.

        What *stands* was typed as it was meant, or sounds so.
        """
        for at in odd:
            if not (stands[at - 1] and stands[at]):
                between = self._between(text[at - 1], text[at])
                yield from self._likeliest(text, at, at, between, LIGHT)
        for at in sorted({place for gap in odd for place in (gap - 1, gap)}):
            if sound_of(text[at]) != text[at]:
                yield from self._wrong(text, at, stands=stands[at])
        for at in sorted({max(0, gap + step) for gap in odd for step in (-2, -1, 0)}):
            pair = text[at : at + 2]
            if not any(stands[at : at + 2]) and all(map(self._is_free, pair)):
                yield self._slip(text, at, at + len(pair), pair[::-1], LIGHT)

    def _wrong(self, text: str, at: int, *, stands: bool) -> Iterator[_Slip]:
        """Yield the likeliest slips that would explain the character *at* that place of *text*."""
        typed, before, after = text[at], text[at - 1 : at], text[at + 1 : at + 2]
        alike = self._beside.alike(typed, before, after)
        yield from self._likeliest(text, at, at + 1, alike, LIGHT)
        if not stands and typed not in self._turn:
            between = self._between(before, after)
            yield from self._likeliest(text, at, at + 1, between, HEAVY)
            yield self._slip(text, at, at + 1, "", HEAVY)

    def _between(self, before: str, after: str) -> Iterator[str]:
        """Yield what a slip of the hand may have made or unmade between two characters."""
        return filter(self._is_free, self._beside.between(before, after))

    def _is_free(self, character: str) -> bool:
        """Tell whether a slip of the hand may make or unmake *character*."""
        return character not in self._turn and sound_of(character) != character

    def _likeliest(
        self, text: str, start: int, end: int, meant: Iterable[str], price: float
    ) -> Iterator[_Slip]:
        """Yield the likeliest slip by which a character *meant* became *text* from *start* to *end*."""
        before, after = text[start - 1 : start], text[end : end + 1]
        if likeliest := self._beside.likeliest(before, meant, after):
            yield self._slip(text, start, end, likeliest, price)

    def _slip(self, text: str, start: int, end: int, meant: str, price: float) -> _Slip:
        """Return the slip by which what was *meant* became *text* from *start* to *end*."""
        before, after = text[start - 1 : start], text[end : end + 1]
        cost = self._beside.cost
        gain = cost(before, text[start:end] + after) - cost(before, meant + after) - price
        return _Slip(gain, start, end, meant)
