"""What happens to a question between a head and a keyboard, generated with a fixed seed.

Nothing here uses the bot's own code: what undoes a disturbance must not have made it.
"""

import random
import unicodedata
from collections import defaultdict
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Final

import jieba
from opencc import OpenCC
from pypinyin import lazy_pinyin
from pypinyin.constants import PHRASES_DICT

SEED: Final = 1688
COMMON: Final = 3000  # characters that a typing mistake can lead to, the commonest of jieba's words
EMOJI: Final = ("😀", "😂", "😭", "🙏", "👍", "🤔", "😅", "❤️", "🔥", "💰")
OPENINGS: Final = (
    "你好在吗我想请问一下",
    "您好，打扰一下，",
    "亲，麻烦问下",
    "老师好 我想咨询一下 ",
)
CLOSINGS: Final = ("谢谢", "，谢谢啦", "，麻烦您了，谢谢！", " 求解答 感谢")
MARKS: Final = ("？？？", "！！！", "?!!!", "。。。", "～～～", "??")
# What shop owners say in English now and then.
ENGLISH: Final = {
    "店铺": "shop",
    "开店": "open shop",
    "账号": "account",
    "公司": "company",
    "服务": "service",
    "费用": "fee",
    "多少钱": "how much",
    "怎么": "how",
    "可以": "can",
    "需要": "need",
    "押金": "deposit",
    "保证金": "deposit",
    "退款": "refund",
    "客服": "service",
    "产品": "product",
    "商品": "product",
    "认证": "verify",
    "注册": "register",
    "电话": "phone",
    "时间": "time",
}
ENGLISH_ENDING: Final = " thanks"

# How people introduce themselves, where, and with what. The bot's rule was written for such forms, looking
# at other places and goods.
INTRODUCTIONS: Final = (
    "我在{place}做{goods}的，",
    "我是{place}卖{goods}的，",
    "我家在{place}开了个{goods}厂，",
)
PLACES: Final = (
    "保定",
    "临沂",
    "泉州",
    "晋江",
    "常熟",
    "海宁",
    "东莞",
    "石家庄",
    "揭阳",
    "台州",
    "南通",
    "沧州",
    "许昌",
    "云南",
    "景德镇",
)
GOODS: Final = (
    "雨伞",
    "灯具",
    "箱包",
    "毛巾",
    "纽扣",
    "竹编",
    "轴承",
    "花卉",
    "蜂蜜",
    "眼镜",
    "假发",
    "陶瓷",
    "宠物窝",
    "渔具",
    "包装盒",
)

Disturb = Callable[[str, random.Random], str]


def disturbed(text: str, name: str) -> str:
    """Return *text* after the disturbance *name*; the same each time."""
    return DISTURBANCES[name](text, random.Random(f"{SEED} {name} {text}"))


