"""What a base says beside each other: how likely a character is behind another one.

Smoothed with a Dirichlet prior (MacKay & Peto 1995, "A Hierarchical Dirichlet Language Model").
"""

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from itertools import pairwise
from math import log
from typing import Final, NamedTuple

from bot.language.phonetics import sound_of

# Weight of the prior, in occurrences. Among 1, 5, 20 and 100 most of the development cases of the 1688
# base come out of their pinyin as they were: 601, 613, 632, 634 of 987.
PRIOR: Final = 100


class _Followers(NamedTuple):
    """The *characters* that are said behind another one, and how often each of them is."""

    characters: str
    times: Sequence[int]


NONE: Final = _Followers("", ())


class Bigrams:
    """Characters and pairs of neighbours.

    *said* tells how often a base says a character or a pair; *grams* are all that it says.
    """

    def __init__(self, said: Callable[[str], int], grams: Callable[[], Iterable[str]]) -> None:
        self._said = said
        self._grams = grams

    def times(self, before: str, after: str) -> int:
        """Return how often the character *after* is said behind *before*."""
        followers = self._followers.get(before, NONE)
        place = followers.characters.find(after)
        return followers.times[place] if place >= 0 else 0

    def unsaid(self, text: str) -> list[int]:
        """Return the places in *text* of the characters that are never said behind the one before."""
        followers = self._followers
        return [
            at
            for at, (before, after) in enumerate(pairwise(text), 1)
            if after not in followers.get(before, NONE).characters
        ]

    def between(self, before: str, after: str) -> AbstractSet[str]:
        """Return the characters that are said both behind *before* and before *after*."""
        followers = self._followers.get(before, NONE).characters
        return set(followers).intersection(self._leaders.get(after, ""))

    def alike(self, character: str) -> str:
        """Return the characters that are said and sound like *character*."""
        return self._sounding.get(sound_of(character), "")

    def price(self, before: str, after: str) -> float:
        """Return what the character *after* costs, in nats, behind *before*, or behind nothing."""
        share = (self._characters.get(after, 0) + 0.5) / self._total
        if before:
            together = self.times(before, after) + PRIOR * share
            share = together / (self._characters.get(before, 0) + PRIOR)
        return -log(share)

    def bond(self, before: str, after: str) -> float:
        """Return how much likelier, in nats, the character *after* is behind *before* than anywhere."""
        return self.price("", after) - self.price(before, after)

    @cached_property
    def _characters(self) -> Mapping[str, int]:
        return {gram: self._said(gram) for gram in self._grams() if len(gram) == 1}

    @cached_property
    def _total(self) -> int:
        return 1 + sum(self._characters.values())

    @cached_property
    def _followers(self) -> Mapping[str, _Followers]:
        by_first = _seconds((pair[0], pair[1]) for pair in self._grams() if len(pair) > 1)
        return {
            first: _Followers(others, array("I", [self._said(first + other) for other in others]))
            for first, others in by_first.items()
        }

    @cached_property
    def _leaders(self) -> Mapping[str, str]:
        return _seconds((pair[1], pair[0]) for pair in self._grams() if len(pair) > 1)

    @cached_property
    def _sounding(self) -> Mapping[str, str]:
        return _seconds((sound_of(character), character) for character in self._characters)


def _seconds(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return for each first character of *pairs* the second ones."""
    seconds: defaultdict[str, list[str]] = defaultdict(list)
    for first, second in pairs:
        seconds[first].append(second)
    return {first: "".join(others) for first, others in seconds.items()}
