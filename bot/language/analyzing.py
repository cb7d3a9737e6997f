"""What one utterance says, taken apart once for everything that compares it later."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from operator import add

from bot.language.lexicon import Lexicon, one_of
from bot.language.normalizing import PUNCTUATION, without_marks
from bot.language.numerals import numbers
from bot.language.paying import Paying
from bot.language.phonetics import sounds
from bot.language.segmenting import Segmenter

ENDINGS = "啊呀呢吗嘛吧了的"  # may follow a word that ends a question
PLACES = frozenset({"上", "里", "上面", "里面"})  # say no more of a platform: 在1688上
AFTER_VERBS = frozenset({"不了", "不到"})  # deny what stands before them
# Information of a character that stands for a word by itself as often as 税, 猫 and 票 do; half of the
# commonest 3,500 characters have more.
COMMON_CHARACTER = 0.59
RECENT = 64  # texts kept as taken apart: reading a message looks at each of its parts several times

_short_no = re.compile(r"(?<=\w\w)(?<![有罚])(?:不|没有?)[啊呀呢]?$")
_then = re.compile("^那(?![个种些边里儿样笔会])")  # 那怎么退 asks what 怎么退 asks
# Titles begin so: 2026年1688押金标准.
_year = re.compile(r"^20[2-9]\d(?:年(?!\d{1,2}月)|(?![\d.年元块万]))(?:最新)?的?(?=\w)")
_paid = re.compile("[金费款钱险]")
_letter = re.compile(r"[a-z]")
_han = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Analysis:
    """An utterance taken apart.

    Attributes:
        text: The normalized utterance without marks.
        core: The same without names of the base's platform, words that weigh nothing, and particles at
            its end, each word as the first of those that the base calls the same.
        tokens: Its words as they stand, in order; together they are the text.
        words: Its words of content, each as the first of its synonyms.
        spoken: All its sounds in order.
        types: The types of question that it asks.
        denied: Words of content of which it says no.
        numbers: The numbers in it, as digits.
        opposed: Words that would make it another question.
        foreign: Names of other platforms in it.
        ours: Whether the base's own platform is named.
        keyword: Whether it names something of the base's subject and says nothing of it.

    """

    text: str
    core: str
    tokens: tuple[str, ...]
    words: frozenset[str]
    spoken: str
    types: frozenset[str]
    denied: frozenset[str]
    numbers: frozenset[str]
    opposed: frozenset[str]
    foreign: frozenset[str]
    ours: bool
    keyword: bool

    @property
    def length(self) -> int:
        """How many different words it has: a row of the same one is no long question."""
        return len(set(self.tokens))

    @cached_property
    def grams(self) -> frozenset[str]:
        """Its characters and pairs of neighbouring characters."""
        return grams_of(self)

    @cached_property
    def sounds(self) -> frozenset[str]:
        """Pairs of neighbouring sounds."""
        return sounds_of(self)


class Analyzer:
    """Takes utterances apart with the words of one base: those of *lexicon*."""

    def __init__(self, lexicon: Lexicon, segmenter: Segmenter) -> None:
        self.lexicon = lexicon
        self._segmenter = segmenter
        fillers = lexicon.general.fillers
        self._opening = re.compile(rf"^(?:(?:{one_of(fillers.opening)})[ {PUNCTUATION}]*)+")
        # Possessive and atomic: 急 and 急急急 are both padding, so that a run of 急 could be cut in
        # exponentially many ways, each of which would be tried before giving up.
        self._closing = re.compile(
            rf"(?:[ {PUNCTUATION}]*+(?>{one_of(fillers.closing)}))++[ ,、.!;?]*$"
        )
        self._anywhere = re.compile(one_of(fillers.anywhere))
        self._weightless = frozenset(lexicon.general.weightless)
        self._variant = re.compile(one_of(lexicon.general.variants))
        # A message and its parts together differ only in marks.
        self._recent_bare = lru_cache(RECENT)(self.bare)
        self._recent = lru_cache(RECENT)(self._taken_apart)
        self._english = re.compile(rf" ?(?<![a-z])({one_of(lexicon.english)})s?(?![a-z]) ?")
        spelling = one_of(lexicon.spellings)
        self._spelling = (
            re.compile(rf"(?<![a-z0-9])(?:{spelling})(?![a-z0-9])") if spelling else None
        )

    @cached_property
    def _paying(self) -> Paying:
        return Paying(self.lexicon.subject_words, self.lexicon.platform_names)

    @property
    def vocabulary(self) -> frozenset[str]:
        """Words that the lexicon knows, which need not be used in any question."""
        return frozenset((*self.lexicon.own_words, *self.lexicon.function_words))

    @property
    def subject_words(self) -> frozenset[str]:
        """Words of the base's own subject."""
        return self.lexicon.subject_words

    def is_word(self, text: str) -> bool:
        """Tell whether *text* is a word of the language; of a single character, a common one."""
        return self._segmenter.information(text) < (1 if len(text) > 1 else COMMON_CHARACTER)

    def information(self, word: str) -> float:
        """Return how rare *word* is in the language, 0 to 1."""
        return self._segmenter.information(word)

    def strip(self, text: str) -> str:
        """Return normalized *text* without polite padding and what it tells of money; padding alone stays as it is."""
        bare = self._opening.sub("", text)
        bare = self._closing.sub("", _then.sub("", _year.sub("", bare)))
        bare = self._anywhere.sub("", bare)
        if _paid.search(bare):
            bare = self._paying.left_out(bare)
        return bare.strip(" ,、.!;:") or text

    def bare(self, text: str) -> str:
        """Return normalized *text* in Chinese and without marks, as an analysis has it.

        The base's platform has one name: 1688.com is 1688.
        What asks by a short no says 吗: 能退不, 到账了没.
        """
        bare = without_marks(self._in_chinese(text))
        if self._spelling:
            bare = self._spelling.sub(lambda found: self.lexicon.spellings[found[0]], bare)
        return _short_no.sub("吗", bare)

    def _standardly(self, text: str) -> str:
        """Return *text* with what is only written otherwise as it is written mostly."""
        return self._variant.sub(lambda found: self.lexicon.general.variants[found[0]], text)

    def analyze(self, text: str) -> Analysis:
        """Take normalized *text* apart."""
        return self._recent(self._recent_bare(text))

    def core(self, tokens: Iterable[str]) -> str:
        """Return the core of an utterance of such *tokens*, as `Analysis` has it."""
        said: list[str] = []
        named = False
        for token in tokens:
            places, named = named, token in self.lexicon.platform_names
            if named and said[-1:] == ["在"]:
                said.pop()
            elif not (places and token in PLACES):
                said.append(self._same(token))
        return self._standardly("".join(said)).rstrip(ENDINGS)

    def _taken_apart(self, bare: str) -> Analysis:
        tokens = self._segmenter.words(bare)
        lexicon = self.lexicon
        words: set[str] = set()
        types: set[str] = set()
        opposed: set[str] = set()
        foreign: set[str] = set()
        denied: set[str] = set()
        for place, token in enumerate(tokens):
            word = self._standard(token)
            if token in lexicon.question_types or word in lexicon.question_types:
                types.add(lexicon.question_types.get(token) or lexicon.question_types[word])
                if token not in lexicon.standard or word in lexicon.question_types:
                    continue
            if token in lexicon.platform_names:
                continue
            if token in lexicon.other_platforms:
                foreign.add(token)
            if token in lexicon.negations:
                denied |= self._denied(tokens, place)
                continue
            if word not in lexicon.function_words and not token.isspace():
                words.add(word)
                opposed |= lexicon.contrasts.get(word, frozenset())
        return Analysis(
            text=bare,
            core=self.core(tokens),
            tokens=tuple(tokens),
            words=frozenset(words),
            spoken=sounds(bare),
            types=frozenset(types),
            denied=frozenset(denied),
            numbers=numbers(self._unnamed(tokens)),
            opposed=frozenset(opposed),
            foreign=frozenset(foreign),
            ours=not lexicon.platform_names.isdisjoint(tokens),
            keyword=bool(words)
            and not (types or denied or foreign)
            and words <= lexicon.subject_words,
        )

    def _in_chinese(self, text: str) -> str:
        """Return *text* with the English words in it translated, if it is Chinese otherwise."""
        if not _letter.search(text) or not _han.search(text):
            return text
        return self._english.sub(lambda found: self.lexicon.english[found[1]], text)

    def _denied(self, tokens: Sequence[str], place: int) -> set[str]:
        """Return the word that the negation at *place* denies; none where it only asks.

        能退不 and 退不退 ask; 退不了 denies what stands before it, 不退 what follows.
        """
        before = tokens[place - 1] if place else ""
        after = tokens[place + 1] if place + 1 < len(tokens) else ""
        if tokens[place] in AFTER_VERBS:
            word = before
        elif not after.strip(ENDINGS) or (before and before[-1] == after[0]):
            return set()
        else:
            word = after
        return set() if word in self.lexicon.function_words else {self._standard(word)}

    def _standard(self, word: str) -> str:
        return self.lexicon.standard.get(word, word)

    def _same(self, token: str) -> str:
        """Return what stands for *token* where two questions are compared word for word."""
        lexicon = self.lexicon
        if token in lexicon.platform_names or token in self._weightless:
            return ""
        if token in lexicon.general.alike:
            return lexicon.general.alike[token]
        # What is alike in the language at large need not be the same to this base.
        own = token in lexicon.subject_words or token in lexicon.general.variants
        return self._standard(token) if own else token

    def _unnamed(self, tokens: Sequence[str]) -> str:
        """Return the text of *tokens* without names of platforms, in which figures are no numbers."""
        lexicon = self.lexicon
        return "".join(
            " " if token in lexicon.platform_names or token in lexicon.other_platforms else token
            for token in tokens
        )


def grams_of(analysis: Analysis) -> frozenset[str]:
    """Return its grams; it does not keep them, as it does when they are asked of itself."""
    return grams_in(analysis.text)


def grams_in(bare: str) -> frozenset[str]:
    """Return the characters and pairs of neighbouring characters of a *bare* text."""
    return frozenset(bare) | _pairs(bare)


def sounds_of(analysis: Analysis) -> frozenset[str]:
    """Return its pairs of sounds; it does not keep them, as it does when they are asked of itself."""
    return _pairs(analysis.spoken)


def _pairs(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring characters of *text*."""
    return frozenset(map(add, text, text[1:]))
