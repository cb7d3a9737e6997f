"""What a question is about that does not say so itself, but rests on what was said before it."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from functools import lru_cache
from operator import attrgetter

from bot.dialogue.coherence import are_kin, likelier, sure_entry
from bot.dialogue.question import Question
from bot.knowledge.model import Entry
from bot.language.analyzing import Analysis, Analyzer
from bot.language.asking import Asking
from bot.language.marks import Piece
from bot.language.normalizing import normalize
from bot.language.splitting import Splitter
from bot.matching.matcher import CLEAR, Matcher, Ranking

RECENT = 64  # texts whose rankings are kept: more than the parts of a message
FEW_WORDS = 3  # words of content with which a question may rest on what was said before
# Confidence of two questions together, from which on the second one hardly asks for another entry than
# the first one does: if it asks in no other way, or in another one. Counted in the development cases of
# the 1688 base, where the second one names nothing: from 0.95 on it did in 3 of 11, of the others from
# 0.99 on in 4 of 8; below in all but 8 of more than 250 (2026-11-26).
NOTHING_NEW = 0.95
NOTHING_ELSE = 0.99
# Confidence from which on a further message that names nothing asks, with the question of the entry that
# was answered, for that entry still. Set by hand on 86 follow-ups: those behind the warning of a scam and
# behind the refund of other money than the deposit are above it, 怎么退 behind the deposit below.
THE_SAME = 0.6


class Resolver:
    """Ranks the entries for questions, seen with what was said before.

    *titles* are those of the base's topics.
    """

    def __init__(
        self,
        analyzer: Analyzer,
        asking: Asking,
        splitter: Splitter,
        matcher: Matcher,
        titles: dict[str, str],
    ) -> None:
        self._analyzer = analyzer
        self._names = analyzer.lexicon.names
        self._asking = asking
        self._splitter = splitter
        # Each part of a message is looked at alone, as the end of several others, and beside others.
        self._rank = lru_cache(RECENT)(matcher.rank)
        self._matcher = matcher
        self._titles = titles

    def alone(self, text: str) -> Question:
        """Rank the entries for normalized *text* as it stands."""
        ranking = self._rank(text)
        return Question(text, ranking, ranking.analysis.tokens)

    def within(self, text: str, whole: Question) -> Question:
        """Rank the entries for normalized *text*, a part of the *whole*: as it stands, but for its platform."""
        return self.elsewhere(self.alone(text), whole)

    def beside(self, text: str, last: Question | None, about: Entry | None) -> Question:
        """Rank the entries for normalized *text*, seen with what was said before it.

        That is the *last* question of the message, or else the entry *about* which was spoken.
        """
        if last is None:
            return self._following(text, about) if about else self.alone(text)
        question = self._resolved(text, last, about)
        if self._adds_to(last, question):
            question = question.aside()
        return self.elsewhere(question, last)

    def is_whole(self, question: Question) -> bool:
        """Tell whether *question* is one whatever stands beside it: it is clear, and names its subject.

        诚信通多少钱 is, before 怎么开发票, and 认证又要啥资料, behind 注册要啥资料.
        """
        return question.confidence >= CLEAR and self._names(question.text)

    def rests(self, text: str, before: Piece) -> bool:
        """Tell whether normalized *text* asks nothing without the piece *before* it."""
        return self._splitter.rests(self._analyzer.analyze(text), before)

    def _following(self, text: str, about: Entry) -> Question:
        """Rank the entries for the first question of a message, behind the answer of the entry *about*.

        It is read as if the message began with that entry's question. What names no more than 退 and,
        together with that, still asks for the same entry is only part of it: 多久到账 behind 诚信通能退吗
        is not about the deposit. Else it may be about the entry's topic, if the entry's question is.
        """
        alone, before = self.alone(text), normalize(about.question)
        if alone.ranking.certain and not self._splitter.instead(text):
            return alone
        question = self.beside(text, self.alone(before), None)
        if not self._splitter.names_little(question.tokens):
            return question
        both = self.alone(before + text)
        if both.best and both.best.entry.id == about.id and both.confidence >= THE_SAME:
            found = question.best.entry if question.best else about
            return question if found.id == about.id or are_kin(found, about) else question.aside()
        title = self._titles.get(about.topic, "")
        if not self._words(title) <= self._words(before):
            return question
        by_title = Question(text, self._rank(title + text), question.tokens)
        return max(question, by_title, key=attrgetter("confidence"))

    def _words(self, text: str) -> AbstractSet[str]:
        return self._analyzer.analyze(normalize(text)).words

    def elsewhere(self, question: Question, other: Question) -> Question:
        """Return *question*, asked of the platform that the *other* one names, if it names none itself."""
        asked, platforms = question.ranking.analysis, other.ranking.analysis.foreign
        if not platforms or asked.ours or asked.foreign:
            return question
        named = " ".join([*sorted(platforms), question.text])
        return Question(question.text, self._rank(named), question.tokens)

    def _adds_to(self, last: Question, question: Question) -> bool:
        """Tell whether *question* rather is part of the *last* one: 得熬多久啊 behind 退押金要熬一阵吗.

        It names nothing, and both together surely ask for what the last one asks for.
        """
        first, second = sure_entry(last), sure_entry(question)
        if not first or not second or first.id == second.id or self._names(question.text):
            return False
        both = self.alone(last.text + question.text)
        types = self._analyzer.analyze(question.text).types
        asks_anew = not types <= last.ranking.analysis.types
        least = NOTHING_ELSE if asks_anew else NOTHING_NEW
        together = sure_entry(both) if both.confidence >= least else None
        return together is not None and together.id == first.id

    def _resolved(self, text: str, last: Question, about: Entry | None) -> Question:
        alone = self.alone(text)
        if swapped := list(self._swapped(alone, last, about)):
            # What it only names is asked about as before, if that asks for anything.
            best = max(swapped, key=attrgetter("confidence"))
            return best if best.is_known else max(best, alone, key=attrgetter("confidence"))
        asked = alone.ranking.analysis
        leans = self._splitter.leans(asked)
        says_nothing = not asked.words and not asked.types
        is_whole = alone.ranking.certain or self.is_whole(alone)
        if says_nothing or len(asked.words) > FEW_WORDS or (is_whole and not leans):
            return alone
        inherited = [
            Question(text, self._taken_over(subject, text, last), alone.tokens)
            for subject in dict.fromkeys(self._subjects(asked, last, about, leans=leans))
        ]
        readings = inherited if leans and inherited else [alone, *inherited]
        return max(readings, key=lambda reading: _fitting(reading, last))

    def _taken_over(self, subject: str, text: str, last: Question) -> Ranking:
        """Rank the entries for normalized *text*, about the *subject* of the *last* question.

        An operator wrote of that subject what is found; whether it is meant, is doubted unless he wrote
        the last question, too.
        """
        ranking = self._rank(subject + text)
        if ranking.certain and not last.ranking.certain:
            return self._matcher.doubting(ranking, self._matcher.doubts(last.text + text))
        return ranking

    def _swapped(self, alone: Question, last: Question, about: Entry | None) -> Iterator[Question]:
        """Yield what a question may ask that only says of what: 保证金呢.

        The entry that was found before is not what is asked of another thing, but of this platform.
        """
        thing = self._splitter.instead(alone.text)
        entry = _spoken_of(last, about)
        if thing is None or entry is None:
            return
        elsewhere = bool(last.ranking.analysis.foreign)
        for text in self._splitter.swapped(thing, last.tokens):
            question = Question(alone.text, self._rank(text), alone.tokens)
            if question.best and (elsewhere or question.best.entry.id != entry.id):
                yield question

    def _subjects(
        self, asked: Analysis, last: Question, about: Entry | None, *, leans: bool
    ) -> Iterator[str]:
        """Yield what a question may be about that doesn't say so itself, in words that it hasn't.

        What *leans* on the *last* one is about all that it says, or what it names; what need not, about
        what it names, or its topic, unless the base doesn't know what was asked.
        """
        # What says no more than 退 says so once: 开店押金退 of 能退吗, before 怎么退, is 开店押金.
        said = asked.words if self._splitter.names_little(asked.tokens) else frozenset()
        named = self._splitter.named(last.tokens, but=said)
        if leans and (content := self._splitter.content(last.ranking.analysis)):
            yield from filter(None, (content, named))
            return
        if last.is_unknown and self._asking.asks(last.text):
            return
        if named:
            yield named
            return
        entry = _spoken_of(last, about)
        if entry and (title := self._titles.get(entry.topic)):
            yield title


def _fitting(question: Question, last: Question) -> float:
    """Return how likely what *question* finds is, beside what the *last* one surely asks for."""
    entry = sure_entry(last)
    return likelier(question.best, [entry] if entry else []).confidence if question.best else 0.0


def _spoken_of(last: Question, about: Entry | None) -> Entry | None:
    """Return the entry that the *last* question asks for, or else that *about* which was spoken."""
    return last.best.entry if last.best else about
