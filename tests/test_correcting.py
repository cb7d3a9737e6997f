"""Characters that were typed wrong."""

from collections.abc import Iterator

import pytest

from bot.language.bigrams import Bigrams
from bot.language.correcting import Corrector

SAID = [
    "要押金吗",
    "押金退吗",
    "怎么认证",
    "认证怎么做",
    "保证金多少",
    "保证金退吗",
    "不退押金吗",
    "押金能不能退",
]
WORDS = {"要", "押金", "吗", "退", "怎么", "认证", "做", "保证金", "多少", "不", "能"}


def counted() -> Iterator[tuple[str, int]]:
    """Yield the characters and pairs that the base says, each of them a thousand times."""
    for text in SAID:
        for size in (1, 2):
            for at in range(len(text) + 1 - size):
                yield text[at : at + size], 1000


CORRECTOR = Corrector(
    Bigrams({gram for gram, _ in counted()}.__contains__, counted),
    WORDS,
    set("不没"),
    {"认真", "退房", "压紧"}.__contains__,
)


@pytest.mark.parametrize(
    ("tokens", "meant"),
    [
        (("要", "压", "金", "吗"), "要押金吗"),
        (("怎么", "认真"), "怎么认证"),
        (("要", "押", "全", "吗"), "要押金吗"),
        (("保", "誓", "证", "金", "退", "吗"), "保证金退吗"),
        (("保", "金", "退", "吗"), "保证金退吗"),
        (("怎么", "证", "认"), "怎么认证"),
        (("押金", "腿", "吗"), "押金退吗"),
        (("押", "今", "推", "吗"), "押金退吗"),
    ],
)
def test_a_slip_gives_way_to_what_the_base_says_there(tokens: tuple[str, ...], meant: str) -> None:
    """A homophone, a character wrong, too many or too few, two swapped; and two slips in one text."""
    assert CORRECTOR.correct(tokens).text == meant


@pytest.mark.parametrize(
    "tokens",
    [
        ("要", "押金", "吗"),
        ("要", "退房", "吗"),
        ("押金", "没", "退", "吗"),
        ("押金", "1688", "退", "吗"),
        tuple("天地玄黄宇宙洪荒日月"),
        (),
    ],
)
def test_what_may_have_been_meant_stands(tokens: tuple[str, ...]) -> None:
    """What the base says, a word of the language, a negation, a number, and another subject."""
    assert CORRECTOR.correct(tokens).text == "".join(tokens)


def test_the_likelier_a_slip_is_the_less_it_is_doubted() -> None:
    """By what is said beside each other; what stands is not doubted at all."""
    likely, unlikely, none = (
        CORRECTOR.correct(tokens).doubted
        for tokens in [("要", "压", "金", "吗"), ("要", "押", "全", "吗"), ("要", "押金", "吗")]
    )
    assert 1 > unlikely > likely > none == 0


def test_a_slip_never_turns_what_is_asked_around() -> None:
    """A negation is neither made nor taken away, but for what sounds the same."""
    assert "不" in CORRECTOR.correct(("押金", "不", "做")).text
    assert "不" not in CORRECTOR.correct(("怎么", "退", "押金")).text
