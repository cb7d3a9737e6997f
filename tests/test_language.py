"""What utterances are taken apart into."""

from pathlib import Path

import pytest

from bot.app import Parts, assemble
from bot.knowledge.reading import read_base
from bot.language.analyzing import Analysis
from bot.language.normalizing import normalize
from bot.language.script import is_traditional
from tests.bases import base


def taken_apart(parts: Parts, text: str) -> Analysis:
    """Take *text* apart with the words of the shipped base."""
    return parts.analyzer.analyze(normalize(text))


@pytest.mark.parametrize(
    ("text", "stripped"),
    [
        ("我交了3000押金怎么退", "押金怎么退"),
        ("我交了2.5万的押金怎么退", "押金怎么退"),
        ("三千块保证金多久到账", "保证金多久到账"),
        ("押金1000块什么时候退", "押金什么时候退"),
        ("押金已经交了5000，怎么退", "押金,怎么退"),
        ("开店时交的那笔保证金能退吗", "保证金能退吗"),
        ("账户里的押金咋退", "押金咋退"),
        ("为什么扣了我500块押金", "为什么扣了我押金"),
        ("押金怎么少了500", "押金怎么少了"),
        ("年费交了能退吗", "年费能退吗"),
    ],
)
def test_what_is_told_of_money_is_left_out(parts: Parts, text: str, stripped: str) -> None:
    """The answer is the same whoever paid how much, and when."""
    assert parts.analyzer.strip(normalize(text)) == stripped


@pytest.mark.parametrize(
    "text",
    [
        "要交5000元押金吗",
        "押金3000够吗",
        "押金3000够吗，怎么交",
        "1000块保证金贵吗",
        "5000和1000的保证金哪个好",
        "买家交的押金怎么退",
        "没交的押金怎么办",
        "替押金交的保费能退吗",
        "1688押金怎么退",
        "交了押金还要交年费吗",
    ],
)
def test_what_may_be_asked_of_money_stays(parts: Parts, text: str) -> None:
    """Another sum, or other people's money, is another question."""
    assert parts.analyzer.strip(normalize(text)) == normalize(text)


def test_a_base_without_names_of_money_keeps_all_sums(cache: Path, tmp_path: Path) -> None:
    """Nothing says that a sum is of its subject."""
    analyzer = assemble(read_base(base(tmp_path, "fee", "甲", "六百元。")), cache).analyzer

    assert analyzer.strip(normalize("我交了3000怎么退")) == "我交了3000怎么退"


@pytest.mark.parametrize("text", ["押金能退不", "押金退不退", "诚信通能不能分期", "有模板没"])
def test_an_asking_negation_denies_nothing(parts: Parts, text: str) -> None:
    """退不退 asks what 能退吗 asks."""
    assert taken_apart(parts, text).denied == frozenset()


@pytest.mark.parametrize(
    ("text", "denied"),
    [("押金为什么不退", "退款"), ("押金退不了", "退款"), ("没有营业执照能开吗", "营业执照")],
)
def test_a_denying_negation_denies_a_word(parts: Parts, text: str, denied: str) -> None:
    """What is denied is the word that follows, or stands before 不了."""
    assert taken_apart(parts, text).denied == {denied}


@pytest.mark.parametrize(
    ("text", "same"), [("诚信通咋办理", "诚信通怎么办理"), ("啥是押金", "什么是押金")]
)
def test_what_is_only_written_otherwise_is_the_same_question(
    parts: Parts, text: str, same: str
) -> None:
    """咋 is 怎么 and 啥 is 什么, also within a word."""
    assert taken_apart(parts, text).core == taken_apart(parts, same).core


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("注册1688账号", set()),
        ("开一个店", set()),
        ("交2000元", {"2000"}),
        ("一年多少钱", {"1"}),
        ("一个月能退吗", {"1"}),
        ("第一步做什么", {"1"}),
        ("第1步做什么", {"1"}),
        ("十五天到账", {"15"}),
        ("押金要两千五", {"2500"}),
        ("一万够不够", {"10000"}),
        ("2万够不够", {"20000"}),
        ("千万别扫码", set()),
    ],
)
def test_numbers_count_something(parts: Parts, text: str, numbers: set[str]) -> None:
    """The platform's name and the article 一个 are no numbers; figures and characters are the same."""
    assert taken_apart(parts, text).numbers == numbers


@pytest.mark.parametrize("text", ["為什麼要押金", "爲什麼要押金", "羣裏講着", "群裡講著"])
def test_the_forms_of_any_place_are_traditional(text: str) -> None:
    """Those of Taiwan, of Hong Kong, and of old prints."""
    assert is_traditional(text)


@pytest.mark.parametrize(
    "name", ["1688.com", "www.1688.com", "1688平台", "阿里巴巴", "阿里巴巴中文站"]
)
def test_the_platform_has_one_name(parts: Parts, name: str) -> None:
    """However it is called, and whatever marks part its name, the question is the same."""
    assert taken_apart(parts, f"在{name}上怎么开店").text == "在1688上怎么开店"
    assert taken_apart(parts, "阿里云怎么收费").foreign == {"阿里云"}


def test_words_of_a_base_are_spelt_as_utterances_are(cache: Path, tmp_path: Path) -> None:
    """In capitals, in full width, in traditional characters, or parted by a mark, they are found."""
    folder = base(tmp_path, "fee", "甲", "六百元。")
    (folder / "kb.yaml").write_text(
        "{id: fee, title: 甲, platform: {names: [甲], others: [Wish.com, 蝦皮]},"
        " words: [SKU, ＶＩＰ卡], synonyms: [[旺鋪, 店铺装修]]}\n",
        "utf-8",
    )
    parts = assemble(read_base(folder), cache)

    assert taken_apart(parts, "wish.com年费多少").foreign == {"wishcom"}
    assert taken_apart(parts, "虾皮年费多少").foreign == {"虾皮"}
    assert {"sku", "vip卡", "旺铺"} <= parts.analyzer.subject_words
    assert "旺铺" in taken_apart(parts, "店铺装修多少钱").words
