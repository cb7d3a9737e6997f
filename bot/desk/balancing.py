"""How much utterances count that no entry answers, so that their lengths tell nothing of it.

How long questions of either kind are says how the cases were written, not what people will ask.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

# How much an utterance that no entry answers counts beside one that has an answer: they are asked
# about as often, but a base has few cases of them beside its many phrasings.
UNANSWERABLE: Final = 2.0
CLASSES: Final = 6  # of lengths, about as many utterances in each
MOST: Final = 8 * UNANSWERABLE  # that one utterance may count


def shares(lengths: Sequence[int], answered: Sequence[bool]) -> list[float]:
    """Return how much each utterance of one base counts, by its length and whether it is *answered*.

    One that is counts once. Those that are not count UNANSWERABLE times on average, in each class of
    *lengths* as much beside what is answered as in any other; but none more than MOST.
    """
    size, has_answer = np.array(lengths), np.array(answered, bool)
    bounds = np.quantile(size, np.linspace(0, 1, CLASSES + 1)[1:-1]) if len(size) else []
    classes = np.searchsorted(np.unique(bounds), size, side="right")
    odds = UNANSWERABLE * np.sum(~has_answer) / max(1, np.sum(has_answer))
    counts = np.ones(len(size))
    for each in np.unique(classes):
        here = classes == each
        without = here & ~has_answer
        if np.any(without):
            counts[without] = min(MOST, odds * np.sum(here & has_answer) / np.sum(without))
    return counts.tolist()
