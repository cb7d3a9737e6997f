"""What was meant by what was mistyped."""

import pytest

from bot.language.repairing import Repairer, spell

USED = dict.fromkeys(("要", "押金", "保证金", "认证", "怎么", "做", "退", "吗", "多少"), 900)


def respelt(*tokens: str) -> str:
    """Respell *tokens* with the words of a small base on deposits; 认真, 税 and 马 are words too."""
    repairer = Repairer(
        spell(USED), {"押金", "保证金", "认证"}, {"认真", "退房", "税", "马"}.__contains__
    )
    return repairer.repair(tokens)


@pytest.mark.parametrize(
    ("tokens", "meant"),
    [
        (("要", "压", "金", "吗"), "要押金吗"),
        (("要", "yajin", "吗"), "要押金吗"),
        (("怎么", "认真"), "怎么认证"),
        (("要", "押", "全", "吗"), "要押金吗"),
        (("保", "誓", "证", "金", "退", "吗"), "保证金退吗"),
        (("保", "金", "退", "吗"), "保证金退吗"),
        (("证", "认", "怎么", "做"), "认证怎么做"),
        (("押金", "腿", "吗"), "押金退吗"),
        (("押金", "退", "马"), "押金退吗"),
    ],
)
def test_a_mistyped_word_becomes_the_one_that_was_meant(
    tokens: tuple[str, ...], meant: str
) -> None:
    """Homophones, pinyin, and one character wrong, too many, too few or swapped."""
    assert respelt(*tokens) == meant


def test_words_of_one_character_side_by_side_may_be_one_of_the_subject() -> None:
    """Though the base uses 压 and 金 by themselves, together they were hardly meant; 要退 was."""
    repairer = Repairer(
        spell(USED | dict.fromkeys(("压", "金"), 9)), {"押金", "药腿"}, frozenset().__contains__
    )

    assert repairer.repair(("要", "压", "金", "吗")) == "要押金吗"
    assert repairer.repair(("要", "退", "吗")) == "要退吗"


@pytest.mark.parametrize(
    "tokens",
    [
        ("要", "押金", "吗"),
        ("要", "退房", "吗"),
        ("要", "多少", "税"),
        ("税", "多少"),
        ("退", "税"),
    ],
)
def test_what_may_have_been_meant_stands(tokens: tuple[str, ...]) -> None:
    """A word of the language is none of the base's, and a character at a word's side may be one."""
    assert respelt(*tokens) == "".join(tokens)
