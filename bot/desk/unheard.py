"""Words that a base never heard, and what they stand for: another platform, or a word it knows."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from heapq import nsmallest
from typing import Final

from bot.dialogue.conversation import NEW, Assistant
from bot.language.analyzing import Analyzer
from bot.language.normalizing import normalize
from bot.matching.matcher import Matcher

FEWEST_QUESTIONS: Final = 2  # different ones that must show what a word stands for
LEAST_SHARE: Final = 0.8  # of the questions with a word, that must show it
LIKELY: Final = 0.5  # confidence, a probability, from which on an entry is rather right than wrong
LENGTHS: Final = range(2, 7)  # characters of a word
MOST_WORDS: Final = 200  # the most frequent ones, that are tried
MOST_TRIED: Final = 20  # questions with a word, of which what holds is taken to hold for all
MATCHES: Final = 3  # entries whose phrasings tell what a word may stand for


@dataclass(frozen=True, slots=True)
class Word:
    """A word that the base never heard.

    Attributes:
        text: The word.
        known: What it was replaced by, so that the questions with it found an entry.
        is_platform: Whether that is the platform's own name.
        places: Places of the questions with it.

    """

    text: str
    known: str
    is_platform: bool
    places: tuple[int, ...]


@dataclass(slots=True)
class _Seen:
    """Where a word was seen: in which questions, and in which positions of a platform's name."""

    places: list[int] = field(default_factory=list)
    positions: list[tuple[str, str] | None] = field(default_factory=list)


class Unheard:
    """Finds such words by putting known ones in their place, and looking what is found then."""

    def __init__(self, assistant: Assistant, analyzer: Analyzer, matcher: Matcher) -> None:
        self._assistant = assistant
        self._analyzer = analyzer
        self._matcher = matcher
        header = assistant.base.header
        self._names = header.platform.names
        names = {normalize(name) for name in (*header.platform.names, *header.platform.others)}
        self._groups = {normalize(group[0]): group for group in header.synonyms}
        self._function_words = analyzer.vocabulary
        self._heard = set(self._function_words)
        positions: Counter[tuple[str, str]] = Counter()
        for entry in assistant.base.entries:
            for question in entry.questions:
                tokens = ("", *self._tokens(question), "")
                self._heard.update(tokens)
                positions.update(
                    (before, after)
                    for before, token, after in zip(tokens, tokens[1:], tokens[2:], strict=False)
                    if token in names
                )
        # A position that was seen once may be chance.
        self._positions = {position for position, count in positions.items() if count > 1}

    def words(self, texts: Sequence[str]) -> list[Word]:
        """Return the words that enough of *texts* have; each text counts for one word at most."""
        seen: dict[str, _Seen] = defaultdict(_Seen)
        for place, text in enumerate(texts):
            for word, position in dict(self._runs(text)).items():
                seen[word].places.append(place)
                seen[word].positions.append(position)
        found: list[Word] = []
        taken: set[int] = set()
        # Of words that stand in the same questions, the longest is whole.
        for word in nsmallest(
            MOST_WORDS, seen, key=lambda word: (-len(seen[word].places), -len(word), word)
        ):
            where = seen[word]
            if len(where.places) >= FEWEST_QUESTIONS and taken.isdisjoint(where.places):
                told = self._platform(word, where, texts) or self._synonym(word, where, texts)
                if told is not None:
                    found.append(told)
                    taken.update(where.places)
        return found

    def _tokens(self, text: str) -> tuple[str, ...]:
        return self._analyzer.analyze(self._analyzer.strip(normalize(text))).tokens

    def _runs(self, text: str) -> Iterator[tuple[str, tuple[str, str] | None]]:
        """Yield what may be unheard words in *text*, each with its position if it is a name's."""
        tokens = self._tokens(text)
        start = 0
        while start < len(tokens):
            end = start
            while end < len(tokens) and self._goes_on(tokens[end], first=end == start):
                end += 1
            for stop in range(start + 1, end + 1):
                word = "".join(tokens[start:stop])
                if len(word) in LENGTHS:
                    position = (
                        tokens[start - 1] if start else "",
                        tokens[stop] if stop < len(tokens) else "",
                    )
                    yield word, position if position in self._positions else None
            start = max(end, start + 1)

    def _goes_on(self, token: str, *, first: bool) -> bool:
        """Tell whether *token* may be a part of an unknown word.

        Such a word falls into characters, of which the base may have some elsewhere, but not the
        first: 微拍堂, 质保金.
        """
        known_character = len(token) == 1 and token not in self._function_words
        return token not in self._heard or (known_character and not first)

    def _platform(self, word: str, where: _Seen, texts: Sequence[str]) -> Word | None:
        """Return *word* as another platform, if it stands where names stand, and ours could, too.

        A word of the language is none: 新手开店, 女装要押金吗. Somewhere it must stand beside a word
        of the subject, or behind another word: 美客多开店, 在美客多上.
        """
        positions = [position for position in where.positions if position is not None]
        subject = self._analyzer.subject_words
        if (
            not self._names
            or self._analyzer.is_word(word)
            or not _most(len(positions), len(where.places))
            or not any(before or after in subject for before, after in positions)
        ):
            return None
        known, tried = self._names[0], where.places[:MOST_TRIED]
        answered = sum(
            self._about(normalize(texts[place]).replace(word, known)) is not None for place in tried
        )
        return Word(word, known, True, tuple(where.places)) if _most(answered, len(tried)) else None

    def _synonym(self, word: str, where: _Seen, texts: Sequence[str]) -> Word | None:
        """Return *word* as the known word that it shares a character with and stands for."""
        answered: Counter[str] = Counter()
        telling = 0
        for place in where.places[:MOST_TRIED]:
            text = normalize(texts[place])
            without = self._about(text.replace(word, ""))
            entries = {
                known: self._about(text.replace(word, known))
                for known in self._candidates(text, word)
            }
            # What is found without the word as well says nothing of it.
            if without is None or without not in entries.values():
                telling += 1
                answered.update(known for known, entry in entries.items() if entry is not None)
        best = min(answered, key=lambda known: (-answered[known], known), default=None)
        if best is None or not _most(answered[best], telling):
            return None
        return Word(word, best, False, tuple(where.places))

    def _candidates(self, text: str, word: str) -> list[str]:
        """Return what *word* may stand for: words that *text* lacks and what is nearest to it has.

        These are the questions of the nearest entries, and their nearest phrasings.
        """
        ranking = self._matcher.rank(self._analyzer.strip(text))
        missing: set[str] = set()
        for match in ranking.matches[:MATCHES]:
            for near in (match.entry.question, match.phrasing):
                known = self._analyzer.analyze(normalize(near))
                missing |= known.words - ranking.analysis.words
        return sorted(
            known
            for known in missing
            if len(known) > 1
            and any(not set(word).isdisjoint(same) for same in self._groups.get(known, (known,)))
        )

    def _about(self, text: str) -> str | None:
        """Return the entry that *text* is more likely about than not."""
        part = self._assistant.respond(NEW, text)[1].parts[0]
        likely = part.candidates and part.confidence >= LIKELY
        return part.candidates[0].entry if likely else None


def _most(count: int, total: int) -> bool:
    return count >= max(FEWEST_QUESTIONS, LEAST_SHARE * total)
