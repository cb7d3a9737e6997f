"""Logistic regression, as all parameters of the scorer are fitted."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from sklearn.linear_model import LogisticRegression

STRENGTH: Final = 1.0  # scikit-learn's default C, the inverse of the L2 penalty
DIGITS: Final = 4  # of a parameter, so that the same data give the same file on every machine


def regression(
    rows: Sequence[Sequence[float]], labels: Sequence[bool], counts: Sequence[float] | None = None
) -> list[float]:
    """Return the weights and the intercept of the logistic regression of *labels* on *rows*.

    A row counts as often as *counts* says, each once where they are not given.
    """
    fitted = LogisticRegression(C=STRENGTH, max_iter=5000).fit(
        np.array(rows), np.array(labels), None if counts is None else np.array(counts)
    )
    return [round(float(x), DIGITS) for x in (*fitted.coef_[0], *fitted.intercept_)]