def full_width(text: str, _: random.Random) -> str:
    """Put letters, digits and marks into their full-width forms."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def half_width(text: str, _: random.Random) -> str:
    """Put full-width letters, digits and marks into ASCII."""
    return unicodedata.normalize("NFKC", text).replace("。", ".").replace("、", ",")


def traditional(text: str, _: random.Random) -> str:
    """Write in traditional characters (OpenCC s2t)."""
    return str(_opencc().convert(text))


def one_wrong(text: str, chance: random.Random) -> str:
    """Type one character wrong: another instead, one too many, one too few, two swapped."""
    at = chance.choice(_typed(text))
    other = chance.choice(_common())
    return chance.choice(
        (
            text[:at] + other + text[at + 1 :],
            text[:at] + other + text[at:],
            text[:at] + text[at + 1 :] or other,
            text[: max(0, at - 1)] + text[max(0, at - 1) : at + 1][::-1] + text[at + 1 :],
        )
    )


def two_wrong(text: str, chance: random.Random) -> str:
    """Type two characters wrong."""
    return one_wrong(one_wrong(text, chance), chance)


def one_homophone(text: str, chance: random.Random) -> str:
    """Pick a wrong character of the same sound from an input method, once."""
    places = [at for at in _typed(text) if len(_sounding_like(_sound(text[at]))) > 1]
    if not places:
        return text
    at = chance.choice(places)
    others = [c for c in _sounding_like(_sound(text[at])) if c != text[at]]
    return text[:at] + chance.choice(others) + text[at + 1 :]


def two_homophones(text: str, chance: random.Random) -> str:
    """Pick wrong characters of the same sound twice."""
    return one_homophone(one_homophone(text, chance), chance)


def pinyin(text: str, _: random.Random) -> str:
    """Type pinyin instead of characters, words apart: kaidian yao yajin ma."""
    return " ".join("".join(lazy_pinyin(word)) for word in jieba.cut(text) if word.strip())


def pinyin_word(text: str, chance: random.Random) -> str:
    """Type pinyin instead of one word."""
    words = jieba.lcut(text)
    places = [at for at, word in enumerate(words) if _is_han(word[0])]
    if not places:
        return text
    at = chance.choice(places)
    words[at] = "".join(lazy_pinyin(words[at]))
    return "".join(words)


def emoji(text: str, chance: random.Random) -> str:
    """Put emoji after the question, and one somewhere in it."""
    at = chance.choice(_typed(text))
    ending = "".join(chance.choices(EMOJI, k=2))
    return text[:at] + chance.choice(EMOJI) + text[at:] + ending


def padding(text: str, chance: random.Random) -> str:
    """Be polite before and after."""
    return chance.choice(OPENINGS) + text + chance.choice(CLOSINGS)


def introduction(text: str, chance: random.Random) -> str:
    """Say first what one trades in, and where."""
    told = chance.choice(INTRODUCTIONS)
    return told.format(place=chance.choice(PLACES), goods=chance.choice(GOODS)) + text


def repeated_marks(text: str, chance: random.Random) -> str:
    """End in a burst of marks."""
    return text.rstrip("?？!！。") + chance.choice(MARKS)


def spread(text: str, _: random.Random) -> str:
    """Put a space between all characters but those of a number or a Latin word."""
    spaced = ""
    for character in text:
        if spaced and not (spaced[-1].isascii() and character.isascii()):
            spaced += " "
        spaced += character
    return spaced


def english(text: str, _: random.Random) -> str:
    """Say one word in English, or end in English where no word is known."""
    for word, translation in ENGLISH.items():
        if word in text:
            return text.replace(word, f" {translation} ", 1).strip()
    return text + ENGLISH_ENDING


DISTURBANCES: Final[dict[str, Disturb]] = {
    "full width": full_width,
    "half width": half_width,
    "traditional characters": traditional,
    "one wrong character": one_wrong,
    "two wrong characters": two_wrong,
    "one homophone": one_homophone,
    "two homophones": two_homophones,
    "pinyin for one word": pinyin_word,
    "pinyin for everything": pinyin,
    "emoji": emoji,
    "polite padding": padding,
    "an introduction": introduction,
    "repeated marks": repeated_marks,
    "spaces between characters": spread,
    "English mixed in": english,
}


def _is_han(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"


def _typed(text: str) -> list[int]:
    """Return where characters stand that a typing mistake can hit: Han ones, else any."""
    return [at for at, c in enumerate(text) if _is_han(c)] or list(range(len(text)))


@cache
def _opencc() -> OpenCC:
    return OpenCC("s2t")


@cache
def _common() -> list[str]:
    """Return the COMMON commonest characters, counted over the words of jieba's dictionary."""
    counts: dict[str, int] = defaultdict(int)
    for line in (files("jieba") / "dict.txt").read_text("utf-8").splitlines():
        word, count, _ = line.split(" ")
        for character in filter(_is_han, word):
            counts[character] += int(count)
    return sorted(counts, key=lambda c: (-counts[c], c))[:COMMON]


@cache
def _sound(character: str) -> str:
    return str(lazy_pinyin(character)[0])


@cache
def _sounding_like(sound: str) -> list[str]:
    """Return the common characters of one *sound*."""
    return [c for c in _common() if _sound(c) == sound]


if not PHRASES_DICT:
    message = "import benchmarks.disturbances before bot, which turns pypinyin's phrases off"
    raise ImportError(message)
