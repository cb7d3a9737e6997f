"""Exact bounds of a rate that was seen a few times."""

import pytest

from bot.desk.bounds import at_most, upper_bound


@pytest.mark.parametrize(
    ("wrong", "answered", "bound"),
    [(0, 299, 0.01), (1, 473, 0.01), (0, 10, 0.2589), (3, 10, 0.6066), (10, 10, 1.0)],
)
def test_the_bound_is_that_of_the_tables(wrong: int, answered: int, bound: float) -> None:
    """At 95 % confidence, as Clopper and Pearson's tables have it."""
    assert upper_bound(wrong, answered) == pytest.approx(bound, abs=1e-4)


def test_thousands_of_answers_have_a_bound() -> None:
    """The number of ways to choose from thousands does not fit into a float; their rate does."""
    assert 0.02 < upper_bound(50, 2500) < 0.03
    assert at_most(2500, 2500, 0.5) == pytest.approx(1)
