"""What a peer is: something made of phrasings that ranks them for a question."""

from collections.abc import Callable, Sequence
from typing import NamedTuple


class Hit(NamedTuple):
    """A phrasing by its *number* in what the peer was made of; a higher *score* is better."""

    number: int
    score: float


Rank = Callable[[str], list[Hit]]
# From phrasings to what ranks them: best first, and enough of them for three entries.
Make = Callable[[Sequence[str]], Rank]
MOST_HITS = 30
