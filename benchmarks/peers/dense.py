"""The hits of a peer that scores every phrasing."""

import numpy as np
from numpy.typing import NDArray

from benchmarks.peers.interface import MOST_HITS, Hit


def best_hits(scores: NDArray[np.float64]) -> list[Hit]:
    """Return the phrasings of the highest *scores* above 0, one score a phrasing."""
    best = np.argsort(-scores, kind="stable")[:MOST_HITS]
    return [Hit(int(number), float(scores[number])) for number in best if scores[number] > 0]
