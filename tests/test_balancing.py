"""While a scorer is fitted, how long questions are tells nothing of whether they have an answer."""

from itertools import groupby

from hypothesis import given
from hypothesis import strategies as st

from bot.desk.balancing import MOST, UNANSWERABLE, shares

utterances = st.lists(st.tuples(st.integers(1, 40), st.booleans()), max_size=200)


def test_each_length_has_as_much_without_an_answer() -> None:
    """Short questions without an answer are many here, and long ones few."""
    short, long = [(2, True)] * 10 + [(2, False)] * 30, [(20, True)] * 30 + [(20, False)] * 10
    counted = zip([*short, *long], shares(*zip(*short, *long, strict=True)), strict=True)

    without = {
        length: sum(share for (_, answered), share in group if not answered)
        for length, group in groupby(counted, key=lambda one: one[0][0])
    }

    assert without == {2: 10 * UNANSWERABLE, 20: 30 * UNANSWERABLE}


@given(utterances)
def test_what_has_an_answer_counts_once(asked: list[tuple[int, bool]]) -> None:
    """What has none never counts more than MOST, however rare its length is."""
    lengths, answered = [length for length, _ in asked], [has for _, has in asked]

    for has, share in zip(answered, shares(lengths, answered), strict=True):
        assert share == 1 if has else 0 <= share <= MOST
