"""What the language knows of words: which mean the same, which ask, deny, or pad."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Annotated

from pydantic import Field

from bot.knowledge.located import read_shipped
from bot.knowledge.model import Frozen, Header, Text
from bot.language.normalizing import normalize, without_marks

Words = tuple[Text, ...]
Groups = tuple[Annotated[Words, Field(min_length=2)], ...]


class Fillers(Frozen):
    """Polite padding, as literal strings, by where it stands in a message."""

    opening: Words
    closing: Words
    anywhere: Words


class General(Frozen):
    """What ``lexicon.yaml`` says of Chinese at large; its comments explain each section."""

    synonyms: Groups
    question_types: Mapping[str, Words]
    negations: Words
    contrasts: Groups
    fillers: Fillers
    connectives: Words
    likening: Words
    requests: Words
    aspects: Words
    telling: Words
    settings: Words
    vague: Words
    pointing: Words
    function_words: Words
    weightless: Words
    alike: Mapping[str, Text]
    variants: Mapping[str, Text]
    english: Mapping[str, Text]


@dataclass(frozen=True)
class Lexicon:
    """The general lexicon joined with a base's own words.

    Where both know a word, the base's synonyms come first: it knows its subject.
    """

    general: General
    header: Header

    @cached_property
    def synonyms(self) -> tuple[Words, ...]:
        """The groups of words that the base calls the same, as an utterance has them."""
        return tuple(tuple(map(_closed, group)) for group in self.header.synonyms)

    @cached_property
    def words(self) -> Words:
        """Further words of the base, as an utterance has them."""
        return tuple(map(_closed, self.header.words))

    @cached_property
    def standard(self) -> dict[str, str]:
        """The word that stands for each word of a group of synonyms."""
        standard = dict(self.general.variants)
        for group in (*self.general.synonyms, *self.synonyms):
            standard.update(dict.fromkeys(group, group[0]))
        return {word: standard.get(first, first) for word, first in standard.items()}

    @cached_property
    def english(self) -> dict[str, str]:
        """What the English words stand for that people type among Chinese ones.

        To the general ones come those that a base counts among the synonyms of a Chinese word.
        """
        return dict(self.general.english) | {
            word: group[0]
            for group in self.synonyms
            for word in group
            if word.isascii() and word.isalpha() and not group[0].isascii()
        }

    @cached_property
    def question_types(self) -> dict[str, str]:
        """The type of question that each interrogative form asks."""
        return {
            form: type_ for type_, forms in self.general.question_types.items() for form in forms
        }

    @cached_property
    def negations(self) -> frozenset[str]:
        """Words that deny."""
        return frozenset(self.general.negations)

    @cached_property
    def function_words(self) -> frozenset[str]:
        """Words that carry almost no content in a question."""
        return frozenset(self.general.function_words)

    @cached_property
    def contrasts(self) -> dict[str, frozenset[str]]:
        """For each word, the words that mean a different question when they stand in its place."""
        opposed: dict[str, set[str]] = {}
        for group in self.general.contrasts:
            members = [self.standard.get(word, word) for word in group]
            for word in members:
                opposed.setdefault(word, set()).update(other for other in members if other != word)
        return {word: frozenset(others) for word, others in opposed.items()}

    @cached_property
    def platform_names(self) -> frozenset[str]:
        """How the base's own platform is called."""
        return frozenset(map(_closed, self.header.platform.names))

    @cached_property
    def other_platforms(self) -> frozenset[str]:
        """How other platforms are called."""
        return frozenset(map(_closed, self.header.platform.others))

    @cached_property
    def spellings(self) -> dict[str, str]:
        """What an utterance has instead of a name: 1688 for 1688.com, and closed up what marks part.

        Names of other platforms in which the base's own one stands (阿里云) are there to be left alone.
        """
        header = self.header
        own = list(map(_spelt, header.platform.names))
        named = map(_spelt, (*header.platform.others, *header.words, *chain(*header.synonyms)))
        kept = {word for word in named if " " in word or any(name in word for name in own)}
        ours = dict.fromkeys(own[1:], own[0].replace(" ", "")) if own else {}
        return {word: word.replace(" ", "") for word in kept} | ours

    @cached_property
    def subject_words(self) -> frozenset[str]:
        """The words that the base itself names: those of its subject."""
        return frozenset(self.words).union(*self.synonyms)

    def names(self, text: str) -> bool:
        """Tell whether *text* names something of the base's subject."""
        return any(word in text for word in self.subject_words)

    @cached_property
    def own_words(self) -> frozenset[str]:
        """All words that must come out of segmentation whole."""
        return frozenset(
            word
            for word in (
                *self.standard,
                *self.question_types,
                *self.negations,
                *self.contrasts,
                *self.platform_names,
                *self.other_platforms,
                *self.words,
                *self.general.vague,
                *self.general.likening,
            )
            if len(word) > 1
        )


def _spelt(word: str) -> str:
    return without_marks(normalize(word))


def _closed(word: str) -> str:
    return _spelt(word).replace(" ", "")


def one_of(literals: Iterable[str]) -> str:
    """Return a regular expression for any of *literals*, the longest first."""
    return "|".join(map(re.escape, sorted(literals, key=lambda text: (-len(text), text))))


def read_general() -> General:
    """Read the general lexicon that ships with the program.

    Raises:
        KnowledgeError: when the file was damaged.

    """
    return General.model_validate(read_shipped("bot.language", "lexicon.yaml"))
