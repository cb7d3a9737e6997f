"""How characters sound: syllables without tones, and pinyin typed instead of characters.

Syllables that people mix up (flat and curled tongue, n and l, front and back nasals) are one
*sound*: 认真 and 认证 sound the same. These are the fuzzy pairs that pinyin input methods offer.
A sound is kept as a single character, so that texts of sounds can be compared like texts.
"""

import os
import re
from collections.abc import Iterator, Mapping
from functools import cache

# The dictionary of phrases costs 40 MB and decides only between readings of one character.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")

from pypinyin import lazy_pinyin  # the variable is read when it is imported

# The syllables of standard Chinese, as Xinhua Zidian lists them, by their initials.
SYLLABLES = frozenset(
    initial + final
    for initial, finals in {
        "": "a ai an ang ao e ei en eng er o ou",
        "b": "a ai an ang ao ei en eng i ian iao ie in ing o u",
        "p": "a ai an ang ao ei en eng i ian iao ie in ing o ou u",
        "m": "a ai an ang ao e ei en eng i ian iao ie in ing iu o ou u",
        "f": "a an ang ei en eng o ou u",
        "d": "a ai an ang ao e ei en eng i ia ian iao ie ing iu ong ou u uan ui un uo",
        "t": "a ai an ang ao e eng i ian iao ie ing ong ou u uan ui un uo",
        "n": "a ai an ang ao e ei en eng i ian iang iao ie in ing iu ong ou u uan uo v ve",
        "l": "a ai an ang ao e ei eng i ia ian iang iao ie in ing iu ong ou u uan un uo v ve",
        "g": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
        "k": "a ai an ang ao e en eng ong ou u ua uai uan uang ui un uo",
        "h": "a ai an ang ao e ei en eng ong ou u ua uai uan uang ui un uo",
        "j": "i ia ian iang iao ie in ing iong iu u uan ue un",
        "q": "i ia ian iang iao ie in ing iong iu u uan ue un",
        "x": "i ia ian iang iao ie in ing iong iu u uan ue un",
        "zh": "a ai an ang ao e ei en eng i ong ou u ua uai uan uang ui un uo",
        "ch": "a ai an ang ao e en eng i ong ou u ua uai uan uang ui un uo",
        "sh": "a ai an ang ao e ei en eng i ou u ua uai uan uang ui un uo",
        "r": "an ang ao e en eng i ong ou u uan ui un uo",
        "z": "a ai an ang ao e ei en eng i ong ou u uan ui un uo",
        "c": "a ai an ang ao e en eng i ong ou u uan ui un uo",
        "s": "a ai an ang ao e en eng i ong ou u uan ui un uo",
        "y": "a an ang ao e i in ing ong ou u uan ue un",
        "w": "a ai an ang ei en eng o u",
    }.items()
    for final in finals.split()
)

FUZZY_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"))
FUZZY_FINALS = (("ang", "an"), ("eng", "en"), ("ing", "in"))

# Other readings, in everyday words, of characters that mostly sound otherwise: 模板, 银行, 重新, 不了.
OTHERWISE = {
    "模": "mu", "行": "hang xing", "重": "chong zhong", "还": "huan hai", "了": "liao", "得": "dei de",
    "长": "zhang chang", "率": "lv shuai", "便": "pian bian", "调": "diao tiao", "传": "zhuan chuan",
    "会": "kuai", "都": "du dou", "着": "zhao zhe", "系": "ji", "觉": "jiao", "乐": "yue le",
    "差": "chai cha", "落": "la", "什": "shen", "降": "xiang", "校": "jiao", "露": "lou", "薄": "bo",
    "色": "shai", "弹": "tan", "朝": "zhao", "省": "xing", "单": "shan", "地": "de di", "的": "di",
    "大": "dai", "那": "nei", "哪": "nei", "谁": "shei", "熟": "shou",
}  # fmt: skip

# Sounds stand in a private-use area of Unicode, so that no character of a text is one.
FIRST_SOUND = 0xE000

_letters = re.compile(r"[a-z0-9]+")


def _merged(syllable: str) -> str:
    """Return the one syllable that stands for all that are mixed up with *syllable*."""
    for mixed, plain in FUZZY_INITIALS:
        if syllable.startswith(mixed):
            syllable = plain + syllable[len(mixed) :]
    for mixed, plain in FUZZY_FINALS:
        if syllable.endswith(mixed):
            syllable = syllable[: -len(mixed)] + plain
    return syllable


_CODES = {
    merged: chr(FIRST_SOUND + number)
    for number, merged in enumerate(sorted({_merged(syllable) for syllable in SYLLABLES}))
}
_SOUNDS = {syllable: _CODES[_merged(syllable)] for syllable in SYLLABLES}
_CONSONANTS = {syllable: sound for syllable, sound in _SOUNDS.items() if syllable[0] not in "aeo"}


@cache
def sound_of(character: str) -> str:
    """Return the sound of *character*'s commonest reading; of anything but a Han character, itself."""
    if not "\u3400" <= character <= "\u9fff":
        return character
    return _SOUNDS.get(lazy_pinyin(character)[0], character)


def sounds(text: str) -> str:
    """Return the sounds of *text*, one for each of its characters."""
    return "".join(map(sound_of, text))


def readings(word: str) -> Iterator[str]:
    """Yield the sounds of *word*, and where one of its characters is read otherwise: 模板 is muban."""
    spoken = sounds(word)
    yield spoken
    if len(word) > 1:
        for at, character in enumerate(word):
            for reading in OTHERWISE.get(character, "").split():
                if (sound := _SOUNDS[reading]) != spoken[at]:
                    yield spoken[:at] + sound + spoken[at + 1 :]


def spelled(text: str) -> str:
    """Return *text* in lowercase pinyin and Latin letters, its syllables and words joined by hyphens."""
    return "-".join(_letters.findall(" ".join(lazy_pinyin(text)).lower()))


def typed_sounds(letters: str) -> str | None:
    """Return the sounds that *letters* spell as pinyin, or None when they don't.

    The longest syllable is taken first, stepping back where the rest can't be spelt. One that begins
    with a, e or o follows another only where nothing else is possible, as it would have an apostrophe
    before it (Scheme for the Chinese Phonetic Alphabet, 1958, section 5): huangei is huan-gei.
    """
    return _spelt(letters, 0, _CONSONANTS, {}) or _spelt(letters, 0, _SOUNDS, {})


def _spelt(
    letters: str, start: int, following: Mapping[str, str], failed: dict[int, None]
) -> str | None:
    """Return the sounds of *letters* from *start*, whose syllables but the first are in *following*."""
    if start == len(letters):
        return ""
    if start in failed:
        return None
    syllables = following if start else _SOUNDS
    for length in range(min(6, len(letters) - start), 0, -1):
        syllable = letters[start : start + length]
        if syllable in syllables:
            rest = _spelt(letters, start + length, following, failed)
            if rest is not None:
                return syllables[syllable] + rest
    failed[start] = None
    return None
