"""Exact binomial bounds (Clopper & Pearson 1934)."""

from math import exp, fsum, lgamma, log, log1p

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
    if not 0 < rate < 1:
        return float(rate <= 0 or wrong >= answered)
    # In logarithms: the number of ways to choose from thousands is too large for a float.
    return fsum(
        exp(
            lgamma(answered + 1)
            - lgamma(k + 1)
            - lgamma(answered - k + 1)
            + k * log(rate)
            + (answered - k) * log1p(-rate)
        )
        for k in range(min(wrong, answered) + 1)
    )
