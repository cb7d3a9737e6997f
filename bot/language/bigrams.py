"""What a base says beside each other: how likely a character is behind another one.

Smoothed with a Dirichlet prior (MacKay & Peto 1995, "A Hierarchical Dirichlet Language Model").
"""

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property, lru_cache
from math import exp, fsum, log
from operator import add
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
        alone: What each costs behind nothing.
        followers: What is said behind each.
        leaders: The characters that are said before each.
        sounding: The characters that have each sound.

    """

    characters: Mapping[str, int]
    alone: Mapping[str, float]
    followers: Mapping[str, _Followers]
    leaders: Mapping[str, str]
    sounding: Mapping[str, str]


class _Alone(dict[str, float]):
    """What characters cost, in nats, behind nothing, by how often each is said."""

    def __init__(self, characters: Counter[str]) -> None:
        whole = log(characters.total() + 1)
        super().__init__((one, whole - log(times + 0.5)) for one, times in characters.items())
        self._never_said = whole - log(0.5)

    def __missing__(self, character: str) -> float:
        return self._never_said


class _Behind(dict[str, float]):
    """What characters cost, in nats, behind another one: those never said there, *more* than *alone*."""

    def __init__(self, more: float, alone: Mapping[str, float]) -> None:
        super().__init__()
        self._more = more
        self._alone = alone

    def __missing__(self, character: str) -> float:
        return self._more + self._alone[character]


class Bigrams:
    """Characters and pairs of neighbours.

    *says* tells of one whether a base says it. *counted* yields all that it says, with how often it
    does; one that comes twice is said as often as both. It is called once, when more than that is
    asked for.
    """

    def __init__(
        self, says: Callable[[str], bool], counted: Callable[[], Iterable[tuple[str, int]]]
    ) -> None:
        self._says = says
        self._counted = counted
        self._behind = lru_cache(MOST_KEPT)(self._priced)

    @cached_property
    def _said(self) -> _Said:
        return _arranged(self._counted())

    def unsaid(self, text: str) -> list[int]:
        """Return the places in *text* of the characters that are never said behind the one before."""
        says = self._says
        return [at for at, pair in enumerate(map(add, text, text[1:]), 1) if not says(pair)]

    def between(self, before: str, after: str) -> AbstractSet[str]:
        """Return the characters that are said both behind *before* and before *after*."""
        followers = self._said.followers.get(before, NONE).characters
        return set(followers).intersection(self._said.leaders.get(after, ""))

    def alike(self, typed: str, before: str, after: str) -> Iterator[str]:
        """Yield the characters that sound like one *typed* and are said beside one of its neighbours."""
        followers = self._said.followers.get(before, NONE).characters
        leaders = self._said.leaders.get(after, "")
        for character in self._said.sounding.get(sound_of(typed), ""):
            if character in followers or character in leaders:
                yield character

    def price(self, before: str, after: str) -> float:
        """Return what the character *after* costs, in nats, behind *before*, or behind nothing."""
        return self._behind(before)[after]

    def cost(self, before: str, text: str) -> float:
        """Return what the characters of *text* cost, in nats, behind *before*, or behind nothing."""
        said = before + text
        rest = fsum(map(self.price, said, said[1:]))
        return rest if before or not text else rest + self.price("", text[0])

    def likeliest(self, before: str, characters: Iterable[str], after: str) -> str:
        """Return the likeliest of *characters* between two others, or nothing where there are none."""
        prices = self._behind
        first = prices(before)
        costs = ((first[one] + (prices(one)[after] if after else 0.0), one) for one in characters)
        return min(costs, default=(0.0, ""))[1]

    def _priced(self, before: str) -> Mapping[str, float]:
        """Return what characters cost behind *before*, or behind nothing."""
        said = self._said
        if not before:
            return said.alone
        followers = said.followers.get(before, NONE)
        times_before = said.characters.get(before, 0)
        whole = log(times_before + PRIOR)
        prices = _Behind(log(times_before / PRIOR + 1), said.alone)
        for after, times in zip(followers.characters, followers.times, strict=True):
            prices[after] = whole - log(times + PRIOR * exp(-said.alone[after]))
        return prices

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
        _Alone(characters),
        {c: _Followers("".join(f), array("I", f.values())) for c, f in behind.items()},
        {character: "".join(before) for character, before in leaders.items()},
        {sound: "".join(alike) for sound, alike in sounding.items()},
    )
