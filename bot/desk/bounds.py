"""Exact binomial bounds (Clopper & Pearson 1934)."""

from math import comb

ERROR = 0.05  # a bound may be wrong in one use of twenty


def upper_bound(wrong: int, answered: int, error: float = ERROR) -> float:
    """Return the exact upper bound of a rate of which *wrong* of *answered* were seen.

    The rate at which so few would be seen with probability *error*, found by bisection.
    """
    if wrong >= answered:
        return 1.0
    low, high = wrong / answered, 1.0
    for _ in range(40):
        middle = (low + high) / 2
        if at_most(wrong, answered, middle) > error:
            low = middle
        else:
            high = middle
    return high


def at_most(wrong: int, answered: int, rate: float) -> float:
    """Return the probability of at most *wrong* of *answered* at *rate*."""
    return sum(comb(answered, k) * rate**k * (1 - rate) ** (answered - k) for k in range(wrong + 1))
