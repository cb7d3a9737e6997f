"""How likely entries are, in a base that is too large to add everything up."""

from itertools import pairwise

import numpy as np
import pytest

from bot.matching.likelihood import UNSEEN, Likelihood
from bot.matching.occurrences import GRAM, SOUND, WORD, Counted, Occurrences, arrange

ENTRIES = 5_000
TERMS = 400


@pytest.fixture(scope="module")
def occurrences() -> Occurrences:
    """Return a large base whose terms are as unequally common as words are (Zipf's law)."""
    chance = np.random.default_rng(1688)
    kinds = (WORD, GRAM, SOUND)
    numbered = {f"{kinds[number % 3]}{number}": number for number in range(TERMS)}
    rarity = 1 / np.arange(2, TERMS + 2)
    having = [np.flatnonzero(chance.random(TERMS) < 8 * rarity) for _ in range(ENTRIES)]
    numbers = np.concatenate(having).astype(np.int32)
    times = chance.geometric(0.5, len(numbers)).clip(max=300).astype(np.int32)
    return arrange(
        numbered, Counted(numbers, times, np.cumsum([len(one) for one in having])), ENTRIES
    )


def questions(occurrences: Occurrences) -> list[list[str]]:
    """Return questions of common and of rare terms, and of both."""
    chance = np.random.default_rng(25)
    scored = [term for term in occurrences.numbered if term[0] != SOUND]
    ranges = [(0, 40, 12), (0, len(scored), 15), (100, len(scored), 6), (0, 12, 5)] * 15
    return [
        sorted(chance.choice(scored[start:stop], size, replace=False).tolist())
        for start, stop, size in ranges
    ]


def test_what_is_passed_over_changes_nothing_that_counts(
    occurrences: Occurrences, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The likeliest entries are those of the whole sum, and so are their figures."""
    likelihood, asked = Likelihood(occurrences), questions(occurrences)
    whole = [list(likelihood.best(one, 5)) for one in asked]
    monkeypatch.setattr("bot.matching.likelihood.FEW", 0)
    found = [list(likelihood.best(one, 5)) for one in asked]

    for expected, actual in zip(whole, found, strict=True):
        near = [
            number for place, (number, one) in enumerate(expected) if place < 2 or one[0] > 0.01
        ]
        assert [number for number, _ in actual[: len(near)]] == near
        for (_, one), (_, other) in zip(expected[: len(near)], actual, strict=False):
            assert other == pytest.approx(one, rel=UNSEEN, abs=1e-9)


def test_entries_of_a_term_stand_in_order(occurrences: Occurrences) -> None:
    """So they are found by halving; sounds, which tell no entries apart, have none."""
    for term, number in occurrences.numbered.items():
        start, stop = occurrences.starts[number : number + 2]
        having = occurrences.having[start:stop].tolist()

        assert all(a < b for a, b in pairwise(having))
        assert len(having) == (0 if term[0] == SOUND else occurrences.documents[number])


@pytest.mark.parametrize(("questions", "tells_more"), [(2, True), (2_000, False)])
def test_a_rare_term_tells_more_where_entries_have_few_phrasings(
    questions: int, *, tells_more: bool
) -> None:
    """With many of them, how often an entry has a term is known, and counts by itself."""
    common, rare = WORD + "开店", WORD + "执照"
    others = 8
    numbered = {common: 0, rare: 1, **{f"{WORD}{number}": number for number in range(2, 12)}}
    having = [[0, 2], [1, 3], *([0, 4 + other] for other in range(others))]
    counted = Counted(
        np.array(having, np.int32).ravel(),
        np.ones(2 * len(having), np.int32),
        np.cumsum([len(one) for one in having]),
    )
    likelihood = Likelihood(arrange(numbered, counted, len(having) * questions // 2))

    found = dict(likelihood.best([common, rare], len(having)))

    assert (found[1].posterior > 1.5 * found[0].posterior) is tells_more
