"""What was meant by what only sounds right."""

import pytest

from bot.language.hearing import Hearer
from bot.language.repairing import spell

SAID = ["要押金吗", "套餐买哪个", "押金要交吗", "怎么卖货"]
WORDS = ["要", "押金", "吗", "套餐", "买", "卖", "哪个", "交", "怎么", "货"]


def said(gram: str) -> int:
    """Return how often the base says *gram*, which says everything a hundred times."""
    return 100 * sum(text.count(gram) for text in SAID)


SPELLINGS = spell({word: 1 + said(word) for word in WORDS})
HEARER = Hearer(SPELLINGS, said, frozenset(), frozenset().__contains__)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("yao yajin ma", "要押金吗"),
        ("yaoyajinma?1688 yao jiao yajin ma", "要押金吗?1688要交押金吗"),
        ("yao zuo shenme", None),
        ("yajin是什么", None),
        ("how much", None),
        ("?!", "?!"),
    ],
)
def test_a_message_in_pinyin_is_read_in_characters(typed: str, meant: str | None) -> None:
    """If it is pinyin throughout, but for numbers and marks, and the base knows all its words."""
    assert HEARER.pinyin(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"), [("taocan mai nage", "套餐买哪个"), ("zenme mai huo", "怎么卖货")]
)
def test_what_sounds_alike_is_told_apart_by_what_stands_beside_it(typed: str, meant: str) -> None:
    """Mai is 买 before 哪个, and 卖 before 货, as the base says it."""
    assert HEARER.pinyin(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (("套餐", "卖", "哪个"), "套餐买哪个"),
        (("要", "压", "金", "吗"), "要押金吗"),
        (("怎么", "卖", "猫"), "怎么卖猫"),
    ],
)
def test_a_homophone_gives_way_to_what_the_base_says_there(
    typed: tuple[str, ...], meant: str
) -> None:
    """What no word sounds like stays as it is."""
    assert HEARER.homophones(typed) == meant


def test_a_word_of_the_language_was_meant() -> None:
    """Unless it sounds like one of the subject's own words: 妖叫 may be 要交, 压紧 is 押金."""
    hearer = Hearer(SPELLINGS, said, {"押金"}, {"压紧", "妖叫"}.__contains__)

    assert hearer.homophones(("妖叫", "压紧", "吗")) == "妖叫押金吗"
    assert hearer.homophones(("妖", "叫", "压紧", "吗")) == "要交押金吗"
