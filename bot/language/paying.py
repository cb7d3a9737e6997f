"""What a message tells of money that was paid: 我交的3000押金怎么退 asks the same whoever paid how much.

Whoever asks about a sum says it too (押金3000够吗, 要交3000元押金吗): that one is kept, as another sum
would be another question.
"""

import re
from collections.abc import Iterable
from typing import Final

from bot.language.lexicon import one_of
from bot.language.numerals import DIGITS

_LAST: Final = "[金费款钱险]"  # what names of money end in: 保证金, 年费, 押金钱, 履约险
_MONEY: Final = tuple(_LAST[1:-1])
_NEVER: Final = "(?!)"  # matches nothing
_START: Final = r"(?<![^\s?!;,.:])"  # of what stands between marks
_FIGURES: Final = r"\d[\d.,]{0,9}"
_DIGIT: Final = f"[{DIGITS[1:]}两十几]"
_FURTHER: Final = f"[{DIGITS}十百千万多来]{{0,8}}"
# Atomic: 3000 in 押金3000够吗 is not 300 before a 0.
_SUM: Final = (
    r"(?>(?:大概|大约|差不多|一共|总共)?¥?"
    rf"(?:{_FIGURES}[多来]?[百千万wk]\d?|\d{{3,6}}(?!\d)|{_DIGIT}[百千万]{_FURTHER}|(?:{_FIGURES}|{_DIGIT}{_FURTHER})(?=[元块]))"
    r"[多来]?(?:元|块钱?|人民币)?(?:左右)?)"
)
_WHEN: Final = "(?:之前|以前|当初|当时|去年|前年|刚才?|一开始|原来|上次|已经|早就|都|也|开店(?:时|的时候)?|开通时|入驻时){0,3}"
_PAID: Final = "[交缴付充押存]"
_WHOSE: Final = (
    rf"(?:(?:我们?|俺|咱们?|自己)?{_WHEN}{_PAID}(?:[了过]|进去|上去)?的"
    r"|(?:我们?|咱们?|自己|店铺?|账户|账号|后台|钱包)(?:里面?|上面?|内|中)?的)(?:[那这]笔|[那这]个|那些)?"
)
# 买家交的, 没交的, 替押金交的
_OF_OTHERS: Final = "家户人友板东司商主方他她谁没未不要该需能会金费款钱险"
_HOW: Final = r"(?:怎么|咋|如何|怎样|[能可]|还|要|想|多久|几天|什么时候|啥时候|何时)"
_BACK: Final = rf"(?=[ ,;]?{_HOW}\w{{0,5}}(?:退|到账|拿|取|提|要回))"  # asks to have it back
# Behind the money these ask whether the sum is right.
_WHETHER: Final = "是|够|多[吗不了]|贵|对|合理|正常|高|太|算|行|可以[吗么嘛不]|[吗呢嘛么]"
# What asks so doesn't ask about the sum.
_ASKS_ELSE: Final = re.compile(
    "[退扣哪咋]|怎么|怎样|如何|为[什啥]|凭[什啥]|多久|几天|[什啥]么?时候|何时|入口|按钮|不[够足]|少了"
)


class Paying:
    """Finds what normalized texts tell of money that was paid, and *words* name.

    *kept* are figures that are names: 1688.
    """

    def __init__(self, words: Iterable[str], kept: Iterable[str]) -> None:
        money = rf"(?:{one_of(w for w in words if w.endswith(_MONEY)) or _NEVER})"
        self._told = re.compile(
            # 我交的, 账户里的
            rf"(?<![{_OF_OTHERS}])[那这]?{_WHOSE}(?=(?:{_SUM}的?)?{money})"
            # 我交了
            rf"|{_START}(?:我们?|咱们?)?{_WHEN}{_PAID}[了过](?=(?:{_SUM}的?)?{money}{_BACK})"
            # 押金已经交了3000
            rf"|(?<={_LAST})我?{_WHEN}{_PAID}[了过](?:{_SUM}(?=\W|$)|(?:{_SUM})?{_BACK})"
        )
        self._sums = re.compile(
            rf"(?<![和跟与到涨\d.])(?!(?:{one_of(kept)})的?{money}){_SUM}的?(?={money}(?!{_WHETHER}))"
            rf"|(?P<money>{money}|[少扣]了我?){_SUM}的?(?!{_WHETHER})"
        )

    def left_out(self, text: str) -> str:
        """Return normalized *text* without what it only tells of money."""
        text = self._told.sub("", text)
        if _ASKS_ELSE.search(text):
            text = self._sums.sub(lambda found: found["money"] or "", text)
        return text
