"""What a base says beside each other: how likely a character is behind another one.

Smoothed with a Dirichlet prior (MacKay & Peto 1995, "A Hierarchical Dirichlet Language Model").
"""

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property, lru_cache
from itertools import pairwise
from math import exp, log
from typing import Final, NamedTuple

from bot.language.phonetics import sound_of

# Weight of the prior, in occurrences. Among 1, 5, 20 and 100 most of the development cases of the 1688
# base come out of their pinyin as they were: 601, 613, 632, 634 of 987.
PRIOR: Final = 100
MOST_KEPT: Final = 5_000  # characters whose prices are kept: as many as a large base has


class _Followers(NamedTuple):
    """The *characters* that are said behind another one, and how often each of them is."""

    characters: str
    times: Sequence[int]


NONE: Final = _Followers("", ())


class _Said(NamedTuple):
    """What is said.

    Attributes:
        characters: How often each character is.
        total: How often all are together.
        followers: What is said behind each.
        leaders: The characters that are said before each.
        sounding: The characters that have each sound.

    """

    characters: Mapping[str, int]
    total: int
    followers: Mapping[str, _Followers]
    leaders: Mapping[str, str]
    sounding: Mapping[str, str]


class Bigrams:
    """Characters and pairs of neighbours.

    *counted* yields each that a base says, with how often it does; one that comes twice is said as
    often as both. It is called once, when something is asked for.
    """

    def __init__(self, counted: Callable[[], Iterable[tuple[str, int]]]) -> None:
        self._counted = counted
        self._alone = lru_cache(MOST_KEPT)(self._priced_alone)
        self._unseen = lru_cache(MOST_KEPT)(self._priced_unseen)
        self._behind = lru_cache(MOST_KEPT)(self._priced_behind)

    @cached_property
    def _said(self) -> _Said:
        return _arranged(self._counted())

    def times(self, before: str, after: str) -> int:
        """Return how often the character *after* is said behind *before*."""
        followers = self._said.followers.get(before, NONE)
        place = followers.characters.find(after)
        return followers.times[place] if place >= 0 else 0

    def unsaid(self, text: str) -> list[int]:
        """Return the places in *text* of the characters that are never said behind the one before."""
        followers = self._said.followers
        return [
            at
            for at, (before, after) in enumerate(pairwise(text), 1)
            if after not in followers.get(before, NONE).characters
        ]

    def between(self, before: str, after: str) -> AbstractSet[str]:
        """Return the characters that are said both behind *before* and before *after*."""
        followers = self._said.followers.get(before, NONE).characters
        return set(followers).intersection(self._said.leaders.get(after, ""))

    def alike(self, character: str) -> str:
        """Return the characters that are said and sound like *character*."""
        return self._said.sounding.get(sound_of(character), "")

    def price(self, before: str, after: str) -> float:
        """Return what the character *after* costs, in nats, behind *before*, or behind nothing."""
        if not before:
            return self._alone(after)
        price = self._behind(before).get(after)
        return self._unseen(before) + self._alone(after) if price is None else price

    def _priced_alone(self, character: str) -> float:
        """Return what *character* costs behind nothing."""
        return -log((self._said.characters.get(character, 0) + 0.5) / (self._said.total + 1))

    def _priced_unseen(self, before: str) -> float:
        """Return what a character costs more than alone behind *before*, where it is never said."""
        return log(self._said.characters.get(before, 0) / PRIOR + 1)

    def _priced_behind(self, before: str) -> dict[str, float]:
        """Return what the characters that are said behind *before* cost there."""
        followers = self._said.followers.get(before, NONE)
        whole = log(self._said.characters.get(before, 0) + PRIOR)
        return {
            after: whole - log(times + PRIOR * exp(-self._alone(after)))
            for after, times in zip(followers.characters, followers.times, strict=True)
        }

    def bond(self, before: str, after: str) -> float:
        """Return how much likelier, in nats, the character *after* is behind *before* than anywhere."""
        return self.price("", after) - self.price(before, after)


def _arranged(counted: Iterable[tuple[str, int]]) -> _Said:
    characters: Counter[str] = Counter()
    behind: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for gram, times in counted:
        if len(gram) > 1:
            behind[gram[0]][gram[1]] += times
        else:
            characters[gram] += times
    leaders: defaultdict[str, list[str]] = defaultdict(list)
    for before, followers in behind.items():
        for after in followers:
            leaders[after].append(before)
    sounding: defaultdict[str, list[str]] = defaultdict(list)
    for character in characters:
        sounding[sound_of(character)].append(character)
    return _Said(
        characters,
        characters.total(),
        {c: _Followers("".join(f), array("I", f.values())) for c, f in behind.items()},
        {character: "".join(before) for character, before in leaders.items()},
        {sound: "".join(alike) for sound, alike in sounding.items()},
    )
