"""What was meant by pinyin."""

from collections.abc import Iterator

import pytest

from bot.language.bigrams import Bigrams
from bot.language.hearing import Hearer
from bot.language.phonetics import typed_sounds

SAID = ["要押金吗", "套餐买哪个", "押金要交吗", "怎么卖货", "在哪能退"]
WORDS = [
    "要",
    "押金",
    "吗",
    "套餐",
    "买",
    "卖",
    "哪个",
    "交",
    "怎么",
    "货",
    "在",
    "哪",
    "能",
    "退",
    "app",
]


def counted() -> Iterator[tuple[str, int]]:
    """Yield the characters and pairs that the base says, each of them a hundred times."""
    for text in SAID:
        for size in (1, 2):
            for at in range(len(text) + 1 - size):
                yield text[at : at + size], 100


HEARER = Hearer(
    Bigrams({gram for gram, _ in counted()}.__contains__, counted), dict.fromkeys(WORDS, 100)
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("yao yajin ma", "要押金吗"),
        ("yaoyajinma?1688 yao jiao yajin ma", "要押金吗?1688要交押金吗"),
        ("yajin zai naneng tui", "押金在哪能退"),
        ("yao zuo shenme", None),
        ("yajin是什么", None),
        ("how much", None),
        ("?!", "?!"),
    ],
)
def test_a_message_in_pinyin_is_read_in_characters(typed: str, meant: str | None) -> None:
    """If it is pinyin throughout, but for numbers and marks, and the base knows all its words."""
    assert HEARER.message(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"), [("taocan mai nage", "套餐买哪个"), ("zenme mai huo", "怎么卖货")]
)
def test_what_sounds_alike_is_told_apart_by_what_stands_beside_it(typed: str, meant: str) -> None:
    """Mai is 买 before 哪个, and 卖 before 货, as the base says it."""
    assert HEARER.message(typed) == meant


@pytest.mark.parametrize(
    ("tokens", "meant"),
    [
        (("要", "yajin", "吗"), "要押金吗"),
        (("要", "ya", " ", "jin", "吗"), "要押金吗"),
        (("套餐", "mai", "哪个"), "套餐买哪个"),
        (("妖", "交", "yajin", "吗"), "妖交押金吗"),
        (("app", "要", "logo", "吗"), "app要logo吗"),
        (("要", "yajin", "shenme"), "要押金shenme"),
    ],
)
def test_pinyin_within_a_message_is_read_in_characters(tokens: tuple[str, ...], meant: str) -> None:
    """What was typed in characters stands, and so do letters that are a word or no word's sound."""
    assert HEARER.within(tokens) == meant


@pytest.mark.parametrize(
    ("letters", "same"),
    [("huangei", "huan gei"), ("naneng", "na neng"), ("xian", "xian"), ("dier", "di er")],
)
def test_a_vowel_begins_a_syllable_only_where_it_must(letters: str, same: str) -> None:
    """Pinyin has an apostrophe before a, e and o within a word: huangei is huan-gei, not huang-ei."""
    assert typed_sounds(letters) == "".join(typed_sounds(part) or "" for part in same.split())
