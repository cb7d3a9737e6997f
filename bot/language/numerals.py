"""Numbers in an utterance, in figures or in characters, as digits: 十五, 15 and 第15 are one number."""

import re
from typing import Final

DIGITS: Final = "零一二三四五六七八九"
UNITS: Final = "天年月元块步次号个点岁折倍%分"
_VALUES: Final = {digit: value for value, digit in enumerate(DIGITS)} | {"两": 2}
_TIMES: Final = {"十": 10, "百": 100, "千": 1_000, "万": 10_000}
_ZEROS: Final = str.maketrans({"百": "00", "千": "000", "万": "0000"})
_FIGURES: Final = r"\d+[百千万]?"
_CHARACTER: Final = rf"[{DIGITS}两十]"
_FURTHER: Final = rf"[{DIGITS}两十百千万]{{0,12}}"  # no number that people write has more
NUMERAL: Final = rf"(?:{_FIGURES}|{_CHARACTER}{_FURTHER})"
# Characters count something where a unit follows or they go into the hundreds; 千万别 does not, and
# 一个 is an article more often than a number, but for 一个月.
_counting = re.compile(
    rf"(?![一1][个点次](?!月))(?:{_FIGURES}|{_CHARACTER}{{1,12}}(?:[百千万]{_FURTHER}|(?=[{UNITS}])))"
)


def numbers(text: str) -> frozenset[str]:
    """Return the numbers in *text* that count something, as digits."""
    return frozenset(map(in_digits, _counting.findall(text)))


def in_digits(numeral: str) -> str:
    """Return a *numeral* as NUMERAL finds it, in digits: 6688 for 6688, 六千六百八十八 and 六六八八."""
    if numeral[0].isdecimal():
        return numeral.translate(_ZEROS)
    if _TIMES.keys().isdisjoint(numeral):
        return "".join(str(_VALUES[digit]) for digit in numeral)
    return str(_counted(numeral))


def _counted(numeral: str) -> int:
    """Return the value of *numeral*, which counts tens or more: 十五, 两千五, 三万零六百."""
    myriads, _, rest = numeral.rpartition("万")
    if myriads:
        # 两万五 is 25,000: what ends a numeral alone counts the next smaller unit.
        if len(rest) == 1 and rest in _VALUES:
            rest += "千"
        return _counted(myriads) * 10_000 + (_counted(rest) if rest else 0)
    value, unit, digit = 0, 0, 0
    for character in rest:
        if character in _TIMES:
            unit = _TIMES[character]
            value += (digit or 1) * unit
            digit = 0
        else:
            digit, unit = _VALUES[character], unit if character != "零" else 0
    return value + digit * max(1, unit // 10)
