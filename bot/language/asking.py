"""What asks: by its words, by the particle that it ends in, as a request, or by what it names last."""

import re

from bot.language.lexicon import Lexicon, one_of

# These ask only where something else shows that they do: 能退 tells, 能退吗 and 能不能退 ask.
MODALS = frozenset({"能", "可以", "能够"})
# Particles that end a question, and words that do when nothing follows them: 要押金不, 交了没.
_ENDING = r"(?:[吗么呢嘛吧]|不|(?<!罚)没|没有|否)[啊呀的了]?$"
_WHETHER = r"(\w)[不没]\1"  # 退不退
_OR = r"\w{2}还是\w{2}"  # 付款算还是开通算
_HOW_MANY = "几[秒张分米斤条款件家字行套位级楼]"
_FORMS = re.compile(f"{_WHETHER}|{_OR}|{_HOW_MANY}|{_ENDING}")
# Where what asks elsewhere asks nothing: 没怎么卖, 谁都没有, 一个询盘都没有, 好几种.
_INDEFINITE = re.compile(
    r"(?:朋友|同行|别人|客户|亲戚|有人)推荐|推荐我"
    r"|打[了过]?个?电话给我|发[了过]?[个条]?(?:短信|消息|信息|微信)给我"
    r"|[没不]怎么|一\w{1,4}[都也]没有?|(?:谁|什么|啥|哪\w?|怎么|咋|多少)[都也]|[好这那前过]几\w?|没(?:什么|啥|几|多少)|(?<![干做])什么的"
)
# Characters that hardly stand in words that don't ask.
_CHARACTERS = re.compile("[怎什么哪谁啥咋几多少吗久]")


class Asking:
    """Tells whether texts ask, by the words of *lexicon*."""

    def __init__(self, lexicon: Lexicon) -> None:
        words = one_of(lexicon.question_types.keys() - MODALS)
        requests = one_of(lexicon.general.requests)
        self._aspects = tuple(lexicon.general.aspects)
        # Within a sentence they tell: 认证给我打回来了, 买家说下不了单.
        self._words = re.compile(rf"{words}|^[你您请再]?(?:{requests})|(?:{requests})\w{{0,2}}$")

    def seeks(self, text: str) -> bool:
        """Tell whether *text* asks by its own words, or as a title does: 保证金到账时间."""
        return text.endswith(self._aspects) or self.asks(text)

    def asks(self, text: str) -> bool:
        """Tell whether *text* asks by its own words."""
        if not self._may_ask(text):
            return False
        definite = _INDEFINITE.sub("", text)
        return definite == text or self._may_ask(definite)

    def _may_ask(self, text: str) -> bool:
        # Apart, as a search for nothing but literals skips what none of them begins with.
        return (self._words.search(text) or _FORMS.search(text)) is not None

    def is_broken(self, text: str) -> bool:
        """Tell whether *text* has a character of a word that asks, and not the word: 怎祥开店."""
        return _CHARACTERS.search(self._words.sub("", text)) is not None

    def asks_more(self, text: str, other: str) -> bool:
        """Tell whether more words of *text* ask than of the *other* text."""
        return len(self._words.findall(text)) > len(self._words.findall(other))
