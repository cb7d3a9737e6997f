"""Where a message may fall into several questions.

Marks are no proof: people write 我是个体户，能开店吗 (one question) and 怎么开店要押金吗 (two, and
no mark). So this says only where a message *may* be cut; matching finds out which cuts make sense.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet

from bot.language.analyzing import Analysis
from bot.language.asking import Asking
from bot.language.lexicon import Lexicon, one_of
from bot.language.marks import Piece

# What belongs to the words behind it: 照片拍不|清楚, 个人可以吗要|交多少钱; but not 要不要|多少钱.
_LEADING = re.compile(
    "(?:[不没]有?|(?<![不没])[要能会得该想还再又也就是在把给到往从去等剩]|一[年月天次]"
    "|怎么|咋|如何|(?<![在去到从往])哪|先|(?<![以之然])后)$"
)
# Complements and measures, which belong to the verb before them: 把店开|起来, 能不能开|个收据.
_TRAILING = re.compile("[起上下进出回过][来去]|个(?![人体])")
# What says only of what something is asked: 保证金呢, 那1688的呢.
_INSTEAD = re.compile("(?:那么?)?(.{2,6}?)(?:那[笔个边]|的钱?)?呢$")
# What says no more than what a person trades in: 我在义乌做小商品的, 家里开了个小服装厂.
_INTRODUCING = re.compile(
    r"(?:我们?|咱们?|俺们?|本人|自己|我?家里?|我\w{1,2})\w{0,8}?(?:做|卖|开|干|搞|种|养|经营|生产|从事|批发|加工)"
    r"\w{1,10}?(?:的|生意|买卖|批发|零售|加工|厂家?|店|工厂|作坊|档口)(?:想\w{1,6})?$"
)
# What is done one after the other is one question: 先弄哪样后弄哪样.
_ORDERED = re.compile(r"先(\w{1,6})(?:然后|[后再])\1")
# But 能退不 and 要押金不 ask, whatever follows, though not 会员不.
_ASKED_BY_NOT = re.compile("(?:[能可让给]|会(?!员)|要(?!求)|用(?!户)|行(?!业))[^不没]{1,6}[不没]$")
# Words that join two things which one question asks about.
CONJUNCTIONS = frozenset({"和", "与", "及", "跟", "以及", "并", "并且"})
PERSONS = frozenset("我你您他她它谁")  # somebody does something with them: 跟他要, 跟我讲认证
# What somebody did has as its object how much: 我交了|多少保证金.
_DONE = re.compile("[了过]$")
_HOW_MUCH = re.compile("[多几]")
_JOINING = re.compile(f"(?:{one_of(CONJUNCTIONS)}|那么?|还)$")
HOW = frozenset({"how", "what_if"})  # types of question that may be asked of anything
MOST_KEYWORDS = 8  # that are looked at as several things to search for
WHICH = frozenset({"which"})  # type of question that needs something to choose from
LONGEST_THING = 3  # words, as 需要/的/资料
# Words of a question that may be asked of another thing: each costs a ranking or two.
MOST_SWAPPED = 20


class Splitter:
    """Finds places to cut normalized messages, by the words of *lexicon*, and what *asking* says of them."""

    def __init__(self, lexicon: Lexicon, asking: Asking) -> None:
        self._names = lexicon.names
        self._asking = asking
        self._telling = frozenset(lexicon.general.telling)
        self._settings = frozenset(lexicon.standard.get(w, w) for w in lexicon.general.settings)
        self._questioning = frozenset(lexicon.question_types)
        self._open = self._questioning.union(lexicon.general.vague)
        self._pointing = tuple(lexicon.general.pointing)
        self._likening = frozenset(lexicon.general.likening)
        self._subject = lexicon.subject_words
        self._platforms = lexicon.platform_names | lexicon.other_platforms
        self._standard = lexicon.standard
        self._negations = lexicon.negations
        self._saying = self._negations | self._questioning
        # Any of these makes a sentence of keywords, which are nothing but names.
        self._in_sentences = self._saying | (lexicon.function_words - lexicon.platform_names)

    def named(self, tokens: Sequence[str], *, but: AbstractSet[str] = frozenset()) -> str:
        """Return what *tokens* name of the base's subject, without what they ask of it, *but* for some words."""
        return "".join(
            token
            for token in tokens
            if token in self._subject
            and token not in self._questioning
            and self._standard.get(token, token) not in but
        )

    def names_little(self, tokens: Sequence[str]) -> bool:
        """Tell whether *tokens* name no more of the base's subject than 退 does."""
        return len(self.named(tokens)) <= 1

    def instead(self, text: str) -> str | None:
        """Return of what *text* asks, if it says no more: 保证金 of 那保证金呢."""
        found = _INSTEAD.match(text)
        return found[1] if found and not self._asking.asks(found[1]) else None

    def swapped(self, thing: str, tokens: Sequence[str]) -> Iterator[str]:
        """Yield the ways to ask of a *thing* what *tokens* asked of another one.

        保证金 instead of what is in 年费能退吗 is 保证金能退吗, and 1688 in 淘宝怎么开店 is 1688怎么开店.
        """
        kind = self._platforms if _has(thing, self._platforms) else self._subject
        if len(tokens) > MOST_SWAPPED or not _has(thing, kind):
            return
        for start, token in enumerate(tokens):
            for end in range(start + 1, min(start + LONGEST_THING, len(tokens)) + 1):
                if token in kind and self._is_thing(tokens[start:end]):
                    yield "".join((*tokens[:start], thing, *tokens[end:]))

    def content(self, analysis: Analysis) -> str:
        """Return the words of content of an utterance, without what leaves open what it is about."""
        return "".join(
            token
            for token in analysis.tokens
            if self._standard.get(token, token) in analysis.words and token not in self._open
        )

    def leans(self, analysis: Analysis) -> bool:
        """Tell whether an utterance leaves open what it asks about: 在哪, 按钮在哪."""
        return analysis.words <= self._open

    def rests(self, analysis: Analysis, before: Piece) -> bool:
        """Tell whether an utterance asks nothing without the piece *before* it.

        It leaves open what it asks about, or points back, and what was said before asks nothing by
        itself (店名想改，在哪个地方), or it asks no more than how (满多少减多少的活动，咋弄).
        """
        if before.ended:
            return False
        leans = self.leans(analysis)
        if leans and not (before.asks and analysis.types.isdisjoint(WHICH)):
            return True
        if not before.asks and analysis.text.startswith(self._pointing):
            return True
        return self.adds_nothing(analysis)

    def adds_nothing(self, analysis: Analysis) -> bool:
        """Tell whether an utterance asks no more than how, whatever it is about: 咋弄, but not 没过咋弄."""
        asks_how = not analysis.types or not analysis.types.isdisjoint(HOW)
        denies = not self._negations.isdisjoint(analysis.tokens)
        return asks_how and not denies and analysis.words <= self._questioning

    def tells(self, analysis: Analysis) -> bool:
        """Tell whether a piece that doesn't ask only says what others ask about.

        It tells of the person (我是个体户), or names nothing of the base's subject (新手小白).
        """
        return self.recounts(analysis) or self._subject.isdisjoint(analysis.tokens)

    def recounts(self, analysis: Analysis) -> bool:
        """Tell whether a piece tells of the person, or of what happened: 我是新手, 店关了."""
        return not self._telling.isdisjoint(analysis.tokens) or analysis.text.endswith("了")

    def sets(self, analysis: Analysis) -> bool:
        """Tell whether a piece says no more than who asks, when or where: 新手, 2026年, 在1688上."""
        said = (word for word in analysis.words if not word.isdecimal())
        return (
            self._settings.issuperset(said)
            and not (analysis.types or analysis.denied)
            and not analysis.text.startswith(self._pointing)
        )

    def platforms(self, analysis: Analysis) -> str:
        """Return the names of platforms in an utterance."""
        return "".join(token for token in analysis.tokens if token in self._platforms)

    def introduces(self, analysis: Analysis) -> bool:
        """Tell whether a piece only says what the person trades in, and names no platform or subject."""
        names = bool(analysis.foreign) or self._names(analysis.text)
        return not names and _INTRODUCING.match(analysis.text) is not None

    def unjoined(self, text: str) -> str:
        """Return *text* without what joins it to a question behind it: 怎么开店和 is 怎么开店."""
        return _JOINING.sub("", text)

    def shared(self, tokens: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Yield the ways to read *tokens* as a question about two things, asked one by one.

        押金和年费多少钱 is 押金多少钱 and 年费多少钱, 开店费用及流程 is 开店费用 and 开店流程.
        """
        if not self._likening.isdisjoint(tokens):
            return
        for place, token in enumerate(tokens):
            if token not in CONJUNCTIONS or not 0 < place < len(tokens) - 1:
                continue
            before, after = tokens[:place], tokens[place + 1 :]
            if after[0] in PERSONS:
                continue
            for end in range(1, len(after) + 1):
                if self._is_thing(after[:end]) and self._names("".join(after)):
                    yield "".join((*before, *after[end:])), "".join(after)
            for head in range(1, len(before)):
                if self._is_thing(before[head:]):
                    yield "".join(before), "".join((*before[:head], *after))

    def _is_thing(self, tokens: Sequence[str]) -> bool:
        """Tell whether *tokens* may name a thing that is asked about, and say nothing of it."""
        return len(tokens) <= LONGEST_THING and self._saying.isdisjoint(tokens)

    def are_keywords(self, tokens: Sequence[str]) -> bool:
        """Tell whether *tokens* are nothing but names.

        What a single character, a negation or a word without content is among is a sentence
        (烦死了不想上班, 上传产品一直失败).
        """
        return not any(len(token) == 1 or token in self._in_sentences for token in tokens)

    def listed(self, tokens: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
        """Yield the ways to read keywords, as typed into a search box, as two after each other.

        To each first one come those that the second may be, as it may share the beginning:
        诚信通年费有效期 is 诚信通年费 and 诚信通有效期.
        """
        if (
            len(tokens) > MOST_KEYWORDS
            or not self.are_keywords(tokens)
            or self._asking.asks("".join(tokens))
        ):
            return
        for place in range(1, len(tokens)):
            heads = (tokens[:head] for head in range(place))
            yield "".join(tokens[:place]), ["".join((*head, *tokens[place:])) for head in heads]

    def cuts(self, tokens: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Yield the ways to cut the text of *tokens* into two questions.

        Never behind a word that belongs to what follows: 照片拍不 is no question in
        照片拍不清楚怎么办.
        """
        ordered = _ORDERED.search("".join(tokens))
        for place in range(1, len(tokens)):
            first, second = "".join(tokens[:place]), "".join(tokens[place:])
            if (
                len(second) > 1
                and not _TRAILING.match(second)
                and not (ordered and ordered.start() < len(first) < ordered.end())
                and self._asking.asks(first)
                and self._asking.asks(second.rstrip("呢"))
                and (_ASKED_BY_NOT.search(first) or not _LEADING.search(first))
                and not (_DONE.search(first) and _HOW_MUCH.match(second))
            ):
                yield first, second


def _has(text: str, words: Iterable[str]) -> bool:
    return any(word in text for word in words)
